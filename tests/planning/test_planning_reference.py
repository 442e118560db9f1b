"""Candidates against footprints, angles and coverage made from skyfield's positions with pyproj and shapely alone."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from planning_world import FLEET, members, search
from pyproj import Transformer
from shapely import Polygon, box, segmentize, transform
from shapely.geometry.base import BaseGeometry

from swath.planning import CandidateDraft, FoundCandidates

pytestmark = pytest.mark.slow

FILE = Path(__file__).parents[1] / "reference" / "candidate_reference.json"
TO_EARTH = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
TO_GROUND = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
# The bar is 0.05 degrees and one percent; these are what two independent chains can agree to.
OFF_NADIR_DEG = 0.01
SUN_DEG = 0.02
COVERAGE_PERCENT = 0.1
HALF_SWATH_KM = 27.5


@cache
def load() -> dict[str, Any]:
    return json.loads(FILE.read_text())


@cache
def find(area: str) -> FoundCandidates:
    reference = load()
    days = (reference["end_s"] - reference["start_s"]) / 86_400
    return search(box(*reference["areas"][area]), days=days, satellites=members(*reference["satellites"]))


class Sight:
    """The satellite and the Sun as skyfield has them during one look, interpolated by polynomials."""

    def __init__(self, look: dict[str, Any]) -> None:
        self.middle_s = look["t_s"][3]
        tau = (np.array(look["t_s"]) - self.middle_s) / 45
        self._r = np.polyfit(tau, np.array(look["r_m"]), 6)
        self._sun = np.polyfit(tau, np.array(look["sun_m"]), 2)

    def position(self, t_s: float) -> np.ndarray:
        return self._at(self._r, t_s)

    def velocity(self, t_s: float) -> np.ndarray:
        return (self.position(t_s + 0.5) - self.position(t_s - 0.5)) / 1.0

    def sun(self, t_s: float) -> np.ndarray:
        return self._at(self._sun, t_s)

    def nadir(self, t_s: float) -> np.ndarray:
        lon, lat, _ = TO_GROUND.transform(*self.position(t_s))
        return -vertical(lon, lat)

    def ground(self, t_s: float, roll_deg: float) -> tuple[float, float]:
        """Turn the nadir about the way forward, then walk along it until the height is 0."""
        r, v, down = self.position(t_s), self.velocity(t_s), self.nadir(t_s)
        forward = v - (v @ down) * down
        forward /= np.linalg.norm(forward)
        angle = np.radians(roll_deg)
        look = down * np.cos(angle) + np.cross(down, forward) * np.sin(angle)
        distance = 0.0
        height = np.inf
        while abs(height) > 0.01:
            lon, lat, height = TO_GROUND.transform(*(r + distance * look))
            distance += height / np.cos(angle)
        return lon, lat

    def _at(self, coefficients: np.ndarray, t_s: float) -> np.ndarray:
        powers = ((t_s - self.middle_s) / 45) ** np.arange(len(coefficients))[::-1]
        return powers @ coefficients


def vertical(lon_deg: float, lat_deg: float) -> np.ndarray:
    below, above = (np.array(TO_EARTH.transform(lon_deg, lat_deg, height)) for height in (0.0, 1000.0))
    return (above - below) / 1000.0


def angle_deg(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))))


def cases() -> list[tuple[str, CandidateDraft, Sight]]:
    return [
        (look["area"], c, Sight(look))
        for look in load()["looks"]
        for c in find(look["area"]).candidates
        if is_same(c, look)
    ]


def is_same(candidate: CandidateDraft, look: dict[str, Any]) -> bool:
    return candidate.satellite == look["satellite"] and abs(candidate.start_s - look["t_s"][3]) < 40


@pytest.fixture(params=[0, 1, 2], ids=["fukui", "amazon", "jutland"])
def area_cases(request: pytest.FixtureRequest) -> list[tuple[str, CandidateDraft, Sight]]:
    name = list(load()["areas"])[request.param]
    return [case for case in cases() if case[0] == name]


def test_every_candidate_has_its_look_and_every_lit_look_in_range_its_candidate() -> None:
    matched = cases()
    assert len(matched) == sum(len(find(area).candidates) for area in load()["areas"])
    assert len({c.key for _, c, _ in matched}) == len(matched) >= 20
    lit = [look for look in load()["looks"] if is_lit_and_in_range(look)]
    # What comes before the first uplink cannot be commanded any more.
    lit = [look for look in lit if look["t_s"][0] > load()["start_s"] + 3 * 3600]
    assert len(lit) >= 8
    assert all(any(is_same(c, look) for c in find(look["area"]).candidates) for look in lit)


def is_lit_and_in_range(look: dict[str, Any]) -> bool:
    west, south, east, north = load()["areas"][look["area"]]
    lon, lat = (west + east) / 2, (south + north) / 2
    place, up = np.array(TO_EARTH.transform(lon, lat, 0.0)), vertical(lon, lat)
    sight = Sight(look)
    moments = sight.middle_s + np.linspace(-5, 5, 41)
    off_nadir = min(angle_deg(place - sight.position(t), sight.nadir(t)) for t in moments)
    sun = 90 - angle_deg(sight.sun(sight.middle_s) - place, up)
    return off_nadir < 29.8 and sun > 11


def test_off_nadir_and_sun_at_the_footprints_middle_agree(area_cases: list[Any]) -> None:
    assert area_cases
    for _, c, sight in area_cases:
        middle_s = (c.start_s + c.end_s) / 2
        middle = c.footprint.centroid
        place, up = np.array(TO_EARTH.transform(middle.x, middle.y, 0.0)), vertical(middle.x, middle.y)
        off_nadir = angle_deg(place - sight.position(middle_s), sight.nadir(middle_s))
        assert c.off_nadir_deg == pytest.approx(off_nadir, abs=OFF_NADIR_DEG)
        sun = 90 - angle_deg(sight.sun(middle_s) - place, up)
        assert c.sun_elevation_deg == pytest.approx(sun, abs=SUN_DEG)
        incidence = angle_deg(sight.position(middle_s) - place, up)
        assert c.incidence_deg == pytest.approx(incidence, abs=OFF_NADIR_DEG * 1.2)


def test_footprint_and_coverage_agree(area_cases: list[Any]) -> None:
    for name, c, sight in area_cases[::3]:
        altitude_km = FLEET.satellites[c.satellite].nominal_altitude_km
        half = np.degrees(np.arctan(HALF_SWATH_KM / altitude_km))
        times = np.linspace(c.start_s, c.end_s, 5)
        right = [sight.ground(t, c.roll_deg + half) for t in times]
        left = [sight.ground(t, c.roll_deg - half) for t in times]
        ring = Polygon([*right, *left[::-1]])
        area = box(*load()["areas"][name])
        ours, theirs, wanted = (flatten(shape, area) for shape in (c.footprint, ring, area))
        assert ours.symmetric_difference(theirs).area / theirs.area < 0.005
        coverage = 100 * theirs.intersection(wanted).area / wanted.area
        assert c.coverage_percent == pytest.approx(coverage, abs=COVERAGE_PERCENT)


def flatten(shape: BaseGeometry, around: Polygon) -> BaseGeometry:
    middle = around.centroid
    plane = Transformer.from_crs(
        "EPSG:4326", f"+proj=laea +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84", always_xy=True
    )
    return transform(segmentize(shape, 0.05), lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1])))
