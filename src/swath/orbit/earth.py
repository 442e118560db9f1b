"""How the Earth turns: UT1 and polar motion from the IERS tables, and the rotation from TEME to ITRF.

The chain is TEME -> PEF by Greenwich mean sidereal time of 1982 with UT1 -> ITRF by polar motion, the one that goes with
SGP4 (Vallado et al., Revisiting Spacetrack Report #3, AIAA 2006-6753, appendix C). Times are POSIX seconds UTC.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from astropy_iers_data import IERS_A_FILE
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DAY_S = 86_400.0
UNIX_EPOCH_JD = 2_440_587.5
J2000_JD = 2_451_545.0
MJD_OF_UNIX_EPOCH = 40_587.0
ARCSEC = np.pi / 648_000
# IERS Conventions 2010, nominal mean angular velocity of the Earth.
EARTH_RATE_RAD_S = 7.292115e-5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EarthTable:
    """Daily Earth orientation: times (N,), pole coordinates in radians (N,), UT1-UTC in seconds (N,)."""

    t_s: Floats
    x_rad: Floats
    y_rad: Floats
    ut1_utc_s: Floats


@lru_cache(maxsize=1)
def load_earth_table() -> EarthTable:
    """The IERS finals2000A table, measured and predicted values (fixed columns as in its readme)."""
    values = [_parse_line(line) for line in Path(IERS_A_FILE).read_text("ascii").splitlines()]
    mjd, x, y, ut1 = np.array([value for value in values if value is not None]).T
    return EarthTable((mjd - MJD_OF_UNIX_EPOCH) * DAY_S, x * ARCSEC, y * ARCSEC, ut1)


def ut1_minus_utc_s(t_s: ArrayLike) -> Floats:
    """UT1-UTC in seconds at POSIX times (N,). Beyond the table the last value is held, before it 0 is taken."""
    table, t = load_earth_table(), np.asarray(t_s, float)
    leaps = np.concatenate([[0.0], np.cumsum(np.round(np.diff(table.ut1_utc_s)))])
    day = np.clip(np.searchsorted(table.t_s, t, side="right") - 1, 0, len(leaps) - 1)
    # Without its leap seconds UT1-UTC is continuous and can be interpolated.
    smooth = _interpolate(t, table, table.ut1_utc_s - leaps)
    return np.where(t < table.t_s[0], 0.0, smooth + leaps[day])


def polar_motion_rad(t_s: ArrayLike) -> tuple[Floats, Floats]:
    """Pole coordinates x and y in radians at POSIX times (N,); outside the table as for UT1."""
    table, t = load_earth_table(), np.asarray(t_s, float)
    return _interpolate(t, table, table.x_rad), _interpolate(t, table, table.y_rad)


def gmst_rad(t_s: ArrayLike) -> Floats:
    """Greenwich mean sidereal time of 1982 in radians at POSIX times (N,) (Aoki et al. 1982)."""
    t = np.asarray(t_s, float)
    days = np.floor(t / DAY_S)
    seconds = t - days * DAY_S + ut1_minus_utc_s(t)
    centuries = (days + UNIX_EPOCH_JD - J2000_JD + seconds / DAY_S) / 36_525.0
    drift = 67_310.54841 + centuries * (8_640_184.812866 + centuries * (0.093104 - centuries * 6.2e-6))
    # 876600 hours a century are whole turns but for the fraction of the day, which is kept apart for precision.
    # 0h UT of a day that counts from JD .5 is half a turn on from noon, where the formula starts.
    turns = drift / DAY_S + seconds / DAY_S + 0.5
    return np.mod(turns, 1.0) * 2 * np.pi


def teme_to_itrf(t_s: ArrayLike, r_m: Floats, v_ms: Floats) -> tuple[Floats, Floats]:
    """Positions and velocities (N, 3) from TEME to ITRF at times (N,); velocities become relative to the ground."""
    t = np.asarray(t_s, float)
    angle = gmst_rad(t)
    position, velocity = _spin(angle, r_m), _spin(angle, v_ms)
    velocity = velocity - np.cross(np.array([0.0, 0.0, EARTH_RATE_RAD_S]), position)
    x, y = polar_motion_rad(t)
    return _wobble(x, y, position), _wobble(x, y, velocity)


def equator_of_date_to_itrf(t_s: ArrayLike, r: Floats) -> Floats:
    """Directions (N, 3) in the mean equator and equinox of date to ITRF, by sidereal time alone (a few arcseconds)."""
    return _spin(gmst_rad(t_s), r)


def _spin(angle: Floats, r: Floats) -> Floats:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([cos * r[:, 0] + sin * r[:, 1], cos * r[:, 1] - sin * r[:, 0], r[:, 2]], axis=1)


def _wobble(x: Floats, y: Floats, r: Floats) -> Floats:
    # R2(-x) R1(-y) to first order: the angles are below 1e-5 rad, their product below 1e-10.
    return np.stack(
        [r[:, 0] + x * r[:, 2], r[:, 1] - y * r[:, 2], r[:, 2] - x * r[:, 0] + y * r[:, 1]], axis=1
    )


def _parse_line(line: str) -> tuple[float, float, float, float] | None:
    fields = line[7:15], line[18:27], line[37:46], line[58:68]
    if any(not field.strip() for field in fields):
        return None
    mjd, x, y, ut1 = (float(field) for field in fields)
    return mjd, x, y, ut1


def _interpolate(t: Floats, table: EarthTable, values: Floats) -> Floats:
    if t.size and t.max() > table.t_s[-1]:
        _warn_once("after", float(table.t_s[-1]))
    if t.size and t.min() < table.t_s[0]:
        _warn_once("before", float(table.t_s[0]))
    return np.interp(t, table.t_s, values, left=0.0)


@lru_cache(maxsize=4)
def _warn_once(side: str, edge_s: float) -> None:
    edge = np.datetime64(int(edge_s), "s")
    log.warning("Earth orientation is asked for %s the IERS table's edge %s; accuracy falls to some 0.1 s", side, edge)
