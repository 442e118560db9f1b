"""The Sun against JPL's DE421 (through skyfield). Tolerance 0.015 degrees, that of the almanac's formula."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from swath.geo.ellipsoid import up_vector
from swath.orbit.sun import AU_M, sun_angles, sun_direction_itrf, sun_position_itrf

ROWS = json.loads((Path(__file__).parents[1] / "reference/orbit_reference.json").read_text())["sun"]
T = np.array([datetime.fromisoformat(row["time"]).timestamp() for row in ROWS])
LON = np.array([row["lon_deg"] for row in ROWS])
LAT = np.array([row["lat_deg"] for row in ROWS])


def test_elevation_and_azimuth_agree_with_de421():
    elevation, azimuth = sun_angles(T, LON, LAT)
    assert elevation == pytest.approx([row["elevation_deg"] for row in ROWS], abs=0.015)
    off = (azimuth - [row["azimuth_deg"] for row in ROWS] + 180) % 360 - 180
    assert np.abs(off * np.cos(np.radians(elevation))).max() < 0.015


def test_the_reference_has_day_and_night():
    elevation = np.array([row["elevation_deg"] for row in ROWS])
    assert elevation.max() > 60
    assert elevation.min() < -60


def test_elevation_is_the_angle_above_the_horizon():
    elevation, _ = sun_angles(T, LON, LAT)
    above = np.degrees(np.arcsin(np.sum(sun_direction_itrf(T) * up_vector(LON, LAT), axis=1)))
    # What is between them is the parallax, 8.8 arcseconds at most.
    assert elevation == pytest.approx(above, abs=0.0025)


def test_one_place_serves_many_times():
    many, _ = sun_angles(T[:5], 139.0, 35.0)
    assert many == pytest.approx([sun_angles(t, 139.0, 35.0)[0][0] for t in T[:5]])


def test_distance_swings_by_the_eccentricity():
    distance = np.linalg.norm(sun_position_itrf(1.78e9 + 86_400.0 * np.arange(366)), axis=1) / AU_M
    assert distance.min() == pytest.approx(0.9833, abs=2e-4)
    assert distance.max() == pytest.approx(1.0167, abs=2e-4)
