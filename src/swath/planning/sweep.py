"""An area as the scan plane sweeps over it: how much of it any strip covers, and when.

A strip is a rectangle in strip coordinates (moment, roll). They turn into equal-area ones when the roll is replaced by
the *growth*: square metres that the scan line passes a second, summed up over all smaller rolls. The ground inside any
outline is then the integral of the moment over the growth along its edges, and what a strip covers of it is the same
integral with both clipped to the strip: exact on the ellipsoid, without any map.

All kernels take angles in radians and times in seconds from an arc's middle.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swath.access.arc import TERMS, Arc, Curve
from swath.access.look import Floats
from swath.access.pointing import sweep_points
from swath.compiled import kernel
from swath.geo.outline import Outline
from swath.planning.growth import NODES, Growth, grow, measure_growth, nodes_and_growth

Ints = NDArray[np.intp]

# Columns of what is known of each edge: growth and moment at either end, and how the moment runs with the growth.
NEAR, FAR, NEAR_S, FAR_S, SLOPE = range(5)
# Rolls whose shares are computed in one go, and how many points are swept in one go.
ROLLS, LANES = 16, 8


class Trials(NamedTuple):
    """For kernels, room to try rolls: shares (ROLLS,), and growth and square metres at both edges (2 * ROLLS,)."""

    shares: Floats
    bounds: Floats
    sums: Floats


class Desk(NamedTuple):
    """For kernels, room to work on one area, sweep after sweep: made once, as making it costs as much as a sweep.

    Its points (3, V) and its edges as pairs (E, 2) of points; of points moment, roll and growth (V,), of edges what is
    known (E, 5); pitched axes (2, 4, TERMS), and the growth's slope at nodes (NODES,).
    """

    points_m: Floats
    edges: Ints
    tau_s: Floats
    roll: Floats
    grown: Floats
    sides: Floats
    turned: Floats
    slopes: Floats


class Swept(NamedTuple):
    """For kernels, an area as one arc sweeps over it: valid until its desk is used for the next.

    The area's edges (E, 5), the growth, the smallest and largest roll that see the area, the first and the last moment,
    and its square metres but for their sign.
    """

    sides: Floats
    growth: Growth
    low: float
    high: float
    first_s: float
    last_s: float
    area: float


@dataclass(frozen=True)
class Sweep:
    """An outline as one arc sweeps over it at one pitch: `tau_s` from the arc's middle and `roll_deg`, (V,)."""

    swept: Swept
    tau_s: Floats
    roll_deg: Floats

    @property
    def roll_range(self) -> tuple[float, float]:
        """The smallest and the largest roll that see the area, in degrees."""
        return float(self.roll_deg.min()), float(self.roll_deg.max())

    def share_between(self, low_deg: ArrayLike, high_deg: ArrayLike) -> Floats:
        """The share of the area, 0 to 1, between two rolls (K,) in degrees."""
        low, high = np.broadcast_arrays(*(np.atleast_1d(np.radians(roll)) for roll in (low_deg, high_deg)))
        return np.array(
            [share_between(self.swept, *pair) for pair in zip(low.tolist(), high.tolist(), strict=True)]
        )


def sweep_outline(arc: Arc, outline: Outline, pitch_deg: float) -> Sweep:
    """The outline as swept by the scan plane at a pitch during an arc."""
    desk, count = lay_out(outline.points_m, outline.edges), len(outline.points_m)
    swept = sweep_area(arc.curve, desk, float(np.radians(pitch_deg)), *nodes_and_growth())
    return Sweep(swept, desk.tau_s[:count], np.degrees(desk.roll[:count]))


@kernel
def lay_out(points_m: Floats, edges: Ints) -> Desk:
    """A desk with an area on it, from its points (V, 3) and edges (E, 2).

    The last point is there more than once, so that points come in lots of `LANES`.
    """
    count = (len(points_m) + LANES - 1) // LANES * LANES
    points = np.empty((3, count))
    for i in range(count):
        for axis in range(3):
            points[axis, i] = points_m[min(i, len(points_m) - 1), axis]
    return Desk(
        points,
        edges,
        np.empty(count),
        np.empty(count),
        np.empty(count),
        np.empty((len(edges), 5)),
        np.empty((2, 4, TERMS)),
        np.empty(NODES),
    )


@kernel
def make_trials() -> Trials:
    """Room for trials."""
    return Trials(np.empty(ROLLS), np.empty(2 * ROLLS), np.empty(2 * ROLLS))


@kernel
def sweep_area(curve: Curve, desk: Desk, pitch: float, nodes: Floats, to_growth: Floats) -> Swept:
    """The area on a desk as swept at a pitch; writes its points' strip coordinates there, too."""
    tau_s, roll, grown, edges, sides = desk.tau_s, desk.roll, desk.grown, desk.edges, desk.sides
    sweep_points(curve, desk.points_m, pitch, desk.turned, tau_s, roll)
    low, high, first_s, last_s = roll[0], roll[0], tau_s[0], tau_s[0]
    for i in range(len(roll)):
        low, high = min(low, roll[i]), max(high, roll[i])
        first_s, last_s = min(first_s, tau_s[i]), max(last_s, tau_s[i])
    growth = measure_growth(curve, (first_s + last_s) / 2, pitch, low, high, nodes, to_growth, desk.slopes)
    for i in range(len(roll)):
        grown[i] = grow(growth, roll[i])
    for e in range(len(edges)):
        a, b = edges[e, 0], edges[e, 1]
        wide, long_s = grown[b] - grown[a], tau_s[b] - tau_s[a]
        sides[e, NEAR], sides[e, FAR], sides[e, NEAR_S], sides[e, FAR_S] = (
            grown[a],
            grown[b],
            tau_s[a],
            tau_s[b],
        )
        sides[e, SLOPE] = long_s / wide if wide != 0.0 else 0.0
    area = _integrate(sides, grow(growth, low), grow(growth, high))
    return Swept(sides, growth, low, high, first_s, last_s, area)


@kernel
def share_between(swept: Swept, low: float, high: float) -> float:
    """The share of the area, 0 to 1, that is seen between two rolls."""
    whole = low <= swept.low and swept.high <= high
    low, high = min(max(low, swept.low), swept.high), min(max(high, swept.low), swept.high)
    if not low < high or swept.area == 0.0:
        return 0.0
    if whole:
        return 1.0
    part = _integrate(swept.sides, grow(swept.growth, low), grow(swept.growth, high))
    return min(max(part / swept.area, 0.0), 1.0)


@kernel
def try_rolls(swept: Swept, half: float, start: float, step: float, trials: Trials) -> None:
    """Writes the shares of the area that strips of a half width see at even rolls from the first one on."""
    sides, growth, (shares, bounds, sums) = swept.sides, swept.growth, trials
    least, most, area, origin = swept.low, swept.high, swept.area, sides[0, NEAR_S]
    for k in range(len(bounds)):
        roll = start + k * step - half if k < ROLLS else start + (k - ROLLS) * step + half
        bounds[k] = grow(growth, min(max(roll, least), most))
        sums[k] = 0.0
    for e in range(len(sides)):
        near, far, near_s, slope = sides[e, NEAR], sides[e, FAR], sides[e, NEAR_S] - origin, sides[e, SLOPE]
        for k in range(len(sums)):
            first, last = min(near, bounds[k]), min(far, bounds[k])
            sums[k] += (near_s + slope * ((first + last) / 2 - near)) * (last - first)
    for k in range(len(shares)):
        part = sums[ROLLS + k] - sums[k]
        shares[k] = min(max(part / area, 0.0), 1.0) if area != 0.0 else 0.0


@kernel
def covered_share(swept: Swept, low: float, high: float, first: float, last: float) -> float:
    """The share of the area, 0 to 1, that is seen between two rolls and between two moments."""
    low, high = min(max(low, swept.low), swept.high), min(max(high, swept.low), swept.high)
    if not low < high or swept.area == 0.0:
        return 0.0
    bounds = grow(swept.growth, low), grow(swept.growth, high)
    part = _integrate_between(swept.sides, bounds[0], bounds[1], first, last)
    return min(max(part / swept.area, 0.0), 1.0)


@kernel
def _mean_within(a: float, b: float, first: float, last: float) -> float:
    """The mean of a moment that runs evenly from a to b, where it waits at `first` and stops at `last`."""
    low, high = min(a, b), max(a, b)
    if (low >= first and high <= last) or low == high:
        return min(max((low + high) / 2, first), last)
    before, after = max(min(high, first) - low, 0.0), max(high - max(low, last), 0.0)
    start, end = min(max(low, first), last), min(max(high, first), last)
    return (before * first + after * last + (high - low - before - after) * (start + end) / 2) / (high - low)


@kernel
def moments_between(swept: Swept, low: float, high: float) -> tuple[float, float]:
    """First and last moment at which the area is swept between two rolls; the first is later if it is not at all."""
    sides, first, last = swept.sides, np.inf, -np.inf
    if high < swept.low or low > swept.high:
        return first, last
    low, high = grow(swept.growth, max(low, swept.low)), grow(swept.growth, min(high, swept.high))
    for e in range(len(sides)):
        near, far, slope = sides[e, NEAR], sides[e, FAR], sides[e, SLOPE]
        at_near = sides[e, NEAR_S] + slope * (min(max(near, low), high) - near)
        at_far = sides[e, FAR_S] + slope * (min(max(far, low), high) - far)
        # Edges beside both have no part in it.
        if min(near, far) <= high and max(near, far) >= low:
            first, last = min(first, at_near, at_far), max(last, at_near, at_far)
    return first, last


@kernel
def _integrate(sides: Floats, low: float, high: float) -> float:
    """The integral of the moment over the growth, this kept within bounds: square metres, but for their sign."""
    total, origin = 0.0, sides[0, NEAR_S]
    for e in range(len(sides)):
        near, far = min(max(sides[e, NEAR], low), high), min(max(sides[e, FAR], low), high)
        mean_s = sides[e, NEAR_S] + sides[e, SLOPE] * ((near + far) / 2 - sides[e, NEAR])
        total += (mean_s - origin) * (far - near)
    return total


@kernel
def _integrate_between(sides: Floats, low: float, high: float, first: float, last: float) -> float:
    """The same with the moment kept within bounds, too."""
    total, origin = 0.0, sides[0, NEAR_S]
    for e in range(len(sides)):
        near, far = min(max(sides[e, NEAR], low), high), min(max(sides[e, FAR], low), high)
        if near != far:
            at_near = float(sides[e, NEAR_S] + sides[e, SLOPE] * (near - sides[e, NEAR]))
            at_far = float(sides[e, NEAR_S] + sides[e, SLOPE] * (far - sides[e, NEAR]))
            total += (_mean_within(at_near, at_far, first, last) - origin) * (far - near)
    return total
