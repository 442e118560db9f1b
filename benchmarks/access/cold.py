"""What a person waits for: `swath access` from nothing, `swath access` again, and the import of a whole server."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.access.works import MIN_ELEVATION_DEG, Work

RUNS = 5


def measure(work: Work) -> dict[str, float]:
    """Seconds of whole processes; `first` has no compiled kernels yet, the others are medians."""
    with tempfile.TemporaryDirectory() as folder:
        command = build_command(work, Path(folder))
        cache = {"NUMBA_CACHE_DIR": f"{folder}/compiled"}
        first_s = clock(command, cache)
        return {
            "first_s": first_s,
            "later_s": median([clock(command, cache) for _ in range(RUNS)]),
            "import_s": median([clock(python("import swath.bootstrap"), {}) for _ in range(RUNS)]),
            "python_s": median([clock(python("pass"), {}) for _ in range(RUNS)]),
        }


def build_command(work: Work, folder: Path) -> list[str]:
    """`swath access` on the work, its files written to a folder."""
    _, lon, lat, *window = work.arguments
    start, end = (datetime.fromtimestamp(t, UTC).isoformat() for t in window)
    elements, targets = folder / "elements.tle", folder / "targets.csv"
    elements.write_text("\n".join(work.tles), "ascii")
    rows = [f"{j},{x},{y}" for j, (x, y) in enumerate(zip(lon, lat, strict=True))]
    targets.write_text("\n".join(["target,lon_deg,lat_deg", *rows]), "ascii")
    files = ["--elements", str(elements), "--targets", str(targets), "--out", str(folder / "accesses.csv")]
    limits = ["--start", start, "--end", end, "--min-elevation", str(MIN_ELEVATION_DEG)]
    return [sys.executable, "-m", "swath", "access", *files, *limits]


def python(line: str) -> list[str]:
    return [sys.executable, "-c", line]


def clock(command: Sequence[str], variables: Mapping[str, str]) -> float:
    start_s = time.perf_counter()
    subprocess.run(command, env=os.environ | variables, check=True, capture_output=True)
    return time.perf_counter() - start_s


def median(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)
