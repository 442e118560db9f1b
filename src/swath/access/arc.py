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
from swath.orbit.ephemeris import Ephemeris, Path, fit_around, state_at
from swath.orbit.propagate import Propagator

# Eight terms over eight minutes follow the frame to a tenth of a microradian of a turn (a test measures it).
TERMS = 8
AXES = 12
HALF_S = 240.0

# An arc for kernels: half its length in seconds, and coefficients (AXES, TERMS).
Curve = tuple[float, Floats]
Body = tuple[Vector, Vector, Vector, Vector]


@dataclass(frozen=True)
class Arc:
    """Body frames from `half_s` before `middle_s` (POSIX seconds) to as long after it.

    `coefficients` (AXES, TERMS) are position, x, y and z in powers of the arc's own time over `half_s`. That time,
    `tau_s`, is 0 in the middle, where it is far finer than POSIX seconds in float64.
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
        return Frame(values[:, :3], values[:, 3:6], values[:, 6:9], values[:, 9:])


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
    """Coefficients (A, AXES, TERMS) of arcs around times (A,), seconds from the ephemeris' zero.

    The ephemeris has a row for each of them, or one for all.
    """
    return fit_frames(path.start_s, path.step_s, path.coefficients, tau_s, half_s, *_nodes_and_fit())


@kernel
def frame_at(curve: Curve, tau_s: float) -> Body:
    """Position in metres ITRF and the axes x, y and z at a time from the arc's middle."""
    half_s, c = curve
    u = tau_s / half_s
    return (
        (_power_sum(c[0], u), _power_sum(c[1], u), _power_sum(c[2], u)),
        (_power_sum(c[3], u), _power_sum(c[4], u), _power_sum(c[5], u)),
        (_power_sum(c[6], u), _power_sum(c[7], u), _power_sum(c[8], u)),
        (_power_sum(c[9], u), _power_sum(c[10], u), _power_sum(c[11], u)),
    )


@kernel
def fit_frames(
    starts_s: Floats, step_s: float, rows: Floats, tau_s: Floats, half_s: float, nodes: Floats, fit: Floats
) -> Floats:
    """Coefficients (A, AXES, TERMS) of arcs around times (A,), from values at nodes (TERMS,) by the matrix `fit`."""
    out = np.zeros((len(tau_s), AXES, TERMS))
    for i in range(len(tau_s)):
        row = i % len(rows)
        for k in range(TERMS):
            r, x, y, z = _body_frame((starts_s[row], step_s, rows[row]), tau_s[i] + half_s * nodes[k])
            values = (*r, *x, *y, *z)
            for axis in range(AXES):
                for term in range(TERMS):
                    out[i, axis, term] += fit[term, k] * values[axis]
    return out


@kernel
def _body_frame(path: Path, t_s: float) -> Body:
    """As `access/frame.py` has it."""
    r, v = state_at(path, t_s)
    up, _ = vertical_at(r)
    x = unit(blend(1.0, v, -dot(v, up), up))
    z = (-up[0], -up[1], -up[2])
    return r, x, cross(z, x), z


@kernel
def _power_sum(c: Floats, u: float) -> float:
    """A polynomial of eight terms."""
    return ((((((c[7] * u + c[6]) * u + c[5]) * u + c[4]) * u + c[3]) * u + c[2]) * u + c[1]) * u + c[0]


@lru_cache(maxsize=1)
def _nodes_and_fit() -> tuple[Floats, Floats]:
    """Chebyshev nodes (TERMS,) in -1..1 and the matrix that turns values there into powers."""
    nodes = chebpts1(TERMS)
    return nodes, np.asarray(np.linalg.inv(np.vander(nodes, increasing=True)), np.float64)
