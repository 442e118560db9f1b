"""How the camera points: roll and pitch in the body frame, and when a tilted scan plane sweeps over a place.

Pitch p tilts the scan plane forwards, to d0 = x sin p + z cos p; roll r turns the line of sight in it to the right:
look = d0 cos r + y sin r. So cos(off-nadir) = cos r cos p.

At fixed pitch every place has its *strip coordinates*: the moment at which the scan plane sweeps over it, and the roll
at which the camera then sees it. A footprint is exactly a rectangle in them.
"""

import numpy as np
from numpy.typing import ArrayLike

from swath.access.arc import Arc, Body, Curve, frame_at
from swath.access.look import Floats
from swath.compiled import kernel
from swath.errors import Fault, Invalid
from swath.geo.kernels import Vector, blend, dot, ground_along

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
# Secants double their digits: after a step this small what is left is far below a nanosecond.
CLOSE_S = 1e-5
MAX_STEPS = 12


def find_ground(arc: Arc, tau_s: ArrayLike, roll_deg: ArrayLike, pitch_deg: ArrayLike) -> Floats:
    """Where the camera looks at the ground at times from the arc's middle, (N, 3) metres ITRF; all broadcast to (N,).

    Raises Invalid when it looks past the Earth.
    """
    tau, roll, pitch = _columns(tau_s, np.radians(roll_deg), np.radians(pitch_deg))
    ground = look_down(arc.curve, tau, roll, pitch)
    if np.isnan(ground).any():
        sentence = (
            "The camera looks past the Earth; roll and pitch must keep its whole field of view on the ground."
        )
        raise Invalid(Fault("/roll_deg", "past_the_earth", sentence))
    return ground


def find_strip_coordinates(arc: Arc, points_m: Floats, pitch_deg: ArrayLike) -> tuple[Floats, Floats]:
    """When the scan plane at a pitch sweeps over points (V, 3), in seconds from the arc's middle, and at which roll.

    Arrays (V,); pitch in degrees, one for all or (V,). Points swept beyond the arc's ends are given its end.
    """
    tau, roll = np.empty(len(points_m)), np.empty(len(points_m))
    pitch = np.broadcast_to(np.radians(np.asarray(pitch_deg, float)), tau.shape)
    sweep_points(arc.curve, np.ascontiguousarray(points_m), np.ascontiguousarray(pitch), tau, roll)
    return tau, np.degrees(roll)


def half_fov_deg(swath_km: float, altitude_km: float) -> float:
    """Half the camera's angle that makes a swath this wide at nadir from that altitude, on a sphere."""
    half_arc = swath_km * 1e3 / 2 / EARTH_RADIUS_M
    away = 1 + altitude_km * 1e3 / EARTH_RADIUS_M - np.cos(half_arc)
    return float(np.degrees(np.arctan2(np.sin(half_arc), away)))


@kernel
def look_direction(body: Body, roll: float, pitch: float) -> Vector:
    """The line of sight at a roll and pitch in radians, a unit vector in ITRF."""
    _, x, y, z = body
    scan = blend(np.sin(pitch), x, np.cos(pitch), z)
    return blend(np.cos(roll), scan, np.sin(roll), y)


@kernel
def look_down(curve: Curve, tau_s: Floats, roll: Floats, pitch: Floats) -> Floats:
    """Where lines of sight (N,) meet the ground, (N, 3); NaN where they miss it. Angles in radians."""
    out = np.empty((len(tau_s), 3))
    for i in range(len(tau_s)):
        body = frame_at(curve, tau_s[i])
        out[i] = ground_along(body[0], look_direction(body, roll[i], pitch[i]))
    return out


@kernel
def sweep_points(curve: Curve, points_m: Floats, pitch: Floats, tau_s: Floats, roll: Floats) -> None:
    """Writes the strip coordinates of points (V, 3) into `tau_s` and `roll` (V,); all angles in radians."""
    tau = 0.0
    for i in range(len(points_m)):
        point = (points_m[i, 0], points_m[i, 1], points_m[i, 2])
        tau = find_sweep(curve, point, pitch[i], tau)
        tau_s[i] = tau
        r, x, y, z = frame_at(curve, tau)
        sight = blend(1.0, point, -1.0, r)
        roll[i] = np.arctan2(dot(sight, y), dot(sight, blend(np.sin(pitch[i]), x, np.cos(pitch[i]), z)))


@kernel
def find_sweep(curve: Curve, point: Vector, pitch: float, tau: float) -> float:
    """When the scan plane is at a point: secants from a moment near by, the first as in a circular orbit."""
    half_s = curve[0]
    sin, cos = np.sin(pitch), np.cos(pitch)
    before, ahead_before, slope = tau, 0.0, 0.0
    for step in range(MAX_STEPS):
        r, x, _, z = frame_at(curve, tau)
        sight = blend(1.0, point, -1.0, r)
        ahead = dot(sight, blend(cos, x, -sin, z))
        if step == 0:
            speed = curve[1][0, 1] * x[0] + curve[1][1, 1] * x[1] + curve[1][2, 1] * x[2]
            turned = dot(sight, blend(sin, x, cos, z)) / np.sqrt(dot(r, r))
            slope = speed / half_s * (turned - cos)
        elif tau != before:
            slope = (ahead - ahead_before) / (tau - before)
        before, ahead_before = tau, ahead
        tau = min(max(tau - ahead / slope, -half_s), half_s)
        if abs(tau - before) < CLOSE_S:
            break
    return tau


def _columns(*given: ArrayLike) -> list[Floats]:
    broadcast = np.broadcast_arrays(*(np.atleast_1d(np.asarray(one, float)) for one in given))
    return [np.ascontiguousarray(one) for one in broadcast]
