"""Reach: the ground that a satellite can look at from where it is now."""

import numpy as np

from swath.access.footprint import close_ring, lonlat_of, trace_finely
from swath.access.frame import Frame, compute_frame
from swath.access.look import Floats
from swath.geo.antimeridian import Area
from swath.geo.ellipsoid import intersect_ray
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states

POINTS = 120
# Halvings that narrow the horizon down to a millionth of a degree, and how far inside it the rim is kept.
HALVINGS = 27
INSIDE_DEG = 1e-4


def build_reach(elements: Elements, t_s: float, max_off_nadir_deg: float) -> Area:
    """The cap of ground within an off-nadir angle at a POSIX time, cut at the antimeridian, in CRS84.

    Where the angle goes past the Earth the cap ends at the horizon. Raises PropagationFailed.
    """
    frame = compute_frame(compute_states(elements, t_s))
    return close_ring(trace_finely(lambda finer: _trace_rim(frame, max_off_nadir_deg, POINTS * finer)))


def _trace_rim(frame: Frame, max_off_nadir_deg: float, count: int) -> Floats:
    around = np.linspace(0.0, 2 * np.pi, count, endpoint=False)[:, None]
    aside = np.cos(around) * frame.x + np.sin(around) * frame.y
    angle = np.minimum(max_off_nadir_deg, _find_horizon_deg(frame, aside) - INSIDE_DEG)
    return lonlat_of(_find_ground(frame, aside, angle))


def _find_horizon_deg(frame: Frame, aside: Floats) -> Floats:
    """The largest off-nadir angle that still hits the ground, (N,), towards directions aside (N, 3)."""
    low, high = np.zeros(len(aside)), np.full(len(aside), 90.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        hits = np.isfinite(_find_ground(frame, aside, middle)[:, 0])
        low, high = np.where(hits, middle, low), np.where(hits, high, middle)
    return low


def _find_ground(frame: Frame, aside: Floats, angle_deg: Floats) -> Floats:
    angle = np.radians(angle_deg)[:, None]
    return intersect_ray(frame.r_m, np.cos(angle) * frame.z + np.sin(angle) * aside)
