"""Schemas of what the delivery door takes and gives, in the words of OpenAPI 3.0."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from swath import wire
from swath.api.openapi_collections import describe_queryable
from swath.api.openapi_parts import query, query_json
from swath.api.openapi_patterns import BOX, FILTER, INTERVAL
from swath.api.openapi_schemas import FUNCTIONS, NULL, REF, build_schemas
from swath.api.parameters import CRS84, DEFAULT_LIMIT, MOST_LIMIT, MOST_WHOLE
from swath.cql2 import LANGUAGES
from swath.stac_api.parameters import JSON, MAX_LIMIT, TEXT
from swath.stac_api.queryables import SIMPLE, SORTABLE
from swath.wire.shapes import COORDINATES, describe_geometry, describe_shape, list_of

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
OBJECT: Schema = {"type": "object"}
NAMES: Schema = {"type": "array", "items": STRING}
LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT}
OFFSET: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_WHOLE, "default": 0}
CRS: Schema = {"type": "string", "enum": list(CRS84), "default": CRS84[0]}
_SORT_NAMES = (*sorted(SORTABLE), *(f"properties.{name}" for name in sorted(SORTABLE)))
_SORT_TEXT: Schema = {
    "type": "string",
    "pattern": f"^[+-]?({'|'.join(re.escape(name) for name in _SORT_NAMES)})$",
}


def build_components() -> Mapping[str, Schema]:
    """Every schema that operations refer to, by name."""
    return {
        **build_schemas([], [wire.Problem]),
        "Link": _build_link(),
        "Catalog": _described("Catalog", "conformsTo"),
        "Collection": _described("Collection", "license", "extent"),
        "Catalogs": _listed("catalogs", "Catalog"),
        "Collections": _listed("collections", "Collection"),
        "Conformance": _members({"conformsTo": NAMES}, "conformsTo"),
        "Functions": FUNCTIONS,
        "Queryables": _members({"$id": STRING, "properties": OBJECT}, "$id", "properties"),
        **_SHAPES,
        "Geometry": {"oneOf": [refer(name) for name in _SHAPES]},
        "Item": _members(_ITEM, *_ITEM),
        "PickedItem": {
            **_members(_ITEM),
            "description": "An item, or the parts of it that `fields` asks for",
        },
        "ItemCollection": _members(_PAGE, *_PAGE),
        "Search": build_search(),
    }


def refer(name: str) -> Schema:
    """A reference to one of them."""
    return {"$ref": f"{REF}{name}"}


def build_query_parameters(names: Iterable[str]) -> list[Schema]:
    """Parameters of a search by GET."""
    return [_build_query_parameter(name) for name in names]


def build_search() -> Schema:
    """The body of a search by POST. Null means the same as a member left out, but not for `fields`."""
    members = {
        "collections": _names_or_one(),
        "ids": _names_or_one(),
        "bbox": {**BOX, "nullable": True},
        "intersects": {"anyOf": [refer("Geometry"), NULL]},
        "datetime": {**INTERVAL, "nullable": True},
        "filter": {"anyOf": [{**_EXPRESSION, "nullable": True}, FILTER]},
        "filter-lang": _or_null(_language(JSON)),
        "filter-crs": _or_null(CRS),
        "sortby": {"type": "array", "items": _sort_key(), "nullable": True},
        "fields": _members({name: {**NAMES, "nullable": True} for name in ("include", "exclude")}),
        "limit": {**LIMIT, "nullable": True},
        "offset": {**OFFSET, "nullable": True},
    }
    # Null says the same as a default, and what has one some generators of clients take for needed.
    members = {name: _without_default(schema) for name, schema in members.items()}
    both: Schema = {"bbox": {"type": "array", "items": {}}, "intersects": OBJECT}
    # A box and a shape at once are refused.
    return {**_members(members), "additionalProperties": False, "not": _members(both, *both)}


def _build_query_parameter(name: str) -> Schema:
    if name in SIMPLE:
        return describe_queryable(SIMPLE[name])
    text, schema = _PARAMETERS[name]
    if name == "intersects":
        return query_json(name, text, schema)
    return query(name, text, schema)


def _build_link() -> Schema:
    names = ("href", "rel", "type", "title", "method")
    members = {**dict.fromkeys(names, STRING), "body": OBJECT, "merge": {"type": "boolean"}}
    return _members(members, "href", "rel")


def _described(kind: str, *more: str) -> Schema:
    """A catalogue or a collection; `conformsTo` only the root catalogue has."""
    members = {
        "type": {"type": "string", "enum": [kind]},
        **dict.fromkeys(("stac_version", "id", "title", "description"), STRING),
        "links": _LINKS,
    }
    others = {name: {"conformsTo": NAMES, "license": STRING}.get(name, OBJECT) for name in more}
    needed = (name for name in others if name != "conformsTo")
    return _members({**members, **others}, *members, *needed)


def _listed(name: str, kind: str) -> Schema:
    members: dict[str, Schema] = {
        name: {"type": "array", "items": refer(kind)},
        "links": _LINKS,
        "numberMatched": _COUNT,
        "numberReturned": _COUNT,
    }
    return _members(members, *members)


def _members(members: Mapping[str, Schema], *required: str) -> Schema:
    told: Schema = {"type": "object", "properties": dict(members)}
    return {**told, "required": list(required)} if required else told


def _box(fewest: int, most: int) -> Schema:
    return {"type": "array", "items": {"type": "number"}, "minItems": fewest, "maxItems": most}


def _names_or_one() -> Schema:
    """A list of names; a single one may come without its list."""
    return {"anyOf": [{**NAMES, "nullable": True}, STRING]}


def _language(usual: str) -> Schema:
    return {"type": "string", "enum": list(LANGUAGES), "default": usual}


def _without_default(schema: Schema) -> Schema:
    return {word: value for word, value in schema.items() if word != "default"}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "enum": [*schema["enum"], None], "nullable": True}


def _sort_key() -> Schema:
    direction: Schema = {"type": "string", "enum": ["asc", "desc"], "default": "asc"}
    return _members({"field": {"type": "string", "enum": list(_SORT_NAMES)}, "direction": direction}, "field")


# CQL2 JSON; what there is to call and to compare, the queryables and the standard tell.
_EXPRESSION: Schema = {
    "type": "object",
    "properties": {
        "op": {"type": "string", "minLength": 1},
        "args": {"type": "array", "items": {}},
    },
    "required": ["op", "args"],
}
# One for each kind of GeoJSON geometry, with a name of its own: generators make types of names.
_SHAPES: Mapping[str, Schema] = {
    **{kind: describe_shape(kind) for kind in COORDINATES},
    "GeometryCollection": describe_geometry("GeometryCollection", "geometries", list_of(refer("Geometry"))),
}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_LINKS: Schema = {"type": "array", "items": refer("Link")}
_ITEM: Mapping[str, Schema] = {
    "type": {"type": "string", "enum": ["Feature"]},
    "stac_version": STRING,
    "stac_extensions": NAMES,
    "id": STRING,
    "collection": STRING,
    "geometry": refer("Geometry"),
    "bbox": _box(4, 6),
    "properties": OBJECT,
    "links": _LINKS,
    "assets": OBJECT,
}
_PAGE: Mapping[str, Schema] = {
    "type": {"type": "string", "enum": ["FeatureCollection"]},
    "features": {"type": "array", "items": refer("PickedItem")},
    "links": _LINKS,
    "numberMatched": _COUNT,
    "numberReturned": _COUNT,
    "timeStamp": {"type": "string", "format": "date-time"},
}
_PARAMETERS: Mapping[str, tuple[str, Schema]] = {
    "collections": ("Only items of these collections", NAMES),
    "ids": ("Only items with these ids", NAMES),
    "bbox": (
        "Only items that meet this box: west,south,east,north in degrees; west > east crosses 180 degrees",
        BOX,
    ),
    "intersects": ("Only items that meet this GeoJSON geometry; not together with bbox", refer("Geometry")),
    "datetime": (
        "Only items of this RFC 3339 instant or interval (start/end, one of them open as .. or a duration such as P2D)",
        INTERVAL,
    ),
    "filter": ("Only items of which this CQL2 expression is true", FILTER),
    "filter-lang": ("The language of the filter", _language(TEXT)),
    "filter-crs": ("The reference system of the filter's geometries; only CRS84 is served", CRS),
    "sortby": ("What to sort by, each with + or - before it", {"type": "array", "items": _SORT_TEXT}),
    "fields": ("The parts of items that are wanted, or with - before them not wanted", STRING),
    "limit": (f"How many items a page may hold; more than {MAX_LIMIT} counts as {MAX_LIMIT}", LIMIT),
    "offset": ("How many items come before the page", OFFSET),
    "f": ("The format; JSON is the only one", {"type": "string", "enum": ["json"], "default": "json"}),
}
