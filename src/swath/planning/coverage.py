"""How much of an area a strip covers, measured in an equal-area plane over the area."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon

from swath.access.look import Floats
from swath.geo.antimeridian import Area
from swath.geo.plane import LocalPlane, build_plane


@dataclass(frozen=True)
class FlatArea:
    """An area in metres, in the plane over it; poles and the antimeridian are nothing special there."""

    plane: LocalPlane
    flat: Area

    def covered_percent(self, ring: Floats) -> float:
        """How much of the area lies inside a ring (N, 2) of longitudes and latitudes, 0 to 100 by area.

        The ring goes into the plane as it was drawn, before it is cut at the antimeridian: there it has no seams.
        """
        covered = shapely.intersection(self.flat, Polygon(self.plane.project(ring))).area
        return float(np.clip(100.0 * covered / self.flat.area, 0.0, 100.0))


def flatten_area(area: Area) -> FlatArea:
    """An area in degrees, cut at the antimeridian, in its plane."""
    plane = build_plane(area)
    return FlatArea(plane, plane.flatten(area))
