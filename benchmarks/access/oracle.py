"""What is true, by the accesses of tests/reference that Orekit found; and how far an answer is from it."""

import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.access.works import DAY_S, Access, Floats, Limits, Work

FOLDER = Path(__file__).parents[2] / "tests/reference"
REFERENCE = FOLDER / "orekit_reference.json"
# Accesses of one pair are at least half a revolution apart.
SAME_S = 300.0
COLUMNS = ("satellite", "target", "rise_s", "set_s")
# Engines differ about accesses that the range cuts: those are not judged.
EDGE_S = 1.0


@dataclass(frozen=True)
class Oracle:
    """A work and its accesses, sorted: rows (N, 4) of satellite, target, rise and set."""

    work: Work
    rows: Floats


@dataclass(frozen=True)
class Score:
    """How many accesses there are, how many of them were found, what else was, and how far edges are off."""

    true: int
    found: int
    extra: int
    median_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def recall(self) -> float:
        return self.found / self.true


def load_oracle(limits: Limits) -> Oracle | None:
    """The first set of the reference with these limits; None where the reference is not there or has none."""
    sets = json.loads(REFERENCE.read_text("utf-8"))["sets"].values() if REFERENCE.exists() else ()
    for one in sets:
        if limits in one["limits"]:
            work = build_work(one)
            return Oracle(work, whole(load_rows(one["table"], one["limits"].index(limits)), work))
    return None


def build_work(one: dict) -> Work:
    tles = tuple("\n".join(lines) for _, *lines in one["elements"])
    places = tuple(np.array(column, float) for column in list(zip(*one["targets"], strict=True))[1:])
    return Work("W0", tles, places, None, one["start_s"], (one["end_s"] - one["start_s"]) / DAY_S)


def load_rows(table: str, limits: int) -> Floats:
    with gzip.open(FOLDER / table, "rt") as file:
        rows = [row for row in csv.DictReader(file) if int(row["limits"]) == limits]
    return np.array([[float(row[name]) for name in COLUMNS] for row in rows])


def judge(oracle: Oracle, accesses: list[Access]) -> Score:
    """Each true access takes the found one of its pair that is nearest in time, if any is near."""
    true, found = oracle.rows, whole(np.array(accesses, float).reshape(-1, 4), oracle.work)
    near = np.array([find_nearest(row, found) for row in true])
    hit = near >= 0
    errors_ms = np.abs(true[hit, 2:] - found[near[hit], 2:]).ravel() * 1e3
    quantiles = np.quantile(errors_ms, [0.5, 0.95, 0.99]).tolist() if hit.any() else [np.nan] * 3
    return Score(len(true), int(hit.sum()), len(found) - len(set(near[hit].tolist())), *quantiles)


def find_nearest(row: Floats, found: Floats) -> int:
    """Which of the found ones has the same satellite and target and the nearest middle; -1 where none is near."""
    same = np.flatnonzero((found[:, :2] == row[:2]).all(1))
    apart = np.abs(found[same, 2:].mean(1) - row[2:].mean())
    return int(same[apart.argmin()]) if apart.size and apart.min() < SAME_S else -1


def whole(rows: Floats, work: Work) -> Floats:
    """Those that the range does not cut."""
    return rows[(rows[:, 2] > work.start_s + EDGE_S) & (rows[:, 3] < work.end_s - EDGE_S)]
