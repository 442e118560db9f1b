"""The areas of the test data are of every kind, the same at every run, and such that the service takes them."""

from typing import Any

import pytest
from shapely.geometry import shape

from conformance.areas import KINDS, build_areas
from swath.geo.polygons import extent_km, holds_pole, parse_area
from swath.settings import Limits

AREAS = build_areas(200)


def parse(geometry: Any) -> Any:
    return parse_area(geometry, max_extent_km=Limits().max_extent_km, max_vertices=Limits().max_vertices)


def test_all_kinds_take_turns() -> None:
    assert len(AREAS) == 200
    assert {kind for kind, _ in AREAS} == set(KINDS)


def test_they_are_the_same_at_every_run() -> None:
    assert build_areas(200) == AREAS


@pytest.mark.parametrize("kind", KINDS)
def test_the_service_takes_them(kind: str) -> None:
    assert all(parse(geometry).is_valid for name, geometry in AREAS if name == kind)


def test_some_hold_a_pole_and_some_lie_on_both_sides_of_the_antimeridian() -> None:
    parsed = [parse(geometry) for _, geometry in AREAS]
    assert sum(holds_pole(area) for area in parsed) > 20
    assert sum(area.bounds[0] == -180 and area.bounds[2] == 180 for area in parsed) > 40


def test_they_are_as_small_and_as_large_as_may_be() -> None:
    widths = [max(extent_km(parse(geometry))) for kind, geometry in AREAS if kind in ("pier", "country")]
    assert min(widths) < 0.1
    assert 240 < max(widths) <= 250


def test_holes_and_parts_are_among_them() -> None:
    by_kind = {kind: shape(geometry) for kind, geometry in AREAS}
    assert len(by_kind["holed"].interiors) == 2
    assert len(by_kind["islands"].geoms) == 3
