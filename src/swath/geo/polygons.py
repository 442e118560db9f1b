"""Areas on the globe: the one door of this room for reading, writing, measuring and comparing them.

An area inside swath is a valid shapely Polygon or MultiPolygon in CRS84, cut at the antimeridian, wound right-handed.
"""

from typing import Any

from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from swath.geo.antimeridian import Area, cut_line, cut_polygon, holds_pole, join, polygons_of, unwrap, wind
from swath.geo.areas import parse_area
from swath.geo.measures import area_m2, bounding_cap, compute_bbox, extent_km
from swath.geo.plane import LocalPlane, build_plane, coverage_percent

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
    "parse_area",
    "to_geojson",
    "unwrap",
    "wind",
]


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A geometry as GeoJSON (RFC 7946) in full double precision.

    Areas are wound right-handed, and cut at the antimeridian if their longitudes run on over it.
    """
    if isinstance(geometry, Polygon | MultiPolygon):
        geometry = wind(geometry if _keeps_within(geometry) else _cut_all(geometry))
    document = mapping(geometry)
    return {"type": document["type"], "coordinates": _as_lists(document["coordinates"])}


def _keeps_within(area: Area) -> bool:
    west, _, east, _ = area.bounds
    return area.is_empty or (west >= -180.0 and east <= 180.0)


def _cut_all(area: Area) -> Area:
    return join([cut_polygon(part) for part in polygons_of(area)])


def _as_lists(coordinates: Any) -> Any:
    return list(map(_as_lists, coordinates)) if isinstance(coordinates, tuple | list) else coordinates
