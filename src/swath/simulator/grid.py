"""The pixels of a scene: a north-up grid in the UTM zone of its centre (polar stereographic near the poles)."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import rasterize
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from swath.geo.polygons import Area, bounding_cap

# Beyond these latitudes UTM ends and universal polar stereographic begins.
UTM_SOUTH_DEG, UTM_NORTH_DEG = -80.0, 84.0
UPS_NORTH, UPS_SOUTH = 5041, 5042

# Straight in degrees is not straight in metres: edges longer than this are split before they are projected.
DENSE_DEG = 0.05


@dataclass(frozen=True)
class Grid:
    """Square pixels of `pixel_m`; row 0 is the northernmost, `west_m` and `north_m` its outer corner."""

    epsg: int
    west_m: float
    north_m: float
    pixel_m: float
    rows: int
    columns: int

    @property
    def transform(self) -> Affine:
        """Pixel (column, row) to (x, y) in metres."""
        return Affine(self.pixel_m, 0, self.west_m, 0, -self.pixel_m, self.north_m)

    @property
    def x_m(self) -> NDArray[np.floating[Any]]:
        """Eastings of the pixel centres, shape (columns,)."""
        return self.west_m + (np.arange(self.columns) + 0.5) * self.pixel_m

    @property
    def y_m(self) -> NDArray[np.floating[Any]]:
        """Northings of the pixel centres, shape (rows,)."""
        return self.north_m - (np.arange(self.rows) + 0.5) * self.pixel_m

    def coarser(self, factor: int) -> "Grid":
        """The same ground in pixels `factor` times as large."""
        return Grid(
            self.epsg,
            self.west_m,
            self.north_m,
            self.pixel_m * factor,
            self.rows // factor,
            self.columns // factor,
        )

    def covers(self, projected: BaseGeometry) -> NDArray[np.bool_]:
        """Which pixels have their centre inside an area in the grid's own metres; shape (rows, columns)."""
        if projected.is_empty:
            return np.zeros((self.rows, self.columns), bool)
        burnt = rasterize([projected], (self.rows, self.columns), transform=self.transform, dtype="uint8")
        return burnt.astype(bool)


def build_grid(footprint: Area, longest_px: int) -> Grid:
    """A grid over a footprint (lon, lat degrees) whose longer side has about `longest_px` pixels, both sides even."""
    lon, lat, _ = bounding_cap(footprint)
    epsg = find_epsg(lon, lat)
    west, south, east, north = project(footprint, epsg).bounds
    pixel = max(east - west, north - south) / (longest_px - 4)
    columns, rows = (2 * ceil((span / pixel + 2) / 2) for span in (east - west, north - south))
    # Whole multiples of the pixel keep the numbers in the file short.
    return Grid(epsg, (west // pixel - 1) * pixel, (north // pixel + 1) * pixel, pixel, rows, columns)


def find_epsg(lon_deg: float, lat_deg: float) -> int:
    """The EPSG code of the UTM zone, or of the polar stereographic plane, that a place belongs to."""
    if lat_deg > UTM_NORTH_DEG:
        return UPS_NORTH
    if lat_deg < UTM_SOUTH_DEG:
        return UPS_SOUTH
    zone = int((lon_deg + 180) // 6) % 60 + 1
    return (32600 if lat_deg >= 0 else 32700) + zone


def project(area: BaseGeometry, epsg: int) -> MultiPolygon:
    """An area in lon, lat degrees as polygons in a projection's metres; parts may touch where it was cut."""
    transformer = Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True)
    dense = shapely.segmentize(area, DENSE_DEG)

    def to_metres(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(degrees[:, 0], degrees[:, 1]))

    return _as_polygons(shapely.transform(dense, to_metres))


def _as_polygons(area: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])
