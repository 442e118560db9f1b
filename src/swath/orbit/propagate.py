"""Where a satellite is and how it moves over the ground: SGP4 over arrays of times, turned into ITRF."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sgp4.api import SGP4_ERRORS

from swath.compiled import kernel
from swath.errors import SwathError
from swath.orbit.earth import teme_to_itrf
from swath.orbit.mean import DAY_S, UNIX_EPOCH_JD, Elements, satrec

Floats = NDArray[np.float64]

# WGS72, as SGP4 has it.
MU_KM3_S2 = 398_600.8
POLAR_RADIUS_KM = 6_356.75


class PropagationFailed(SwathError):
    """SGP4 has no answer for this satellite at this time: it has decayed, or the elements lead nowhere."""

    default_code = "propagation_failed"

    def __init__(self, message: str, elements: Elements) -> None:
        super().__init__(message)
        self.elements = elements


@dataclass(frozen=True)
class States:
    """Times (N,) in POSIX seconds UTC; positions (N, 3) metres and ground-relative velocities (N, 3) m/s in ITRF."""

    t_s: Floats
    r_m: Floats
    v_ms: Floats


class Propagator:
    """SGP4 for one satellite, made ready once and asked many times; not for several threads at once."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements
        self.model = satrec(elements)
        axis_km = (MU_KM3_S2 / (elements.mean_motion * 2 * np.pi / DAY_S) ** 2) ** (1 / 3)
        self._farthest_km = 2 * axis_km * (1 + elements.eccentricity)

    def compute_teme(self, t_s: Floats) -> tuple[Floats, Floats]:
        """Positions in km and velocities in km/s, (N, 3) each, in TEME at POSIX times (N,).

        The date goes in as whole days and the rest, to keep microseconds. Raises PropagationFailed, which names the
        satellite, the first time that has no answer, and SGP4's reason.
        """
        days = np.floor(t_s / DAY_S)
        error, r_km, v_kms = self.model.sgp4_array(days + UNIX_EPOCH_JD, (t_s - days * DAY_S) / DAY_S)
        if error.any():
            first = int(np.flatnonzero(error)[0])
            raise _failure(self.elements, float(t_s[first]), SGP4_ERRORS[int(error[first])])
        lost = find_off_orbit(r_km, POLAR_RADIUS_KM, self._farthest_km)
        if lost >= 0:
            raise _failure(self.elements, float(t_s[lost]), "it has left every orbit it could be on")
        return r_km, v_kms


def compute_states(elements: Elements, t_s: ArrayLike) -> States:
    """Positions and velocities of one satellite at POSIX times (N,).

    Velocities are relative to the turning Earth. Raises PropagationFailed, which names the satellite, the first time
    that has no answer, and SGP4's reason.
    """
    t = np.atleast_1d(np.asarray(t_s, float))
    _require_finite(t)
    r_km, v_kms = Propagator(elements).compute_teme(t)
    r_m, v_ms = teme_to_itrf(t, r_km * 1e3, v_kms * 1e3)
    return States(t, r_m, v_ms)


def lasts_until(elements: Elements, t_s: float) -> bool:
    """Whether a satellite is still in orbit at a POSIX time, as far as its elements can tell."""
    try:
        compute_states(elements, t_s)
    except PropagationFailed:
        return False
    return True


@kernel
def find_off_orbit(r_km: Floats, nearest_km: float, farthest_km: float) -> int:
    """Where in positions (N, 3) SGP4 first ran on past decay without an error, or -1.

    That is inside the Earth, or far beyond the orbit's own apogee.
    """
    for i in range(len(r_km)):
        squared = r_km[i, 0] ** 2 + r_km[i, 1] ** 2 + r_km[i, 2] ** 2
        if not nearest_km**2 <= squared <= farthest_km**2:
            return i
    return -1


def _require_finite(t: Floats) -> None:
    if not np.isfinite(t).all():
        raise ValueError("a time to propagate to is not a finite number of seconds")


def _failure(elements: Elements, t_s: float, cause: str) -> PropagationFailed:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=t_s)
    age = (at - elements.epoch) / timedelta(days=1)
    return PropagationFailed(
        f"{elements.label} cannot be propagated to {at.isoformat()} ({age:+.1f} days from its elements' epoch): "
        f"{cause}. Take an element set nearer to that time.",
        elements,
    )
