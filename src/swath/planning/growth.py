"""The growth: how much ground the scan plane passes a second at all rolls below one.

It is a polynomial of the roll, through values of its slope at some rolls, which come from the geometry itself.
"""

from functools import lru_cache

import numpy as np
from numpy.polynomial.chebyshev import chebpts1

from swath.access.arc import Body, Curve, frame_at, rate_at
from swath.access.look import Floats
from swath.access.pointing import scan_direction
from swath.compiled import kernel
from swath.geo.ellipsoid import A_M, B_M
from swath.geo.kernels import Vector, blend, cross, dot, ground_along, turn_by

# With six powers of the roll, what strips cover is right to some millionths of the area. The slope is measured at some
# rolls more, as eight are computed in one go.
POWERS, NODES = 6, 8
LEAST_WIDTH_RAD = 1e-9
A2, B2 = A_M**2, B_M**2

# For kernels: the middle of some rolls, one over half their range, and terms in parts of that from the first power on.
Growth = tuple[float, float, float, float, float, float, float, float]
# Place, line of sight, and the direction that this rolls to.
Scan = tuple[Vector, Vector, Vector]


@kernel
def measure_growth(
    curve: Curve,
    tau: float,
    pitch: float,
    low: float,
    high: float,
    nodes: Floats,
    to_growth: Floats,
    slopes: Floats,
) -> Growth:
    """The growth between two rolls."""
    middle, half = (low + high) / 2, max((high - low) / 2, LEAST_WIDTH_RAD)
    _fill_slopes(
        _scan(frame_at(curve, tau), middle, pitch),
        _scan(rate_at(curve, tau), middle, pitch),
        half,
        nodes,
        slopes,
    )
    return (
        middle,
        1.0 / half,
        _term(to_growth, slopes, 0),
        _term(to_growth, slopes, 1),
        _term(to_growth, slopes, 2),
        _term(to_growth, slopes, 3),
        _term(to_growth, slopes, 4),
        _term(to_growth, slopes, 5),
    )


@kernel
def _fill_slopes(still: Scan, moving: Scan, half: float, nodes: Floats, slopes: Floats) -> None:
    """Writes how much ground the scan line passes a second at nodes (NODES,) around a roll, times half their range."""
    for k in range(len(nodes)):
        cos, sin = turn_by(half * nodes[k])
        look = blend(cos, still[1], sin, still[2])
        ground = ground_along(still[0], look)
        normal = (ground[0] / A2, ground[1] / A2, ground[2] / B2)
        sight = blend(1.0, ground, -1.0, still[0])
        far = np.sqrt(dot(sight, sight))
        # The line of sight turns towards `aside`, and with the satellite; its foot stays on the ellipsoid.
        aside = blend(cos, still[2], -sin, still[1])
        moved = blend(1.0, moving[0], far, blend(cos, moving[1], sin, moving[2]))
        steep = 1.0 / dot(normal, look)
        across = blend(1.0, aside, -dot(normal, aside) * steep, look)
        along = blend(1.0, moved, -dot(normal, moved) * steep, look)
        swept = cross(along, across)
        slopes[k] = half * far * np.sqrt(dot(swept, swept))


@kernel
def _term(to_growth: Floats, slopes: Floats, term: int) -> float:
    """One term of the growth's polynomial."""
    total = 0.0
    for k in range(NODES):
        total += to_growth[term, k] * slopes[k]
    return total


@kernel
def grow(growth: Growth, roll: float) -> float:
    """Square metres a second at all smaller rolls, from an origin of its own."""
    u = (roll - growth[0]) * growth[1]
    return (
        ((((growth[7] * u + growth[6]) * u + growth[5]) * u + growth[4]) * u + growth[3]) * u + growth[2]
    ) * u


@kernel
def _scan(body: Body, roll: float, pitch: float) -> Scan:
    """Place, line of sight and the direction it rolls to; of a frame's rate, how fast they change."""
    cos, sin, down = np.cos(roll), np.sin(roll), scan_direction(body, pitch)
    return body[0], blend(cos, down, sin, body[2]), blend(cos, body[2], -sin, down)


@lru_cache(maxsize=1)
def nodes_and_growth() -> tuple[Floats, Floats]:
    """Chebyshev nodes (NODES,) and the matrix (POWERS, NODES) from slopes there to the growth, by least squares."""
    nodes = chebpts1(NODES)
    to_slope = np.linalg.pinv(np.vander(nodes, POWERS, increasing=True))
    return nodes, np.ascontiguousarray(to_slope / np.arange(1, POWERS + 1)[:, None], np.float64)
