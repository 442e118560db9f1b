"""A short arc of an orbit as polynomials: SGP4's own answer, without SGP4, for the minutes around an access."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.chebyshev import chebpts1, chebvander
from numpy.typing import ArrayLike

from swath.access.look import Floats
from swath.orbit.elements import Elements
from swath.orbit.propagate import States, compute_states

# Sixteen nodes over ten minutes follow SGP4 to micrometres (measured in the tests).
NODES = 16
HALF_S = 300.0


@dataclass(frozen=True)
class Arc:
    """Positions and velocities around `middle_s` (POSIX seconds): Chebyshev coefficients (NODES, 6).

    Its own time `tau_s` runs from -half_s to half_s; near 0 it is far finer than POSIX seconds in float64 can be.
    """

    middle_s: float
    half_s: float
    coefficients: Floats

    def states(self, tau_s: ArrayLike) -> States:
        """States at times (N,) in seconds from the middle; beyond the arc's ends, the states at its ends."""
        tau = np.clip(np.atleast_1d(np.asarray(tau_s, float)), -self.half_s, self.half_s)
        values = chebvander(tau / self.half_s, NODES - 1) @ self.coefficients
        return States(self.middle_s + tau, values[:, :3], values[:, 3:])


def fit_arcs(elements: Elements, middles_s: ArrayLike, half_s: float = HALF_S) -> tuple[Arc, ...]:
    """Arcs around times (A,), from one propagation. Raises PropagationFailed when SGP4 gives no position."""
    middles, nodes = np.atleast_1d(np.asarray(middles_s, float)), chebpts1(NODES)
    states = compute_states(elements, (middles[:, None] + half_s * nodes).ravel())
    values = np.concatenate([states.r_m, states.v_ms], axis=1).reshape(len(middles), NODES, 6)
    coefficients = np.linalg.inv(chebvander(nodes, NODES - 1)) @ values
    return tuple(Arc(float(t), half_s, c) for t, c in zip(middles, coefficients, strict=True))
