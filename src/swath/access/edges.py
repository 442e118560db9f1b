"""One edge of an area's outline as a satellite sees it: when it is seen best, and from when to when well enough.

On an edge the sine of an elevation or the cosine of an off-nadir angle is a parabola through its ends and its middle,
to some metres on the ground; its top is the place of the edge that is seen best. An edge is within a limit in one
stretch of time or in none, as a place is (`refine.py`), and is solved in the same way: Newton's steps inside brackets.
"""

import numpy as np
from numpy.typing import NDArray

from swath.access.crossing import CLOSE_S, MAX_STEPS, begin_between, end_at, step_towards
from swath.compiled import kernel
from swath.geo.kernels import Vector, blend, dot, unit, vertical_at
from swath.orbit.ephemeris import Path, state_at

Floats = NDArray[np.float64]

# An edge is its start, middle and end (NODES, 6): position in metres ITRF, and the vertical there.
NODES = 3
# What a look is judged by: the sine of the elevation, or the cosine of the off-nadir angle.
ELEVATION, OFF_NADIR = 0, 1
# From one moment to another.
Ends = tuple[float, float]
# All edges there are, and which of them.
Edge = tuple[Floats, int]
# The satellite's position and velocity, the vertical there, and its distance from where verticals meet.
View = tuple[Vector, Vector, Vector, float]

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
def glance(path: Path, edge: Edge, t: float, around: Ends) -> tuple[float, float]:
    """About when an edge is seen highest, and a sine of the elevation that is not surpassed then."""
    t = min(max(find_nearest(path, edge, t), around[0]), around[1])
    value, rate, _ = best_on(ELEVATION, path, edge, t)
    r, v = state_at(path, t)
    sight = blend(1.0, r, -1.0, position(edge, 1))
    # A flight past at a distance d bends the sine by sine v^2 / d^2; twice what follows from that is on the safe side.
    return t, value + rate * rate * dot(sight, sight) / dot(v, v) / max(value, LEAST_SINE)


@kernel
def is_high(path: Path, edge: Edge, t: float) -> bool:
    """Whether the satellite is so high above the middle of an edge that off-nadir angles grow with the distance."""
    r, _ = state_at(path, t)
    sight = blend(1.0, r, -1.0, position(edge, 1))
    return dot(sight, _vertical(edge, 1)) > LOW_SINE * np.sqrt(dot(sight, sight))


@kernel
def is_below(path: Path, edge: Edge, floor: float, ends: Ends) -> bool:
    """Whether an edge's elevation is below the floor at either of two moments; if not, it is above it in between."""
    before = best_on(ELEVATION, path, edge, ends[0])[0]
    return before < floor or best_on(ELEVATION, path, edge, ends[1])[0] < floor


@kernel
def find_nearest(path: Path, edge: Edge, t: float) -> float:
    """About when the satellite is nearest to the middle of an edge, from up to a third of a turn away."""
    place = position(edge, 1)
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
def find_top(kind: int, path: Path, edge: Edge, t: float, ends: Ends) -> float:
    """When an edge is seen best between two moments: secants on the rate."""
    t = min(max(t, ends[0]), ends[1])
    before = t - 0.5
    rate_before = best_on(kind, path, edge, before)[1]
    for _ in range(MAX_STEPS):
        rate = best_on(kind, path, edge, t)[1]
        step = rate * (t - before) / (rate_before - rate)
        before, rate_before = t, rate
        t = min(max(t + step, ends[0]), ends[1])
        if not abs(t - before) >= CLOSE_S:
            break
    return t


@kernel
def find_stretch(
    kind: int, path: Path, edge: Edge, limit: float, inside: float, value: float, ends: Ends, guess: Ends
) -> Ends:
    """From when to when the sine or cosine, `value` inside, is at least the limit; if never, the end comes first."""
    if value < limit:
        return 1.0, 0.0
    rise = find_crossing(kind, path, edge, limit, inside, ends[0], guess[0])
    return rise, find_crossing(kind, path, edge, limit, inside, ends[1], guess[1])


@kernel
def find_crossing(
    kind: int, path: Path, edge: Edge, limit: float, inside: float, far: float, guess: float
) -> float:
    """The moment between one inside and one far away at which the limit is reached; `far` if that never happens."""
    t, outside = begin_between(inside, far, guess), far
    for _ in range(MAX_STEPS):
        value, slope, _ = best_on(kind, path, edge, t)
        t, inside, outside, close = step_towards(t, limit - value, slope, inside, outside)
        if close:
            break
    return end_at(t, far)


@kernel
def best_on(kind: int, path: Path, edge: Edge, t: float) -> tuple[float, float, float]:
    """The largest sine of the elevation, or cosine of the off-nadir angle, on an edge, its rate, and how far along.

    Nearly overhead a metre counts: there the parabola is drawn anew through the neighbourhood of its top.
    """
    r, v = state_at(path, t)
    up, curve = vertical_at(r) if kind == OFF_NADIR else (r, 1.0)
    view = (r, v, up, curve)
    value, rate, part = _best_around(kind, view, edge, 0.5, 0.5)
    if value > OVERHEAD:
        middle = min(max(part, NARROW), 1.0 - NARROW)
        value, rate, part = _best_around(kind, view, edge, middle, NARROW)
    return value, rate, part


@kernel
def _best_around(kind: int, view: View, edge: Edge, middle: float, half: float) -> tuple[float, float, float]:
    """As `best_on`, on the part of an edge that reaches from its middle so far to both sides."""
    a, a_rate = _look_along(kind, view, edge, middle - half)
    m, m_rate = _look_along(kind, view, edge, middle)
    b, b_rate = _look_along(kind, view, edge, middle + half)
    lean, bend = 4.0 * m - 3.0 * a - b, 2.0 * (a - 2.0 * m + b)
    part = -lean / (2.0 * bend) if bend < 0.0 else (0.0 if a >= b else 1.0)
    part = min(max(part, 0.0), 1.0)
    lean_rate, bend_rate = 4.0 * m_rate - 3.0 * a_rate - b_rate, 2.0 * (a_rate - 2.0 * m_rate + b_rate)
    value, rate = a + part * (lean + part * bend), a_rate + part * (lean_rate + part * bend_rate)
    return value, rate, middle + (2.0 * part - 1.0) * half


@kernel
def look_at_edge(path: Path, edge: Edge, t: float) -> tuple[float, float]:
    """The sine of the elevation and the cosine of the off-nadir angle of the place of an edge that is seen highest."""
    r, v = state_at(path, t)
    part = best_on(ELEVATION, path, edge, t)[2]
    up, curve = vertical_at(r)
    view = (r, v, up, curve)
    return _look_along(ELEVATION, view, edge, part)[0], _look_along(OFF_NADIR, view, edge, part)[0]


@kernel
def _look_along(kind: int, view: View, edge: Edge, part: float) -> tuple[float, float]:
    """The sine of the elevation or the cosine of the off-nadir angle of a place on an edge, and its rate."""
    r, v, up, curve = view
    sight = blend(1.0, r, -1.0, _between(position(edge, 0), position(edge, 1), position(edge, 2), part))
    nearness = 1.0 / np.sqrt(dot(sight, sight))
    if kind == OFF_NADIR:
        axis, turning = up, (dot(sight, v) - dot(sight, up) * dot(v, up)) / curve
    else:
        axis, turning = unit(_between(_vertical(edge, 0), _vertical(edge, 1), _vertical(edge, 2), part)), 0.0
    value = dot(sight, axis) * nearness
    return value, (dot(v, axis) + turning - value * dot(sight, v) * nearness) * nearness


@kernel
def position(edge: Edge, k: int) -> Vector:
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
