"""Earth orientation and the way from TEME to ITRF, against astropy with the same IERS table."""

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from swath.orbit import earth
from swath.orbit.earth import (
    EARTH_RATE_RAD_S,
    gmst_rad,
    load_earth_table,
    polar_motion_rad,
    teme_to_itrf,
    ut1_minus_utc_s,
)

REFERENCE = json.loads((Path(__file__).parents[1] / "reference/orbit_reference.json").read_text())
T = 1_787_400_000.0


def seconds(row: dict[str, Any]) -> float:
    return datetime.fromisoformat(row["time"]).timestamp()


@pytest.mark.parametrize("row", REFERENCE["earth"], ids=lambda row: row["time"])
def test_ut1_and_the_pole_agree_with_astropy(row: dict[str, Any]):
    # 0.05 ms of UT1 are 23 mm at the equator; astropy keeps the day of a leap second apart as we do.
    t = seconds(row)
    assert ut1_minus_utc_s(t) == pytest.approx(row["ut1_utc_s"], abs=5e-5)
    assert polar_motion_rad(t) == (
        pytest.approx(row["x_rad"], abs=2e-9),
        pytest.approx(row["y_rad"], abs=2e-9),
    )


def test_ut1_jumps_with_the_leap_second_and_nowhere_else():
    new_year_2017 = datetime.fromisoformat("2017-01-01T00:00:00+00:00").timestamp()
    before, after = ut1_minus_utc_s(np.array([new_year_2017 - 1, new_year_2017 + 1]))
    assert after - before == pytest.approx(1.0, abs=1e-3)
    hours = ut1_minus_utc_s(new_year_2017 + 3600.0 * np.arange(100_000) / 2)
    assert np.abs(np.diff(hours)).max() < 1e-3


def test_outside_the_table_the_edge_holds_with_one_warning(caplog: pytest.LogCaptureFixture):
    earth._warn_once.cache_clear()
    last = load_earth_table().t_s[-1]
    with caplog.at_level(logging.WARNING, "swath.orbit.earth"):
        assert ut1_minus_utc_s(last + 1e9) == pytest.approx(float(ut1_minus_utc_s(last)))
        assert polar_motion_rad(last + 1e9) == polar_motion_rad(last)
        assert ut1_minus_utc_s(-1e9) == 0.0
        assert polar_motion_rad(-1e9) == (0.0, 0.0)
    assert len(caplog.records) == 1
    assert "astropy-iers-data" in caplog.text


def test_sidereal_time_at_j2000():
    # Aoki et al. 1982: 6h41m50.54841s at 2000-01-01T00:00 UT1, to the ms.
    midnight = datetime.fromisoformat("2000-01-01T00:00:00+00:00").timestamp()
    at_0h_ut1 = midnight - float(ut1_minus_utc_s(midnight))
    expected_s = 24_110.54841 + 8_640_184.812866 * (-0.5 / 36_525)
    assert gmst_rad(at_0h_ut1) / (2 * np.pi) * 86_400 == pytest.approx(expected_s, abs=1e-4)


def test_a_sidereal_day_is_one_turn():
    turn = np.diff(np.unwrap(gmst_rad(T + np.arange(0, 90_000, 1000.0))))
    assert turn / 1000 == pytest.approx(EARTH_RATE_RAD_S, rel=1e-6)


def test_the_rotation_keeps_lengths_and_the_velocity_is_the_derivative():
    t = T + np.array([0.0, 1.0, 2.0])
    r = np.array([7e6, 0.0, 0.0]) + 7e3 * np.outer(t - T, [0.0, 0.5, 0.8])
    v = np.tile(7e3 * np.array([0.0, 0.5, 0.8]), (3, 1))
    position, velocity = teme_to_itrf(t, r, v)
    assert np.linalg.norm(position, axis=1) == pytest.approx(np.linalg.norm(r, axis=1), abs=1e-3)
    assert (position[2] - position[0]) / 2 == pytest.approx(velocity[1], abs=1e-2)


def test_a_point_of_the_ground_stands_still():
    spin = np.array([0.0, 0.0, EARTH_RATE_RAD_S])
    r = np.array([[6e6, 1e6, 2e6]])
    _, velocity = teme_to_itrf(np.array([T]), r, np.cross(spin, r))
    assert np.abs(velocity).max() < 1e-9
