"""From an approach to an area's access: from when to when some part of the area is within the limits.

What a satellite can look at is a patch of ground around the point below it, which sweeps over the area. It first meets
the area at its outline, and last leaves it there, wherever the patch may be in between:

      (   )→    +------+          The outline comes as edges of 25 km at most, each of which is within the limits in one
     (     )→   | area |          stretch of time or in none (`edges.py`). Most of them cannot widen what others have
      (   )→    +------+          found, which a look or two at them tells.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swath.access.approaches import PackedApproaches
from swath.access.areas import PackedAreas
from swath.access.edges import (
    ELEVATION,
    NODES,
    OFF_NADIR,
    Edge,
    Ends,
    best_on,
    find_crossing,
    find_nearest,
    find_stretch,
    find_top,
    glance,
    is_below,
    is_high,
    look_at_edge,
    position,
)
from swath.access.limits import NO_INNER_LIMIT, NO_OUTER_LIMIT, Thresholds
from swath.access.refine import COLUMNS
from swath.compiled import kernel
from swath.geo.kernels import cross, dot, ground_along, unit, vertical_at
from swath.orbit.ephemeris import Path, Paths, path_of, state_at

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Outline(NamedTuple):
    """One area's edges from `first` to before `last` of all (E, NODES, 6).

    `seen` (E, 2) is about when each is seen highest, and a sine of the elevation that is not surpassed then.
    """

    edges: Floats
    seen: Floats
    first: int
    last: int


class AreaLimits(NamedTuple):
    """One area's limits: the sine of its least elevation, the cosines of the largest and the least off-nadir angle."""

    sin_floor: float
    cos_outer: float
    cos_inner: float


@kernel
def find_touches(
    approaches: PackedApproaches,
    around_s: float,
    half_s: float,
    own: Ends,
    paths: Paths,
    areas: PackedAreas,
    thresholds: Thresholds,
) -> tuple[Ints, Floats]:
    """The accesses around approaches (N,): to which areas (M,), and what is found of them (M, COLUMNS).

    Those whose centre is seen highest outside `own` are left to others. Any of an area may be within the limits for
    `around_s` before and after an approach, one place for `half_s` around its own nearest moment. There is one path for
    each approach, or one for all.
    """
    (areas_of, middle_s), (centres, first_edge, edges) = approaches, areas
    found_area, found = np.empty(len(areas_of), np.intp), np.empty((len(areas_of), COLUMNS))
    seen = np.empty((len(edges), 2))
    count = 0
    for i in range(len(areas_of)):
        a, path = areas_of[i], path_of(paths, i)
        around = (middle_s[i] - around_s, middle_s[i] + around_s)
        middle = find_top(
            ELEVATION, path, (centres, a), find_nearest(path, (centres, a), middle_s[i]), around
        )
        if not own[0] <= middle < own[1]:
            continue
        outline = Outline(edges, seen, int(first_edge[a]), int(first_edge[a + 1]))
        limits = AreaLimits(float(thresholds.sin_floor[a]), thresholds.cos_outer, thresholds.cos_inner)
        for e in range(outline.first, outline.last):
            seen[e] = glance(path, (edges, e), middle, around)
        if _fill(found[count], path, outline, limits, middle, around, half_s):
            found_area[count] = a
            count += 1
    return found_area[:count], found[:count]


@kernel
def _fill(
    out: Floats,
    path: Path,
    outline: Outline,
    limits: AreaLimits,
    middle: float,
    around: Ends,
    half_s: float,
) -> bool:
    """Writes an area's access around an approach, if there is one."""
    edges = outline.edges
    first, last = _find_first_and_last(path, outline, limits, around, half_s)
    if not first < last:
        return False
    highest, sine, cosine = min(max(middle, first), last), 1.0, 1.0
    entry, at = np.inf, 0
    if limits.cos_inner < NO_INNER_LIMIT:
        entry, at = _find_entry(path, outline, limits, (first, last))
    if entry < last:
        highest = entry
        sine, cosine = look_at_edge(path, (edges, at), highest)
    elif limits.cos_inner < NO_INNER_LIMIT or not holds_nadir(
        path, edges, (outline.first, outline.last), middle
    ):
        at, highest = _find_highest(path, outline, (first, last))
        sine, cosine = look_at_edge(path, (edges, at), highest)
    out[0], out[1], out[2], out[3], out[4] = first, last, highest, sine, cosine
    # With the nadir too near, what is far enough from it may lie too low everywhere.
    return not (entry < last and sine < limits.sin_floor)


@kernel
def _find_first_and_last(
    path: Path,
    outline: Outline,
    limits: AreaLimits,
    around: Ends,
    half_s: float,
) -> Ends:
    """When the first edge comes within the limits, and when the last one leaves them; else the end comes first."""
    edges, seen = outline.edges, outline.seen
    first, last = np.inf, -np.inf
    for e in range(outline.first, outline.last):
        edge, near = (edges, e), seen[e, 0]
        if seen[e, 1] < limits.sin_floor:
            continue
        if (
            first < last
            and _is_out(path, edge, limits, first, 1.0)
            and _is_out(path, edge, limits, last, -1.0)
        ):
            continue
        ends = (max(near - half_s, around[0]), min(near + half_s, around[1]))
        rise, fall = _find_within(path, edge, limits, near, ends, (first, last))
        if rise < fall:
            first, last = min(first, rise), max(last, fall)
    return first, last


@kernel
def _find_highest(path: Path, outline: Outline, ends: Ends) -> tuple[int, float]:
    """Which edge is seen highest, and when."""
    edges, seen = outline.edges, outline.seen
    best = outline.first + int(np.argmax(seen[outline.first : outline.last, 1]))
    best_s = find_top(ELEVATION, path, (edges, best), seen[best, 0], ends)
    highest = best_on(ELEVATION, path, (edges, best), best_s)[0]
    for e in range(outline.first, outline.last):
        if e != best and seen[e, 1] > highest:
            top_s = find_top(ELEVATION, path, (edges, e), seen[e, 0], ends)
            top = best_on(ELEVATION, path, (edges, e), top_s)[0]
            if top > highest:
                best, best_s, highest = e, top_s, top
    return best, best_s


@kernel
def _find_entry(path: Path, outline: Outline, limits: AreaLimits, ends: Ends) -> tuple[float, int]:
    """When the first edge comes within the least off-nadir angle, and which one; inf if none does."""
    edges, seen = outline.edges, outline.seen
    entry, at = np.inf, 0
    for e in range(outline.first, outline.last):
        nearest = find_top(OFF_NADIR, path, (edges, e), seen[e, 0], ends)
        least = best_on(OFF_NADIR, path, (edges, e), nearest)[0]
        rise, fall = find_stretch(OFF_NADIR, path, (edges, e), limits.cos_inner, nearest, least, ends, ends)
        if rise <= fall and rise < entry:
            entry, at = rise, e
    return entry, at


@kernel
def _is_out(path: Path, edge: Edge, limits: AreaLimits, t: float, onward: float) -> bool:
    """Whether an edge is outside the limits, and can come within them only later (onward 1) or earlier (-1)."""
    if limits.cos_outer > NO_OUTER_LIMIT and is_high(path, edge, t):
        value, rate, _ = best_on(OFF_NADIR, path, edge, t)
        if value < limits.cos_outer or limits.sin_floor <= 0.0:
            return value < limits.cos_outer and rate * onward >= 0.0
    value, rate, _ = best_on(ELEVATION, path, edge, t)
    return value < limits.sin_floor and rate * onward >= 0.0


@kernel
def _find_within(path: Path, edge: Edge, limits: AreaLimits, near: float, ends: Ends, guess: Ends) -> Ends:
    """From when to when an edge is within the elevation and the largest off-nadir angle; else the end comes first.

    Off-nadir angles are looked at only above the horizon: far behind it they grow less again.
    """
    low = limits.cos_outer <= NO_OUTER_LIMIT or is_below(path, edge, limits.sin_floor, ends)
    if low:
        near = find_top(ELEVATION, path, edge, near, ends)
        top = best_on(ELEVATION, path, edge, near)[0]
        ends = find_stretch(ELEVATION, path, edge, limits.sin_floor, near, top, ends, guess)
    if limits.cos_outer <= NO_OUTER_LIMIT or not ends[0] < ends[1]:
        return ends
    nearest = find_top(OFF_NADIR, path, edge, near, ends)
    least = best_on(OFF_NADIR, path, edge, nearest)[0]
    within = find_stretch(OFF_NADIR, path, edge, limits.cos_outer, nearest, least, ends, guess)
    return _widen(path, edge, limits.cos_outer, nearest, within, ends) if low else within


@kernel
def _widen(path: Path, edge: Edge, limit: float, nearest: float, within: Ends, ends: Ends) -> Ends:
    """A stretch of time as far as the ends, where the off-nadir limit holds there too.

    For where the satellite climbs or sinks, a place on the horizon may be seen less far off nadir than one nearer.
    """
    from_start = best_on(OFF_NADIR, path, edge, ends[0])[0] >= limit
    to_end = best_on(OFF_NADIR, path, edge, ends[1])[0] >= limit
    rise, fall = within
    if not rise < fall:
        rise, fall = ends[1], ends[0]
        if from_start:
            fall = find_crossing(OFF_NADIR, path, edge, limit, ends[0], nearest, ends[0])
        if to_end:
            rise = find_crossing(OFF_NADIR, path, edge, limit, ends[1], nearest, ends[1])
    return ends[0] if from_start else rise, ends[1] if to_end else fall


@kernel
def holds_nadir(path: Path, edges: Floats, outline: tuple[int, int], t: float) -> bool:
    """Whether the point below the satellite lies in an area: its outline then turns once around that point."""
    r, v = state_at(path, t)
    up, _ = vertical_at(r)
    below = unit(ground_along(r, (-up[0], -up[1], -up[2])))
    aside = unit(cross(below, v))
    ahead = cross(aside, below)
    turned = 0.0
    for e in range(outline[0], outline[1]):
        for k in range(NODES - 1):
            a, b = position((edges, e), k), position((edges, e), k + 1)
            ax, ay, bx, by = dot(a, ahead), dot(a, aside), dot(b, ahead), dot(b, aside)
            turned += np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
    return abs(turned) > np.pi
