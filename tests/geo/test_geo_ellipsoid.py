"""Ellipsoid: against PROJ, and by what must hold of any ellipsoid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from swath.geo.ellipsoid import (
    A_M,
    B_M,
    east_north_up,
    ecef_to_geodetic,
    geodetic_nadir,
    geodetic_to_ecef,
    intersect_ray,
    up_vector,
)

few = settings(max_examples=40, deadline=None)
lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
heights = st.floats(-5_000, 2_000_000)


def test_agrees_with_proj():
    rng = np.random.default_rng(1)
    lon, lat, height = rng.uniform(-180, 180, 500), rng.uniform(-90, 90, 500), rng.uniform(-1e3, 1e6, 500)
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    theirs = np.column_stack(to_ecef.transform(lon, lat, height))
    assert np.abs(geodetic_to_ecef(lon, lat, height) - theirs).max() < 1e-6


@few
@given(lons, lats, heights)
def test_geodetic_coordinates_come_back(lon: float, lat: float, height: float):
    r = geodetic_to_ecef(lon, lat, height)
    lon2, lat2, height2 = ecef_to_geodetic(r)
    assert abs(lat2 - lat) < 1e-9
    assert abs(height2 - height) < 1e-6
    assert np.linalg.norm(geodetic_to_ecef(lon2, lat2, height2) - r) < 1e-6


@pytest.mark.parametrize("height", [0.0, 600e3, 36_000e3])
def test_latitudes_are_exact_up_to_the_geostationary_ring(height: float):
    lat = np.linspace(-90, 90, 2_001)
    assert np.abs(ecef_to_geodetic(geodetic_to_ecef(12.0, lat, height))[1] - lat).max() < 1e-9


def test_the_poles_lie_on_the_small_axis():
    assert geodetic_to_ecef(77.0, 90.0) == pytest.approx([0, 0, B_M], abs=1e-6)
    _, lat, height = ecef_to_geodetic([0.0, 0.0, -B_M - 10.0])
    assert (lat, height) == (pytest.approx(-90.0), pytest.approx(10.0, abs=1e-6))


@few
@given(lons, lats)
def test_the_local_frame_is_right_handed_and_square(lon: float, lat: float):
    frame = np.stack(east_north_up(lon, lat))
    assert np.allclose(frame @ frame.T, np.eye(3), atol=1e-12)
    assert np.allclose(np.cross(frame[0], frame[1]), frame[2], atol=1e-12)


@few
@given(lons, lats, st.floats(1_000, 2_000_000))
def test_the_nadir_leads_to_the_point_below(lon: float, lat: float, height: float):
    r = geodetic_to_ecef(lon, lat, height)
    assert np.allclose(geodetic_nadir(r), -up_vector(lon, lat), atol=1e-10)
    assert np.linalg.norm(intersect_ray(r, geodetic_nadir(r)) - geodetic_to_ecef(lon, lat)) < 1e-3


@few
@given(lons, lats, st.floats(0, 359), st.floats(0, 60))
def test_a_ray_hits_the_ground_on_the_near_side(lon: float, lat: float, azimuth: float, tilt: float):
    origin = geodetic_to_ecef(lon, lat, 580e3)
    east, north, up = east_north_up(lon, lat)
    level = np.sin(np.radians(azimuth)) * east + np.cos(np.radians(azimuth)) * north
    look = np.sin(np.radians(tilt)) * level - np.cos(np.radians(tilt)) * up
    hit = intersect_ray(origin, look)
    if np.isnan(hit).any():
        assert tilt > 59
        return
    _, _, height = ecef_to_geodetic(hit)
    ground_up = up_vector(*ecef_to_geodetic(hit)[:2])
    assert abs(height) < 1e-3
    assert np.dot(origin - hit, ground_up) > 0


def test_rays_that_miss_or_point_away_are_nan():
    origin = np.array([A_M + 500e3, 0.0, 0.0])
    hits = intersect_ray(origin, np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]]))
    assert np.isnan(hits[:2]).all()
    assert hits[2] == pytest.approx([A_M, 0, 0])
