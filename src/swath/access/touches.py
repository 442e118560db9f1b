"""From an approach to an area's access: from when to when some part of the area is within the limits.

What a satellite can look at is a patch of ground around the point below it, which sweeps over the area. It first meets
the area at its outline, and last leaves it there, wherever the patch may be in between:

      (   )→    +------+          The outline comes as edges of 25 km at most. On such an edge the sine of an elevation
     (     )→   | area |          or the cosine of an off-nadir angle is a parabola through its ends and its middle, to
      (   )→    +------+          some metres on the ground; its top is the place of the edge that is seen best.

Each edge is within a limit in one stretch of time or in none, as a place is (`refine.py`), and is solved in the same
way: Newton's steps inside brackets. Most edges cannot widen what others have found, which a look or two at them tells.
"""

import numpy as np
from numpy.typing import NDArray

from swath.access.crossing import CLOSE_S, MAX_STEPS, begin_between, end_at, step_towards
from swath.compiled import kernel
from swath.geo.kernels import Vector, blend, cross, dot, ground_along, unit, vertical_at
from swath.orbit.ephemeris import Path, state_at

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Columns of what is found: those of `refine.py`.
COLUMNS = 5
# An edge is its start, middle and end (NODES, 6): position in metres ITRF, and the vertical there.
NODES = 3

# With these cosines nothing is too far from the nadir, and nothing too near to it.
NO_OUTER_LIMIT, NO_INNER_LIMIT = 0.0, 1.0
# What a look is judged by: the sine of the elevation, or the cosine of the off-nadir angle.
ELEVATION, OFF_NADIR = 0, 1
# The sine of the least elevation, and the cosines of the largest and the least off-nadir angle.
Thresholds = tuple[float, float, float]
# From one moment to another.
Ends = tuple[float, float]
# All edges there are, and which of them.
Edge = tuple[Floats, int]

# Turns towards the nearest moment: each leaves a hundredth of what was left, from a quarter of a turn away too.
MAX_TURNS = 4
NEAR_S = 0.5
# Above this sine or cosine the satellite is within 4 degrees of overhead; the neighbourhood then, as part of an edge.
OVERHEAD, NARROW = 0.998, 0.05
# Some degrees above the horizon.
LOW_SINE = 0.1
# The sine of an elevation bends more than it would with this one.
LEAST_SINE = 0.05


@kernel
def find_touches(
    areas: Ints,
    middle_s: Floats,
    around_s: float,
    half_s: float,
    own: Ends,
    starts_s: Floats,
    step_s: float,
    coefficients: Floats,
    centres: Floats,
    first_edge: Ints,
    edges: Floats,
    sin_floor: Floats,
    cos_outer: float,
    cos_inner: float,
    found_area: Ints,
    found: Floats,
) -> int:
    """Writes the accesses around approaches (N,) into `found_area` (N,) and `found` (N, COLUMNS); how many there are.

    Approaches come with the area and the time at which its centre is near; those whose centre is seen highest outside
    `own` are left to others. Any of an area may be within the limits for `around_s` before and after that time, one
    place for `half_s` around its own nearest moment. The ephemeris has one row for each approach, or one for all.
    Centres (A, NODES, 6) are edges of no length; the edges (E, NODES, 6) of area a are those from `first_edge[a]` to
    before `first_edge[a + 1]`. The sine of the least elevation is (A,).
    """
    count = 0
    seen = np.empty((len(edges), 2))
    for i in range(len(areas)):
        a, row = areas[i], i % len(coefficients)
        path = (starts_s[row], step_s, coefficients[row])
        around = (middle_s[i] - around_s, middle_s[i] + around_s)
        middle = _find_top(
            ELEVATION, path, (centres, a), _find_nearest(path, (centres, a), middle_s[i]), around
        )
        if not own[0] <= middle < own[1]:
            continue
        outline, thresholds = (
            (int(first_edge[a]), int(first_edge[a + 1])),
            (float(sin_floor[a]), cos_outer, cos_inner),
        )
        for e in range(outline[0], outline[1]):
            seen[e] = _glance(path, (edges, e), middle, around)
        if _fill(found[count], path, edges, outline, seen, thresholds, middle, around, half_s):
            found_area[count] = a
            count += 1
    return count


@kernel
def _fill(
    out: Floats,
    path: Path,
    edges: Floats,
    outline: tuple[int, int],
    seen: Floats,
    thresholds: Thresholds,
    middle: float,
    around: Ends,
    half_s: float,
) -> bool:
    """Writes an area's access around an approach, if there is one."""
    first, last = _find_first_and_last(path, edges, outline, seen, thresholds, around, half_s)
    if not first < last:
        return False
    highest, sine, cosine = min(max(middle, first), last), 1.0, 1.0
    entry, at = np.inf, 0
    if thresholds[2] < NO_INNER_LIMIT:
        entry, at = _find_entry(path, edges, outline, seen, thresholds, (first, last))
    if entry < last:
        highest = entry
        sine, cosine = _look_at_edge(path, (edges, at), highest)
    elif thresholds[2] < NO_INNER_LIMIT or not holds_nadir(path, edges, outline, middle):
        at, highest = _find_highest(path, edges, outline, seen, (first, last))
        sine, cosine = _look_at_edge(path, (edges, at), highest)
    out[0], out[1], out[2], out[3], out[4] = first, last, highest, sine, cosine
    # With the nadir too near, what is far enough from it may lie too low everywhere.
    return not (entry < last and sine < thresholds[0])


@kernel
def _find_first_and_last(
    path: Path,
    edges: Floats,
    outline: tuple[int, int],
    seen: Floats,
    thresholds: Thresholds,
    around: Ends,
    half_s: float,
) -> Ends:
    """When the first edge comes within the limits, and when the last one leaves them; else the end comes first."""
    first, last = np.inf, -np.inf
    for e in range(outline[0], outline[1]):
        edge, near = (edges, e), seen[e, 0]
        if seen[e, 1] < thresholds[0]:
            continue
        if (
            first < last
            and _is_out(path, edge, thresholds, first, 1.0)
            and _is_out(path, edge, thresholds, last, -1.0)
        ):
            continue
        ends = (max(near - half_s, around[0]), min(near + half_s, around[1]))
        rise, fall = _find_within(path, edge, thresholds, near, ends, (first, last))
        if rise < fall:
            first, last = min(first, rise), max(last, fall)
    return first, last


@kernel
def _find_highest(
    path: Path, edges: Floats, outline: tuple[int, int], seen: Floats, ends: Ends
) -> tuple[int, float]:
    """Which edge is seen highest, and when."""
    best = outline[0] + int(np.argmax(seen[outline[0] : outline[1], 1]))
    best_s = _find_top(ELEVATION, path, (edges, best), seen[best, 0], ends)
    highest = _best_on(ELEVATION, path, (edges, best), best_s)[0]
    for e in range(outline[0], outline[1]):
        if e != best and seen[e, 1] > highest:
            top_s = _find_top(ELEVATION, path, (edges, e), seen[e, 0], ends)
            top = _best_on(ELEVATION, path, (edges, e), top_s)[0]
            if top > highest:
                best, best_s, highest = e, top_s, top
    return best, best_s


@kernel
def _find_entry(
    path: Path, edges: Floats, outline: tuple[int, int], seen: Floats, thresholds: Thresholds, ends: Ends
) -> tuple[float, int]:
    """When the first edge comes within the least off-nadir angle, and which one; inf if none does."""
    entry, at = np.inf, 0
    for e in range(outline[0], outline[1]):
        nearest = _find_top(OFF_NADIR, path, (edges, e), seen[e, 0], ends)
        least = _best_on(OFF_NADIR, path, (edges, e), nearest)[0]
        rise, fall = _find_stretch(OFF_NADIR, path, (edges, e), thresholds[2], nearest, least, ends, ends)
        if rise <= fall and rise < entry:
            entry, at = rise, e
    return entry, at


@kernel
def _glance(path: Path, edge: Edge, t: float, around: Ends) -> tuple[float, float]:
    """About when an edge is seen highest, and a sine of the elevation that is not surpassed then."""
    t = min(max(_find_nearest(path, edge, t), around[0]), around[1])
    value, rate, _ = _best_on(ELEVATION, path, edge, t)
    r, v = state_at(path, t)
    sight = blend(1.0, r, -1.0, _position(edge, 1))
    # A flight past at a distance d bends the sine by sine v^2 / d^2; twice what follows from that is on the safe side.
    return t, value + rate * rate * dot(sight, sight) / dot(v, v) / max(value, LEAST_SINE)


@kernel
def _is_out(path: Path, edge: Edge, thresholds: Thresholds, t: float, onward: float) -> bool:
    """Whether an edge is outside the limits, and can come within them only later (onward 1) or earlier (-1)."""
    if thresholds[1] > NO_OUTER_LIMIT and _is_high(path, edge, t):
        value, rate, _ = _best_on(OFF_NADIR, path, edge, t)
        if value < thresholds[1] or thresholds[0] <= 0.0:
            return value < thresholds[1] and rate * onward >= 0.0
    value, rate, _ = _best_on(ELEVATION, path, edge, t)
    return value < thresholds[0] and rate * onward >= 0.0


@kernel
def _is_high(path: Path, edge: Edge, t: float) -> bool:
    """Whether the satellite is so high above the middle of an edge that off-nadir angles grow with the distance."""
    r, _ = state_at(path, t)
    sight = blend(1.0, r, -1.0, _position(edge, 1))
    return dot(sight, _vertical(edge, 1)) > LOW_SINE * np.sqrt(dot(sight, sight))


@kernel
def _find_within(
    path: Path, edge: Edge, thresholds: Thresholds, near: float, ends: Ends, guess: Ends
) -> Ends:
    """From when to when an edge is within the elevation and the largest off-nadir angle; else the end comes first.

    Off-nadir angles are looked at only above the horizon: far behind it they grow less again.
    """
    low = thresholds[1] <= NO_OUTER_LIMIT or _is_below(path, edge, thresholds[0], ends)
    if low:
        near = _find_top(ELEVATION, path, edge, near, ends)
        top = _best_on(ELEVATION, path, edge, near)[0]
        ends = _find_stretch(ELEVATION, path, edge, thresholds[0], near, top, ends, guess)
    if thresholds[1] <= NO_OUTER_LIMIT or not ends[0] < ends[1]:
        return ends
    nearest = _find_top(OFF_NADIR, path, edge, near, ends)
    least = _best_on(OFF_NADIR, path, edge, nearest)[0]
    within = _find_stretch(OFF_NADIR, path, edge, thresholds[1], nearest, least, ends, guess)
    return _widen(path, edge, thresholds[1], nearest, within, ends) if low else within


@kernel
def _widen(path: Path, edge: Edge, limit: float, nearest: float, within: Ends, ends: Ends) -> Ends:
    """A stretch of time as far as the ends, where the off-nadir limit holds there too.

    For where the satellite climbs or sinks, a place on the horizon may be seen less far off nadir than one nearer.
    """
    from_start = _best_on(OFF_NADIR, path, edge, ends[0])[0] >= limit
    to_end = _best_on(OFF_NADIR, path, edge, ends[1])[0] >= limit
    rise, fall = within
    if not rise < fall:
        rise, fall = ends[1], ends[0]
        if from_start:
            fall = _find_crossing(OFF_NADIR, path, edge, limit, ends[0], nearest, ends[0])
        if to_end:
            rise = _find_crossing(OFF_NADIR, path, edge, limit, ends[1], nearest, ends[1])
    return ends[0] if from_start else rise, ends[1] if to_end else fall


@kernel
def _is_below(path: Path, edge: Edge, floor: float, ends: Ends) -> bool:
    """Whether an edge's elevation is below the floor at either of two moments; if not, it is above it in between."""
    before = _best_on(ELEVATION, path, edge, ends[0])[0]
    return before < floor or _best_on(ELEVATION, path, edge, ends[1])[0] < floor


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
            a, b = _position((edges, e), k), _position((edges, e), k + 1)
            ax, ay, bx, by = dot(a, ahead), dot(a, aside), dot(b, ahead), dot(b, aside)
            turned += np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
    return abs(turned) > np.pi


@kernel
def _find_nearest(path: Path, edge: Edge, t: float) -> float:
    """About when the satellite is nearest to the middle of an edge, from up to a third of a turn away."""
    place = _position(edge, 1)
    for _ in range(MAX_TURNS):
        r, v = state_at(path, t)
        squared = dot(r, r)
        along = blend(1.0, v, -dot(v, r) / squared, r)
        speed = np.sqrt(dot(along, along))
        size = np.sqrt(squared)
        step = np.arctan2(dot(place, along) / speed, dot(place, r) / size) * size / speed
        t += step
        if abs(step) < NEAR_S:
            break
    return t


@kernel
def _find_top(kind: int, path: Path, edge: Edge, t: float, ends: Ends) -> float:
    """When an edge is seen best between two moments: secants on the rate."""
    t = min(max(t, ends[0]), ends[1])
    before = t - 0.5
    rate_before = _best_on(kind, path, edge, before)[1]
    for _ in range(MAX_STEPS):
        rate = _best_on(kind, path, edge, t)[1]
        step = rate * (t - before) / (rate_before - rate)
        before, rate_before = t, rate
        t = min(max(t + step, ends[0]), ends[1])
        if not abs(t - before) >= CLOSE_S:
            break
    return t


@kernel
def _find_stretch(
    kind: int, path: Path, edge: Edge, limit: float, inside: float, value: float, ends: Ends, guess: Ends
) -> Ends:
    """From when to when the sine or cosine, `value` inside, is at least the limit; if never, the end comes first."""
    if value < limit:
        return 1.0, 0.0
    rise = _find_crossing(kind, path, edge, limit, inside, ends[0], guess[0])
    return rise, _find_crossing(kind, path, edge, limit, inside, ends[1], guess[1])


@kernel
def _find_crossing(
    kind: int, path: Path, edge: Edge, limit: float, inside: float, far: float, guess: float
) -> float:
    """The moment between one inside and one far away at which the limit is reached; `far` if that never happens."""
    t, outside = begin_between(inside, far, guess), far
    for _ in range(MAX_STEPS):
        value, slope, _ = _best_on(kind, path, edge, t)
        t, inside, outside, close = step_towards(t, limit - value, slope, inside, outside)
        if close:
            break
    return end_at(t, far)


@kernel
def _best_on(kind: int, path: Path, edge: Edge, t: float) -> tuple[float, float, float]:
    """The largest sine of the elevation, or cosine of the off-nadir angle, on an edge, its rate, and how far along.

    Nearly overhead a metre counts: there the parabola is drawn anew through the neighbourhood of its top.
    """
    r, v = state_at(path, t)
    up, curve = vertical_at(r) if kind == OFF_NADIR else (r, 1.0)
    value, rate, part = _best_around(kind, r, v, up, curve, edge, 0.5, 0.5)
    if value > OVERHEAD:
        middle = min(max(part, NARROW), 1.0 - NARROW)
        value, rate, part = _best_around(kind, r, v, up, curve, edge, middle, NARROW)
    return value, rate, part


@kernel
def _best_around(
    kind: int, r: Vector, v: Vector, up: Vector, curve: float, edge: Edge, middle: float, half: float
) -> tuple[float, float, float]:
    """As `_best_on`, on the part of an edge that reaches from its middle so far to both sides."""
    a, a_rate = _look_along(kind, r, v, up, curve, edge, middle - half)
    m, m_rate = _look_along(kind, r, v, up, curve, edge, middle)
    b, b_rate = _look_along(kind, r, v, up, curve, edge, middle + half)
    lean, bend = 4.0 * m - 3.0 * a - b, 2.0 * (a - 2.0 * m + b)
    part = -lean / (2.0 * bend) if bend < 0.0 else (0.0 if a >= b else 1.0)
    part = min(max(part, 0.0), 1.0)
    lean_rate, bend_rate = 4.0 * m_rate - 3.0 * a_rate - b_rate, 2.0 * (a_rate - 2.0 * m_rate + b_rate)
    value, rate = a + part * (lean + part * bend), a_rate + part * (lean_rate + part * bend_rate)
    return value, rate, middle + (2.0 * part - 1.0) * half


@kernel
def _look_at_edge(path: Path, edge: Edge, t: float) -> tuple[float, float]:
    """The sine of the elevation and the cosine of the off-nadir angle of the place of an edge that is seen highest."""
    r, v = state_at(path, t)
    part = _best_on(ELEVATION, path, edge, t)[2]
    up, curve = vertical_at(r)
    sine = _look_along(ELEVATION, r, v, up, curve, edge, part)[0]
    return sine, _look_along(OFF_NADIR, r, v, up, curve, edge, part)[0]


@kernel
def _look_along(
    kind: int, r: Vector, v: Vector, up: Vector, curve: float, edge: Edge, part: float
) -> tuple[float, float]:
    """The sine of the elevation or the cosine of the off-nadir angle of a place on an edge, and its rate.

    `up` is the vertical at the satellite, `curve` its distance from where verticals meet.
    """
    sight = blend(1.0, r, -1.0, _between(_position(edge, 0), _position(edge, 1), _position(edge, 2), part))
    nearness = 1.0 / np.sqrt(dot(sight, sight))
    if kind == OFF_NADIR:
        axis, turning = up, (dot(sight, v) - dot(sight, up) * dot(v, up)) / curve
    else:
        axis, turning = unit(_between(_vertical(edge, 0), _vertical(edge, 1), _vertical(edge, 2), part)), 0.0
    value = dot(sight, axis) * nearness
    return value, (dot(v, axis) + turning - value * dot(sight, v) * nearness) * nearness


@kernel
def _position(edge: Edge, k: int) -> Vector:
    edges, e = edge
    return edges[e, k, 0], edges[e, k, 1], edges[e, k, 2]


@kernel
def _vertical(edge: Edge, k: int) -> Vector:
    edges, e = edge
    return edges[e, k, 3], edges[e, k, 4], edges[e, k, 5]


@kernel
def _between(a: Vector, m: Vector, b: Vector, part: float) -> Vector:
    """On the parabola through three points, which it meets at 0, 1/2 and 1."""
    outer = blend((1.0 - part) * (1.0 - 2.0 * part), a, part * (2.0 * part - 1.0), b)
    return blend(1.0, outer, 4.0 * part * (1.0 - part), m)
