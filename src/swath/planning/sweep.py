"""An area as the scan plane sweeps over it: how much of it any strip covers, and when.

A strip is a rectangle in strip coordinates (moment, roll). They turn into equal-area ones when the roll is replaced by
the *growth*: square metres that the scan line passes a second, summed up over all smaller rolls. The ground inside any
outline is then the integral of the moment over the growth along its edges, and what a strip covers of it is the same
integral with both clipped to the strip: exact on the ellipsoid, without any map.

All kernels take angles in radians and times in seconds from an arc's middle.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial.chebyshev import chebpts1
from numpy.typing import ArrayLike, NDArray

from swath.access.arc import Arc, Body, Curve, frame_at, rate_at
from swath.access.look import Floats
from swath.access.pointing import scan_direction, sweep_points
from swath.compiled import kernel
from swath.geo.ellipsoid import A_M, B_M
from swath.geo.kernels import Vector, blend, cross, dot, ground_along
from swath.geo.outline import Outline

Ints = NDArray[np.intp]

# Rolls at which the growth's slope is measured: with six, what strips cover is right to some millionths of the area.
NODES = 6
LEAST_WIDTH_RAD = 1e-9

# Rows of what is known of each edge: growth and moment at either end, and how the moment runs with the growth.
NEAR, FAR, NEAR_S, FAR_S, SLOPE = range(5)

# For kernels: the area's edges (5, E), the growth as a polynomial, and the smallest and largest roll that see the area;
# last its square metres, but for their sign.
Swept = tuple[Floats, Floats, float, float, float]


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
    tau, roll = np.empty(len(outline.points_m)), np.empty(len(outline.points_m))
    pitch = float(np.radians(pitch_deg))
    swept = sweep_area(arc.curve, outline.points_m, outline.edges, pitch, *nodes_and_growth(), tau, roll)
    return Sweep(swept, tau, np.degrees(roll))


@kernel
def sweep_area(
    curve: Curve,
    points_m: Floats,
    edges: Ints,
    pitch: float,
    nodes: Floats,
    to_growth: Floats,
    tau_s: Floats,
    roll: Floats,
) -> Swept:
    """The area as swept at a pitch; writes the points' strip coordinates into `tau_s` and `roll` (V,)."""
    sweep_points(curve, points_m, pitch, tau_s, roll)
    low, high = roll.min(), roll.max()
    middle, half = (low + high) / 2, max((high - low) / 2, LEAST_WIDTH_RAD)
    tau = (tau_s.min() + tau_s.max()) / 2
    body, rate = frame_at(curve, tau), rate_at(curve, tau)
    growth = np.zeros(NODES + 2)
    growth[0], growth[1] = middle, half
    down, turning = scan_direction(body, pitch), scan_direction(rate, pitch)
    for k in range(NODES):
        slope = half * _square_metres_a_second(body, rate, down, turning, middle + half * nodes[k])
        for term in range(NODES):
            growth[2 + term] += to_growth[term, k] * slope
    grown, sides = np.empty(len(roll)), np.empty((5, len(edges)))
    for i in range(len(roll)):
        grown[i] = grow(growth, roll[i])
    for e in range(len(edges)):
        a, b = edges[e, 0], edges[e, 1]
        wide = grown[b] - grown[a]
        sides[NEAR, e], sides[FAR, e], sides[NEAR_S, e], sides[FAR_S, e] = (
            grown[a],
            grown[b],
            tau_s[a],
            tau_s[b],
        )
        sides[SLOPE, e] = (tau_s[b] - tau_s[a]) / wide if wide != 0.0 else 0.0
    area = _integrate(sides, grow(growth, low), grow(growth, high))
    return sides, growth, low, high, area


@kernel
def share_between(swept: Swept, low: float, high: float) -> float:
    """The share of the area, 0 to 1, that is seen between two rolls."""
    sides, growth, least, most, area = swept
    low, high = min(max(low, least), most), min(max(high, least), most)
    if not low < high or area == 0.0:
        return 0.0
    return min(max(_integrate(sides, grow(growth, low), grow(growth, high)) / area, 0.0), 1.0)


@kernel
def covered_share(swept: Swept, low: float, high: float, first: float, last: float) -> float:
    """The share of the area, 0 to 1, that is seen between two rolls and between two moments."""
    sides, growth, least, most, area = swept
    low, high = min(max(low, least), most), min(max(high, least), most)
    if not low < high or area == 0.0:
        return 0.0
    part = _integrate_between(sides, grow(growth, low), grow(growth, high), first, last)
    return min(max(part / area, 0.0), 1.0)


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
    sides, growth, least, most, _ = swept
    first, last = np.inf, -np.inf
    if high < least or low > most:
        return first, last
    low, high = grow(growth, max(low, least)), grow(growth, min(high, most))
    for e in range(sides.shape[1]):
        near, far = sides[NEAR, e], sides[FAR, e]
        if min(near, far) > high or max(near, far) < low:
            continue
        for bound in (low, high, near, far):
            if min(near, far) <= bound <= max(near, far) and low <= bound <= high:
                tau = float(sides[NEAR_S, e] + sides[SLOPE, e] * (bound - near))
                beside = float(sides[FAR_S, e]) if far == near else tau
                first, last = min(first, tau, beside), max(last, tau, beside)
    return first, last


@kernel
def grow(growth: Floats, roll: float) -> float:
    """Square metres a second at all smaller rolls, from an origin of its own."""
    u = (roll - growth[0]) / growth[1]
    total = 0.0
    for term in range(NODES):
        total = (total + growth[1 + NODES - term]) * u
    return total


@kernel
def _integrate(sides: Floats, low: float, high: float) -> float:
    """The integral of the moment over the growth, this kept within bounds: square metres, but for their sign."""
    total, origin = 0.0, sides[NEAR_S, 0]
    for e in range(sides.shape[1]):
        near, far = min(max(sides[NEAR, e], low), high), min(max(sides[FAR, e], low), high)
        mean_s = sides[NEAR_S, e] + sides[SLOPE, e] * ((near + far) / 2 - sides[NEAR, e])
        total += (mean_s - origin) * (far - near)
    return total


@kernel
def _integrate_between(sides: Floats, low: float, high: float, first: float, last: float) -> float:
    """The same with the moment kept within bounds, too."""
    total, origin = 0.0, sides[NEAR_S, 0]
    for e in range(sides.shape[1]):
        near, far = min(max(sides[NEAR, e], low), high), min(max(sides[FAR, e], low), high)
        if near != far:
            at_near = float(sides[NEAR_S, e] + sides[SLOPE, e] * (near - sides[NEAR, e]))
            at_far = float(sides[NEAR_S, e] + sides[SLOPE, e] * (far - sides[NEAR, e]))
            total += (_mean_within(at_near, at_far, first, last) - origin) * (far - near)
    return total


@kernel
def _square_metres_a_second(body: Body, rate: Body, down: Vector, turning: Vector, roll: float) -> float:
    """How much ground the scan line passes a second, per radian of roll.

    In a frame that changes at a rate, whose scan plane's middle direction `down` turns.
    """
    cos, sin = np.cos(roll), np.sin(roll)
    look = blend(cos, down, sin, body[2])
    ground = ground_along(body[0], look)
    normal = (ground[0] / A_M**2, ground[1] / A_M**2, ground[2] / B_M**2)
    sight = blend(1.0, ground, -1.0, body[0])
    far = np.sqrt(dot(sight, sight))
    # The line of sight turns towards `aside`, and with the satellite; its foot stays on the ellipsoid.
    aside = blend(cos, body[2], -sin, down)
    moved = blend(1.0, rate[0], far, blend(cos, turning, sin, rate[2]))
    steep = 1.0 / dot(normal, look)
    across = blend(1.0, aside, -dot(normal, aside) * steep, look)
    along = blend(1.0, moved, -dot(normal, moved) * steep, look)
    swept = cross(along, across)
    return far * np.sqrt(dot(swept, swept))


@lru_cache(maxsize=1)
def nodes_and_growth() -> tuple[Floats, Floats]:
    """Chebyshev nodes (NODES,) and the matrix from slopes there to the growth's terms, from the first power on."""
    nodes = chebpts1(NODES)
    to_slope = np.linalg.inv(np.vander(nodes, increasing=True))
    return nodes, np.ascontiguousarray(to_slope / np.arange(1, NODES + 1)[:, None], np.float64)
