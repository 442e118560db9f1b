"""The body frame, roll and pitch, strip coordinates, and the arcs they are computed on."""

import numpy as np
import pytest
from access_world import START_S, grus
from hypothesis import given, settings
from hypothesis import strategies as st

from swath.access.arc import fit_arcs
from swath.access.frame import compute_frame
from swath.access.pointing import (
    find_ground,
    find_strip_coordinates,
    half_fov_deg,
)
from swath.errors import Invalid
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.orbit.propagate import compute_states

(ARC,) = fit_arcs(grus(), START_S)
ANGLES = st.floats(-35.0, 35.0)


def test_an_arc_follows_sgp4_to_centimetres() -> None:
    tau = np.linspace(-ARC.half_s, ARC.half_s, 333)
    exact, fitted = compute_frame(compute_states(grus(), START_S + tau)), ARC.frames(tau)
    assert np.abs(exact.r_m - fitted.r_m).max() < 0.05
    for axis in ("x", "y", "z"):
        # SGP4's velocity, which makes the exact axes, is not quite the derivative of its position: 0.02 m/s of 7,500.
        assert np.abs(getattr(exact, axis) - getattr(fitted, axis)).max() < 1e-5


def test_the_body_axes_are_right_handed_with_z_down_and_y_to_the_right() -> None:
    frame = ARC.frames(np.linspace(-200, 200, 9))
    for a, b, c in ((frame.x, frame.y, frame.z), (frame.y, frame.z, frame.x)):
        assert np.cross(a, b) == pytest.approx(c, abs=1e-9)
    assert ((frame.z * frame.r_m).sum(1) < 0).all()
    states = compute_states(grus(), START_S)
    assert (states.v_ms[0] * ARC.frames(0.0).x[0]).sum() == pytest.approx(
        np.linalg.norm(states.v_ms[0]), rel=1e-4
    )


@given(ANGLES, ANGLES)
def test_off_nadir_follows_from_roll_and_pitch(roll: float, pitch: float) -> None:
    frame = ARC.frames(10.0)
    look = find_ground(ARC, 10.0, roll, pitch) - frame.r_m
    expected = np.degrees(np.arccos(np.cos(np.radians(roll)) * np.cos(np.radians(pitch))))
    off_nadir = np.arctan2(np.linalg.norm(np.cross(look, frame.z)), (look * frame.z).sum())
    assert np.degrees(off_nadir) == pytest.approx(expected, abs=1e-6)


def test_positive_roll_looks_right_and_positive_pitch_ahead() -> None:
    frame = ARC.frames(0.0)
    (right,) = find_ground(ARC, 0.0, 20.0, 0.0) - frame.r_m
    (ahead,) = find_ground(ARC, 0.0, 0.0, 20.0) - frame.r_m
    assert right @ np.cross(frame.x[0], -frame.z[0]) > 100e3
    assert ahead @ frame.x[0] > 100e3


@settings(max_examples=30)
@given(st.floats(-60.0, 60.0), ANGLES, st.floats(-25.0, 25.0))
def test_the_ground_looked_at_is_swept_then_and_there(tau: float, roll: float, pitch: float) -> None:
    ground = find_ground(ARC, tau, roll, pitch)
    found_tau, found_roll = find_strip_coordinates(ARC, ground, pitch)
    assert found_tau[0] == pytest.approx(tau, abs=1e-6)
    assert found_roll[0] == pytest.approx(roll, abs=1e-6)


def test_looking_ahead_sees_a_place_earlier() -> None:
    ground = find_ground(ARC, 0.0, 5.0, 0.0)
    ahead, down, back = (
        float(find_strip_coordinates(ARC, ground, pitch)[0][0]) for pitch in (20.0, 0.0, -20.0)
    )
    assert ahead < -15 < down == pytest.approx(0.0, abs=1e-6)
    assert back > 15


def test_what_is_swept_beyond_the_arc_is_put_at_its_end() -> None:
    far = find_ground(fit_arcs(grus(), START_S + 900.0)[0], 0.0, 0.0, 0.0)
    tau, _ = find_strip_coordinates(ARC, far, 0.0)
    assert tau.tolist() == [ARC.half_s]


def test_the_ground_lies_on_the_ellipsoid() -> None:
    _, _, height = ecef_to_geodetic(find_ground(ARC, np.arange(5.0), np.linspace(-30, 30, 5), 10.0))
    assert np.abs(height).max() < 1e-6


def test_a_look_past_the_earth_is_refused() -> None:
    with pytest.raises(Invalid, match="past the Earth"):
        find_ground(ARC, 0.0, 75.0, 0.0)


def test_the_field_of_view_gives_back_its_swath() -> None:
    # 55 km from 596 km: nearly 2 atan(27.5 / 596); the Earth falls away under the edges by 59 m.
    assert half_fov_deg(55.0, 596.0) == pytest.approx(np.degrees(np.arctan(27.5 / 596.06)), abs=1e-4)
