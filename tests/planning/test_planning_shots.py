"""Shots of many areas at once, and how good the best one of each sighting is."""

from collections.abc import Iterator
from math import degrees, radians

import numpy as np
import pytest
from planning_world import DATE_LINE, DAY_S, ELEMENTS, FLEET, FUKUI, KANTO, NOW_S
from shapely import MultiPolygon, Point, Polygon, box

from swath.access.look import Floats
from swath.geo.antimeridian import Area
from swath.planning import shots as shots_module
from swath.planning.shots import Shots, Wish, find_shots
from swath.planning.sightings import Craft, build_craft
from swath.planning.sweep import Swept, make_trials, share_between, sweep_outline, try_rolls

RING = Polygon(KANTO.exterior, [box(139.2, 35.6, 140.3, 36.6).exterior])
TWO = MultiPolygon([box(138.5, 35.0, 139.0, 35.6), box(140.0, 36.0, 141.0, 37.2)])
ROUND = Point(10.0, 50.0).buffer(0.4)
AREAS: list[Area] = [FUKUI, KANTO, RING, TWO, DATE_LINE, ROUND]
DAYS = 8
MOST_DEG = 30.0
# Of the area: pointings that cover the same but for this are equal, and what the search leaves besides.
EQUAL, LEFT = 0.001, 0.0003


def crafts() -> list[Craft]:
    satellite, range_s = FLEET.satellites["GRUS-1A"], (NOW_S, NOW_S + DAYS * DAY_S)
    names = ("GRUS-1A", "GRUS-1B")
    return [build_craft((satellite, ELEMENTS[name]), (), FLEET.limits, range_s) for name in names]


def find() -> list[Shots]:
    wish = Wish((0.0, MOST_DEG), FLEET.limits)
    return list(find_shots(AREAS, crafts(), NOW_S, NOW_S + DAYS * DAY_S, wish))


def list_best(shots: Shots) -> Iterator[tuple[int, Swept]]:
    """The first strip of each sighting, and its area as swept."""
    _, best = np.unique(shots.sighting, return_index=True)
    for i in best.tolist():
        outline = shots.sightings.outlines.outline(int(shots.sightings.area[shots.sighting[i]]))
        yield i, sweep_outline(shots.arc(i), outline, 0.0).swept


def shares_of(swept: Swept, rolls: Floats, half: float) -> Floats:
    return np.array([share_between(swept, roll - half, roll + half) for roll in rolls.tolist()])


def test_no_other_pointing_covers_more_or_as_much_nearer_to_nadir() -> None:
    checked = 0
    for shots in find():
        camera = shots.sightings.craft.camera
        for i, swept in list_best(shots):
            roll, most = abs(float(shots.roll_deg[i])), radians(MOST_DEG - 0.1)
            low, high = max(swept.low - camera.half_fov, -most), min(swept.high + camera.half_fov, most)
            rolls = np.linspace(low, high, 1_000)
            shares = shares_of(swept, rolls, camera.half_fov)
            share = shares_of(swept, np.radians(shots.roll_deg[i : i + 1]), camera.half_fov)[0]
            assert share > shares.max() - EQUAL - LEFT
            if shares.max() < 1.0:
                enough = np.abs(rolls[shares >= shares.max() - EQUAL]).min()
                assert roll < degrees(enough) + 0.02
                checked += 1
    assert checked > 30


def test_rolls_tried_together_see_what_each_sees_alone() -> None:
    for shots in find():
        half, trials = shots.sightings.craft.camera.half_fov, make_trials()
        for _, swept in list_best(shots):
            start, step = swept.low - 1.5 * half, (swept.high - swept.low + 3 * half) / 15
            try_rolls(swept, half, start, step, trials)
            alone = shares_of(swept, start + step * np.arange(len(trials.shares)), half)
            assert trials.shares == pytest.approx(alone, rel=0.0, abs=1e-9)


def test_pieces_hold_what_the_whole_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = find()
    monkeypatch.setattr(shots_module, "AT_A_TIME", 7)
    pieces = find()
    assert len(pieces) > len(whole) == 2
    for name in ("start_s", "end_s", "roll_deg", "coverage_percent", "measures"):
        joined, expected = (
            np.concatenate([getattr(shots, name) for shots in some]) for some in (pieces, whole)
        )
        assert joined.shape == expected.shape
        assert joined == pytest.approx(expected, rel=0.0, abs=1e-9)
