"""Cutting at the antimeridian and joining again: the area stays the same, and keeps to -180..180."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box, get_coordinates

from swath.geo.antimeridian import cut_line, cut_polygon, holds_pole, polygons_of, unroll_ring, unwrap, wind
from swath.geo.measures import area_m2

Point = tuple[float, float]

few = settings(max_examples=40, deadline=None)


def star(lon: float, lat: float, radii: list[float], *, size: float) -> Polygon:
    """A valid polygon around a place, as far as `size` degrees, in continuous longitudes."""
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    r = size * np.array(radii)
    return Polygon(np.column_stack([lon + r * np.cos(angle), lat + r * np.sin(angle)]))


stars = st.builds(
    star,
    st.floats(-180, 180),
    st.floats(-70, 70),
    st.lists(st.floats(0.2, 1.0), min_size=5, max_size=20),
    size=st.floats(0.01, 10),
)


def wrapped(polygon: Polygon) -> Polygon:
    """The same polygon as people send it: longitudes in -180..180 that jump."""
    return shapely.transform(polygon, lambda p: np.column_stack([(p[:, 0] + 180) % 360 - 180, p[:, 1]]))


@few
@given(stars)
def test_a_cut_keeps_the_area_and_the_range(polygon: Polygon):
    cut = cut_polygon(polygon)
    assert cut.is_valid
    assert np.abs(get_coordinates(cut)[:, 0]).max() <= 180.0
    assert cut.area == pytest.approx(polygon.area, rel=1e-9)


@few
@given(stars)
def test_jumping_and_continuous_longitudes_mean_the_same(polygon: Polygon):
    assert cut_polygon(wrapped(polygon)).symmetric_difference(cut_polygon(polygon)).area < 1e-9 * polygon.area


@few
@given(stars)
def test_cut_then_unwrapped_hangs_together_again(polygon: Polygon):
    joined = unwrap(cut_polygon(polygon))
    west, _, east, _ = joined.bounds
    assert isinstance(joined, Polygon)
    assert joined.area == pytest.approx(polygon.area, rel=1e-9)
    assert east - west == pytest.approx(polygon.bounds[2] - polygon.bounds[0], abs=1e-9)


@few
@given(stars)
def test_winding_is_right_handed(polygon: Polygon):
    for part in polygons_of(cut_polygon(polygon)):
        assert part.exterior.is_ccw
        assert not any(hole.is_ccw for hole in part.interiors)


@few
@given(stars)
def test_cutting_twice_changes_nothing(polygon: Polygon):
    once = cut_polygon(polygon)
    again = [cut_polygon(part) for part in polygons_of(once)]
    assert sum(part.area for part in again) == pytest.approx(once.area, rel=1e-12)


def test_a_polygon_clear_of_the_antimeridian_keeps_its_vertices():
    polygon = box(139.123456789012345, 35.1, 140.2, 36.3)
    assert set(map(tuple, get_coordinates(cut_polygon(polygon)))) == set(map(tuple, get_coordinates(polygon)))


def test_a_polygon_that_only_touches_the_antimeridian_stays_one():
    assert isinstance(cut_polygon(box(179, 0, 180, 1)), Polygon)
    assert cut_polygon(box(180, 0, 181, 1)).bounds == (-180, 0, -179, 1)


@pytest.mark.parametrize(
    ("ring", "parts", "area"),
    [
        ([(179, 0), (181, 0), (181, 1), (179, 1)], 2, 2.0),
        ([(179, 0), (180, 1), (179, 2), (178, 1)], 1, 2.0),
        ([(181, 0), (182, 1), (181, 2), (180, 1)], 1, 2.0),
        ([(179, 0), (180, 0), (181, 1), (180, 2), (179, 2)], 2, 3.0),
        ([(179, 0), (181, 0), (181, 1), (179.5, 1), (179.5, 2), (181, 2), (181, 3), (179, 3)], 3, 4.5),
        ([(179, 0), (181, 1), (181, 0), (179, 1)], 2, 1.0),
    ],
    ids=["crosses", "touches from the west", "touches from the east", "at vertices", "fork", "bow tie"],
)
def test_however_a_ring_meets_the_antimeridian_its_area_is_kept(ring: list[Point], parts: int, area: float):
    cut = cut_polygon(Polygon(ring))
    assert cut.is_valid
    assert len(polygons_of(cut)) == parts
    assert cut.area == pytest.approx(area)
    assert cut_polygon(wrapped(Polygon(ring))).equals(cut)


@pytest.mark.parametrize("hole", [(179.2, 180.8), (179.2, 179.6), (180.2, 180.6), (-179.8, -179.4)])
def test_holes_are_cut_with_their_outline(hole: tuple[float, float]):
    shell = [(179, 0), (-179, 0), (-179, 1), (179, 1)]
    cut = cut_polygon(Polygon(shell, [get_coordinates(box(hole[0], 0.3, hole[1], 0.6))]))
    assert cut.area == pytest.approx(2.0 - 0.3 * (hole[1] - hole[0]))


@pytest.mark.parametrize("pole", [1, -1])
@pytest.mark.parametrize("start", [-180.0, -91.0, 0.0, 33.3])
def test_a_ring_around_a_pole_holds_it(pole: int, start: float):
    lon = start + np.arange(0, 360, 30)
    cap = cut_polygon(wrapped(Polygon(np.column_stack([lon, np.full(12, pole * 80.0)]))))
    assert holds_pole(cap)
    assert cap.is_valid
    assert cap.area == pytest.approx(3600.0)
    assert unwrap(cap) == cap


@few
@given(st.lists(st.floats(60, 85), min_size=6, max_size=40), st.floats(-180, 180))
def test_any_outline_around_a_pole_splits_the_globe_in_two(lats: list[float], start: float):
    """What lies inside the ring and what lies between it and the equator make up the whole hemisphere."""
    lon = start + np.linspace(0, 360, len(lats) + 1)
    ring = np.column_stack([lon, [*lats, lats[0]]])
    below = Polygon([*ring, (lon[-1], 0), (lon[0], 0)])
    assert cut_polygon(Polygon(ring)).area + below.area == pytest.approx(360 * 90)


def test_a_ring_that_swings_back_around_the_pole_is_read_right():
    ring = [(0, 86), (-10, 85.5), (20, 84), (120, 84), (240, 84), (350, 84), (360, 86)]
    cap = cut_polygon(Polygon(ring))
    inside = shapely.contains_xy(cap, [-5, -5, -5, -5, 100, 100], [85.9, 85.5, 85.15, 84.5, 85, 83])
    assert inside.tolist() == [True, False, True, False, True, False]


def test_a_vertex_at_a_pole_is_reached_along_its_neighbours_meridians():
    wedge = cut_polygon(Polygon([(170, 85), (-170, 85), (0, 90)]))
    assert wedge.area == pytest.approx(20 * 5)
    assert area_m2(wedge) == pytest.approx(area_m2(box(10, 85, 30, 90)))


def test_a_cap_that_is_cut_already_stays_a_cap():
    for lons in ([-180, 180], [-180, 0, 180], [-180, -60, 60, 180]):
        ring = [*((lon, 85) for lon in lons), (180, 90), (-180, 90)]
        assert cut_polygon(Polygon(ring)).area == pytest.approx(360 * 5)


def test_turns_around_the_globe_are_counted():
    assert unroll_ring(np.array([[0.0, 80], [120, 80], [-120, 80], [0, 80]]))[1] == 1
    assert unroll_ring(np.array([[0.0, 80], [-120, 80], [120, 80], [0, 80]]))[1] == -1
    assert unroll_ring(np.array([[179.0, 0], [-179, 0], [-179, 1], [179, 0]]))[1] == 0


def test_islands_on_both_sides_of_the_antimeridian_come_together():
    islands = unwrap(MultiPolygon([box(-178, 0, -177, 1), box(177, 0, 178, 1)]))
    assert islands.bounds == (177, 0, 183, 1)


def test_islands_far_from_it_stay_where_they_are():
    islands = MultiPolygon([box(-80, 0, -79, 1), box(79, 0, 80, 1)])
    assert unwrap(islands).bounds == (-80, 0, 80, 1)


def test_winding_is_repaired():
    assert not Polygon([(0, 0), (0, 1), (1, 1)]).exterior.is_ccw
    assert wind(Polygon([(0, 0), (0, 1), (1, 1)])).exterior.is_ccw


def length(line: shapely.MultiLineString) -> float:
    return sum(float(part.length) for part in line.geoms)


@few
@given(st.floats(-180, 180), st.lists(st.floats(-170, 170), min_size=2, max_size=30))
def test_a_cut_line_keeps_its_length_and_the_range(start: float, steps: list[float]):
    onward = start + np.cumsum([0.0, *steps])
    lat = np.linspace(-80, 80, len(onward))
    line = cut_line((onward + 180) % 360 - 180, lat)
    assert np.abs(get_coordinates(line)[:, 0]).max() <= 180.0
    assert length(line) == pytest.approx(np.hypot(np.diff(onward), np.diff(lat)).sum(), rel=1e-9)


def test_a_line_is_cut_once_where_it_crosses():
    line = cut_line([170.0, -170.0], [0.0, 10.0])
    assert [list(part.coords) for part in line.geoms] == [[(170, 0), (180, 5)], [(-180, 5), (-170, 10)]]


@pytest.mark.parametrize("lons", [[179.0, 180.0, -179.0], [179.0, -180.0, -179.0], [-179.0, 180.0, 179.0]])
def test_a_vertex_on_the_antimeridian_makes_no_empty_piece(lons: list[float]):
    parts = cut_line(lons, [0.0, 1.0, 2.0]).geoms
    assert len(parts) == 2
    assert all(len(part.coords) == 2 and part.length > 0 for part in parts)
