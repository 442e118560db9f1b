"""The strips of many sightings, chosen one after the other.

Kernels take angles in radians and times in seconds from an arc's middle.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swath.access.arc import HALF_S, frame_at
from swath.access.look import Floats
from swath.compiled import kernel
from swath.geo.outline import PackedOutlines
from swath.planning.strips import (
    Camera,
    allow_rolls,
    choose_rolls,
    find_margin_s,
    find_moments,
    reachable_share,
)
from swath.planning.sweep import (
    Desk,
    Swept,
    Trials,
    covered_share,
    lay_out,
    make_trials,
    moments_between,
    share_between,
    sweep_area,
)

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

# Fine enough for any command, coarse enough that the same inputs give the same figures on every machine.
ANGLE_DECIMALS = 4
# Columns of a strip.
FIRST, LAST, ROLL, SHARE = range(4)


class Asked(NamedTuple):
    """What a strip is asked to keep, in radians; `own` is as far off nadir as the satellite can look."""

    pitch: float
    least: float
    most: float
    own: float
    min_share: float
    min_strip_s: float
    max_strip_s: float


@kernel
def choose_strips(
    curves: Floats,
    area: Ints,
    outlines: PackedOutlines,
    camera: Camera,
    asked: Asked,
    margin_s: Floats,
    growth: tuple[Floats, Floats],
    out: tuple[Floats, Ints, Bools, Bools, Floats],
) -> None:
    """Writes for each sighting (S,) its strips (most, 4), how many, if it is an access, if it is seen, and when swept.

    Shots says what these are; angles are radians here.
    """
    points_m, edges, first_point, first_edge = outlines
    trials, start = make_trials(), 0
    while start < len(area):
        end, here = start, area[start]
        while end < len(area) and area[end] == here:
            end += 1
        outline = points_m[first_point[here] : first_point[here + 1]]
        desk = lay_out(outline, edges[first_edge[here] : first_edge[here + 1]])
        _choose_for_area(curves, start, end, desk, trials, camera, asked, margin_s, growth, out)
        start = end


@kernel
def _choose_for_area(
    curves: Floats,
    start: int,
    end: int,
    desk: Desk,
    trials: Trials,
    camera: Camera,
    asked: Asked,
    margin_s: Floats,
    growth: tuple[Floats, Floats],
    out: tuple[Floats, Ints, Bools, Bools, Floats],
) -> None:
    """The same for sightings of one area, from `start` to `end`."""
    strips, found, access, seen, span = out
    pitch, half_fov, rolls = asked.pitch, camera.half_fov, np.empty(strips.shape[1])
    for i in range(start, end):
        curve = (HALF_S, curves[i])
        swept = sweep_area(curve, desk, pitch, growth[0], growth[1])
        span[i, 0], span[i, 1] = swept.first_s, swept.last_s
        body = frame_at(curve, (swept.first_s + swept.last_s) / 2)
        needed = max(swept.high, -swept.low) + half_fov
        allowed = allow_rolls(body, pitch, half_fov, needed, 0.0, asked.own)
        access[i] = reachable_share(swept, half_fov, allowed) > 0.0
        if not access[i] or asked.least >= asked.most:
            continue
        seen[i] = True
        if asked.least > 0.0 or asked.most < asked.own:
            allowed = allow_rolls(body, pitch, half_fov, needed, asked.least, asked.most)
            seen[i] = reachable_share(swept, half_fov, allowed) > 0.0
        if seen[i]:
            spare_s = max(find_margin_s(curve, camera.margin), margin_s[i])
            for k in range(choose_rolls(swept, camera, allowed, asked.min_share, trials, rolls)):
                found[i] += _fill(strips[i, found[i]], swept, half_fov, asked, spare_s, rolls[k])


@kernel
def _fill(out: Floats, swept: Swept, half_fov: float, asked: Asked, margin_s: float, roll: float) -> int:
    """Writes the strip at a roll, rounded as it is commanded; 1, or 0 when it does not touch the area."""
    roll = np.radians(np.round(np.degrees(roll), ANGLE_DECIMALS))
    taken = moments_between(swept, roll - half_fov, roll + half_fov)
    if taken[1] < taken[0]:
        return 0
    first, last = find_moments(taken, margin_s, asked.min_strip_s, asked.max_strip_s)
    out[FIRST], out[LAST], out[ROLL] = first, last, np.degrees(roll)
    if first <= taken[0] and taken[1] <= last:
        out[SHARE] = share_between(swept, roll - half_fov, roll + half_fov)
    else:
        out[SHARE] = covered_share(swept, roll - half_fov, roll + half_fov, first, last)
    return 1
