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
from swath.geo.kernels import Vector, arctangent, blend, ground_along

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
# Newton's steps from where the arc's middle points to any moment of an arc, each of which squares what is left.
STEPS = 2

# A polynomial for kernels, from the constant on.
Terms = tuple[float, float, float, float, float, float, float]


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
    points, turned = np.ascontiguousarray(points_m.T), np.empty((2, 4, TERMS))
    sweep_points(arc.curve, points, float(np.radians(pitch_deg)), turned, tau, roll)
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
def sweep_points(
    curve: Curve, points_m: Floats, pitch: float, turned: Floats, tau_s: Floats, roll: Floats
) -> None:
    """Writes the strip coordinates of points (3, V) into `tau_s` and `roll` (V,); all angles in radians.

    `turned` (2, 4, TERMS) is room for the axes as they are pitched. One loop for each result, and small steps in it:
    such loops are compiled for eight points at once.
    """
    half_s, rows = curve
    cos, sin = np.cos(pitch), np.sin(pitch)
    ahead, aside, down = turned[0], rows[7:11], turned[1]
    _turn(rows, cos, -sin, ahead)
    _turn(rows, sin, cos, down)
    for i in range(len(tau_s)):
        plane = _lies_along(ahead, points_m[0, i], points_m[1, i], points_m[2, i])
        u = min(max(-plane[0] / plane[1], -1.0), 1.0)
        for _ in range(STEPS):
            u = _newton(plane, u)
        tau_s[i] = half_s * u
    for i in range(len(roll)):
        x, y, z, u = points_m[0, i], points_m[1, i], points_m[2, i], tau_s[i] / half_s
        roll[i] = arctangent(_sum(_lies_along(aside, x, y, z), u) / _sum(_lies_along(down, x, y, z), u))


@kernel
def find_sweep(curve: Curve, point: Vector, pitch: float, tau: float) -> float:
    """When the scan plane at a pitch is at a point, looked for from a moment near by."""
    half_s, rows = curve
    ahead, u = np.empty((4, TERMS)), tau / half_s
    _turn(rows, np.cos(pitch), -np.sin(pitch), ahead)
    plane = _lies_along(ahead, point[0], point[1], point[2])
    for _ in range(STEPS + 1):
        u = _newton(plane, u)
    return half_s * u


@kernel
def _turn(rows: Floats, x: float, z: float, out: Floats) -> None:
    """Writes a direction between the axes x and z, with the satellite's part along it, (4, TERMS)."""
    for k in range(4):
        for term in range(TERMS):
            out[k, term] = x * rows[3 + k, term] + z * rows[11 + k, term]


@kernel
def _lies_along(axis: Floats, x: float, y: float, z: float) -> Terms:
    """How far a point lies from the satellite along a direction that turns with it: a polynomial."""
    return (
        _lies(axis, x, y, z, 0),
        _lies(axis, x, y, z, 1),
        _lies(axis, x, y, z, 2),
        _lies(axis, x, y, z, 3),
        _lies(axis, x, y, z, 4),
        _lies(axis, x, y, z, 5),
        _lies(axis, x, y, z, 6),
    )


@kernel
def _lies(axis: Floats, x: float, y: float, z: float, term: int) -> float:
    """One term of it."""
    return x * axis[0, term] + y * axis[1, term] + z * axis[2, term] - axis[3, term]


@kernel
def _newton(c: Terms, u: float) -> float:
    """A step of Newton's towards where a polynomial is zero, within an arc."""
    slope = ((((6 * c[6] * u + 5 * c[5]) * u + 4 * c[4]) * u + 3 * c[3]) * u + 2 * c[2]) * u + c[1]
    return min(max(u - _sum(c, u) / slope, -1.0), 1.0)


@kernel
def _sum(c: Terms, u: float) -> float:
    """The value of a polynomial."""
    return (((((c[6] * u + c[5]) * u + c[4]) * u + c[3]) * u + c[2]) * u + c[1]) * u + c[0]


@kernel
def scan_direction(body: Body, pitch: float) -> Vector:
    """The middle direction of the scan plane, d0."""
    return blend(np.sin(pitch), body[1], np.cos(pitch), body[3])


def _columns(*given: ArrayLike) -> list[Floats]:
    broadcast = np.broadcast_arrays(*(np.atleast_1d(np.asarray(one, float)) for one in given))
    return [np.ascontiguousarray(one) for one in broadcast]
