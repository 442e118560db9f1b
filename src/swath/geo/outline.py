"""Areas' outlines as points on the ellipsoid, close enough to one another for what lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from swath.geo.antimeridian import Area
from swath.geo.ellipsoid import Floats, ecef_to_geodetic, geodetic_to_ecef

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
        first, points = self.first_point[:-1], self.points_m
        middles = np.minimum.reduceat(points, first) + np.maximum.reduceat(points, first)
        middles /= np.linalg.norm(middles, axis=1)[:, None]
        directions = points / np.sqrt((points * points).sum(axis=1))[:, None]
        apart = (directions * np.repeat(middles, np.diff(self.first_point), axis=0)).sum(axis=1)
        return middles, np.arccos(np.minimum.reduceat(apart, first).clip(-1.0, 1.0))

    @cached_property
    def places(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes (A,) of the ground below the middles, in degrees."""
        lon, lat, _ = ecef_to_geodetic(self.caps[0] * EARTH_RADIUS_KM * 1e3)
        return lon, lat

    def outline(self, area: int) -> Outline:
        """That of one area."""
        points = slice(self.first_point[area], self.first_point[area + 1])
        return Outline(self.points_m[points], self.edges[self.first_edge[area] : self.first_edge[area + 1]])


def build_outlines(areas: Sequence[Area]) -> Outlines:
    """The outlines of cut areas in degrees. Where parts meet at the antimeridian their edges cancel each other."""
    polygons, area = shapely.get_parts(shapely.orient_polygons(np.asarray(areas, object)), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    points, ring = _refine(corners, ring)
    first_point = np.searchsorted(area[polygon[ring]], np.arange(len(areas) + 1))
    first_of_ring = np.searchsorted(ring, np.arange(len(rings) + 1))
    following = np.arange(1, len(points) + 1)
    following[first_of_ring[1:] - 1] = first_of_ring[:-1]
    edges = np.column_stack([np.arange(len(points)), following])
    edges -= np.repeat(first_point[:-1], np.diff(first_point))[:, None]
    return Outlines(geodetic_to_ecef(points[:, 0], points[:, 1]), edges, first_point, first_point)


def build_outline(area: Area) -> Outline:
    """The outline of one cut area in degrees."""
    return build_outlines([area]).outline(0)


def _refine(corners: Floats, ring: Ints) -> tuple[Floats, Ints]:
    """The points of closed rings (N, 2), without each one's last, and more between those that are far apart.

    Which ring each belongs to goes in and comes back, (N,).
    """
    inside = ring[1:] == ring[:-1]
    step, start, ring = np.diff(corners, axis=0)[inside], corners[:-1][inside], ring[:-1][inside]
    lats = np.abs(np.column_stack([start[:, 1], start[:, 1] + step[:, 1]]))
    east_km = step[:, 0] * np.cos(np.radians(lats.min(axis=1))) * KM_PER_DEG
    length_km = np.hypot(east_km, step[:, 1] * KM_PER_DEG)
    longest_km = _longest_piece_km(lats.max(axis=1), east_km / np.maximum(length_km, 1e-9))
    pieces = np.clip(np.ceil(length_km / longest_km), 1, MAX_PIECES).astype(int)
    first = np.repeat(np.arange(len(step)), pieces)
    part = (np.arange(len(first)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[first]
    return start[first] + part[:, None] * step[first], ring[first]


def _longest_piece_km(lat_deg: Floats, eastward: Floats) -> Floats:
    """A parallel bends away from the great circle by length^2 tan(lat) / 8 R, a meridian not at all."""
    bend = np.tan(np.radians(np.minimum(lat_deg, 89.9))) * np.abs(eastward)
    straight_km = np.sqrt(8 * EARTH_RADIUS_KM * SAGITTA_KM / np.maximum(bend, 1e-9))
    return np.asarray(np.minimum(LONGEST_PIECE_KM, straight_km), np.float64)
