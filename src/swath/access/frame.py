"""The body frame, which follows the ground: z down, x along the way over the ground, y to the right of it.

z points to the geodetic nadir; x is the velocity relative to the ground (ITRF), made perpendicular to z, so that the
camera's line lies across the motion of the ground below (yaw steering); y = z cross x.
"""

from dataclasses import dataclass

import numpy as np

from swath.access.look import Floats
from swath.geo.ellipsoid import geodetic_nadir
from swath.orbit.propagate import States


@dataclass(frozen=True)
class Frame:
    """Where the satellite is, (N, 3) metres ITRF, and its body axes there, unit vectors (N, 3)."""

    r_m: Floats
    x: Floats
    y: Floats
    z: Floats


def compute_frame(states: States) -> Frame:
    """The body frame at each of the states (N,)."""
    z = geodetic_nadir(states.r_m)
    forward = states.v_ms - (states.v_ms * z).sum(1, keepdims=True) * z
    x = forward / np.linalg.norm(forward, axis=1, keepdims=True)
    y = np.asarray(np.cross(z, x), np.float64)
    return Frame(states.r_m, x, y, z)
