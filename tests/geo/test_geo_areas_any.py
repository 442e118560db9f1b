"""Whatever is sent is an area or refused, and what is inside stays inside."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.geo.areas_world import polygon, read

from swath.errors import Invalid
from swath.geo.polygons import Area, area_m2, extent_km, parse_area, to_geojson

coordinates = st.one_of(st.floats(), st.integers(-400, 400), st.none(), st.booleans(), st.text(max_size=3))


anything = st.recursive(coordinates, lambda inner: st.lists(inner, max_size=5), max_leaves=40)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["Polygon", "MultiPolygon"]), anything)
def test_whatever_comes_is_an_area_or_refused(kind: str, value: Any):
    try:
        area = read({"type": kind, "coordinates": value})
    except Invalid:
        return
    assert area.is_valid


Vertices = list[tuple[int, int]]


degrees = st.sampled_from([-180, -179, -90, 0, 1, 90, 179, 180]), st.sampled_from([-90, -89, 0, 1, 89, 90])


awkward = st.lists(st.tuples(*degrees), min_size=3, max_size=7)


def read_awkward(vertices: Vertices) -> Area | None:
    try:
        return parse_area(polygon([*vertices, vertices[0]]), max_extent_km=1e6, max_vertices=1000)
    except Invalid:
        return None


@settings(max_examples=150, deadline=None)
@given(awkward)
@example([(-180, 90), (-179, -90), (1, -90)])
@example([(-180, -90), (-179, -90), (1, 90)])
@example([(0, -90), (179, 90), (-179, -90)])
@example([(0, -90), (-180, 90), (90, -90)])
@example([(0, -90), (0, 0), (0, 90), (10, 0)])
@example([(-90, -90), (180, 1), (-180, 1), (1, 89)])
@example([(180, 1), (-179, 89), (-179, 90), (-180, 89)])
@example([(1, 0), (180, -89), (90, -90), (180, 89), (-180, 89), (179, 89)])
@example([(0, 60), (120, 60), (100, -80), (-160, 60)])
def test_any_ring_of_awkward_positions_is_an_area_or_refused(vertices: Vertices):
    area = read_awkward(vertices)
    if area is None:
        return
    assert area.is_valid
    assert area_m2(area) > 0
    extent_km(area)
    again = parse_area(to_geojson(area), max_extent_km=1e6, max_vertices=1000)
    assert area_m2(again) == pytest.approx(area_m2(area), rel=1e-9)


# On no edge between awkward positions.
PLACES = np.column_stack([np.linspace(-179.37, 179.71, 300), 89.83 * np.sin(0.3 + 1.7 * np.arange(300))])


def crossings(vertices: Vertices) -> np.ndarray[Any, Any]:
    """How often the meridian from each place to the pole outside a ring meets the ring."""
    ring = np.array([*vertices, vertices[0]], float)
    at_pole = np.abs(ring[:, 1]) == 90
    steps = np.diff(ring[:, 0])
    steps -= 360 * np.rint(steps / 360)
    inner = ring[at_pole, 1].sum() or ring[:-1, 1].mean()
    count = np.zeros(len(PLACES), int)
    # Edges to a pole are meridians, which no place is on.
    for i in np.flatnonzero(~(at_pole[1:] | at_pole[:-1]) & (steps != 0)):
        part = (PLACES[:, 0] - ring[i, 0]) * np.sign(steps[i]) % 360 / abs(steps[i])
        height = ring[i, 1] + part * (ring[i + 1, 1] - ring[i, 1])
        count += (part < 1) & ((height < PLACES[:, 1]) if inner >= 0 else (height > PLACES[:, 1]))
    return count


def turns_once(vertices: Vertices) -> bool:
    return 360 in np.abs(np.diff([*(lon for lon, _ in vertices), vertices[0][0]]))


# Two rings of three are no areas: of four there is nearly always one.
@settings(max_examples=150, deadline=None)
@given(st.lists(awkward, min_size=4, max_size=4))
@example([[(0, 60), (120, 60), (100, -80), (-160, 60)]])
def test_from_inside_the_meridian_crosses_the_outline_an_odd_number_of_times(rings: list[Vertices]):
    read = ((vertices, read_awkward(vertices)) for vertices in rings if not turns_once(vertices))
    areas = [(vertices, area) for vertices, area in read if area is not None]
    assume(areas)
    for vertices, area in areas:
        inside = shapely.contains_xy(area, *PLACES.T)
        assert inside.tolist() == (crossings(vertices) % 2 == 1).tolist()
