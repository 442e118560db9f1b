"""The WGS84 ellipsoid: geodetic and Earth-fixed coordinates, verticals, and where a line of sight meets the ground.

Arrays of vectors have shape (..., 3), metres in ITRF unless said otherwise; angles are degrees, lon before lat.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# NIMA TR8350.2, WGS84 defining parameters.
A_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
B_M = A_M * (1 - FLATTENING)
E2 = FLATTENING * (2 - FLATTENING)

_AXES_M = np.array([A_M, A_M, B_M])


def geodetic_to_ecef(lon_deg: ArrayLike, lat_deg: ArrayLike, height_m: ArrayLike = 0.0) -> Floats:
    """Points on or above the ellipsoid as Earth-fixed vectors, shape (..., 3) in metres."""
    return place_along(up_vector(lon_deg, lat_deg), height_m)


def place_along(up: Floats, height_m: ArrayLike = 0.0) -> Floats:
    """Points (..., 3) in metres whose vertical is known: the ellipsoid's outward normals (..., 3) there."""
    prime_vertical = A_M / np.sqrt(1 - E2 * up[..., 2] ** 2)
    height = np.asarray(height_m, float)
    across = (prime_vertical + height)[..., None] * up[..., :2]
    along = (prime_vertical * (1 - E2) + height) * up[..., 2]
    return np.concatenate([across, along[..., None]], axis=-1)


def ecef_to_geodetic(r_m: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Earth-fixed vectors (..., 3) as longitude, latitude (degrees) and height (metres).

    Bowring's parametric start, then two of his iterations: below 1e-9 degrees from the ground to far above any low
    orbit (Bowring 1976, Survey Review 23).
    """
    r = np.asarray(r_m, float)
    across = np.hypot(r[..., 0], r[..., 1])
    beta = np.arctan2(r[..., 2], across * (1 - FLATTENING))
    second_e2 = E2 / (1 - E2)
    lat = beta
    for _ in range(3):
        lat = np.arctan2(
            r[..., 2] + second_e2 * B_M * np.sin(beta) ** 3, across - E2 * A_M * np.cos(beta) ** 3
        )
        beta = np.arctan2((1 - FLATTENING) * np.sin(lat), np.cos(lat))
    root = np.sqrt(1 - E2 * np.sin(lat) ** 2)
    height = across * np.cos(lat) + r[..., 2] * np.sin(lat) - A_M * root
    return np.degrees(np.arctan2(r[..., 1], r[..., 0])), np.degrees(lat), height


def up_vector(lon_deg: ArrayLike, lat_deg: ArrayLike) -> Floats:
    """The ellipsoid's outward normal at geodetic positions, unit vectors (..., 3)."""
    lon, lat = np.broadcast_arrays(np.radians(lon_deg), np.radians(lat_deg))
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def east_north_up(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """The local horizon frame at geodetic positions: three unit vectors (..., 3); east at a pole follows lon."""
    lon, lat = np.broadcast_arrays(np.radians(lon_deg), np.radians(lat_deg))
    east = np.stack([-np.sin(lon), np.cos(lon), np.zeros_like(lon)], axis=-1)
    north = np.stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)], axis=-1)
    return east, north, up_vector(lon_deg, lat_deg)


def geodetic_nadir(r_m: ArrayLike) -> Floats:
    """Unit vectors (..., 3) from Earth-fixed positions straight down along the ellipsoid's normal."""
    lon, lat, _ = ecef_to_geodetic(r_m)
    return -up_vector(lon, lat)


def intersect_ray(origin_m: ArrayLike, direction: ArrayLike) -> Floats:
    """Where rays first meet the ellipsoid, (..., 3) metres; rows of NaN where they miss or point away."""
    origin, along = np.broadcast_arrays(np.asarray(origin_m, float), np.asarray(direction, float))
    p, d = origin / _AXES_M, along / _AXES_M
    a, b, c = (d * d).sum(-1), (p * d).sum(-1), (p * p).sum(-1) - 1
    discriminant = b * b - a * c
    with np.errstate(invalid="ignore"):
        distance = (-b - np.sqrt(discriminant)) / a
        distance = np.where(distance > 0, distance, np.nan)
    return origin + distance[..., None] * along
