"""Where the Sun stands, by the low-precision formula of the Astronomical Almanac.

Within 0.015 degrees of DE440 from 1950 to 2050, which a limit in whole degrees of Sun elevation does not notice.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swath.compiled import kernel
from swath.geo.ellipsoid import A_M, E2
from swath.geo.kernels import Vector
from swath.orbit.earth import J2000_JD, earth_at, load_earth_table
from swath.orbit.mean import DAY_S, UNIX_EPOCH_JD

Floats = NDArray[np.float64]

# IAU 2012 resolution B2.
AU_M = 149_597_870_700.0
# Terrestrial time less UTC since 2017; earlier values differ by seconds, in which the Sun moves a milli-arcminute.
TT_MINUS_UTC_S = 69.184


def sun_position_itrf(t_s: ArrayLike) -> Floats:
    """The Sun's apparent place from the Earth's centre, (N, 3) metres in ITRF, at POSIX times (N,)."""
    t, table = np.atleast_1d(np.asarray(t_s, float)), load_earth_table()
    return place_suns(t, float(table.t_s[0]), table.packed)


def sun_direction_itrf(t_s: ArrayLike) -> Floats:
    """Unit vectors (N, 3) in ITRF from the Earth's centre to the Sun at POSIX times (N,)."""
    position = sun_position_itrf(t_s)
    return position / np.linalg.norm(position, axis=1, keepdims=True)


def sun_angles(t_s: ArrayLike, lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
    """Elevation and azimuth (clockwise from north, 0..360) of the Sun in degrees, each (N,).

    Geometric: no refraction, the ellipsoid's horizon, height 0. Times (N,) and places (N,) or one for all.
    """
    given = (np.atleast_1d(np.asarray(one, float)) for one in (t_s, lon_deg, lat_deg))
    t, lon, lat = (np.ascontiguousarray(one) for one in np.broadcast_arrays(*given))
    table, angles_deg = load_earth_table(), np.empty((2, len(t)))
    fill_sun_angles(t, lon, lat, float(table.t_s[0]), table.packed, angles_deg)
    return angles_deg[0], angles_deg[1]


@kernel
def place_suns(t_s: Floats, first_s: float, table: Floats) -> Floats:
    """The Sun's places (N, 3) by the packed Earth table that begins at `first_s`."""
    out = np.empty((len(t_s), 3))
    for i in range(len(t_s)):
        out[i] = _sun_at(t_s[i], first_s, table)
    return out


@kernel
def fill_sun_angles(
    t_s: Floats, lon_deg: Floats, lat_deg: Floats, first_s: float, table: Floats, out: Floats
) -> None:
    """Writes elevations and azimuths (2, N) in degrees."""
    for i in range(len(t_s)):
        sun = _sun_at(t_s[i], first_s, table)
        lon, lat = np.radians(lon_deg[i]), np.radians(lat_deg[i])
        sin_lon, cos_lon, sin_lat, cos_lat = np.sin(lon), np.cos(lon), np.sin(lat), np.cos(lat)
        ground = A_M / np.sqrt(1 - E2 * sin_lat * sin_lat)
        x, y = sun[0] - ground * cos_lat * cos_lon, sun[1] - ground * cos_lat * sin_lon
        z = sun[2] - ground * (1 - E2) * sin_lat
        away = cos_lon * x + sin_lon * y
        east, north, up = (
            cos_lon * y - sin_lon * x,
            cos_lat * z - sin_lat * away,
            cos_lat * away + sin_lat * z,
        )
        out[0, i] = np.degrees(np.arctan2(up, np.hypot(east, north)))
        out[1, i] = np.degrees(np.arctan2(east, north)) % 360


@kernel
def _sun_at(t_s: float, first_s: float, table: Floats) -> Vector:
    """The Astronomical Almanac, section C, "low-precision formulas for the Sun"."""
    days = (t_s + TT_MINUS_UTC_S) / DAY_S + (UNIX_EPOCH_JD - J2000_JD)
    anomaly = np.radians(357.528 + 0.985_600_3 * days)
    longitude = np.radians(
        280.460 + 0.985_647_4 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)
    )
    tilt = np.radians(23.439 - 4e-7 * days)
    distance_m = AU_M * (1.000_14 - 0.016_71 * np.cos(anomaly) - 0.000_14 * np.cos(2 * anomaly))
    # Towards the equinox, and across from there along the equator; the Earth has turned under them.
    ahead, across = distance_m * np.cos(longitude), distance_m * np.sin(longitude)
    angle, _, _ = earth_at(t_s, first_s, table)
    cos, sin = np.cos(angle), np.sin(angle)
    along_equator = np.cos(tilt) * across
    return cos * ahead + sin * along_equator, cos * along_equator - sin * ahead, np.sin(tilt) * across
