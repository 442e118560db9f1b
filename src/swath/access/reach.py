"""Reach: the ground that a satellite can look at from where it is now."""

import numpy as np

from swath.access.footprint import close_ring, lonlat_of, trace_finely
from swath.access.frame import Frame, compute_frame
from swath.access.look import Floats
from swath.geo.antimeridian import Area
from swath.geo.ellipsoid import B_M, intersect_ray
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states

POINTS = 120


def build_reach(elements: Elements, t_s: float, max_off_nadir_deg: float) -> Area:
    """The cap of ground within an off-nadir angle at a POSIX time, cut at the antimeridian, in CRS84.

    An angle that goes past the Earth is taken back to just inside the horizon. Raises PropagationFailed.
    """
    frame = compute_frame(compute_states(elements, t_s))
    horizon_deg = np.degrees(np.arcsin(B_M / np.linalg.norm(frame.r_m)))
    angle_deg = min(max_off_nadir_deg, float(horizon_deg) - 0.3)
    return close_ring(trace_finely(lambda finer: _trace_cone(frame, angle_deg, POINTS * finer)))


def _trace_cone(frame: Frame, angle_deg: float, count: int) -> Floats:
    around = np.linspace(0.0, 2 * np.pi, count + 1)[:, None]
    angle = np.radians(angle_deg)
    rim = np.cos(around) * frame.x + np.sin(around) * frame.y
    return lonlat_of(intersect_ray(frame.r_m, np.cos(angle) * frame.z + np.sin(angle) * rim))
