"""Where the parts of a scene lie: each over its capture's footprint, all of them on the same ground."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.crs import CRS
from shapely.geometry import Polygon

from swath.geo.polygons import Area

# Pointing is not perfect, but what shows less than this of the footprint shows another place.
LEAST_SHARE = 0.5
# The camera's bands differ in the size of their pixels, by no more than this.
MOST_COARSER = 16.0
# Straight in degrees is not straight in metres.
DENSE_DEG = 0.05


@dataclass(frozen=True)
class Frame:
    """The ground that an image covers; `pixel` is the longer side of a pixel in the units of its projection."""

    crs: CRS
    outline: Polygon
    pixel: float

    def share_of(self, footprint: Area) -> float:
        """How much of a footprint (lon, lat degrees) lies inside, from 0 to 1."""
        to_crs = Transformer.from_crs("OGC:CRS84", self.crs, always_xy=True)

        def project(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(to_crs.transform(degrees[:, 0], degrees[:, 1]))

        projected = shapely.transform(shapely.segmentize(footprint, DENSE_DEG), project)
        # Far outside of a projection nothing has finite coordinates, or an outline that means anything.
        if not np.isfinite(shapely.get_coordinates(projected)).all():
            return 0.0
        there = shapely.make_valid(projected)
        return shapely.area(shapely.intersection(there, self.outline)) / shapely.area(there)


def build_frame(crs: Any, transform: Affine, columns: int, rows: int) -> Frame:
    """The frame of an image of so many pixels."""
    corners = [transform @ corner for corner in ((0, 0), (columns, 0), (columns, rows), (0, rows))]
    sides = np.hypot(transform.a, transform.d), np.hypot(transform.b, transform.e)
    return Frame(crs, Polygon(corners), float(max(sides)))


def find_odd(frames: Iterable[tuple[str, Frame]]) -> tuple[str, str] | None:
    """The first part that does not fit the first one, and how; None when all show the same ground."""
    (first, reference), *others = frames
    for name, frame in others:
        if frame.crs != reference.crs:
            return name, f"it is in {frame.crs.to_string()}, {first} is in {reference.crs.to_string()}"
        if frame.pixel > MOST_COARSER * reference.pixel:
            found = f"{frame.pixel:.6g}, more than {MOST_COARSER:g} times the {reference.pixel:.6g}"
            return name, f"its pixels measure {found} of {first}"
        apart = shapely.hausdorff_distance(frame.outline, reference.outline)
        if apart > 2 * max(frame.pixel, reference.pixel):
            return name, f"its corners lie up to {apart:.6g} from those of {first}"
    return None
