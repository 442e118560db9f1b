"""Accesses against 6,689 that Orekit found by its own SGP4, frames and ephemerides (tests/reference).

Two sets: hard targets (turning latitudes, poles, antimeridian, equator) under five GRUS satellites for two weeks, and
other orbits (low, middle and polar inclination, eccentric, high, elements up to ten days old) under other limits.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from swath.access import Accesses, find_accesses
from swath.orbit.elements import parse_elements

FOLDER = Path(__file__).parents[1] / "reference"
LIMITS = [("hard", 0), ("orbits", 0), ("orbits", 1), ("orbits", 2), ("orbits", 3)]
FOUND = (
    "rise_s",
    "set_s",
    "t_max_s",
    "max_elevation_deg",
    "off_nadir_deg",
    "sun_elevation_deg",
    "sun_azimuth_deg",
)

# Asked for are 1 and 5 ms. Both sides turn SGP4's frame the same way, by the same table: what is left is how it is
# read between its days (straight here, by cubics there; 0.04 ms at most), and the polynomials that stand in for SGP4.
TIMES_P99_S = 0.0001
TIMES_S = 0.001
TOP_S = 0.001
ANGLES_DEG = 0.001
SUN_DEG = 0.02


@dataclass(frozen=True)
class Pair:
    """What swath and Orekit found under the same limits, in the order of satellites, targets and times."""

    found: dict[str, np.ndarray]
    reference: np.ndarray

    def differences(self, column: str) -> np.ndarray:
        return np.abs(self.found[column] - self.reference[column])


@cache
def load() -> dict[str, Any]:
    return json.loads((FOLDER / "orekit_reference.json").read_text())


@cache
def load_table(name: str) -> np.ndarray:
    return np.genfromtxt(FOLDER / load()["sets"][name]["table"], delimiter=",", names=True)


def find(name: str, satellite: int, limits: dict[str, float]) -> Accesses:
    one = load()["sets"][name]
    (elements,) = parse_elements("\n".join(one["elements"][satellite]))
    _, lon, lat = zip(*one["targets"], strict=True)
    return find_accesses(elements, lon, lat, one["start_s"], one["end_s"], **limits)


def find_all(name: str, limits: dict[str, float]) -> dict[str, np.ndarray]:
    each = [find(name, satellite, limits) for satellite in range(len(load()["sets"][name]["elements"]))]
    columns = {
        column: np.concatenate([getattr(one, column) for one in each]) for column in ("target", *FOUND)
    }
    return columns | {"satellite": np.repeat(np.arange(len(each)), [len(one) for one in each])}


@cache
def compare(name: str, limit: int) -> Pair:
    table = load_table(name)
    reference = table[table["limits"] == limit]
    order = np.lexsort([reference[column] for column in ("rise_s", "target", "satellite")])
    return Pair(find_all(name, load()["sets"][name]["limits"][limit]), reference[order])


@pytest.fixture(params=LIMITS, ids=lambda one: f"{one[0]} {one[1]}")
def pair(request: pytest.FixtureRequest) -> Pair:
    return compare(*request.param)


def test_none_is_missed_and_none_made_up(pair: Pair) -> None:
    assert pair.found["satellite"].tolist() == pair.reference["satellite"].tolist()
    assert pair.found["target"].tolist() == pair.reference["target"].tolist()


def test_rise_and_set_agree(pair: Pair) -> None:
    errors = np.maximum(pair.differences("rise_s"), pair.differences("set_s"))
    assert np.percentile(errors, 99) < TIMES_P99_S
    assert errors.max() < TIMES_S


def test_angles_at_the_top_agree(pair: Pair) -> None:
    assert pair.differences("t_max_s").max() < TOP_S
    assert pair.differences("max_elevation_deg").max() < ANGLES_DEG
    assert pair.differences("off_nadir_deg").max() < ANGLES_DEG


def test_the_sun_agrees(pair: Pair) -> None:
    away = np.mod(pair.found["sun_azimuth_deg"] - pair.reference["sun_azimuth_deg"] + 180, 360) - 180
    assert pair.differences("sun_elevation_deg").max() < SUN_DEG
    assert np.abs(away * np.cos(np.radians(pair.reference["sun_elevation_deg"]))).max() < SUN_DEG


def test_the_hard_cases_are_among_them() -> None:
    tables = [load_table(name) for name in ("hard", "orbits")]
    assert [len(table) for table in tables] == [3125, 3564]
    assert min((table["set_s"] - table["rise_s"]).min() for table in tables) < 2.0
    assert (tables[1]["rise_s"] < load()["sets"]["orbits"]["start_s"]).any()
    assert (tables[1]["set_s"] > load()["sets"]["orbits"]["end_s"]).any()
