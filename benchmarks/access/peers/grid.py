"""A grid in NumPy, as one would write it in an afternoon: sgp4's SatrecArray, sidereal time, elevation, bisection."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from astropy_iers_data import IERS_A_FILE
from numpy.typing import NDArray
from sgp4.api import Satrec, SatrecArray

from benchmarks.access.works import DAY_S, MIN_ELEVATION_DEG, Access, Floats, Tles

UNIX_EPOCH_JD, J2000_JD, UNIX_EPOCH_MJD = 2_440_587.5, 2_451_545.0, 40_587
AXIS_M, FLATTENING = 6_378_137.0, 1 / 298.257223563
SIN_LIMIT = np.sin(np.radians(MIN_ELEVATION_DEG))
CHUNK = 50
TOLERANCE_S = 1e-3


def load_ut1() -> Floats:
    """Days since 1970 and UT1-UTC in seconds (2, N), of the years without a leap second."""
    lines = Path(IERS_A_FILE).read_text("ascii").splitlines()
    rows = [(line[7:15], line[58:68]) for line in lines if line[58:68].strip()]
    return (np.array(rows[-2_500:], float) - [UNIX_EPOCH_MJD, 0]).T


UT1 = load_ut1()


def find(
    tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float, step_s: float = 30.0
) -> list[Access]:
    satellites = [Satrec.twoline2rv(*tle.splitlines()) for tle in tles]
    places, ups = build_places(lon, lat)
    t = np.arange(start_s, end_s + step_s, step_s)
    found = []
    for i, track in enumerate(propagate(SatrecArray(satellites), t)):
        for first in range(0, len(lon), CHUNK):
            part = slice(first, first + CHUNK)
            high = sin_elevation(track[None], places[part, None], ups[part, None]) > SIN_LIMIT
            found += find_passes(satellites[i], i, first, high, t, places, ups)
    return found


def find_passes(
    satellite: Satrec, i: int, first: int, high: NDArray[np.bool_], t: Floats, places: Floats, ups: Floats
) -> Iterator[Access]:
    """Where one step is high and the next is not, or the other way round: narrowed down, all at once."""
    row, k = np.nonzero(high[:, 1:] != high[:, :-1])
    target, rising = first + row, high[row, k + 1]
    edges = bisect(satellite, t[k], t[k + 1], rising, places[target], ups[target])
    at = np.flatnonzero(rising[:-1] & ~rising[1:] & (target[:-1] == target[1:]))
    for j, rise_s, set_s in zip(target[at].tolist(), edges[at].tolist(), edges[at + 1].tolist(), strict=True):
        yield i, j, rise_s, set_s


def bisect(
    satellite: Satrec, low: Floats, high: Floats, rising: NDArray[np.bool_], place: Floats, up: Floats
) -> Floats:
    for _ in range(int(np.ceil(np.log2((high - low).max(initial=1.0) / TOLERANCE_S)))):
        middle = (low + high) / 2
        inside = sin_elevation(propagate_one(satellite, middle), place, up) > SIN_LIMIT
        early = inside == rising
        low, high = np.where(early, low, middle), np.where(early, middle, high)
    return (low + high) / 2


def build_places(lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
    """Positions on the ellipsoid in metres and verticals, each (T, 3)."""
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    up = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    squash = np.array([1, 1, (1 - FLATTENING) ** 2])
    across = AXIS_M / np.sqrt((up**2 * squash).sum(1, keepdims=True))
    return across * squash * up, up


def sin_elevation(r: Floats, place: Floats, up: Floats) -> Floats:
    sight = r - place
    return np.einsum("...i,...i", sight, up) / np.sqrt(np.einsum("...i,...i", sight, sight))


def propagate(satellites: SatrecArray, t: Floats) -> Floats:
    """Positions (S, N, 3) in metres, turning with the Earth (no polar motion)."""
    day = np.floor(t / DAY_S)
    _, r_km, _ = satellites.sgp4(day + UNIX_EPOCH_JD, (t - day * DAY_S) / DAY_S)
    return turn(r_km * 1e3, gmst_rad(t))


def propagate_one(satellite: Satrec, t: Floats) -> Floats:
    day = np.floor(t / DAY_S)
    _, r_km, _ = satellite.sgp4_array(day + UNIX_EPOCH_JD, (t - day * DAY_S) / DAY_S)
    return turn(r_km * 1e3, gmst_rad(t))


def turn(r: Floats, angle: Floats) -> Floats:
    cos, sin, x, y = np.cos(angle), np.sin(angle), r[..., 0], r[..., 1]
    return np.stack([cos * x + sin * y, cos * y - sin * x, r[..., 2]], axis=-1)


def gmst_rad(t: Floats) -> Floats:
    """Greenwich mean sidereal time of 1982."""
    ut1 = t / DAY_S + np.interp(t / DAY_S, *UT1) / DAY_S
    since = ut1 + (UNIX_EPOCH_JD - J2000_JD)
    centuries = since / 36_525.0
    slow_s = 67_310.54841 + centuries * (8_640_184.812866 + centuries * (0.093104 - centuries * 6.2e-6))
    return 2 * np.pi * np.mod(slow_s / DAY_S + np.mod(since, 1.0), 1.0)
