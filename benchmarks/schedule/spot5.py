"""SPOT5: the daily photographs of a satellite with three cameras, as selections (Bensana, Lemaitre, Verfaillie 1999).

`tests/reference/spot5` has the 21 files and where they come from. One thing is one photograph by one camera (1, 2, 3),
or by the two of a stereo pair (13); of each photograph one at most may be chosen.
"""

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np

from swath.scheduling.selections.selection import Row, Selection

FOLDER = Path(__file__).parents[2] / "tests/reference/spot5"
# What a published capacity of 90000 is in the units that all papers since 1999 count in, and one of those units.
UNITS, UNIT = 200, 451
Convention = Literal["norm", "raw"]


@dataclass(frozen=True)
class Thing:
    """One photograph taken in one way, what it is worth, and the memory that it takes."""

    photo: int
    camera: int
    value: int
    memory: float


def list_optima() -> dict[str, int]:
    """By file name, the proven optimum under the `norm` convention, smallest file first."""
    with (FOLDER / "best_known.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["photos"]))
    return {row["file"]: int(row["optimum_norm_ours"]) for row in rows}


def read_spot(name: str, convention: Convention = "norm") -> Selection:
    """A file as a selection. `norm` counts memory in rounded units against 200, `raw` as it stands against 90000.

    The optima of the two differ by one on some files; single-orbit files have no limit of memory.
    """
    lines = gzip.decompress((FOLDER / f"{name}.spot.gz").read_bytes()).decode("ascii").splitlines()
    count = int(lines[0])
    things = [thing for line in lines[1 : count + 1] for thing in _read_things(line.split())]
    numbers = {(thing.photo, thing.camera): number for number, thing in enumerate(things)}
    rules = [[int(word) for word in line.split()] for line in lines[count + 2 :] if line.strip()]
    # The count that stands above the rules includes the limit of memory, a line with one number.
    limits = [rule[0] for rule in rules if len(rule) == 1]
    forbidden = [group for rule in rules if len(rule) > 1 for group in _read_rule(rule, numbers)]
    return Selection(
        np.array([thing.value for thing in things], float),
        _stack([*_list_alternatives(things), *(group for group in forbidden if len(group) == 2)], 2),
        _stack([group for group in forbidden if len(group) == 3], 3),
        tuple(_build_row(things, limit, convention) for limit in limits),
    )


def _read_things(words: Sequence[str]) -> Iterator[Thing]:
    """photo, value, number of ways, then camera and memory of each; what follows tells of strips and is not needed."""
    photo, value, ways = (int(word) for word in words[:3])
    for camera, memory in zip(words[3 : 3 + 2 * ways : 2], words[4 : 4 + 2 * ways : 2], strict=True):
        yield Thing(photo, int(camera), value, float(memory))


def _read_rule(rule: Sequence[int], numbers: dict[tuple[int, int], int]) -> Iterator[tuple[int, ...]]:
    """How many photographs, which, then the cameras that exclude each other, one for each photograph and so on."""
    photos, cameras = rule[1 : 1 + rule[0]], rule[1 + rule[0] :]
    for first in range(0, len(cameras), rule[0]):
        ways = cameras[first : first + rule[0]]
        yield tuple(numbers[way] for way in zip(photos, ways, strict=True))


def _list_alternatives(things: Sequence[Thing]) -> list[tuple[int, ...]]:
    ways: dict[int, list[int]] = {}
    for number, thing in enumerate(things):
        ways.setdefault(thing.photo, []).append(number)
    return [pair for alternatives in ways.values() for pair in combinations(alternatives, 2)]


def _build_row(things: Sequence[Thing], limit: int, convention: Convention) -> Row:
    if convention == "norm":
        weights, limit = tuple(float(round(thing.memory / UNIT)) for thing in things), UNITS
    else:
        weights = tuple(thing.memory for thing in things)
    return Row(tuple(range(len(things))), weights, float(limit))


def _stack(
    groups: Sequence[tuple[int, ...]], width: int
) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    return np.array(groups, np.int64).reshape(-1, width)
