"""A short arc of an orbit as polynomials: SGP4's own answer, without SGP4, for the minutes around an access."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial.chebyshev import chebpts1, chebvander
from numpy.typing import ArrayLike

from swath.access.frame import Frame, compute_frame
from swath.access.look import Floats
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states

# Sixteen nodes over ten minutes follow SGP4 to the rounding of its times (a test measures it).
NODES = 16
HALF_S = 300.0


@dataclass(frozen=True)
class Arc:
    """Body frames around `middle_s` (POSIX seconds): Chebyshev coefficients (NODES, 12) of position and axes.

    The arc's own time `tau_s` runs from -half_s to half_s; close to 0 it is far finer than POSIX seconds in float64.
    `speed_ms` is the satellite's own speed relative to the turning Earth, at the middle.
    """

    middle_s: float
    half_s: float
    speed_ms: float
    coefficients: Floats

    def frames(self, tau_s: ArrayLike) -> Frame:
        """Frames at times (N,) in seconds from the middle; beyond the arc's ends, those at its ends."""
        part = np.clip(np.atleast_1d(np.asarray(tau_s, float)) / self.half_s, -1.0, 1.0)
        values = chebvander(part, NODES - 1) @ self.coefficients
        return Frame(values[:, :3], values[:, 3:6], values[:, 6:9], values[:, 9:])


def fit_arcs(elements: Elements, middles_s: ArrayLike, half_s: float = HALF_S) -> tuple[Arc, ...]:
    """Arcs around times (A,), from one propagation. Raises PropagationFailed when SGP4 gives no position."""
    middles, (nodes, fit) = np.atleast_1d(np.asarray(middles_s, float)), _nodes_and_fit()
    # The middle itself comes along as one more node, for the speed.
    times = middles[:, None] + half_s * np.append(nodes, 0.0)
    states = compute_states(elements, times.ravel())
    frame = compute_frame(states)
    values = np.concatenate([frame.r_m, frame.x, frame.y, frame.z], axis=1).reshape(*times.shape, 12)
    speed = np.linalg.norm(states.v_ms, axis=1).reshape(times.shape)[:, -1]
    coefficients = fit @ values[:, :-1]
    return tuple(
        Arc(float(middle), half_s, float(v), c)
        for middle, v, c in zip(middles, speed, coefficients, strict=True)
    )


@lru_cache(maxsize=1)
def _nodes_and_fit() -> tuple[Floats, Floats]:
    """Chebyshev nodes (NODES,) in -1..1 and the matrix that turns values there into coefficients."""
    nodes = chebpts1(NODES)
    fit = np.asarray(np.linalg.inv(chebvander(nodes, NODES - 1)), np.float64)
    return nodes, fit
