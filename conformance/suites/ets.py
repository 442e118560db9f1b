"""The official OGC suite of API Features, from its jar: `ets.py JAR BASE/ FOLDER`. It sends no token.

Its results are those of TestNG: one status for each test method.
"""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

ALL_COLLECTIONS = "0"
RUN = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">
<properties version="1.0">
  <entry key="iut">{base}</entry>
  <entry key="noofcollections">{collections}</entry>
</properties>
"""


def run(jar: str, base: str, folder: Path) -> Path:
    """Run the suite; the file with its results. Raises CalledProcessError, or StopIteration when it left none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.xml").write_text(RUN.format(base=base, collections=ALL_COLLECTIONS), "utf-8")
    command = ["java", "-jar", jar, "-o", str(folder), "-h", "true", str(folder / "run.xml")]
    subprocess.run(command, stderr=subprocess.STDOUT, check=False)
    return next(folder.glob("testng/*/testng-results.xml"))


def report(results: Path) -> Counter[str]:
    """Print what did not pass and why; how often there is which status."""
    methods = [m for m in ElementTree.parse(results).iter("test-method") if m.get("is-config") != "true"]
    for method in methods:
        if method.get("status") != "PASS":
            message = " ".join((method.findtext(".//message") or "").split())
            print(method.get("status"), method.get("name"), message[:300])
    return Counter(method.get("status") for method in methods)


if __name__ == "__main__":
    jar, base, folder = sys.argv[1:4]
    counts = report(run(jar, base, Path(folder)))
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    sys.exit(counts["FAIL"] > 0)
