"""How the camera points: the body frame, roll and pitch, and when a tilted scan plane sweeps over a place.

The frame follows the ground: z to the geodetic nadir, x along the velocity over the ground (ITRF) made perpendicular to
z, y = z cross x to the right of the way. Pitch p tilts the scan plane forwards, to d0 = x sin p + z cos p; roll r turns
the line of sight in it to the right: look = d0 cos r + y sin r. So cos(off-nadir) = cos r cos p.

At fixed pitch every place has its *strip coordinates*: the moment at which the scan plane sweeps over it, and the roll
at which the camera then sees it. A footprint is exactly a rectangle in them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from swath.access.arc import Arc
from swath.access.look import Floats
from swath.errors import Fault, Invalid
from swath.geo.ellipsoid import geodetic_nadir, intersect_ray
from swath.orbit.propagate import States

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
SWEEP_TOLERANCE_S = 1e-9
MAX_STEPS = 12


@dataclass(frozen=True)
class Frame:
    """Body axes in ITRF, unit vectors (N, 3), and where the satellite is, (N, 3) metres."""

    r_m: Floats
    x: Floats
    y: Floats
    z: Floats


def compute_frame(states: States) -> Frame:
    """The body frame at each of the states (N,)."""
    z = geodetic_nadir(states.r_m)
    forward = states.v_ms - (states.v_ms * z).sum(1, keepdims=True) * z
    x = forward / np.linalg.norm(forward, axis=1, keepdims=True)
    return Frame(states.r_m, x, np.cross(z, x), z)


def compute_look_direction(frame: Frame, roll_deg: ArrayLike, pitch_deg: ArrayLike) -> Floats:
    """The line of sight at roll and pitch (N,), unit vectors (N, 3) in ITRF."""
    roll = np.radians(np.asarray(roll_deg, float))[..., None]
    _, scan = _scan_axes(frame, pitch_deg)
    return np.cos(roll) * scan + np.sin(roll) * frame.y


def find_ground(states: States, roll_deg: ArrayLike, pitch_deg: ArrayLike) -> Floats:
    """Where the camera looks at the ground, (N, 3) metres ITRF. Raises Invalid when it looks past the Earth."""
    frame = compute_frame(states)
    ground = intersect_ray(frame.r_m, compute_look_direction(frame, roll_deg, pitch_deg))
    if np.isnan(ground).any():
        sentence = (
            "The camera looks past the Earth; roll and pitch must keep its whole field of view on the ground."
        )
        raise Invalid(Fault("/roll_deg", "past_the_earth", sentence))
    return ground


def find_strip_coordinates(arc: Arc, points_m: Floats, pitch_deg: ArrayLike) -> tuple[Floats, Floats]:
    """When the scan plane at a pitch sweeps over points (V, 3), in seconds from the arc's middle, and at which roll.

    Newton's method with the slope of a circular orbit: the frame turns by v / r and moves by v. Arrays (V,); pitch in
    degrees, one for all or (V,). Points that are swept beyond the arc's ends are given its end.
    """
    tau = np.zeros(len(points_m))
    for _ in range(MAX_STEPS):
        states = arc.states(tau)
        frame = compute_frame(states)
        normal, scan = _scan_axes(frame, pitch_deg)
        sight = points_m - frame.r_m
        speed, radius = np.linalg.norm(states.v_ms, axis=1), np.linalg.norm(states.r_m, axis=1)
        slope = speed / radius * (sight * scan).sum(1) - speed * (normal * frame.x).sum(1)
        moved = np.clip(tau - (sight * normal).sum(1) / slope, -arc.half_s, arc.half_s)
        change, tau = np.abs(moved - tau).max(initial=0.0), moved
        if change < SWEEP_TOLERANCE_S:
            break
    return tau, _roll_towards(arc, tau, points_m, pitch_deg)


def half_fov_deg(swath_km: float, altitude_km: float) -> float:
    """Half the camera's angle that makes a swath this wide at nadir from that altitude, on a sphere."""
    half_arc = swath_km * 1e3 / 2 / EARTH_RADIUS_M
    away = 1 + altitude_km * 1e3 / EARTH_RADIUS_M - np.cos(half_arc)
    return float(np.degrees(np.arctan2(np.sin(half_arc), away)))


def _scan_axes(frame: Frame, pitch_deg: ArrayLike) -> tuple[Floats, Floats]:
    """The scan plane's normal and its middle direction d0, (N, 3) each."""
    pitch = np.radians(np.asarray(pitch_deg, float))[..., None]
    return np.cos(pitch) * frame.x - np.sin(pitch) * frame.z, np.sin(pitch) * frame.x + np.cos(
        pitch
    ) * frame.z


def _roll_towards(arc: Arc, tau_s: Floats, points_m: Floats, pitch_deg: ArrayLike) -> Floats:
    frame = compute_frame(arc.states(tau_s))
    sight = points_m - frame.r_m
    _, scan = _scan_axes(frame, pitch_deg)
    return np.degrees(np.arctan2((sight * frame.y).sum(1), (sight * scan).sum(1)))
