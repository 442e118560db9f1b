"""The SPOT5 files that lie among the tests, and their proven optima."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "tests/reference/spot5"


def list_optima() -> dict[Path, int]:
    """By file, the proven optimum under the `norm` convention, smallest file first."""
    with (FOLDER / "best_known.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["photos"]))
    return {find_file(row["file"]): int(row["optimum_norm_ours"]) for row in rows}


def find_file(name: str) -> Path:
    return FOLDER / f"{name}.spot.gz"
