"""How sure a coverage is when the satellite comes late or flies aside: a small quadrature over two normal errors.

Being late carries most of the doubt, so along that axis the probability is exact: the moments at which coverage falls
below what is needed are found by bisection, and between them the normal distribution is known. Across it three nodes
of Gauss and Hermite do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import erf, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Coverage may be this part less than stated and still counts as met.
TOLERANCE = 0.01
# Errors at which coverage is looked at, in sigma: late (L,), and aside (K,) with the weights of a normal distribution.
NODES_LATE = np.linspace(-4.0, 4.0, 17)
NODES_ASIDE = np.array([-sqrt(3.0), 0.0, sqrt(3.0)])
WEIGHTS_ASIDE = np.array([1.0, 4.0, 1.0]) / 6
# Half a sigma between nodes, halved so many times, leaves 0.01 sigma: below 0.002 of probability.
HALVINGS = 6

# Takes how late the satellite is in seconds and how far aside to the right its swath lies in metres, (N,) each; gives
# coverage (N,) in any unit.
CoverageAt = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Doubt:
    """One sigma of how late a capture's satellite is, and of how far aside its swath lies; the two are independent.

    While a satellite is late the Earth turns on below: every second puts the swath another `drift_ms` metres right.
    """

    late_s: float
    aside_m: float
    drift_ms: float


@dataclass(frozen=True)
class Confidence:
    """The probability that coverage is what is stated, less the tolerance, and what part of it is to be expected."""

    probability: float
    expected: float


def compute_confidence(coverage_at: CoverageAt, doubt: Doubt) -> Confidence:
    """How sure the coverage without any error is; it is stated, and must be above zero."""

    def look(late: Floats, aside: Floats) -> Floats:
        late_s = doubt.late_s * late
        return coverage_at(late_s, doubt.drift_ms * late_s + doubt.aside_m * aside)

    aside, late = (grid.ravel() for grid in np.meshgrid(NODES_ASIDE, NODES_LATE, indexing="ij"))
    coverage = look(late, aside).reshape(len(NODES_ASIDE), len(NODES_LATE))
    stated = coverage[len(NODES_ASIDE) // 2, len(NODES_LATE) // 2]
    probability = _compute_probability(coverage, (1 - TOLERANCE) * stated, look)
    return Confidence(probability, float(WEIGHTS_ASIDE @ coverage @ _late_weights() / stated))


def _compute_probability(coverage: Floats, needed: float, look: CoverageAt) -> float:
    """The mass of the errors with enough coverage: rows of nodes (K, L), and `look` for errors between them."""
    enough = coverage >= needed
    row, left = np.nonzero(enough[:, 1:] != enough[:, :-1])
    rising = enough[row, left + 1]
    low, high = NODES_LATE[left], NODES_LATE[left + 1]
    for _ in range(HALVINGS if len(row) else 0):
        middle = (low + high) / 2
        beyond = (look(middle, NODES_ASIDE[row]) >= needed) == rising
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    below = _normal_cdf((low + high) / 2) * np.where(rising, -1.0, 1.0)
    mass = enough[:, -1] + np.bincount(row, below, minlength=len(coverage))
    return float(np.clip(WEIGHTS_ASIDE @ mass, 0.0, 1.0))


@cache
def _late_weights() -> Floats:
    """Weights (L,) that give the mean of what is straight from node to node, and the last nodes' value beyond them."""
    step = NODES_LATE[1] - NODES_LATE[0]
    mass = np.diff(_normal_cdf(NODES_LATE))
    density = np.exp(-(NODES_LATE**2) / 2) / sqrt(2 * pi)
    right = (density[:-1] - density[1:] - NODES_LATE[:-1] * mass) / step
    weights = np.append(mass - right, 0.0) + np.append(0.0, right)
    weights[[0, -1]] += _normal_cdf(NODES_LATE[:1])
    return weights


def _normal_cdf(z: Floats) -> Floats:
    return np.array([(1 + erf(value / sqrt(2.0))) / 2 for value in z.tolist()])
