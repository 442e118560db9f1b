"""Areas of interest that are accepted, and how large they may be."""

import json
from typing import Any

import numpy as np
import pytest
from pyproj import Geod
from shapely import MultiPolygon, Polygon
from tests.geo.areas_world import message, polygon, read, refusals, square

from swath.geo.polygons import area_m2, extent_km, to_geojson

GEOD = Geod(ellps="WGS84")


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


@pytest.mark.parametrize("sign", [1, -1])
def test_both_names_of_the_antimeridian_are_one_place_beside_a_pole_too(sign: int):
    named = [[180, 89.2], [-179, 89.4], [-179, 90], [-180, 89.6]]
    plain = [[180, 89.2], [-179, 89.4], [0, 90], [180, 89.6]]
    one, other = (read(polygon([[lon, sign * lat] for lon, lat in [*r, r[0]]])) for r in (named, plain))
    assert one.equals(other)
    assert to_geojson(read(to_geojson(one))) == to_geojson(one)


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
