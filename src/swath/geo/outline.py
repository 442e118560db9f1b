"""Areas' outlines as points on the ellipsoid, close enough to one another for what lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from swath.geo.antimeridian import Area, polygons_of, wind
from swath.geo.ellipsoid import Floats, geodetic_to_ecef

Ints = NDArray[np.intp]

# Edges are straight in longitude and latitude, pieces of them in strip coordinates. Towards the poles a parallel is
# ever more bent: pieces are so short that they are nowhere further than this from it.
SAGITTA_KM = 0.005
LONGEST_PIECE_KM = 25.0
EARTH_RADIUS_KM = 6_371.0
KM_PER_DEG = 111.2
MAX_PIECES = 2_000


@dataclass(frozen=True)
class Outline:
    """An area's rings as points (V, 3) in metres ITRF, and its edges as pairs of point numbers (E, 2).

    The area lies to the left of its edges.
    """

    points_m: Floats
    edges: Ints


PackedOutlines = tuple[Floats, Ints, Ints, Ints]


@dataclass(frozen=True)
class Outlines:
    """Outlines of areas one behind the other, for kernels.

    Area i has the points and edges from `first_point[i]` and `first_edge[i]` to those of the next, (A + 1,) each; its
    edges count its own points.
    """

    points_m: Floats
    edges: Ints
    first_point: Ints
    first_edge: Ints

    def __len__(self) -> int:
        return len(self.first_point) - 1

    @property
    def packed(self) -> PackedOutlines:
        """The four arrays for kernels."""
        return self.points_m, self.edges, self.first_point, self.first_edge

    @cached_property
    def caps(self) -> tuple[Floats, Floats]:
        """Middles as unit vectors from the Earth's centre (A, 3), and angles there within which areas lie (A,)."""
        parts = [self.outline(area).points_m for area in range(len(self))]
        middles = np.array([part.min(axis=0) + part.max(axis=0) for part in parts])
        middles /= np.linalg.norm(middles, axis=1)[:, None]
        radii = [_largest_angle(part, middle) for part, middle in zip(parts, middles, strict=True)]
        return middles, np.array(radii)

    def outline(self, area: int) -> Outline:
        """That of one area."""
        points = slice(self.first_point[area], self.first_point[area + 1])
        return Outline(self.points_m[points], self.edges[self.first_edge[area] : self.first_edge[area + 1]])


def build_outlines(areas: Sequence[Area]) -> Outlines:
    """The outlines of cut areas in degrees, at least one."""
    outlines = [build_outline(area) for area in areas]
    points, edges = [outline.points_m for outline in outlines], [outline.edges for outline in outlines]
    return Outlines(np.concatenate(points), np.concatenate(edges), _starts(points), _starts(edges))


def build_outline(area: Area) -> Outline:
    """The outline of a cut area in degrees. Where parts meet at the antimeridian their edges cancel each other."""
    rings = [
        _refine(shapely.get_coordinates(ring))
        for polygon in polygons_of(wind(area))
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    points = np.concatenate(rings)
    starts = np.cumsum([0, *(len(ring) for ring in rings)])[:-1]
    numbers = [start + np.arange(len(ring)) for start, ring in zip(starts, rings, strict=True)]
    edges = np.concatenate([np.column_stack([n, np.roll(n, -1)]) for n in numbers])
    return Outline(geodetic_to_ecef(points[:, 0], points[:, 1]), edges)


def _largest_angle(points_m: Floats, middle: Floats) -> float:
    cosines = points_m @ middle / np.sqrt((points_m * points_m).sum(axis=1))
    return float(np.arccos(np.clip(cosines.min(), -1.0, 1.0)))


def _refine(ring: Floats) -> Floats:
    """The points of a closed ring (N, 2), without the last, and more between those that are far apart."""
    step = np.diff(ring, axis=0)
    lats = np.abs(np.column_stack([ring[:-1, 1], ring[1:, 1]]))
    east_km = step[:, 0] * np.cos(np.radians(lats.min(axis=1))) * KM_PER_DEG
    length_km = np.hypot(east_km, step[:, 1] * KM_PER_DEG)
    longest_km = _longest_piece_km(lats.max(axis=1), east_km / np.maximum(length_km, 1e-9))
    pieces = np.clip(np.ceil(length_km / longest_km), 1, MAX_PIECES).astype(int)
    first = np.repeat(np.arange(len(step)), pieces)
    part = (np.arange(len(first)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[first]
    return ring[first] + part[:, None] * step[first]


def _longest_piece_km(lat_deg: Floats, eastward: Floats) -> Floats:
    """A parallel bends away from the great circle by length^2 tan(lat) / 8 R, a meridian not at all."""
    bend = np.tan(np.radians(np.minimum(lat_deg, 89.9))) * np.abs(eastward)
    straight_km = np.sqrt(8 * EARTH_RADIUS_KM * SAGITTA_KM / np.maximum(bend, 1e-9))
    return np.asarray(np.minimum(LONGEST_PIECE_KM, straight_km), np.float64)


def _starts(parts: Sequence[np.ndarray]) -> Ints:
    return np.cumsum([0, *(len(part) for part in parts)])
