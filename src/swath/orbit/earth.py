"""How the Earth turns: UT1 and polar motion from the IERS tables, and the rotation from TEME to ITRF.

The chain is TEME -> PEF by Greenwich mean sidereal time of 1982 with UT1 -> ITRF by polar motion, the one that goes
with SGP4 (Vallado et al., Revisiting Spacetrack Report #3, AIAA 2006-6753, appendix C). Times are POSIX seconds UTC.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from astropy_iers_data import IERS_A_FILE
from numpy.typing import ArrayLike, NDArray

from swath.compiled import kernel
from swath.orbit.mean import DAY_S, UNIX_EPOCH_JD

Floats = NDArray[np.float64]

J2000_JD = 2_451_545.0
MJD_OF_UNIX_EPOCH = 40_587.0
ARCSEC = np.pi / 648_000
# IERS Conventions 2010, nominal mean angular velocity of the Earth.
EARTH_RATE_RAD_S = 7.292115e-5
# How fast mean sidereal time of 1982 runs, per second of UT1.
SIDEREAL_RATE_RAD_S = 2 * np.pi * 1.002_737_909_35 / DAY_S

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EarthTable:
    """Daily Earth orientation: times (N,) in POSIX seconds, pole coordinates (N,) in radians, and UT1-UTC in seconds.

    UT1-UTC jumps with every leap second, so it is kept as a continuous part, which can be interpolated, and a whole
    number of seconds that holds from each time on.
    """

    t_s: Floats
    x_rad: Floats
    y_rad: Floats
    ut1_smooth_s: Floats
    ut1_leaps_s: Floats

    @cached_property
    def packed(self) -> Floats:
        """The columns after the times as one array (N, 4), for kernels."""
        return np.column_stack([self.x_rad, self.y_rad, self.ut1_smooth_s, self.ut1_leaps_s])


@lru_cache(maxsize=1)
def load_earth_table() -> EarthTable:
    """The IERS finals2000A table of astropy-iers-data, measured values and about a year of predicted ones."""
    lines = Path(IERS_A_FILE).read_text("ascii").splitlines()
    rows = [(line[7:15], line[18:27], line[37:46], line[58:68]) for line in lines if line[58:68].strip()]
    mjd, x, y, ut1 = np.array(rows, float).T
    leaps = np.concatenate([[0.0], np.cumsum(np.round(np.diff(ut1)))])
    return EarthTable((mjd - MJD_OF_UNIX_EPOCH) * DAY_S, x * ARCSEC, y * ARCSEC, ut1 - leaps, leaps)


def ut1_minus_utc_s(t_s: ArrayLike) -> Floats:
    """UT1-UTC in seconds at POSIX times of any shape; beyond the table its last value, before it 0."""
    table, t = load_earth_table(), np.asarray(t_s, float)
    smooth = _interpolate(table, t, table.ut1_smooth_s)
    day = np.searchsorted(table.t_s, t, side="right") - 1
    return smooth + np.where(day < 0, 0.0, table.ut1_leaps_s[day])


def polar_motion_rad(t_s: ArrayLike) -> tuple[Floats, Floats]:
    """Pole coordinates x and y in radians at POSIX times of any shape; outside the table as for UT1."""
    table, t = load_earth_table(), np.asarray(t_s, float)
    return _interpolate(table, t, table.x_rad), _interpolate(table, t, table.y_rad)


def gmst_rad(t_s: ArrayLike) -> Floats:
    """Greenwich mean sidereal time of 1982 in radians, 0..2 pi, at POSIX times of any shape (Aoki et al. 1982)."""
    t = np.asarray(t_s, float)
    days = np.floor(t / DAY_S)
    return compute_gmst_rad(days, (t - days * DAY_S + ut1_minus_utc_s(t)) / DAY_S)


@lru_cache(maxsize=256)
def gmst_at(t_s: float) -> float:
    """The same at one POSIX time; many satellites ask for the same one."""
    return float(gmst_rad(t_s))


def compute_gmst_rad(days: Floats, day_part: Floats) -> Floats:
    """Mean sidereal time from whole days since 1970 and the part of the day, UT1; for arrays, and in kernels."""
    centuries = (days + (UNIX_EPOCH_JD - J2000_JD) + day_part) / 36_525.0
    slow_s = 67_310.54841 + centuries * (8_640_184.812866 + centuries * (0.093104 - centuries * 6.2e-6))
    # The formula's 876,600 hours a century are one turn a day since J2000, which is noon: whole turns drop out, half a
    # turn stays, and the part of the day keeps its full precision.
    turns = slow_s / DAY_S + day_part + 0.5
    return (turns - np.floor(turns)) * 2 * np.pi


_gmst_rad = kernel(compute_gmst_rad)


@kernel
def earth_at(t_s: float, first_s: float, table: Floats) -> tuple[float, float, float]:
    """Sidereal angle and pole coordinates in radians at a POSIX time, by the packed table that begins at `first_s`."""
    last = len(table) - 1
    place = min(max((t_s - first_s) / DAY_S, 0.0), float(last))
    day = min(int(place), last - 1)
    part = place - day
    x = table[day, 0] + part * (table[day + 1, 0] - table[day, 0])
    y = table[day, 1] + part * (table[day + 1, 1] - table[day, 1])
    ut1 = table[day, 2] + part * (table[day + 1, 2] - table[day, 2]) + table[int(place), 3]
    whole = np.floor(t_s / DAY_S)
    return float(_gmst_rad(whole, (t_s - whole * DAY_S + ut1) / DAY_S)), x, y


def teme_to_itrf(t_s: ArrayLike, r_m: Floats, v_ms: Floats) -> tuple[Floats, Floats]:
    """Positions and velocities (N, 3) from TEME to ITRF at times (N,); velocities become relative to the ground."""
    t = np.asarray(t_s, float)
    angle = gmst_rad(t)
    position, velocity = _spin(angle, r_m), _spin(angle, v_ms)
    velocity[:, 0] += EARTH_RATE_RAD_S * position[:, 1]
    velocity[:, 1] -= EARTH_RATE_RAD_S * position[:, 0]
    x, y = polar_motion_rad(t)
    return _tip(x, y, position), _tip(x, y, velocity)


def _spin(angle: Floats, r: Floats) -> Floats:
    """R3(angle): into a frame turned eastwards by `angle`."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([cos * r[:, 0] + sin * r[:, 1], cos * r[:, 1] - sin * r[:, 0], r[:, 2]], axis=1)


def _tip(x: Floats, y: Floats, r: Floats) -> Floats:
    """Polar motion to first order: the angles are below 5e-6 rad, so what is left out is below 0.1 mm at 7,000 km."""
    return np.stack(
        [r[:, 0] + x * r[:, 2], r[:, 1] - y * r[:, 2], r[:, 2] - x * r[:, 0] + y * r[:, 1]], axis=1
    )


def _interpolate(table: EarthTable, t: Floats, values: Floats) -> Floats:
    _warn_outside(table, t)
    return np.asarray(np.interp(t, table.t_s, values, left=0.0))


def _warn_outside(table: EarthTable, t: Floats) -> None:
    first, last = float(table.t_s[0]), float(table.t_s[-1])
    if t.size and (t.min() < first or t.max() > last):
        _warn_once(first, last)


@lru_cache(maxsize=1)
def _warn_once(first_s: float, last_s: float) -> None:
    first, last = (datetime.fromtimestamp(t, UTC).date() for t in (first_s, last_s))
    log.warning(
        "A time lies outside the Earth orientation table (%s to %s): positions on the ground may be off by some 100 m. "
        "A newer astropy-iers-data reaches further.",
        first,
        last,
    )
