"""What is seen at strips, and for how long they stay in sight.

Kernels take angles in radians and times in seconds from an arc's middle.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swath.access.arc import HALF_S, frame_at
from swath.access.look import Floats, look_between
from swath.access.pointing import find_sweep
from swath.compiled import kernel
from swath.geo.kernels import lonlat_of
from swath.orbit.earth import EARTH_RATE_RAD_S
from swath.planning.strips import centre_of

Ints = NDArray[np.intp]

# Columns of what is measured.
LOOK, CENTRE, NORTH, NORTHWARD, DRIFT = slice(0, 4), slice(4, 6), 6, 7, 8
MEASURES = 9


class Aim(NamedTuple):
    """Where the camera looks at strips (N,): on which of the arcs (S, ROWS, TERMS), when, at which roll and pitch."""

    curves: Floats
    sighting: Ints
    middle_s: Floats
    roll: Floats
    pitch: float
    half_fov: float


@kernel
def measure_strips(aim: Aim) -> Floats:
    """What is seen at strips (N,), in columns (N, MEASURES).

    The look at the footprint's centre, where that lies, how far north the satellite is and flies, and the drift.
    """
    out = np.empty((len(aim.sighting), MEASURES))
    for i in range(len(aim.sighting)):
        body = frame_at((HALF_S, aim.curves[aim.sighting[i]]), aim.middle_s[i])
        place, x, y, z = body
        centre, up, _ = centre_of(body, aim.roll[i], aim.pitch, aim.half_fov)
        above = (-z[0], -z[1], -z[2])
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = look_between(place, above, centre, up)
        out[i, 4], out[i, 5] = lonlat_of(up)
        out[i, NORTH], out[i, NORTHWARD] = place[2], x[2]
        out[i, DRIFT] = EARTH_RATE_RAD_S * (centre[1] * y[0] - centre[0] * y[1])
    return out


@kernel
def find_reach(aim: Aim, most: float, most_pitch: float) -> tuple[Floats, Floats]:
    """By how much earlier and later (N,) the centres of strips can be seen, pitching ahead and back."""
    earlier, later = np.empty(len(aim.sighting)), np.empty(len(aim.sighting))
    for i in range(len(aim.sighting)):
        curve, middle_s, roll = (HALF_S, aim.curves[aim.sighting[i]]), aim.middle_s[i], aim.roll[i]
        centre, _, _ = centre_of(frame_at(curve, middle_s), roll, aim.pitch, aim.half_fov)
        tilt = min(most_pitch, np.arccos(min(np.cos(most) / np.cos(roll), 1.0)))
        here = find_sweep(curve, centre, 0.0, middle_s)
        earlier[i] = find_sweep(curve, centre, tilt, here) - here
        later[i] = find_sweep(curve, centre, -tilt, here) - here
    return earlier, later
