"""A short arc of an orbit as polynomials: position and body frame for the minutes around an approach."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial.chebyshev import chebpts1
from numpy.typing import ArrayLike

from swath.access.frame import Frame
from swath.access.look import Floats
from swath.compiled import kernel
from swath.geo.kernels import Vector, blend, cross, dot, unit, vertical_at
from swath.orbit.elements import Elements
from swath.orbit.ephemeris import Ephemeris, Paths, fit_around, path_of, state_at
from swath.orbit.propagate import Propagator

# Seven terms over six minutes follow the frame to a tenth of a microradian of a turn (a test measures it).
TERMS = 7
# One more than is needed: eight are computed in one go.
NODES = 8
ROWS = 15
# Which rows are the position, and each axis with how far the position lies along it.
POSITION, X, Y, Z = slice(0, 3), slice(3, 7), slice(7, 11), slice(11, 15)
HALF_S = 180.0

# An arc for kernels: half its length in seconds, and coefficients (ROWS, TERMS).
Curve = tuple[float, Floats]
Body = tuple[Vector, Vector, Vector, Vector]


@dataclass(frozen=True)
class Arc:
    """Body frames from `half_s` before `middle_s` (POSIX seconds) to as long after it.

    `coefficients` (ROWS, TERMS) are in powers of the arc's own time over `half_s`: those of the position, and of x, y
    and z, each with the position's part along it. That time, `tau_s`, is 0 in the middle, where it is far finer than
    POSIX seconds in float64.
    """

    middle_s: float
    half_s: float
    coefficients: Floats

    @property
    def curve(self) -> Curve:
        """The arc for kernels."""
        return self.half_s, self.coefficients

    def frames(self, tau_s: ArrayLike) -> Frame:
        """Frames at times (N,) in seconds from the middle; beyond the arc's ends, those at its ends."""
        tau = np.clip(np.atleast_1d(np.asarray(tau_s, float)), -self.half_s, self.half_s)
        powers = np.polynomial.polynomial.polyvander(tau / self.half_s, TERMS - 1)
        values = np.asarray(powers @ self.coefficients.T, np.float64)
        return Frame(values[:, POSITION], *(values[:, axis][:, :3] for axis in (X, Y, Z)))


def fit_arcs(elements: Elements, middles_s: ArrayLike, half_s: float = HALF_S) -> tuple[Arc, ...]:
    """Arcs around POSIX times (A,), from one propagation. Raises PropagationFailed when SGP4 gives no position."""
    middles = np.atleast_1d(np.asarray(middles_s, float))
    if not len(middles):
        return ()
    tau_s = middles - middles[0]
    path = fit_around(Propagator(elements), float(middles[0]), tau_s, half_s)
    pairs = zip(middles.tolist(), build_curves(path, tau_s, half_s), strict=True)
    return tuple(Arc(middle, half_s, rows) for middle, rows in pairs)


def build_curves(path: Ephemeris, tau_s: Floats, half_s: float) -> Floats:
    """Coefficients (A, ROWS, TERMS) of arcs around times (A,), seconds from the ephemeris' zero.

    The ephemeris has a row for each of them, or one for all.
    """
    return fit_frames(path.packed, tau_s, half_s, *_nodes_and_fit())


@kernel
def frame_at(curve: Curve, tau_s: float) -> Body:
    """Position in metres ITRF and the axes x, y and z at a time from the arc's middle."""
    half_s, c = curve
    u = tau_s / half_s
    return (
        (_power_sum(c[0], u), _power_sum(c[1], u), _power_sum(c[2], u)),
        (_power_sum(c[3], u), _power_sum(c[4], u), _power_sum(c[5], u)),
        (_power_sum(c[7], u), _power_sum(c[8], u), _power_sum(c[9], u)),
        (_power_sum(c[11], u), _power_sum(c[12], u), _power_sum(c[13], u)),
    )


@kernel
def rate_at(curve: Curve, tau_s: float) -> Body:
    """How fast the same four change, a second."""
    half_s, c = curve
    u, rate = tau_s / half_s, 1.0 / half_s
    return (
        (rate * _slope(c[0], u), rate * _slope(c[1], u), rate * _slope(c[2], u)),
        (rate * _slope(c[3], u), rate * _slope(c[4], u), rate * _slope(c[5], u)),
        (rate * _slope(c[7], u), rate * _slope(c[8], u), rate * _slope(c[9], u)),
        (rate * _slope(c[11], u), rate * _slope(c[12], u), rate * _slope(c[13], u)),
    )


@kernel
def fit_frames(paths: Paths, tau_s: Floats, half_s: float, nodes: Floats, fit: Floats) -> Floats:
    """Coefficients (A, ROWS, TERMS) of arcs around times (A,), from values at nodes (NODES,) by the matrix `fit`."""
    out = np.empty((len(tau_s), ROWS, TERMS))
    r, v, values = np.empty((3, NODES)), np.empty((3, NODES)), np.empty((ROWS, NODES))
    for i in range(len(tau_s)):
        path = path_of(paths, i)
        for k in range(len(nodes)):
            place, speed = state_at(path, tau_s[i] + half_s * nodes[k])
            r[0, k], r[1, k], r[2, k] = place
            v[0, k], v[1, k], v[2, k] = speed
        # Apart, and with room of a size known here: so it is compiled for all nodes at once.
        for k in range(len(nodes)):
            place = (r[0, k], r[1, k], r[2, k])
            x, y, z = _axes(place, (v[0, k], v[1, k], v[2, k]))
            values[0, k], values[1, k], values[2, k] = place
            values[3, k], values[4, k], values[5, k], values[6, k] = x[0], x[1], x[2], dot(place, x)
            values[7, k], values[8, k], values[9, k], values[10, k] = y[0], y[1], y[2], dot(place, y)
            values[11, k], values[12, k], values[13, k], values[14, k] = z[0], z[1], z[2], dot(place, z)
        for row in range(ROWS):
            for term in range(TERMS):
                total = 0.0
                for k in range(NODES):
                    total += fit[term, k] * values[row, k]
                out[i, row, term] = total
    return out


@kernel
def _axes(r: Vector, v: Vector) -> tuple[Vector, Vector, Vector]:
    """The body frame as `access/frame.py` has it."""
    up, _ = vertical_at(r)
    x = unit(blend(1.0, v, -dot(v, up), up))
    z = (-up[0], -up[1], -up[2])
    return x, cross(z, x), z


@kernel
def _power_sum(c: Floats, u: float) -> float:
    """A polynomial of seven terms."""
    return (((((c[6] * u + c[5]) * u + c[4]) * u + c[3]) * u + c[2]) * u + c[1]) * u + c[0]


@kernel
def _slope(c: Floats, u: float) -> float:
    """Its derivative."""
    return ((((6 * c[6] * u + 5 * c[5]) * u + 4 * c[4]) * u + 3 * c[3]) * u + 2 * c[2]) * u + c[1]


@lru_cache(maxsize=1)
def _nodes_and_fit() -> tuple[Floats, Floats]:
    """Chebyshev nodes (NODES,) in -1..1 and the matrix that turns values there into powers, by least squares."""
    nodes = chebpts1(NODES)
    return nodes, np.ascontiguousarray(np.linalg.pinv(np.vander(nodes, TERMS, increasing=True)), np.float64)
