"""A local equal-area plane: areas and coverage on the ellipsoid, wherever on the globe."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from pyproj import Transformer
from shapely import get_coordinates, transform
from shapely.geometry.base import BaseGeometry

from swath.geo.ellipsoid import Floats, ecef_to_geodetic, up_vector

# Edges are straight in longitude and latitude; cut this fine, their images in the plane are off by metres at most.
SEGMENT_DEG = 0.1
POLAR_DEG = 89.9


@dataclass(frozen=True)
class LocalPlane:
    """Lambert's azimuthal equal-area projection of WGS84, centred on `lon_deg`, `lat_deg`; metres east and north."""

    lon_deg: float
    lat_deg: float

    @cached_property
    def _transformer(self) -> Transformer:
        # Close to a pole, but not on it, the oblique formulas lose their precision: the polar ones serve there.
        lat = self.lat_deg if abs(self.lat_deg) < POLAR_DEG else math.copysign(90.0, self.lat_deg)
        plane = f"+proj=laea +lat_0={lat!r} +lon_0={self.lon_deg!r} +ellps=WGS84 +units=m"
        return Transformer.from_crs("EPSG:4326", plane, always_xy=True)

    def project(self, lonlat_deg: Floats) -> Floats:
        """Points (N, 2) of longitude and latitude in degrees to metres east and north of the centre."""
        return np.column_stack(self._transformer.transform(lonlat_deg[:, 0], lonlat_deg[:, 1]))

    def unproject(self, xy_m: Floats) -> Floats:
        """Points (N, 2) in metres back to longitude and latitude in degrees."""
        return np.column_stack(self._transformer.transform(xy_m[:, 0], xy_m[:, 1], direction="INVERSE"))

    def flatten(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in degrees as a valid one in metres; parts that were cut at the antimeridian join again."""
        fine = shapely.segmentize(geometry, SEGMENT_DEG)
        return shapely.buffer(transform(fine, self.project), 0.0)


def build_plane(geometry: BaseGeometry) -> LocalPlane:
    """The plane centred on a geometry (in degrees)."""
    return LocalPlane(*compute_centre(geometry))


def compute_centre(geometry: BaseGeometry) -> tuple[float, float]:
    """Longitude and latitude of the area's centroid in degrees, right at poles and at the antimeridian too."""
    lon, lat = get_coordinates(geometry).T
    middle = up_vector(lon, lat).mean(axis=0)
    lon0, lat0, _ = ecef_to_geodetic(middle / np.linalg.norm(middle) * 6_371_000.0)
    guess = LocalPlane(float(lon0), float(lat0))
    centroid = guess.flatten(geometry).centroid
    lon_deg, lat_deg = guess.unproject(get_coordinates(centroid))[0]
    return float(lon_deg), float(lat_deg)


def area_m2(geometry: BaseGeometry) -> float:
    """The area of a geometry (in degrees) on the ellipsoid, in square metres."""
    return float(build_plane(geometry).flatten(geometry).area)


def coverage_percent(footprint: BaseGeometry, area: BaseGeometry) -> float:
    """How much of `area` lies inside `footprint`, 0 to 100, by area on the ellipsoid."""
    plane = build_plane(area)
    flat = plane.flatten(area)
    return float(min(100.0, 100.0 * flat.intersection(plane.flatten(footprint)).area / flat.area))
