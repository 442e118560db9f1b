"""How a place on the ground and a satellite see each other: elevation, off-nadir, azimuth, incidence, distance.

Angles are geometric, without refraction; the vertical is WGS84's on the ground and the geodetic one at the satellite.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swath.compiled import kernel
from swath.geo.ellipsoid import geodetic_nadir, place_along, up_vector
from swath.geo.kernels import Vector, blend, cross, dot, vertical_at

Floats = NDArray[np.float64]
# For kernels: positions (T, 3) and verticals (T, 3).
PackedTargets = tuple[Floats, Floats]


@dataclass(frozen=True)
class Targets:
    """Places on the ground: positions (T, 3) in metres ITRF and the vertical there, unit vectors (T, 3)."""

    r_m: Floats
    up: Floats

    def __len__(self) -> int:
        return len(self.r_m)

    @property
    def packed(self) -> PackedTargets:
        """Both for kernels."""
        return self.r_m, self.up

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
    places = build_targets(lon_deg, lat_deg)
    looks = np.empty((len(r_m), 4))
    fill_looks(r_m, np.broadcast_to(places.r_m, r_m.shape), np.broadcast_to(places.up, r_m.shape), looks)
    return Look(*looks.T)


@kernel
def fill_looks(r_m: Floats, ground_m: Floats, up: Floats, looks: Floats) -> None:
    """Writes off-nadir, azimuth, incidence and distance (N, 4) of looks between places (N, 3) and their ground."""
    for i in range(len(r_m)):
        ground, vertical = (ground_m[i, 0], ground_m[i, 1], ground_m[i, 2]), (up[i, 0], up[i, 1], up[i, 2])
        r = (r_m[i, 0], r_m[i, 1], r_m[i, 2])
        looks[i] = look_between(r, vertical_at(r)[0], ground, vertical)


@kernel
def look_between(r: Vector, above: Vector, ground: Vector, up: Vector) -> tuple[float, float, float, float]:
    """The same four of one look, with the verticals at either end.

    At a pole, north is along the prime meridian's plane.
    """
    sight = blend(1.0, r, -1.0, ground)
    across = np.sqrt(up[0] ** 2 + up[1] ** 2)
    cos, sin = (up[0] / across, up[1] / across) if across > 0.0 else (1.0, 0.0)
    east = cos * sight[1] - sin * sight[0]
    north = across * sight[2] - up[2] * (cos * sight[0] + sin * sight[1])
    return (
        np.degrees(_angle(sight, above)),
        np.degrees(np.arctan2(east, north)) % 360.0,
        np.degrees(_angle(sight, up)),
        np.sqrt(dot(sight, sight)),
    )


@kernel
def _angle(a: Vector, b: Vector) -> float:
    """Between two vectors, exact for small ones too."""
    aside = cross(a, b)
    return np.arctan2(np.sqrt(dot(aside, aside)), dot(a, b))


def compute_gsd_m(nadir_gsd_m: float, nominal_altitude_m: float, look: Look) -> Floats:
    """Ground sampling distance (N,) at an angle: the geometric mean of its two directions.

    Along the track a pixel grows with the distance, across it also with 1 / cos(incidence).
    """
    scale = look.range_m / nominal_altitude_m
    return nadir_gsd_m * scale / np.sqrt(np.cos(np.radians(look.incidence_deg)))


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
