"""Areas of interest: what is accepted, what is refused, and what the refusal says."""

import json
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import MultiPolygon, Polygon

from swath.errors import Invalid
from swath.geo.polygons import Area, area_m2, extent_km, parse_area, to_geojson

GEOD = Geod(ellps="WGS84")


def read(geojson: Any) -> Area:
    return parse_area(geojson, max_extent_km=250, max_vertices=1000)


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def square(west: Any, south: Any, east: Any, north: Any) -> list[list[Any]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def refusals(geojson: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        read(geojson)
    assert all(fault.message.endswith((".", "0")) for fault in caught.value.faults)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def message(geojson: Any) -> str:
    with pytest.raises(Invalid) as caught:
        read(geojson)
    return str(caught.value)


def test_a_plain_polygon_comes_through_with_its_vertices():
    ring = square(139.123456789, 35.1, 140.2, 36.3)
    assert to_geojson(read(polygon(ring))) == polygon(ring)


def test_clockwise_outlines_are_turned_round_silently():
    area = read(polygon(square(0, 0, 1, 1)[::-1], square(0.2, 0.2, 0.4, 0.4)))
    assert isinstance(area, Polygon)
    assert area.exterior.is_ccw
    assert not area.interiors[0].is_ccw
    assert area.area == pytest.approx(1 - 0.04)


def test_altitudes_are_dropped():
    ring = [[*position, 812.5] for position in square(0, 0, 1, 1)]
    ring[-1][2] = 3.0
    assert not read(polygon(ring)).has_z


def test_a_square_metre_is_an_area():
    assert area_m2(read(polygon(square(139, 35, 139.00001, 35.00001)))) == pytest.approx(1.012, abs=0.001)


def test_crossing_the_antimeridian_cut_or_uncut_is_the_same_area():
    uncut = read(polygon(square(179.5, -17, -179.5, -16)))
    cut = read(
        {
            "type": "MultiPolygon",
            "coordinates": [[square(179.5, -17, 180, -16)], [square(-180, -17, -179.5, -16)]],
        }
    )
    assert isinstance(cut, MultiPolygon)
    assert uncut.equals(cut)
    assert area_m2(cut) == pytest.approx(area_m2(read(polygon(square(0, -17, 1, -16)))), rel=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "ring",
    [
        [[0, 89], [90, 89], [180, 89], [-90, 89], [0, 89]],
        [[0, 89], [-120, 89], [120, 89], [0, 89]],
        [[-180, 89], [180, 89], [180, 90], [-180, 90], [-180, 89]],
        [[-180, 89], [0, 89], [180, 89], [180, 90], [0, 90], [-180, 90], [-180, 89]],
    ],
)
def test_an_area_around_a_pole_is_the_cap_inside_its_ring(ring: list[list[float]], sign: int):
    area = read(polygon([[lon, sign * lat] for lon, lat in ring]))
    east, north = np.radians(np.arange(0, 360, 0.5)), 89.0
    circle, _ = GEOD.polygon_area_perimeter(np.degrees(east), np.full(720, north))
    assert area_m2(area) == pytest.approx(abs(circle), rel=1e-4)
    assert extent_km(area) == pytest.approx((223.388, 223.388), abs=0.01)


def test_a_hole_around_a_pole_is_taken_out():
    ring = [[0, 89], [90, 89], [180, 89], [-90, 89], [0, 89]]
    hole = [[lon, 89.5] for lon, _ in ring]
    assert area_m2(read(polygon(ring, hole))) == pytest.approx(0.75 * area_m2(read(polygon(ring))), rel=1e-4)


def test_what_was_written_is_read_as_the_same_area():
    for ring in (
        square(179.5, -17, -179.5, -16),
        [[0, 89], [120, 89], [-120, 89], [0, 89]],
        square(10, 50, 12, 51),
    ):
        area = read(polygon(ring))
        again = read(json.loads(json.dumps(to_geojson(area))))
        assert again.equals(area)


def test_too_wide_names_size_and_limit():
    assert message(polygon(square(139, 35, 142.5, 36))) == "AOI is 319.5 km wide; the limit is 250 km."
    assert refusals(polygon(square(0, 0, 1, 3))) == [("/geometry", "too_high")]
    assert refusals(polygon(square(0, 0, 3, 3))) == [("/geometry", "too_wide"), ("/geometry", "too_high")]


@pytest.mark.parametrize("lat", [-60.0, -0.5, 0.0, 35.0, 60.0])
@pytest.mark.parametrize("lon", [-180.0, 20.0, 179.0])
def test_the_limit_is_sharp(lon: float, lat: float):
    def box_of(width_km: float) -> dict[str, Any]:
        longer = lat if lat >= 0 else lat + 0.5
        east, _, _ = GEOD.fwd(lon, longer, 90, 125e3)
        half = (east - lon + 180) % 360 - 180
        half *= width_km / 250
        west, east = ((x + 180) % 360 - 180 for x in (lon, lon + 2 * half))
        return polygon(square(west, lat, east, lat + 0.5))

    assert extent_km(read(box_of(249.7)))[0] == pytest.approx(249.6, abs=0.3)
    assert refusals(box_of(250.9)) == [("/geometry", "too_wide")]


def test_a_size_just_over_the_limit_does_not_read_like_the_limit():
    width = Geod(ellps="WGS84").inv(0, 0, 2.24583, 0)[2] / 1e3
    assert 250 < width < 250.05
    assert "250.0 km" not in message(polygon(square(0, 0, 2.24583, 1)))


@pytest.mark.parametrize(
    "ring", [square(-180, -90, 180, 90), square(-180, 0, 180, 1), square(-179, -89, 179, 89)]
)
def test_the_whole_world_is_refused(ring: list[list[float]]):
    assert refusals(polygon(ring))


def test_bow_ties_are_refused():
    bow = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    assert refusals(polygon(bow)) == [("/geometry/coordinates/0", "ring_crosses_itself")]
    crossing = [[(lon + 359.5 + 180) % 360 - 180, lat] for lon, lat in bow]
    assert refusals(polygon(crossing)) == [("/geometry/coordinates/0", "ring_crosses_itself")]


def test_a_ring_that_crosses_itself_around_a_pole_is_refused():
    twice = [[lon, 89 + 0.05 * i] for i, lon in enumerate((0, 120, -120, 0, 120, -120))]
    assert refusals(polygon([*twice, twice[0]])) == [("/geometry/coordinates/0", "ring_crosses_itself")]


@pytest.mark.parametrize(
    "ring",
    [
        [[-180, 90], [-179, -90], [1, -90]],
        [[-180, -90], [-179, -90], [1, 90]],
        [[0, -90], [0, 0], [0, 90], [10, 0]],
        [[0, -90], [10, -90], [10, 90], [0, 90]],
    ],
)
def test_a_ring_through_both_poles_is_refused(ring: list[list[float]]):
    """From pole to pole it may run along any meridian."""
    assert refusals(polygon([*ring, ring[0]])) == [("/geometry/coordinates/0", "ring_both_poles")]


def test_a_ring_that_winds_over_its_own_ground_is_refused():
    spiral = [[0, 90], [0, 89], [120, 88.9], [-120, 88.8], [0, 88.7], [120, 88.6], [0, 90]]
    assert refusals(polygon(spiral)) == [("/geometry/coordinates/0", "ring_crosses_itself")]


@pytest.mark.parametrize("sign", [1, -1])
def test_both_names_of_the_antimeridian_are_one_place_beside_a_pole_too(sign: int):
    named = [[180, 89.2], [-179, 89.4], [-179, 90], [-180, 89.6]]
    plain = [[180, 89.2], [-179, 89.4], [0, 90], [180, 89.6]]
    one, other = (read(polygon([[lon, sign * lat] for lon, lat in [*r, r[0]]])) for r in (named, plain))
    assert one.equals(other)
    assert to_geojson(read(to_geojson(one))) == to_geojson(one)


def test_holes_must_lie_inside():
    shell = square(0, 0, 1, 1)
    outside = polygon(shell, square(1.2, 0.2, 1.4, 0.4))
    assert refusals(outside) == [("/geometry/coordinates/1", "hole_outside")]
    assert refusals(polygon(shell, square(0.8, 0.2, 1.4, 0.4))) == [
        ("/geometry/coordinates/1", "hole_outside")
    ]
    overlapping = polygon(shell, square(0.2, 0.2, 0.6, 0.6), square(0.5, 0.5, 0.8, 0.8))
    assert refusals(overlapping) == [("/geometry/coordinates/2", "holes_overlap")]


@pytest.mark.parametrize("lon", [0, 179.5])
@pytest.mark.parametrize(
    ("holes", "left"),
    [
        ([(0.2, 0.2, 0.5, 0.6), (0.5, 0.2, 0.8, 0.6)], 0.76),
        ([(0.0, 0.2, 0.5, 0.6)], 0.8),
        ([(0.2, 0.0, 0.8, 1.0)], 0.4),
    ],
)
def test_holes_side_by_side_or_along_the_outline_are_taken_out(lon: float, holes: Any, left: float):
    def at(*box: float) -> list[list[float]]:
        return [[(x + lon + 180) % 360 - 180, y] for x, y in square(*box)]

    area = read(polygon(at(0, 0, 1, 1), *(at(*hole) for hole in holes)))
    assert area.is_valid
    assert area.area == pytest.approx(left)


def test_a_hole_that_leaves_nothing_is_refused():
    assert refusals(polygon(square(0, 0, 1, 1), square(0, 0, 1, 1))) == [
        ("/geometry/coordinates", "area_zero")
    ]


def test_a_hole_that_leaves_only_rounding_is_refused():
    ring = [[15.923, 89.2], [135.923, 89.2], [-104.077, 89.2], [15.923, 89.2]]
    assert refusals(polygon(ring, [*ring[1:], ring[1]])) == [("/geometry/coordinates", "area_zero")]


@pytest.mark.parametrize("size", [(1e-9, 1), (1, 1e-9), (1e-6, 1e-6)])
@pytest.mark.parametrize("lat", [0, 84])
def test_what_is_too_narrow_to_be_measured_is_refused(size: tuple[float, float], lat: float):
    area = polygon(square(20, lat, 20 + size[0], lat + size[1]))
    assert refusals(area) == [("/geometry/coordinates", "area_zero")]


@pytest.mark.parametrize("ring", [[[0, 0], [0.5, 0.5], [1, 1], [0, 0]], [[1, 1]] * 4, square(3, 3, 3, 4)])
def test_rings_without_area_are_refused(ring: Any):
    assert refusals(polygon(ring)) == [("/geometry/coordinates/0", "area_zero")]


def test_a_narrow_area_is_told_its_width_and_the_least():
    """3 m by 0.4 m: 1.2 square metres, 6.8 m around."""
    area = polygon(square(20, 0, 20 + 3 / 111_319.49, 0.4 / 110_574.28))
    assert "length of its outlines is 0.353 m; it must be more than 0.4 m" in message(area)
    read(polygon(square(20, 0, 20 + 3 / 111_319.49, 0.5 / 110_574.28)))


def test_parts_that_hang_together_from_pole_to_pole_are_refused():
    """Each part is sound; what they make could not be read again."""
    halves = [[square(0, -90, 1, 0)], [square(0, 0, 1, 90)]]
    with pytest.raises(Invalid) as caught:
        parse_area(
            {"type": "MultiPolygon", "coordinates": halves}, max_extent_km=float("inf"), max_vertices=100
        )
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("/geometry/coordinates", "ring_both_poles")
    ]


@pytest.mark.parametrize("sign", [1, -1])
def test_no_edge_that_is_written_is_longer_than_half_a_turn(sign: int):
    """Not even along a pole, where it is no place: readers would take it for one across the antimeridian."""
    cap = read(polygon([[lon, sign * 89.0] for lon in (0, 120, -120, 0)]))
    (ring,) = to_geojson(cap)["coordinates"]
    lon, lat = np.array(ring).T
    assert np.abs(np.diff(lon)).max() <= 180
    assert set(lon[np.abs(lat) == 90]) == {-180, -90, 0, 90, 180}
    assert read(polygon(ring)).equals(cap)
    assert to_geojson(read(polygon(ring))) == polygon(ring)
    runs_on = Polygon([(lon, sign * 89.0) for lon in (0, 120, 240, 360)])
    assert to_geojson(runs_on) == polygon(ring)


def test_parts_may_touch_but_not_overlap():
    touching = {"type": "MultiPolygon", "coordinates": [[square(0, 0, 1, 1)], [square(1, 0, 1.5, 1)]]}
    assert isinstance(read(touching), Polygon)
    overlapping = {
        "type": "MultiPolygon",
        "coordinates": [[square(0, 0, 1, 1)], [square(0.5, 0.5, 1.5, 1.5)]],
    }
    assert refusals(overlapping) == [("/geometry/coordinates", "parts_overlap")]


def test_longitudes_beyond_the_globe_are_refused_with_their_cure():
    assert message(polygon(square(540, 0, 541, 1))).startswith(
        "Longitude 540 is outside -180..180; write -180."
    )
    assert message(polygon(square(1e30, 0, 1e30, 1))).startswith("Longitude 1e+30 is outside -180..180.")
    assert refusals(polygon(square(181, 0, 182, 1)))[0] == ("/geometry/coordinates/0/0/0", "longitude")
    assert refusals(polygon(square(0, 89, 1, 91)))[0] == ("/geometry/coordinates/0/2/1", "latitude")


def test_every_bad_position_is_told_but_no_more_than_can_be_read():
    two = [[0, 0], [200, 0], [1, 95], [0, 0]]
    assert [pointer for pointer, _ in refusals(polygon(two))] == [
        "/geometry/coordinates/0/1/0",
        "/geometry/coordinates/0/2/1",
    ]
    assert len(refusals(polygon([[999, 999]] * 900))) == 20


def circle(vertices: int) -> dict[str, Any]:
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]).tolist()
    return polygon([*ring, ring[0]])


def test_vertices_are_counted_without_the_one_that_closes():
    assert read(circle(1000)).is_valid
    assert refusals(circle(1001)) == [("/geometry/coordinates", "too_many_vertices")]
    assert "10000 vertices; the limit is 1000" in message(circle(10_000))


def test_open_and_short_rings_are_refused():
    assert refusals(polygon(square(0, 0, 1, 1)[:-1])) == [("/geometry/coordinates/0", "ring_open")]
    assert refusals(polygon([[0, 0], [1, 1], [0, 0]])) == [("/geometry/coordinates/0", "ring_too_short")]
    assert refusals(polygon([])) == [("/geometry/coordinates/0", "ring_too_short")]


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), "1", None, True, [1], {}, 10**400, -(10**5000)],
    ids=["nan", "inf", "text", "null", "true", "list", "object", "huge", "huger"],
)
def test_what_is_no_number_is_refused(value: Any):
    assert refusals(polygon(square(value, 0, 1, 1)))[0] == ("/geometry/coordinates/0/0", "position")


@pytest.mark.parametrize(
    ("geojson", "pointer"),
    [
        (None, "/geometry"),
        ("POLYGON((0 0,1 0,1 1,0 0))", "/geometry"),
        ([], "/geometry"),
        ({}, "/geometry/type"),
        ({"type": "Point", "coordinates": [0, 0]}, "/geometry/type"),
        ({"type": "Feature", "geometry": None}, "/geometry/type"),
        ({"type": ["Polygon"], "coordinates": []}, "/geometry/type"),
        ({"type": "Polygon"}, "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": None}, "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": "0 0"}, "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": []}, "/geometry/coordinates"),
        ({"type": "MultiPolygon", "coordinates": []}, "/geometry/coordinates"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "/geometry/coordinates/0"),
        ({"type": "Polygon", "coordinates": [0, 0]}, "/geometry/coordinates/0"),
        ({"type": "Polygon", "coordinates": [[0, 0]]}, "/geometry/coordinates/0/0"),
        ({"type": "Polygon", "coordinates": [square(0, 0, 1, 1), None]}, "/geometry/coordinates/1"),
        ({"type": "MultiPolygon", "coordinates": [square(0, 0, 1, 1)]}, "/geometry/coordinates/0/0/0"),
        ({"type": "Polygon", "coordinates": [[square(0, 0, 1, 1)]]}, "/geometry/coordinates/0/0"),
        (polygon([[0, 0, 1, 2], *square(0, 0, 1, 1)]), "/geometry/coordinates/0/0"),
    ],
)
def test_wrong_nesting_and_types_are_refused_where_they_are(geojson: Any, pointer: str):
    assert refusals(geojson)[0][0] == pointer


def test_endless_nesting_is_refused():
    nested: Any = 0
    for _ in range(50_000):
        nested = [nested]
    assert refusals({"type": "Polygon", "coordinates": nested})


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


@settings(max_examples=150, deadline=None)
@given(awkward)
@example([(0, 60), (120, 60), (100, -80), (-160, 60)])
def test_from_inside_the_meridian_crosses_the_outline_an_odd_number_of_times(vertices: Vertices):
    area = read_awkward(vertices)
    turns = np.abs(np.diff([*(lon for lon, _ in vertices), vertices[0][0]])) == 360
    assume(area is not None and not turns.any())
    inside = shapely.contains_xy(area, *PLACES.T)
    assert inside.tolist() == (crossings(vertices) % 2 == 1).tolist()


def test_the_same_sentence_is_said_once():
    assert message(polygon(square(181, 0, 181, 1))).count("181") == 1
