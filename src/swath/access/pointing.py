"""How the camera points: roll and pitch in the body frame, and when a tilted scan plane sweeps over a place.

Pitch p tilts the scan plane forwards, to d0 = x sin p + z cos p; roll r turns the line of sight in it to the right:
look = d0 cos r + y sin r. So cos(off-nadir) = cos r cos p.

At fixed pitch every place has its *strip coordinates*: the moment at which the scan plane sweeps over it, and the roll
at which the camera then sees it. A footprint is exactly a rectangle in them.
"""

import numpy as np
from numpy.typing import ArrayLike

from swath.access.arc import TERMS, Arc, Body, Curve, frame_at
from swath.access.look import Floats
from swath.compiled import kernel
from swath.errors import Fault, Invalid
from swath.geo.kernels import Vector, blend, ground_along

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
# Newton's steps from any moment of an arc to any other, each of which squares what is left; from one nearer, one less.
STEPS = 4


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


def find_strip_coordinates(arc: Arc, points_m: Floats, pitch_deg: float) -> tuple[Floats, Floats]:
    """When the scan plane at a pitch sweeps over points (V, 3), in seconds from the arc's middle, and at which roll.

    Arrays (V,), at least one point. Points swept beyond the arc's ends are given its end.
    """
    tau, roll = np.empty(len(points_m)), np.empty(len(points_m))
    sweep_points(arc.curve, np.ascontiguousarray(points_m), float(np.radians(pitch_deg)), tau, roll)
    return tau, np.degrees(roll)


def half_fov_deg(swath_km: float, altitude_km: float) -> float:
    """Half the camera's angle that makes a swath this wide at nadir from that altitude, on a sphere."""
    half_arc = swath_km * 1e3 / 2 / EARTH_RADIUS_M
    away = 1 + altitude_km * 1e3 / EARTH_RADIUS_M - np.cos(half_arc)
    return float(np.degrees(np.arctan2(np.sin(half_arc), away)))


@kernel
def look_direction(body: Body, roll: float, pitch: float) -> Vector:
    """The line of sight at a roll and pitch in radians, a unit vector in ITRF."""
    return blend(np.cos(roll), scan_direction(body, pitch), np.sin(roll), body[2])


@kernel
def look_down(curve: Curve, tau_s: Floats, roll: Floats, pitch: Floats) -> Floats:
    """Where lines of sight (N,) meet the ground, (N, 3); NaN where they miss it. Angles in radians."""
    out = np.empty((len(tau_s), 3))
    for i in range(len(tau_s)):
        body = frame_at(curve, tau_s[i])
        out[i] = ground_along(body[0], look_direction(body, roll[i], pitch[i]))
    return out


@kernel
def sweep_points(curve: Curve, points_m: Floats, pitch: float, tau_s: Floats, roll: Floats) -> None:
    """Writes the strip coordinates of points (V, 3) into `tau_s` and `roll` (V,); all angles in radians."""
    half_s, rows = curve
    cos, sin = np.cos(pitch), np.sin(pitch)
    ahead, aside, down = _turn(rows, cos, -sin), rows[7:11], _turn(rows, sin, cos)
    start = _solve(ahead, points_m[0, 0], points_m[0, 1], points_m[0, 2], 0.0, STEPS)
    for i in range(len(points_m)):
        x, y, z = points_m[i, 0], points_m[i, 1], points_m[i, 2]
        tau_s[i] = half_s * _solve(ahead, x, y, z, start, STEPS - 1)
    for i in range(len(points_m)):
        x, y, z = points_m[i, 0], points_m[i, 1], points_m[i, 2]
        u = tau_s[i] / half_s
        roll[i] = np.arctan2(_along(aside, x, y, z, u), _along(down, x, y, z, u))


@kernel
def find_sweep(curve: Curve, point: Vector, pitch: float, tau: float) -> float:
    """When the scan plane at a pitch is at a point, looked for from a moment near by."""
    half_s, rows = curve
    ahead = _turn(rows, np.cos(pitch), -np.sin(pitch))
    return half_s * _solve(ahead, point[0], point[1], point[2], tau / half_s, STEPS)


@kernel
def _turn(rows: Floats, x: float, z: float) -> Floats:
    """A direction between the axes x and z, with the satellite's part along it, (4, TERMS)."""
    out = np.empty((4, TERMS))
    for k in range(4):
        for term in range(TERMS):
            out[k, term] = x * rows[3 + k, term] + z * rows[11 + k, term]
    return out


@kernel
def _solve(plane: Floats, x: float, y: float, z: float, u: float, steps: int) -> float:
    """When a point lies in a plane that moves with the satellite, by Newton's steps, within an arc."""
    a0 = x * plane[0, 0] + y * plane[1, 0] + z * plane[2, 0] - plane[3, 0]
    a1 = x * plane[0, 1] + y * plane[1, 1] + z * plane[2, 1] - plane[3, 1]
    a2 = x * plane[0, 2] + y * plane[1, 2] + z * plane[2, 2] - plane[3, 2]
    a3 = x * plane[0, 3] + y * plane[1, 3] + z * plane[2, 3] - plane[3, 3]
    a4 = x * plane[0, 4] + y * plane[1, 4] + z * plane[2, 4] - plane[3, 4]
    a5 = x * plane[0, 5] + y * plane[1, 5] + z * plane[2, 5] - plane[3, 5]
    a6 = x * plane[0, 6] + y * plane[1, 6] + z * plane[2, 6] - plane[3, 6]
    for _ in range(steps):
        value = (((((a6 * u + a5) * u + a4) * u + a3) * u + a2) * u + a1) * u + a0
        slope = ((((6 * a6 * u + 5 * a5) * u + 4 * a4) * u + 3 * a3) * u + 2 * a2) * u + a1
        u = min(max(u - value / slope, -1.0), 1.0)
    return u


@kernel
def _along(axis: Floats, x: float, y: float, z: float, u: float) -> float:
    """How far a point lies from the satellite along a direction."""
    total = 0.0
    for term in range(TERMS - 1, -1, -1):
        total = total * u + (x * axis[0, term] + y * axis[1, term] + z * axis[2, term] - axis[3, term])
    return total


@kernel
def scan_direction(body: Body, pitch: float) -> Vector:
    """The middle direction of the scan plane, d0."""
    return blend(np.sin(pitch), body[1], np.cos(pitch), body[3])


def _columns(*given: ArrayLike) -> list[Floats]:
    broadcast = np.broadcast_arrays(*(np.atleast_1d(np.asarray(one, float)) for one in given))
    return [np.ascontiguousarray(one) for one in broadcast]
