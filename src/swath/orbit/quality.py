"""How wrong a position from an element set is, by the age of the set: one sigma along, across and above the track.

Learned by `scripts/learn_element_quality.py` from 617 sets of six GRUS satellites (GRUS-1A to 1E and GRUS-3ALPHA, some
570 to 590 km high, epochs 2026-05-11 to 2026-07-09, published by CelesTrak): each set was predicted to the moments of
all later ones of its satellite and compared with them. docs/reference/element-quality.md has what came out, and how
often it holds.

It holds for satellites like these, between manoeuvres. A manoeuvre that the set does not know of moves a satellite by
ten kilometres and more a day; lower orbits and stormy space weather are worse too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Beyond this age nothing was learned, and sigmas grow with the square of the age, as those do that drag makes.
KNOWN_DAYS = 14.0


@dataclass(frozen=True)
class Growth:
    """sigma^2 = start^2 + (steady t)^2 + (drag t^2)^2 with t in days: metres, metres a day, metres a day squared.

    `start_m` is how far apart sets of the same time are, so it is an error of two sets; it is taken for that of one.
    """

    start_m: float
    steady_m: float
    drag_m: float

    def sigma_m(self, age_days: Floats) -> Floats:
        return np.sqrt(self.start_m**2 + (self.steady_m * age_days) ** 2 + (self.drag_m * age_days**2) ** 2)


ALONG = Growth(219.0, 674.0, 289.5)
CROSS = Growth(23.0, 28.0, 0.0)
RADIAL = Growth(30.0, 52.0, 0.0)


@dataclass(frozen=True)
class Sigma:
    """One sigma of a position in metres, along the track, across it, and in height; arrays of the ages' shape."""

    along_m: Floats
    cross_m: Floats
    radial_m: Floats


def position_sigma_m(age_days: ArrayLike) -> Sigma:
    """How wrong positions are that lie this many days after an epoch, or before it: the sign does not matter."""
    age = np.abs(np.asarray(age_days, float))
    known = np.minimum(age, KNOWN_DAYS)
    beyond = np.maximum(age / KNOWN_DAYS, 1.0) ** 2
    return Sigma(*(growth.sigma_m(known) * beyond for growth in (ALONG, CROSS, RADIAL)))


def time_uncertainty_s(age_days: ArrayLike, speed_ms: ArrayLike) -> Floats:
    """One sigma of how late or early a satellite of this speed passes over a place, in seconds."""
    return position_sigma_m(age_days).along_m / np.asarray(speed_ms, float)
