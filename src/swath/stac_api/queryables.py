"""What items can be filtered and sorted by."""

from collections.abc import Mapping
from typing import Any

from swath.cql2 import Queryable

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_TYPE = "application/schema+json"

QUERYABLES: Mapping[str, Queryable] = {
    queryable.name: queryable
    for queryable in (
        Queryable("id", "string", title="Item"),
        Queryable("collection", "string", title="Collection"),
        Queryable("geometry", "geometry", title="Footprint"),
        Queryable("datetime", "timestamp", title="Start of the capture"),
        Queryable("start_datetime", "timestamp", title="Start of the capture"),
        Queryable("end_datetime", "timestamp", title="End of the capture"),
        Queryable("created", "timestamp", title="When the item was published"),
        Queryable("platform", "string", title="Satellite"),
        Queryable("constellation", "string", title="Constellation"),
        Queryable("gsd", "number", title="Ground sampling distance in metres"),
        Queryable("eo:cloud_cover", "number", title="Cloud cover in percent"),
        Queryable("view:off_nadir", "number", title="Off-nadir angle in degrees"),
        Queryable("view:sun_elevation", "number", title="Elevation of the Sun in degrees"),
        Queryable("view:sun_azimuth", "number", title="Azimuth of the Sun in degrees"),
        Queryable("ag:capture_id", "string", title="Capture"),
    )
}
SORTABLE = frozenset(name for name, queryable in QUERYABLES.items() if queryable.type != "geometry")


def build_queryables(href: str) -> dict[str, Any]:
    """The JSON Schema of the queryables, as OGC API Features part 3 has it."""
    return {
        "$schema": SCHEMA,
        "$id": href,
        "type": "object",
        "title": "Queryables of the images",
        "properties": {name: _build_property(queryable) for name, queryable in QUERYABLES.items()},
        "additionalProperties": False,
    }


def _build_property(queryable: Queryable) -> dict[str, Any]:
    if queryable.type == "geometry":
        return {"title": queryable.title, "format": "geometry-any"}
    if queryable.type == "timestamp":
        return {"title": queryable.title, "type": "string", "format": "date-time"}
    return {"title": queryable.title, "type": queryable.type}
