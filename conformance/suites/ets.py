"""The official OGC suite of API Features, from its jar: `ets.py JAR BASE/ FOLDER`. It sends no token.

Its results are those of TestNG: a status for each run of a test method, in its class.
"""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

# 0 also means all, but then no definition of a parameter is tested.
ALL_COLLECTIONS = "-1"
# It comes without the DOCTYPE of Java's properties, whose address would be fetched.
RUN = """<?xml version="1.0" encoding="UTF-8"?>
<properties version="1.0">
  <entry key="iut">{base}</entry>
  <entry key="noofcollections">{collections}</entry>
</properties>
"""


def run(jar: str, base: str, folder: Path) -> Path:
    """Run the suite; the file with its results. Raises FileNotFoundError when it left none."""
    shutil.rmtree(folder / "testng", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.xml").write_text(RUN.format(base=base, collections=ALL_COLLECTIONS), "utf-8")
    command = ["java", "-jar", jar, "-o", str(folder), "-h", "true", str(folder / "run.xml")]
    subprocess.run(command, stderr=subprocess.STDOUT, check=False)
    for results in folder.glob("testng/*/testng-results.xml"):
        return results
    raise FileNotFoundError(f"The suite left no results in {folder}.")


def report(results: Path) -> Counter[str]:
    """Print what did not pass and why, and the counts of each class; how often there is which status."""
    whole = Counter[str]()
    for each in ElementTree.parse(results).iter("class"):
        methods = [method for method in each.iter("test-method") if method.get("is-config") != "true"]
        for method in methods:
            _tell(method)
        counts = Counter(method.get("status", "") for method in methods)
        print(f"{each.get('name', '').rpartition('.')[2]}: {show(counts)}")
        whole += counts
    return whole


def _tell(method: ElementTree.Element) -> None:
    if method.get("status") != "PASS":
        message = " ".join((method.findtext(".//message") or "").split())
        print(method.get("status"), method.get("name"), message[:300])


def show(counts: Counter[str]) -> str:
    return f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped"


if __name__ == "__main__":
    jar, base, folder = sys.argv[1:4]
    counts = report(run(jar, base, Path(folder)))
    print(show(counts))
    sys.exit(counts["FAIL"] > 0)
