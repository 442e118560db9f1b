"""The frame that every feature is written in (RFC 7946), whatever collection it is of."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from swath.api.collections import Feature
from swath.api.links import GEOJSON, JSON, Link, Links, build_link
from swath.geo.polygons import compute_bbox, lay_out


def build_feature(
    links: Links,
    collection_id: str,
    feature_id: str,
    geometry: BaseGeometry | None,
    properties: Mapping[str, Any],
    more: Sequence[Link] = (),
) -> Feature:
    """A feature with its links, and `more` of them. Without a geometry it is null and there is no bounding box."""
    return {
        "type": "Feature",
        "id": feature_id,
        **({} if geometry is None else {"bbox": build_bbox(geometry)}),
        "geometry": None if geometry is None else build_geometry(geometry),
        "properties": properties,
        "links": [
            build_link(links.item(collection_id, feature_id), "self", GEOJSON),
            build_link(links.collection(collection_id), "collection", JSON),
            *more,
        ],
    }


def build_bbox(geometry: BaseGeometry) -> tuple[float, float, float, float]:
    """The bounding box of RFC 7946; west > east when an area crosses the antimeridian."""
    if isinstance(geometry, Polygon | MultiPolygon):
        return compute_bbox(geometry)
    return geometry.bounds


def build_geometry(geometry: BaseGeometry) -> orjson.Fragment:
    """A geometry as GeoJSON text with every digit, polygons wound right-handed."""
    return orjson.Fragment(shapely.to_geojson(lay_out(geometry)))
