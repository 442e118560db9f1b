"""Areas on the globe: the one door of this room for reading, writing, measuring and comparing them.

An area inside swath is a valid shapely Polygon or MultiPolygon in CRS84, cut at the antimeridian, wound right-handed.
"""

from typing import Any

import numpy as np
from shapely import MultiPolygon, Polygon, get_coordinates
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from swath.geo.antimeridian import Area, cut_line, cut_polygon, holds_pole, join, polygons_of, unwrap, wind
from swath.geo.areas import parse_area
from swath.geo.ellipsoid import Floats
from swath.geo.measures import area_m2, bounding_cap, compute_bbox, extent_km
from swath.geo.plane import LocalPlane, build_plane, coverage_percent

QUARTER_TURN_DEG = 90.0

__all__ = [
    "Area",
    "LocalPlane",
    "area_m2",
    "bounding_cap",
    "build_plane",
    "compute_bbox",
    "coverage_percent",
    "cut_line",
    "cut_polygon",
    "extent_km",
    "holds_pole",
    "join",
    "lay_out",
    "parse_area",
    "to_geojson",
    "unwrap",
    "wind",
]


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A geometry as GeoJSON (RFC 7946) in full double precision.

    Areas are made ready by `lay_out`.
    """
    document = mapping(lay_out(geometry))
    return {"type": document["type"], "coordinates": _as_lists(document["coordinates"])}


def lay_out(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry as RFC 7946 wants it: areas wound right-handed, and cut at the antimeridian if they run on over it.

    The edge along a pole's parallel is written in quarter turns: it is no place at all, but readers take a step of more
    than half a turn for one across the antimeridian.
    """
    if not isinstance(geometry, Polygon | MultiPolygon):
        return geometry
    # Of an empty area these are NaN, which is beyond nothing.
    west, _, east, _ = geometry.bounds
    area = wind(_cut_all(geometry) if west < -180.0 or east > 180.0 else geometry)
    _, south, _, north = area.bounds
    return _step_along_poles(area) if south <= -90.0 or north >= 90.0 else area


def _cut_all(area: Area) -> Area:
    return join([cut_polygon(part) for part in polygons_of(area)])


def _step_along_poles(area: Area) -> Area:
    parts = [Polygon(*_rings_in_quarter_turns(part)) for part in polygons_of(area)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _rings_in_quarter_turns(polygon: Polygon) -> tuple[Floats, list[Floats]]:
    rings = (polygon.exterior, *polygon.interiors)
    shell, *holes = (_in_quarter_turns(get_coordinates(ring)) for ring in rings)
    return shell, holes


def _in_quarter_turns(ring: Floats) -> Floats:
    step = np.diff(ring, axis=0)
    along = (np.abs(ring[:-1, 1]) >= 90.0) & (step[:, 1] == 0.0)
    pieces = np.where(along, np.maximum(np.ceil(np.abs(step[:, 0]) / QUARTER_TURN_DEG), 1), 1).astype(int)
    first = np.repeat(np.arange(len(step)), pieces)
    part = (np.arange(len(first)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[first]
    return np.concatenate([ring[first] + part[:, None] * step[first], ring[-1:]])


def _as_lists(coordinates: Any) -> Any:
    return list(map(_as_lists, coordinates)) if isinstance(coordinates, tuple | list) else coordinates
