"""Where the Sun stands, by the low-precision formula of the Astronomical Almanac.

Within 0.015 degrees of DE440 from 1950 to 2050, which a limit in whole degrees of Sun elevation does not notice.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swath.geo.ellipsoid import east_north_up, geodetic_to_ecef
from swath.orbit.earth import J2000_JD, gmst_rad
from swath.orbit.mean import DAY_S, UNIX_EPOCH_JD

Floats = NDArray[np.float64]

# IAU 2012 resolution B2.
AU_M = 149_597_870_700.0
# Terrestrial time less UTC since 2017; earlier values differ by seconds, in which the Sun moves a milli-arcminute.
TT_MINUS_UTC_S = 69.184


def sun_position_itrf(t_s: ArrayLike) -> Floats:
    """The Sun's apparent place from the Earth's centre, (N, 3) metres in ITRF, at POSIX times (N,).

    The Astronomical Almanac, section C, "low-precision formulas for the Sun".
    """
    t = np.atleast_1d(np.asarray(t_s, float))
    days = (t + TT_MINUS_UTC_S) / DAY_S + (UNIX_EPOCH_JD - J2000_JD)
    anomaly = np.radians(357.528 + 0.985_600_3 * days)
    longitude = np.radians(
        280.460 + 0.985_647_4 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)
    )
    tilt = np.radians(23.439 - 4e-7 * days)
    distance_m = AU_M * (1.000_14 - 0.016_71 * np.cos(anomaly) - 0.000_14 * np.cos(2 * anomaly))
    right_ascension = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    declination = np.arcsin(np.sin(tilt) * np.sin(longitude))
    east = right_ascension - gmst_rad(t)
    across = np.cos(declination)
    direction = np.stack([across * np.cos(east), across * np.sin(east), np.sin(declination)], axis=1)
    return distance_m[:, None] * direction


def sun_direction_itrf(t_s: ArrayLike) -> Floats:
    """Unit vectors (N, 3) in ITRF from the Earth's centre to the Sun at POSIX times (N,)."""
    position = sun_position_itrf(t_s)
    return position / np.linalg.norm(position, axis=1, keepdims=True)


def sun_angles(t_s: ArrayLike, lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
    """Elevation and azimuth (clockwise from north, 0..360) of the Sun in degrees, each (N,).

    Geometric: no refraction, the ellipsoid's horizon, height 0. Times (N,) and places (N,) or one for all.
    """
    to_sun = sun_position_itrf(t_s) - geodetic_to_ecef(lon_deg, lat_deg)
    east, north, up = (np.sum(axis * to_sun, axis=-1) for axis in east_north_up(lon_deg, lat_deg))
    return np.degrees(np.arctan2(up, np.hypot(east, north))), np.degrees(np.arctan2(east, north)) % 360
