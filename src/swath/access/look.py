"""How a place on the ground and a satellite see each other: elevation, off-nadir, azimuth, incidence, distance.

Angles are geometric, without refraction; the vertical is WGS84's on the ground and the geodetic one at the satellite.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swath.geo.ellipsoid import east_north_up, geodetic_nadir, geodetic_to_ecef, place_along, up_vector

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Targets:
    """Places on the ground: positions (T, 3) in metres ITRF and the vertical there, unit vectors (T, 3)."""

    r_m: Floats
    up: Floats

    def __len__(self) -> int:
        return len(self.r_m)

    @cached_property
    def distance_m(self) -> Floats:
        """From the Earth's centre (T,)."""
        return np.sqrt((self.r_m * self.r_m).sum(1))

    @cached_property
    def directions(self) -> Floats:
        """Unit vectors (T, 3) from the Earth's centre."""
        return self.r_m / self.distance_m[:, None]

    def take(self, index: NDArray[np.intp] | slice) -> "Targets":
        """Some of the places, in that order."""
        return Targets(self.r_m[index], self.up[index])


@dataclass(frozen=True)
class Look:
    """What lies between a satellite and points on the ground, arrays (N,).

    `azimuth_deg` leads from the point towards the satellite, from north over east (STAC view:azimuth); `incidence_deg`
    is measured at the point from its vertical, `off_nadir_deg` at the satellite from the geodetic nadir.
    """

    off_nadir_deg: Floats
    azimuth_deg: Floats
    incidence_deg: Floats
    range_m: Floats


def build_targets(lon_deg: ArrayLike, lat_deg: ArrayLike, height_m: ArrayLike = 0.0) -> Targets:
    """Targets from geodetic positions (T,) in degrees and metres above the ellipsoid."""
    lon, lat = np.atleast_1d(np.asarray(lon_deg, float)), np.atleast_1d(np.asarray(lat_deg, float))
    up = up_vector(lon, lat)
    return Targets(place_along(up, height_m), up)


def compute_look(r_m: Floats, lon_deg: ArrayLike, lat_deg: ArrayLike) -> Look:
    """The look from satellite positions (N, 3), metres ITRF, to points (N,) on the ellipsoid."""
    east, north, up = east_north_up(np.atleast_1d(lon_deg), np.atleast_1d(lat_deg))
    sight = r_m - geodetic_to_ecef(np.atleast_1d(lon_deg), np.atleast_1d(lat_deg))
    range_m = np.linalg.norm(sight, axis=1)
    azimuth = np.degrees(np.arctan2((sight * east).sum(1), (sight * north).sum(1)))
    return Look(
        off_nadir_deg=angle_deg(-sight, geodetic_nadir(r_m)),
        azimuth_deg=np.mod(azimuth, 360.0),
        incidence_deg=angle_deg(sight, up),
        range_m=range_m,
    )


def compute_gsd_m(nadir_gsd_m: float, nominal_altitude_m: float, look: Look) -> Floats:
    """Ground sampling distance (N,) at an angle: the geometric mean of its two directions.

    Along the track a pixel grows with the distance, across it also with 1 / cos(incidence).
    """
    scale = look.range_m / nominal_altitude_m
    return nadir_gsd_m * scale / np.sqrt(np.cos(np.radians(look.incidence_deg)))


def angle_deg(a: Floats, b: Floats) -> Floats:
    """Angles (N,) between vectors (N, 3), exact for small ones too."""
    return np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), (a * b).sum(1)))


def sin_elevation(r_m: Floats, targets: Targets) -> Floats:
    """Sine of the elevation (N,) of satellite positions (N, 3) above the horizon of as many targets."""
    sight = r_m - targets.r_m
    return (sight * targets.up).sum(1) / np.linalg.norm(sight, axis=1)


def cos_off_nadir(r_m: Floats, targets: Targets) -> Floats:
    """Cosine of the off-nadir angle (N,) of as many targets, seen from satellite positions (N, 3)."""
    sight = targets.r_m - r_m
    return (sight * geodetic_nadir(r_m)).sum(1) / np.linalg.norm(sight, axis=1)


def sample_sin_elevation(r_m: Floats, targets: Targets) -> Floats:
    """Sine of the elevation (N, T) of all positions (N, 3) above all targets (T), by matrix products."""
    height = r_m @ targets.up.T - (targets.r_m * targets.up).sum(1)
    squared = (r_m * r_m).sum(1)[:, None] - 2 * r_m @ targets.r_m.T + (targets.r_m * targets.r_m).sum(1)
    return height / np.sqrt(squared)
