"""How the camera points: roll and pitch in the body frame, and when a tilted scan plane sweeps over a place.

Pitch p tilts the scan plane forwards, to d0 = x sin p + z cos p; roll r turns the line of sight in it to the right:
look = d0 cos r + y sin r. So cos(off-nadir) = cos r cos p.

At fixed pitch every place has its *strip coordinates*: the moment at which the scan plane sweeps over it, and the roll
at which the camera then sees it. A footprint is exactly a rectangle in them.
"""

import numpy as np
from numpy.typing import ArrayLike

from swath.access.arc import Arc
from swath.access.frame import Frame
from swath.access.look import Floats
from swath.errors import Fault, Invalid
from swath.geo.ellipsoid import intersect_ray

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
SWEEP_TOLERANCE_S = 1e-9
# Below this a slope between two steps is rounding.
SECANT_S = 1e-6
MAX_STEPS = 12


def compute_look_direction(frame: Frame, roll_deg: ArrayLike, pitch_deg: ArrayLike) -> Floats:
    """The line of sight at roll and pitch, one for all or (N,): unit vectors (N, 3) in ITRF."""
    roll = np.radians(np.asarray(roll_deg, float))[..., None]
    _, scan = _scan_axes(frame, pitch_deg)
    return np.cos(roll) * scan + np.sin(roll) * frame.y


def find_ground(frame: Frame, roll_deg: ArrayLike, pitch_deg: ArrayLike) -> Floats:
    """Where the camera looks at the ground, (N, 3) metres ITRF. Raises Invalid when it looks past the Earth."""
    ground = intersect_ray(frame.r_m, compute_look_direction(frame, roll_deg, pitch_deg))
    if np.isnan(ground).any():
        sentence = (
            "The camera looks past the Earth; roll and pitch must keep its whole field of view on the ground."
        )
        raise Invalid(Fault("/roll_deg", "past_the_earth", sentence))
    return ground


def find_strip_coordinates(arc: Arc, points_m: Floats, pitch_deg: ArrayLike) -> tuple[Floats, Floats]:
    """When the scan plane at a pitch sweeps over points (V, 3), in seconds from the arc's middle, and at which roll.

    Arrays (V,); pitch in degrees, one for all or (V,). Points swept beyond the arc's ends are given its end. Steps by
    the slope of a circular orbit (the frame moves by v and turns by v / r), then by secants.
    """
    tau, before, slope = np.zeros(len(points_m)), np.zeros(len(points_m)), np.zeros(len(points_m))
    ahead = before
    for _ in range(MAX_STEPS):
        frame = arc.frames(tau)
        normal, scan = _scan_axes(frame, pitch_deg)
        sight = points_m - frame.r_m
        last_ahead, ahead = ahead, (sight * normal).sum(1)
        slope = _slope(arc, frame, scan, normal, sight) if not slope.any() else slope
        step = tau - before
        slope = np.where(
            np.abs(step) > SECANT_S, (ahead - last_ahead) / np.where(step == 0, 1.0, step), slope
        )
        before, tau = tau, np.clip(tau - ahead / slope, -arc.half_s, arc.half_s)
        if np.abs(tau - before).max(initial=0.0) < SWEEP_TOLERANCE_S:
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
    sin, cos = np.sin(pitch), np.cos(pitch)
    return cos * frame.x - sin * frame.z, sin * frame.x + cos * frame.z


def _slope(arc: Arc, frame: Frame, scan: Floats, normal: Floats, sight: Floats) -> Floats:
    """How fast points move against the scan plane in a circular orbit, m/s (V,)."""
    turn = arc.speed_ms / np.linalg.norm(frame.r_m, axis=1)
    return turn * (sight * scan).sum(1) - arc.speed_ms * (normal * frame.x).sum(1)


def _roll_towards(arc: Arc, tau_s: Floats, points_m: Floats, pitch_deg: ArrayLike) -> Floats:
    frame = arc.frames(tau_s)
    sight = points_m - frame.r_m
    _, scan = _scan_axes(frame, pitch_deg)
    return np.degrees(np.arctan2((sight * frame.y).sum(1), (sight * scan).sum(1)))
