"""A local equal-area plane: metres around a place and shares of areas, at poles and the antimeridian too."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from math import copysign

import numpy as np
import shapely
from pyproj import Proj
from shapely import MultiPolygon, Polygon, get_coordinates
from shapely.geometry.base import BaseGeometry

from swath.geo.antimeridian import Area, join, polygons_of
from swath.geo.ellipsoid import Floats, ecef_to_geodetic, geodetic_to_ecef

# Edges are straight in longitude and latitude. Cut this fine, their images in a plane are within 0.3 m of the truth.
# Around a pole, where degrees are short, so many to the turn do: within 6 m on areas of 500 km.
SEGMENT_DEG = 0.05
SEGMENTS_A_TURN = 500
POLAR_DEG = 89.9
# Far below any pixel, far above what rounding leaves between two sides of one cut.
GRID_M = 1e-6


@dataclass(frozen=True)
class LocalPlane:
    """Lambert's azimuthal equal-area projection of WGS84 centred on a place; x east and y north in metres.

    Distances from the centre are true to 2 parts in 10,000 within 250 km. The poles lie on the plane like any place.
    """

    lon_deg: float
    lat_deg: float

    @cached_property
    def _projection(self) -> Proj:
        # PROJ's oblique formulas lose their digits beside a pole (6e-6 at this distance, 1e-3 a kilometre from it).
        lat = self.lat_deg if abs(self.lat_deg) < POLAR_DEG else copysign(90.0, self.lat_deg)
        return Proj(f"+proj=laea +lat_0={lat!r} +lon_0={self.lon_deg!r} +ellps=WGS84 +units=m")

    def project(self, lonlat_deg: Floats) -> Floats:
        """Places (N, 2) of longitude and latitude in degrees to metres (N, 2)."""
        return np.column_stack(self._projection(lonlat_deg[:, 0], lonlat_deg[:, 1]))

    def unproject(self, xy_m: Floats) -> Floats:
        """Points (N, 2) in metres back to longitude, -180..180, and latitude in degrees."""
        return np.column_stack(self._projection(xy_m[:, 0], xy_m[:, 1], inverse=True))

    def flatten(self, area: BaseGeometry) -> Area:
        """An area in degrees, cut or continuous, as a valid one in metres; its parts join again where it was cut."""
        parts = [shapely.transform(part, self._project_onto_grid) for part in _segmentize(area)]
        if len(parts) == 1 and parts[0].is_valid:
            return parts[0]
        # Each part may touch itself along its seam; on a grid, the two sides of a seam or a cut are one and the same.
        sound = [part if part.is_valid else shapely.make_valid(part, method="structure") for part in parts]
        return join([shapely.union_all(sound, grid_size=GRID_M)])

    def _project_onto_grid(self, lonlat_deg: Floats) -> Floats:
        return GRID_M * np.rint(self.project(lonlat_deg) / GRID_M)


def segmentize(area: BaseGeometry) -> MultiPolygon:
    """The polygons of an area in degrees with so many vertices that their edges may be bent when they are projected.

    Each polygon for itself: the box of an area that is cut at the antimeridian goes once around the globe.
    """
    return MultiPolygon(_segmentize(area))


def _segmentize(area: BaseGeometry) -> list[Polygon]:
    return [part for polygon in polygons_of(area) for part in _segmentize_polygon(polygon)]


def _segmentize_polygon(polygon: Polygon) -> list[Polygon]:
    west, _, east, _ = polygon.bounds
    # A polygon that the rounding of its new vertices would make invalid comes back repaired, and maybe in parts.
    return polygons_of(shapely.segmentize(polygon, max(SEGMENT_DEG, (east - west) / SEGMENTS_A_TURN)))


def build_plane(area: BaseGeometry) -> LocalPlane:
    """The plane of an area in degrees, centred on the middle of the area's box in that plane."""
    lon, lat = get_coordinates(area).T
    lon0, lat0, _ = ecef_to_geodetic(geodetic_to_ecef(lon, lat).mean(axis=0))
    guess = LocalPlane(float(lon0), float(lat0))
    west, south, east, north = guess.flatten(area).bounds
    lon_deg, lat_deg = guess.unproject(np.array([[(west + east) / 2, (south + north) / 2]]))[0]
    return LocalPlane(float(lon_deg), float(lat_deg))


def coverage_percent(footprint: BaseGeometry, area: Area) -> float:
    """How much of `area` lies inside `footprint`, 0 to 100, by area on the ellipsoid; both in degrees."""
    plane, flat = _flatten_in_own_plane(area)
    return _share_percent(shapely.intersection(flat, plane.flatten(footprint)), flat)


def common_percent(footprints: Iterable[Area], area: Area) -> float:
    """How much of `area` lies inside all of these footprints, 0 to 100; for such as come again and again."""
    plane, flat = _flatten_in_own_plane(area)
    common = reduce(shapely.intersection, (_flatten_again(plane, one) for one in footprints), flat)
    return _share_percent(common, flat)


def _share_percent(part: BaseGeometry, flat: Area) -> float:
    return min(100.0, 100.0 * part.area / flat.area)


@lru_cache(maxsize=2_048)
def _flatten_again(plane: LocalPlane, area: Area) -> Area:
    return plane.flatten(area)


@lru_cache(maxsize=32)
def _flatten_in_own_plane(area: Area) -> tuple[LocalPlane, Area]:
    """Kept for a while: one area is compared with many footprints."""
    plane = build_plane(area)
    return plane, plane.flatten(area)
