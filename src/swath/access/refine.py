"""From an approach to accesses: when the satellite is highest above a place, and from when to when the limits hold.

Everything is solved on the polynomials of an ephemeris by Newton's steps kept inside brackets, thousands of approaches
in one compiled loop. Around the highest moment an elevation falls off to both sides, and so does the cosine of an
off-nadir angle; each limit holds in one stretch of time or in none, and limits together where their stretches meet.
"""

import numpy as np
from numpy.typing import NDArray

from swath.access.approaches import PackedApproaches
from swath.access.crossing import CLOSE_S, MAX_STEPS, begin_between, end_at, step_towards
from swath.access.limits import NO_INNER_LIMIT, NO_OUTER_LIMIT, Thresholds
from swath.access.look import PackedTargets
from swath.compiled import kernel
from swath.geo.kernels import Vector, blend, dot, vertical_at
from swath.orbit.ephemeris import Path, Paths, path_of, state_at

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Columns of what is found.
RISE, SET, HIGHEST, SIN_ELEVATION, COS_OFF_NADIR = range(5)
COLUMNS = 5

# Where a place is, and its vertical.
Place = tuple[Vector, Vector]
# The satellite's position and velocity, and the way to it from the place.
Look = tuple[Vector, Vector, Vector]
Part = tuple[float, float]
Parts = tuple[Part, Part, Part, Part]

ELEVATION, OFF_NADIR = 0, 1
# An approach has four accesses at most: an off-nadir ring is met twice on either side.
MOST_PARTS = 4


@kernel
def refine_approaches(
    approaches: PackedApproaches,
    half_s: float,
    own: Part,
    paths: Paths,
    targets: PackedTargets,
    thresholds: Thresholds,
    may_sink: bool,
) -> tuple[Ints, Floats]:
    """The accesses around approaches (N,): of which places (M,), and what is found of them (M, COLUMNS).

    Each is looked for from `half_s` before an approach to as long after it; those highest outside `own` are left to
    others. There is one path for each approach, or one for all. `may_sink` tells that places may be below their least
    elevation at either end of the time that is looked at; else it is not asked.
    """
    (places, middle_s), (r_m, up), (sin_floor, cos_outer, cos_inner) = approaches, targets, thresholds
    found_place = np.empty(MOST_PARTS * len(places), np.intp)
    found = np.empty((MOST_PARTS * len(places), COLUMNS))
    count = 0
    for i in range(len(places)):
        p, path = places[i], path_of(paths, i)
        place = (r_m[p, 0], r_m[p, 1], r_m[p, 2]), (up[p, 0], up[p, 1], up[p, 2])
        low, high = middle_s[i] - half_s, middle_s[i] + half_s
        highest = _find_highest(path, place, middle_s[i], low, high)
        if not own[0] <= highest < own[1]:
            continue
        look = _look(path, place, highest)
        rise, fall, floor = low, high, float(sin_floor[p])
        cut = cos_outer == NO_OUTER_LIMIT or (may_sink and _is_below(path, place, floor, low, high))
        if cut:
            rise, fall = _find_stretch(ELEVATION, path, place, floor, highest, look, low, high)
        parts = (rise, rise), (rise, fall), (fall, fall), (fall, fall)
        if rise < fall and (cos_outer > NO_OUTER_LIMIT or cos_inner < NO_INNER_LIMIT):
            parts = _find_ring(path, place, (cos_outer, cos_inner), highest, look, cut, (rise, fall))
        for first, last in parts:
            if first < last:
                found_place[count] = p
                _fill(found[count], path, place, first, last, highest, look)
                count += 1
    return found_place[:count], found[:count]


@kernel
def _find_ring(
    path: Path, place: Place, cosines: Part, highest: float, look: Look, cut: bool, between: Part
) -> Parts:
    """From when to when, between two moments, a place is within the outer off-nadir limit and outside the inner one.

    Four parts in order of time, empty ones among them: before and after it is within the inner limit, and at either
    end. For where the satellite climbs or sinks, a place on the horizon may be seen less far off nadir than one nearer;
    only if the two moments are where an elevation limit cuts (`cut`), else the place is out of reach there.
    """
    (cos_outer, cos_inner), (start, end) = cosines, between
    nearest = min(max(highest, start), end)
    if nearest != highest or cos_inner < NO_INNER_LIMIT or _margin_of(OFF_NADIR, place, look)[0] < cos_outer:
        nearest = _find_top(OFF_NADIR, path, place, nearest, start, end)
        look = _look(path, place, nearest)
    least = _margin_of(OFF_NADIR, place, look)[0]
    first, last, rise, fall = start, end, start, end
    if cos_outer > NO_OUTER_LIMIT:
        if cut:
            first, rise = _find_end(path, place, cos_outer, nearest, least, start)
            last, fall = _find_end(path, place, cos_outer, nearest, least, end)
        rise, fall = _find_stretch(OFF_NADIR, path, place, cos_outer, nearest, look, rise, fall)
    enter, leave = fall, fall
    if cos_inner < NO_INNER_LIMIT and least > cos_inner:
        enter, leave = _find_stretch(OFF_NADIR, path, place, cos_inner, nearest, look, rise, fall)
    return (start, first), (rise, enter), (leave, fall), (last, end)


@kernel
def _find_end(
    path: Path, place: Place, limit: float, nearest: float, least: float, end: float
) -> tuple[float, float]:
    """Up to where the off-nadir limit holds at an end, and from where on it can hold around the nearest moment."""
    value, slope = _margin(OFF_NADIR, path, place, end)
    if value < limit:
        return end, end
    if least < limit:
        return _find_crossing(OFF_NADIR, path, place, limit, end, nearest, (end + nearest) / 2), nearest
    if slope * (nearest - end) >= 0.0:
        return end, end
    falling, rising = end, nearest
    while abs(rising - falling) > CLOSE_S:
        middle = (falling + rising) / 2
        if _margin(OFF_NADIR, path, place, middle)[1] * (nearest - end) < 0.0:
            falling = middle
        else:
            rising = middle
    if _margin(OFF_NADIR, path, place, rising)[0] >= limit:
        return end, end
    return _find_crossing(OFF_NADIR, path, place, limit, end, rising, (end + rising) / 2), rising


@kernel
def _is_below(path: Path, place: Place, floor: float, low: float, high: float) -> bool:
    """Whether the elevation is below the floor at either of two moments; if not, it is above it in between."""
    before = _margin(ELEVATION, path, place, low)[0]
    return before < floor or _margin(ELEVATION, path, place, high)[0] < floor


@kernel
def _fill(
    out: Floats, path: Path, place: Place, rise: float, fall: float, highest: float, look: Look
) -> None:
    """Writes one access; a part of one that lies beside the highest moment is highest at its own end."""
    inside = min(max(highest, rise), fall)
    if inside != highest:
        look = _look(path, place, inside)
    out[RISE], out[SET], out[HIGHEST] = rise, fall, inside
    out[SIN_ELEVATION] = _margin_of(ELEVATION, place, look)[0]
    out[COS_OFF_NADIR] = _margin_of(OFF_NADIR, place, look)[0]


@kernel
def _find_highest(path: Path, place: Place, t: float, low: float, high: float) -> float:
    """When the elevation is largest, looked for from the moment at which the satellite is nearest."""
    for _ in range(2):
        _, v, sight = _look(path, place, t)
        t = min(max(t - dot(sight, v) / dot(v, v), low), high)
    return _find_top(ELEVATION, path, place, t, low, high)


@kernel
def _find_top(kind: int, path: Path, place: Place, t: float, low: float, high: float) -> float:
    """When the sine or cosine is largest between two moments: secants on its rate."""
    before = t - 0.5
    rate_before = _margin(kind, path, place, before)[1]
    for _ in range(MAX_STEPS):
        rate = _margin(kind, path, place, t)[1]
        step = rate * (t - before) / (rate_before - rate)
        before, rate_before = t, rate
        t = min(max(t + step, low), high)
        if not abs(t - before) >= CLOSE_S:
            break
    return t


@kernel
def _find_stretch(
    kind: int, path: Path, place: Place, limit: float, inside: float, look: Look, low: float, high: float
) -> tuple[float, float]:
    """From when to when the sine or cosine is at least the limit around a moment inside; if never, the end is first."""
    if _margin_of(kind, place, look)[0] < limit:
        return 1.0, 0.0
    guess = _guess_half(kind, place, limit, look)
    rise = _find_crossing(kind, path, place, limit, inside, low, inside - guess)
    return rise, _find_crossing(kind, path, place, limit, inside, high, inside + guess)


@kernel
def _guess_half(kind: int, place: Place, limit: float, look: Look) -> float:
    """How long it takes from the middle to the distance at which the limit is reached, in even flight."""
    r, v, sight = look
    ground = np.sqrt(dot(place[0], place[0]))
    squared = dot(r, r)
    sine = limit
    if kind == OFF_NADIR:
        sine = np.sqrt(max(1.0 - squared * (1.0 - limit * limit) / ground**2, 0.0))
    reach = np.sqrt(max(squared - ground**2 * (1.0 - sine * sine), 0.0)) - ground * sine
    # The path bends towards the Earth by v^2 / r, which slows the way out as seen from the ground.
    speed = dot(v, v) * ground / np.sqrt(squared)
    return np.sqrt(max(reach * reach - dot(sight, sight), 0.0) / speed)


@kernel
def _find_crossing(
    kind: int, path: Path, place: Place, limit: float, inside: float, far: float, guess: float
) -> float:
    """The moment between one inside and one far away at which the limit is reached; `far` if that never happens."""
    t, outside = begin_between(inside, far, guess), far
    for _ in range(MAX_STEPS):
        value, slope = _margin(kind, path, place, t)
        t, inside, outside, close = step_towards(t, limit - value, slope, inside, outside)
        if close:
            break
    return end_at(t, far)


@kernel
def _margin(kind: int, path: Path, place: Place, t: float) -> tuple[float, float]:
    """The sine of the elevation or the cosine of the off-nadir angle, and its rate."""
    return _margin_of(kind, place, _look(path, place, t))


@kernel
def _margin_of(kind: int, place: Place, look: Look) -> tuple[float, float]:
    """The same of a look."""
    r, v, sight = look
    nearness = 1.0 / np.sqrt(dot(sight, sight))
    if kind == ELEVATION:
        axis = place[1]
        turning = 0.0
    else:
        axis, curve = vertical_at(r)
        turning = (dot(sight, v) - dot(sight, axis) * dot(v, axis)) / curve
    value = dot(sight, axis) * nearness
    return value, (dot(v, axis) + turning - value * dot(sight, v) * nearness) * nearness


@kernel
def _look(path: Path, place: Place, t: float) -> Look:
    """What lies between a place and the satellite at a moment."""
    r, v = state_at(path, t)
    return r, v, blend(1.0, r, -1.0, place[0])
