"""JSON Schemas of GeoJSON geometries (RFC 7946 section 3.1). Which coordinates make a shape, a schema cannot tell."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def list_of(schema: Schema, fewest: int = 1) -> Schema:
    """The schema of an array of what the schema describes."""
    return {"type": "array", "items": schema, "minItems": fewest}


_POSITION: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}
_LINE, _RING = list_of(_POSITION, 2), list_of(_POSITION, 4)
COORDINATES: Mapping[str, Schema] = {
    "Point": _POSITION,
    "MultiPoint": list_of(_POSITION),
    "LineString": _LINE,
    "MultiLineString": list_of(_LINE),
    "Polygon": list_of(_RING),
    "MultiPolygon": list_of(list_of(_RING)),
}


def describe_shape(kind: str) -> Schema:
    """The schema of a geometry that has coordinates."""
    return describe_geometry(kind, "coordinates", COORDINATES[kind])


def describe_geometry(kind: str, holder: str, held: Schema) -> Schema:
    """The schema of a geometry whose member `holder` makes its shape."""
    members: Schema = {"type": {"type": "string", "enum": [kind]}, holder: held}
    return {"type": "object", "properties": members, "required": [*members]}
