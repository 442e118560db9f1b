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
    return require_ground(look_down(arc.curve, tau, roll, pitch))


def require_ground(ground: Floats) -> Floats:
    """The same places, in any coordinates. Raises Invalid when one is NaN: the camera looks past the Earth."""
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
    return blend(np.cos(roll), _scan(body, pitch), np.sin(roll), body[2])


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
    tau, slope, body = 0.0, 0.0, frame_at(curve, 0.0)
    for i in range(len(points_m)):
        point = (points_m[i, 0], points_m[i, 1], points_m[i, 2])
        tau, slope, body = _sweep(curve, point, pitch[i], tau, slope, body)
        sight = blend(1.0, point, -1.0, body[0])
        tau_s[i] = tau
        roll[i] = np.arctan2(dot(sight, body[2]), dot(sight, _scan(body, pitch[i])))


@kernel
def find_sweep(curve: Curve, point: Vector, pitch: float, tau: float) -> float:
    """When the scan plane at a pitch is at a point, looked for from a moment near by."""
    return _sweep(curve, point, pitch, tau, 0.0, frame_at(curve, tau))[0]


@kernel
def _sweep(
    curve: Curve, point: Vector, pitch: float, tau: float, slope: float, body: Body
) -> tuple[float, float, Body]:
    """When the scan plane is at a point, how fast it comes near then, and the frame.

    Secants from a moment near by, whose frame is given; the first with the slope given, or, when that is 0, that of a
    circular orbit.
    """
    half_s = curve[0]
    ahead = _ahead(body, point, pitch)
    if slope == 0.0:
        sight, r = blend(1.0, point, -1.0, body[0]), body[0]
        speed = curve[1][0, 1] * body[1][0] + curve[1][1, 1] * body[1][1] + curve[1][2, 1] * body[1][2]
        slope = speed / half_s * (dot(sight, _scan(body, pitch)) / np.sqrt(dot(r, r)) - np.cos(pitch))
    for _ in range(MAX_STEPS):
        before, ahead_before = tau, ahead
        tau = min(max(tau - ahead / slope, -half_s), half_s)
        if abs(tau - before) < CLOSE_S:
            break
        body = frame_at(curve, tau)
        ahead = _ahead(body, point, pitch)
        slope = (ahead - ahead_before) / (tau - before)
    return tau, slope, body


@kernel
def _ahead(body: Body, point: Vector, pitch: float) -> float:
    """How far before the scan plane a point lies, in metres."""
    _, x, _, z = body
    return dot(blend(1.0, point, -1.0, body[0]), blend(np.cos(pitch), x, -np.sin(pitch), z))


@kernel
def _scan(body: Body, pitch: float) -> Vector:
    """The middle direction of the scan plane, d0."""
    return blend(np.sin(pitch), body[1], np.cos(pitch), body[3])


def _columns(*given: ArrayLike) -> list[Floats]:
    broadcast = np.broadcast_arrays(*(np.atleast_1d(np.asarray(one, float)) for one in given))
    return [np.ascontiguousarray(one) for one in broadcast]
