"""SPOT5: the daily photographs of a satellite with three cameras, as selections (Bensana, Lemaitre, Verfaillie 1999).

A file has a line with the number of photographs, a line for each (its id, value, number of ways to take it, and camera
and memory of each way), a line with the number of rules, and the rules: how many photographs (two or three), which, and
the cameras by which they exclude each other; a line with one number is the limit of memory. One thing of the selection
is one photograph by one camera (1, 2, 3), or by the two of a stereo pair (13); at most one of each is chosen.
"""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import numpy as np

from swath.errors import Malformed
from swath.scheduling.selections.selection import Ints, Row, Selected, Selection

GZIP = b"\x1f\x8b"
# What a published capacity of 90000 is in the units that all papers since 1999 count in, and one of those units.
UNITS, UNIT = 200, 451
MOST_PHOTOS, MOST_WAYS = 100_000, 4
Convention = Literal["norm", "raw"]


@dataclass(frozen=True)
class Thing:
    """One photograph taken in one way, what it is worth, and the memory that it takes."""

    photo: int
    camera: int
    value: int
    memory: float


@dataclass(frozen=True)
class Spot:
    """A file as a selection, and the photograph and camera that each of its things stands for."""

    selection: Selection
    things: tuple[Thing, ...]


def read_spot(path: Path, convention: Convention = "norm") -> Spot:
    """A file, gzipped or not. `norm` counts memory in rounded units against 200, `raw` as it stands against its limit.

    The optima of the two differ by one on some files; files of one orbit have no limit of memory. Raises Malformed.
    """
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == GZIP else raw).decode("ascii")
        return _build([line.split() for line in text.splitlines() if line.strip()], convention)
    except (OSError, EOFError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise Malformed(f"{path.name} is no SPOT5 file: {type(error).__name__}: {error}.") from error


def describe_selected(spot: Spot, selected: Selected) -> dict[str, Any]:
    """The plan as JSON: `selected` names photographs and cameras; a plan of nothing is worth nothing."""
    chosen = [spot.things[one] for one in selected.chosen]
    return {
        "selected": [[thing.photo, thing.camera] for thing in chosen],
        "value": max(selected.value, 0.0),
        "bound": selected.bound,
        "gap": (selected.bound - selected.value) / selected.bound if selected.bound > 0.0 else 0.0,
        "status": "optimal" if selected.status == "optimal" else "bounded",
        "seconds": selected.seconds,
        "seed": 0,
        "solver": "mip",
    }


def _build(lines: Sequence[Sequence[str]], convention: Convention) -> Spot:
    count = int(lines[0][0])
    if not 0 <= count <= min(MOST_PHOTOS, len(lines) - 2):
        raise ValueError(f"{count} photographs are announced, in {len(lines)} lines")
    things = tuple(thing for line in lines[1 : count + 1] for thing in _read_things(line))
    numbers = {(thing.photo, thing.camera): number for number, thing in enumerate(things)}
    rules = [[int(word) for word in line] for line in lines[count + 2 :]]
    forbidden = [group for rule in rules if len(rule) > 1 for group in _read_rule(rule, numbers)]
    selection = Selection(
        np.array([thing.value for thing in things], float),
        _stack([*_list_alternatives(things), *(group for group in forbidden if len(group) == 2)], 2),
        _stack([group for group in forbidden if len(group) == 3], 3),
        # The count that stands above the rules includes the limit of memory.
        tuple(_build_row(things, rule[0], convention) for rule in rules if len(rule) == 1),
    )
    return Spot(selection, things)


def _read_things(line: Sequence[str]) -> Iterator[Thing]:
    """What follows the ways tells of strips and is not needed."""
    photo, value, ways = (int(word) for word in line[:3])
    if not 1 <= ways <= MOST_WAYS:
        raise ValueError(f"photograph {photo} can be taken in {ways} ways, where 1 to {MOST_WAYS} can be")
    for camera, memory in zip(line[3 : 3 + 2 * ways : 2], line[4 : 4 + 2 * ways : 2], strict=True):
        yield Thing(photo, int(camera), value, float(memory))


def _read_rule(rule: Sequence[int], numbers: Mapping[tuple[int, int], int]) -> Iterator[tuple[int, ...]]:
    """Cameras stand one for each photograph, and so on."""
    size = rule[0]
    if size not in {2, 3}:
        raise ValueError(f"a rule is about {size} photographs, where 2 or 3 can be")
    photos, cameras = rule[1 : 1 + size], rule[1 + size :]
    for first in range(0, len(cameras), size):
        ways = cameras[first : first + size]
        yield tuple(numbers[way] for way in zip(photos, ways, strict=True))


def _list_alternatives(things: Sequence[Thing]) -> list[tuple[int, ...]]:
    ways: dict[int, list[int]] = {}
    for number, thing in enumerate(things):
        ways.setdefault(thing.photo, []).append(number)
    return [pair for alternatives in ways.values() for pair in combinations(alternatives, 2)]


def _build_row(things: Sequence[Thing], limit: int, convention: Convention) -> Row:
    if limit < 0 or min((thing.memory for thing in things), default=0.0) < 0.0:
        raise ValueError("memory is less than nothing")
    if convention == "norm":
        weights, limit = tuple(float(round(thing.memory / UNIT)) for thing in things), UNITS
    else:
        weights = tuple(thing.memory for thing in things)
    return Row(tuple(range(len(things))), weights, float(limit))


def _stack(groups: Sequence[tuple[int, ...]], width: int) -> Ints:
    return np.array(groups, np.int64).reshape(-1, width)
