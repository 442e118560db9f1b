"""The parts of the OpenAPI description that FastAPI cannot know, and a page for people."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from swath.stac_api.parameters import DEFAULT_LIMIT, MAX_LIMIT

Document = dict[str, Any]

_TEXT: Document = {"type": "string"}
_NAMES: Document = {"type": "array", "items": {"type": "string"}}

SCHEMAS: Mapping[str, tuple[Document, str]] = {
    "collections": (_NAMES, "Names of collections"),
    "ids": (_NAMES, "Ids of items"),
    "bbox": (
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        "West, south, east, north in degrees; west > east crosses the antimeridian",
    ),
    "intersects": (_TEXT, "A GeoJSON geometry"),
    "datetime": (_TEXT, "An RFC 3339 instant or interval; `..` is an open end"),
    "filter": (_TEXT, "A CQL2 expression"),
    "filter-lang": ({"type": "string", "enum": ["cql2-text", "cql2-json"]}, "Language of the filter"),
    "filter-crs": (_TEXT, "Coordinate reference system of the filter's geometries: CRS84"),
    "sortby": (_TEXT, "Properties to sort by, each with + or - before it"),
    "fields": (_TEXT, "Parts of items that are wanted, or with a - before them not wanted"),
    "limit": (
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "How many items a page may have",
    ),
    "offset": ({"type": "integer", "minimum": 0, "default": 0}, "How many items come before the page"),
}


def parameters(names: Iterable[str]) -> Document:
    """OpenAPI parameters of those names."""
    return {"parameters": [_parameter(name, *SCHEMAS[name]) for name in names]}


def search_body() -> Document:
    """The OpenAPI request body of a search."""
    whole = {
        "intersects": {"type": "object"},
        "filter": {"type": "object"},
        "sortby": {"type": "array", "items": {"type": "object"}},
        "fields": {"type": "object"},
    }
    properties = {name: whole.get(name, schema) for name, (schema, _) in SCHEMAS.items()}
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def finish(described: Document, base: str, prefix: str) -> Document:
    """Paths relative to the landing page, which is the only server."""
    paths = {path.removeprefix(prefix) or "/": entry for path, entry in described["paths"].items()}
    return {**described, "servers": [{"url": base}], "paths": paths}


def build_page(base: str) -> str:
    """A plain page that says where to begin; nothing on it comes from elsewhere."""
    home = escape(base, quote=True)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>swath catalogue</title>"
        "<h1>Images delivered by swath</h1>"
        f"<p>A STAC API. Point pystac-client, QGIS or a STAC browser at <a href='{home}'>{home}</a> with a "
        "token of the scope <code>catalog</code>.</p>"
        f"<p>All operations: <a href='{home}/api'>OpenAPI description</a>. "
        f"What can be filtered by: <a href='{home}/queryables'>queryables</a>.</p></html>"
    )


def _parameter(name: str, schema: Document, text: str) -> Document:
    shape: Document = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema, **shape}
