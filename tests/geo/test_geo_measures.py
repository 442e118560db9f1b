"""Sizes and shares of areas: against GeographicLib, and where the answer is known."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import MultiPolygon, Polygon, box, get_coordinates

from swath.geo.plane import common_percent
from swath.geo.polygons import (
    LocalPlane,
    area_m2,
    bounding_cap,
    build_plane,
    compute_bbox,
    coverage_percent,
    cut_polygon,
    extent_km,
    to_geojson,
)

GEOD = Geod(ellps="WGS84")
few = settings(max_examples=40, deadline=None)
boxes = st.builds(
    lambda lon, lat, width, height: cut_polygon(box(lon, lat, lon + width, lat + height)),
    st.floats(-180, 180),
    st.floats(-88, 86),
    st.floats(0.01, 3),
    st.floats(0.01, 2),
)
POLAR_CAP = cut_polygon(Polygon([(lon, 89) for lon in range(-180, 180, 20)]))


@few
@given(boxes)
def test_areas_agree_with_geographiclib(area: shapely.Polygon):
    fine = shapely.segmentize(area, 0.01)
    theirs = sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(fine))
    assert area_m2(area) == pytest.approx(theirs, rel=1e-6)


def test_the_whole_ellipsoid():
    # NIMA TR8350.2: the sphere of equal area has a radius of 6371007.1809 m.
    assert area_m2(box(-180, -90, 180, 90)) == pytest.approx(4 * np.pi * 6_371_007.1809**2, rel=1e-10)


@few
@given(boxes)
def test_the_plane_keeps_areas(area: shapely.Polygon):
    assert build_plane(area).flatten(area).area == pytest.approx(area_m2(area), rel=1e-5)


@pytest.mark.parametrize("lat", [-90, -89.95, -89.5])
def test_the_seam_of_a_notched_cap_closes_in_any_plane(lat: float):
    upper = [(0, -89), *zip(range(-30, -180, -30), [-89.038, -89, -89.202, -89.013, -89], strict=True)]
    notch = [(-180, -89), (-180, -89.79), (-150, -89.79), (-150, -90), (180, -90)]
    cap = Polygon([*upper, *notch, *((lon, -89) for lon in range(180, 0, -30))])
    for lon in range(-180, 180, 20):
        flat = LocalPlane(lon, lat).flatten(cap)
        assert flat.is_valid
        assert flat.area == pytest.approx(area_m2(cap), rel=2e-4)


@few
@given(boxes)
def test_the_cap_holds_the_area(area: shapely.Polygon):
    lon, lat, radius_m = bounding_cap(area)
    points = get_coordinates(shapely.segmentize(area, 0.01))
    _, _, away = GEOD.inv(np.full(len(points), lon), np.full(len(points), lat), points[:, 0], points[:, 1])
    assert max(away) <= radius_m
    width, height = extent_km(area)
    assert radius_m <= 520 * max(width, height) * 1.5 + 2


@few
@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-200e3, 200e3))
def test_the_plane_comes_back(lon: float, lat: float, x: float, y: float):
    plane = LocalPlane(lon, lat)
    xy = np.array([[1000 * x, y]])
    tolerance_m = 0.005 if abs(lat) < 89 else 1.0
    assert np.abs(plane.project(plane.unproject(xy)) - xy).max() < tolerance_m


@pytest.mark.parametrize("lat", [-90, -89.95, -60, 0, 60, 89.89, 89.999, 90])
def test_distances_in_the_plane_are_true_near_its_middle(lat: float):
    plane = LocalPlane(30, lat)
    xy = 100e3 * np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [0.6, 0.8]])
    lon_lat = plane.unproject(xy)
    there = plane.unproject(np.zeros((1, 2)))[0]
    _, _, away = GEOD.inv(np.full(5, there[0]), np.full(5, there[1]), lon_lat[:, 0], lon_lat[:, 1])
    assert np.asarray(away) == pytest.approx(100e3, rel=1e-4)


def test_extent_is_the_geodesic_size_of_the_box():
    _, _, bottom = GEOD.inv(10, 40, 12, 40)
    _, _, side = GEOD.inv(10, 40, 10, 41)
    assert extent_km(box(10, 40, 12, 41)) == pytest.approx((bottom / 1e3, side / 1e3))
    assert extent_km(box(10, -41, 12, -40)) == pytest.approx((bottom / 1e3, side / 1e3))


def test_extent_does_not_care_for_the_antimeridian():
    here, there = extent_km(box(10, 40, 12, 41)), extent_km(cut_polygon(box(179.5, 40, 181.5, 41)))
    assert there == pytest.approx(here)


def test_extent_of_a_thin_sickle_beside_the_pole_is_its_own_box():
    sickle = box(0, 89.5, 170, 89.6)
    width, height = extent_km(sickle)
    assert max(width, height) < 112.0


def test_bounding_boxes_follow_rfc_7946():
    assert compute_bbox(box(10, 40, 12, 41)) == (10, 40, 12, 41)
    assert compute_bbox(cut_polygon(box(179, 40, 182, 41))) == (179, 40, -178, 41)
    assert compute_bbox(cut_polygon(box(179, 40, 180, 41))) == (179, 40, 180, 41)
    assert compute_bbox(MultiPolygon([box(-180, 0, -179, 1)])) == (-180, 0, -179, 1)
    assert compute_bbox(POLAR_CAP) == (-180, 89, 180, 90)


@few
@given(boxes, st.floats(0.1, 0.9))
def test_a_share_of_a_box_is_that_share(area: shapely.Polygon, share: float):
    west, south, east, north = compute_bbox(area)
    width = (east - west) % 360
    part = cut_polygon(box(west, south, west + share * width, north))
    assert coverage_percent(part, area) == pytest.approx(100 * share, abs=0.02)
    assert coverage_percent(area, area) == pytest.approx(100, abs=1e-6)


def test_coverage_at_the_pole():
    half = cut_polygon(Polygon([(0, 90), (0, 88), (90, 88), (180, 88), (180, 90)]))
    assert coverage_percent(half, POLAR_CAP) == pytest.approx(50, abs=0.01)
    assert coverage_percent(POLAR_CAP, POLAR_CAP) == pytest.approx(100, abs=1e-6)
    assert coverage_percent(box(10, 89.99, 11, 90), POLAR_CAP) == pytest.approx(100 * 1e-4 / 360, rel=0.01)


def test_what_several_footprints_have_in_common_covers_what_their_intersection_does():
    area, one, other = box(10, 40, 12, 41), box(9, 39, 11.5, 41), box(10.5, 40.2, 13, 42)
    both = coverage_percent(shapely.intersection(one, other), area)
    assert common_percent([one, other], area) == pytest.approx(both, abs=1e-3)
    assert common_percent([one], area) == coverage_percent(one, area)
    assert common_percent([one, box(0, 0, 1, 1)], area) == 0.0


def test_coverage_is_never_below_nothing_or_above_everything():
    area = box(10, 40, 12, 41)
    assert coverage_percent(box(0, 0, 1, 1), area) == 0.0
    assert coverage_percent(box(0, 30, 30, 50), area) == pytest.approx(100.0)


def test_holes_do_not_count_as_area():
    ring = Polygon(box(0, 0, 1, 1).exterior, [box(0.25, 0.25, 0.75, 0.75).exterior])
    assert coverage_percent(box(0.25, 0.25, 0.75, 0.75), ring) == pytest.approx(0, abs=1e-6)
    assert coverage_percent(box(0, 0, 0.5, 1), ring) == pytest.approx(50, abs=1e-3)


def test_geojson_is_cut_and_wound():
    document = to_geojson(box(179, 0, 182, 1))
    assert document["type"] == "MultiPolygon"
    lons = [lon for rings in document["coordinates"] for ring in rings for lon, _ in ring]
    assert (min(lons), max(lons)) == (-180, 180)


def test_geojson_keeps_every_digit():
    line = shapely.LineString([(0.1 + 0.2, 1 / 3), (1e-300, 2.0)])
    assert to_geojson(line)["coordinates"] == [[0.1 + 0.2, 1 / 3], [1e-300, 2.0]]
