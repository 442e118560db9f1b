"""What captures cover together."""

from itertools import pairwise

import pytest
from planning_world import DATE_LINE, KANTO, search
from shapely import box, union_all

from swath.geo.antimeridian import Area
from swath.geo.plane import coverage_percent
from swath.planning import choose_fewest, combine, cover

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("area", [KANTO, DATE_LINE], ids=["wide", "over the date line"])
def test_together_they_cover_what_their_union_covers(area: Area) -> None:
    footprints = [c.footprint for c in search(area).candidates]
    assert combine(footprints, area) == pytest.approx(coverage_percent(union_all(footprints), area), abs=0.01)


def test_one_covers_what_it_says() -> None:
    for candidate in search(KANTO).candidates:
        assert combine([candidate.footprint], KANTO) == pytest.approx(candidate.coverage_percent, abs=0.01)


def test_each_more_never_covers_less() -> None:
    covered = cover([c.footprint for c in search(KANTO).candidates], KANTO)
    assert all(after >= before - 1e-9 for before, after in pairwise(covered))
    assert covered[-1] <= 100.0


def test_nothing_covers_nothing() -> None:
    assert combine([], KANTO) == 0.0
    assert combine([box(0, 0, 1, 1)], KANTO) == 0.0
    assert choose_fewest([box(0, 0, 1, 1)], KANTO, 50.0) == ()


def test_few_are_chosen_and_cover_as_much_as_asked() -> None:
    footprints = [c.footprint for c in search(KANTO, days=10).candidates]
    chosen = choose_fewest(footprints, KANTO, 90.0)
    assert combine([footprints[i] for i in chosen], KANTO) >= 90.0
    assert combine([footprints[i] for i in chosen[:-1]], KANTO) < 90.0
    assert len(chosen) < len(footprints) / 3


def test_four_quarters_are_a_whole() -> None:
    quarters = [box(x, y, x + 0.5, y + 0.5) for x in (10.0, 10.5) for y in (0.0, 0.5)]
    whole = box(10, 0, 11, 1)
    assert sorted(choose_fewest([*quarters, box(10, 0, 10.2, 1)], whole, 100.0)) == [0, 1, 2, 3]
    assert choose_fewest([*quarters, whole], whole, 100.0) == (4,)
