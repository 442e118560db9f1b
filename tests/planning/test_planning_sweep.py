"""An area in strip coordinates, against the same area in an equal-area plane."""

import numpy as np
import pytest
from planning_world import DATE_LINE, ELEMENTS, KANTO, NOW_S
from shapely import MultiPolygon, Polygon, box

from swath.access import build_footprint, find_accesses
from swath.access.arc import Arc, fit_arcs
from swath.geo.measures import area_m2, bounding_cap
from swath.geo.outline import build_outline
from swath.geo.plane import coverage_percent
from swath.planning.sweep import Sweep, covered_share, moments_between, sweep_outline

RING = Polygon(KANTO.exterior, [box(139.2, 35.6, 140.3, 36.6).exterior])
TWO = MultiPolygon([box(138.5, 35.0, 139.0, 35.6), box(140.0, 36.0, 141.0, 37.2)])
AREAS = {"box": KANTO, "ring": RING, "two parts": TWO, "over the date line": DATE_LINE}
HALF = 2.6


def arc_over(area: Polygon | MultiPolygon) -> Arc:
    """The first arc in reach of the area's middle."""
    lon, lat, _ = bounding_cap(area)
    found = find_accesses(ELEMENTS["GRUS-1B"], lon, lat, NOW_S, NOW_S + 20 * 86_400, max_off_nadir_deg=25.0)
    return fit_arcs(ELEMENTS["GRUS-1B"], found.t_max_s[0])[0]


def sweep_of(area: Polygon | MultiPolygon, pitch_deg: float = 0.0) -> tuple[Arc, Sweep]:
    arc = arc_over(area)
    return arc, sweep_outline(arc, build_outline(area), pitch_deg)


@pytest.mark.parametrize("pitch", [0.0, 15.0])
@pytest.mark.parametrize("name", AREAS)
def test_the_share_of_a_strip_is_the_share_of_its_ground(name: str, pitch: float) -> None:
    area = AREAS[name]
    arc, sweep = sweep_of(area, pitch)
    start, end = arc.middle_s + sweep.tau_s.min() - 1, arc.middle_s + sweep.tau_s.max() + 1
    for roll in np.linspace(*sweep.roll_range, 5):
        footprint = build_footprint(ELEMENTS["GRUS-1B"], start, end, float(roll), pitch, HALF)
        (share,) = sweep.share_between(roll - HALF, roll + HALF)
        assert 100 * share == pytest.approx(coverage_percent(footprint, area), abs=0.005)


@pytest.mark.parametrize("name", AREAS)
def test_what_is_swept_is_the_ground_in_square_metres(name: str) -> None:
    _, sweep = sweep_of(AREAS[name])
    assert abs(sweep.swept.area) == pytest.approx(area_m2(AREAS[name]), rel=3e-5)


def test_shares_grow_from_nothing_to_all() -> None:
    _, sweep = sweep_of(RING)
    low, high = sweep.roll_range
    shares = sweep.share_between(-90.0, np.linspace(low, high, 50))
    assert shares[0] == pytest.approx(0.0, abs=1e-9)
    assert shares[-1] == pytest.approx(1.0, abs=1e-9)
    assert (np.diff(shares) >= -1e-12).all()
    assert sweep.share_between(-90.0, 90.0)[0] == pytest.approx(1.0)


def test_the_strip_lasts_as_long_as_its_part_of_the_area() -> None:
    arc, sweep = sweep_of(TWO)
    low, high = sweep.roll_range
    whole, near, far, beside = (
        moments_between(sweep.swept, *np.radians(rolls).tolist())
        for rolls in ((low, high), (low, low + 0.5), (high - 0.5, high), (high + 1, high + 2))
    )
    assert whole == pytest.approx((sweep.tau_s.min(), sweep.tau_s.max()))
    assert max(near[1] - near[0], far[1] - far[0]) < whole[1] - whole[0]
    assert beside[0] > beside[1]
    footprint, longer = (
        build_footprint(
            ELEMENTS["GRUS-1B"], arc.middle_s + near[0] - more, arc.middle_s + near[1] + more, low, 0.0, 0.5
        )
        for more in (0.0, 5.0)
    )
    assert coverage_percent(footprint, TWO) == pytest.approx(coverage_percent(longer, TWO), abs=0.01)


@pytest.mark.parametrize("name", AREAS)
def test_a_strip_that_ends_early_covers_what_its_footprint_covers(name: str) -> None:
    area = AREAS[name]
    arc, sweep = sweep_of(area)
    first, last = sweep.tau_s.min() + 5.0, sweep.tau_s.mean() + 2.0
    roll = float(sweep.roll_deg.mean())
    edges = np.radians([roll - HALF, roll + HALF]).tolist()
    share = covered_share(sweep.swept, *edges, first, last)
    footprint = build_footprint(
        ELEMENTS["GRUS-1B"], arc.middle_s + first, arc.middle_s + last, roll, 0.0, HALF
    )
    assert 0.0 < share < 1.0
    assert 100 * share == pytest.approx(coverage_percent(footprint, area), abs=0.02)


def test_a_square_metre_has_its_shares_too() -> None:
    side = 1 / 111_000
    _, sweep = sweep_of(box(139.0, 36.0, 139.0 + side, 36.0 + side))
    low, high = sweep.roll_range
    assert 0 < high - low < 1e-3
    assert sweep.share_between(-90.0, (low + high) / 2)[0] == pytest.approx(0.5, abs=0.1)


def test_an_outline_goes_around_every_ring() -> None:
    outline = build_outline(RING)
    assert len(outline.points_m) == len(outline.edges)
    assert sorted(outline.edges[:, 0]) == sorted(outline.edges[:, 1]) == list(range(len(outline.points_m)))
    steps = np.linalg.norm(np.diff(outline.points_m[outline.edges], axis=1)[:, 0], axis=1)
    assert steps.max() < 25_500.0


def test_an_outline_around_a_pole_stays_small() -> None:
    cap = Polygon([(-180, 89), (-90, 89), (0, 89), (90, 89), (180, 89), (180, 90), (-180, 90)])
    outline = build_outline(cap)
    assert len(outline.points_m) < 1_000
