"""The documents that describe the service: landing page, conformance, collections, queryables and schemas."""

from collections.abc import Iterable, Sequence
from typing import Any

from swath.api.collections import Collection
from swath.api.links import (
    GEOJSON,
    HTML,
    JSON,
    OGC_REL,
    OPENAPI_JSON,
    SCHEMA_JSON,
    Link,
    Links,
    build_link,
)
from swath.api.parameters import CRS84
from swath.cql2 import FUNCTIONS, Function, Kind, Queryable
from swath.cql2.conformance import CONFORMS_TO as CQL2

DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"
TITLE = "swath tasking"
DESCRIPTION = (
    "Plan captures, choose among candidates and request them: satellite tasking as OGC API Features."
)
ATTRIBUTION = (
    "Orbits are computed from published element sets; facts about the fleet are marked where estimated."
)

FEATURES_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
FEATURES_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
FEATURES_4 = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf"
FUNCTIONS_REL = f"{OGC_REL}/functions"
CONFORMS_TO = (
    f"{FEATURES_1}/core",
    f"{FEATURES_1}/geojson",
    f"{FEATURES_1}/oas30",
    f"{FEATURES_3}/queryables",
    f"{FEATURES_3}/queryables-query-parameters",
    f"{FEATURES_3}/filter",
    f"{FEATURES_3}/features-filter",
    f"{FEATURES_4}/create-replace-delete",
    f"{FEATURES_4}/features",
    *CQL2,
)


def build_landing(links: Links) -> dict[str, Any]:
    """Where everything starts."""
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "attribution": ATTRIBUTION,
        "links": [
            build_link(links.api("/"), "self", JSON, "This document"),
            build_link(links.api("/api"), "service-desc", OPENAPI_JSON, "The API, as OpenAPI"),
            build_link(links.api("/docs"), "service-doc", HTML, "The API, for people"),
            build_link(links.api("/conformance"), "conformance", JSON, "Conformance classes"),
            build_link(links.api("/collections"), "data", JSON, "The collections"),
            build_link(links.api("/functions"), FUNCTIONS_REL, JSON, "Functions that filters may call"),
            build_link(links.api("/account"), "account", JSON, "Your account and its credits"),
            build_link(f"{links.root}/oauth/token", "token", JSON, "Where access tokens come from"),
            build_link(f"{links.root}/stac/v1/", "catalog", JSON, "The catalogue of images"),
        ],
    }


def build_conformance() -> dict[str, Any]:
    """The conformance classes that hold."""
    return {"conformsTo": CONFORMS_TO}


def build_functions(links: Links) -> dict[str, Any]:
    """The functions that filters may call besides those of CQL2 (OGC API Features part 3)."""
    return {
        "functions": [_build_function(function) for function in FUNCTIONS.values()],
        "links": [build_link(links.api("/functions"), "self", JSON, "This document")],
    }


def build_collections_document(collections: Sequence[Collection], links: Links) -> dict[str, Any]:
    """All collections."""
    return {
        "links": [build_link(links.api("/collections"), "self", JSON, "This document")],
        "collections": [build_collection(collection, links) for collection in collections],
    }


def build_collection(collection: Collection, links: Links) -> dict[str, Any]:
    """One collection, as it stands alone and among all."""
    return {
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "crs": [CRS84[0]],
        "storageCrs": CRS84[0],
        # None in time: an interval without ends would say the same, but the official suite of OGC cannot read it.
        "extent": {"spatial": {"bbox": [[-180.0, -90.0, 180.0, 90.0]], "crs": CRS84[0]}},
        "links": _build_collection_links(collection, links),
    }


def build_queryables(collection: Collection, links: Links) -> dict[str, Any]:
    """What the collection can be filtered by."""
    address = f"{links.collection(collection.id)}/queryables"
    return describe_queryables(address, collection.id, collection.title, collection.queryables)


def describe_queryables(
    address: str, what: str, title: str, queryables: Iterable[Queryable]
) -> dict[str, Any]:
    """The JSON Schema of queryables, found at that address (OGC API Features part 3)."""
    return {
        "$schema": DRAFT_2020,
        "$id": address,
        "type": "object",
        "title": title,
        "description": f"What {what} can be filtered by.",
        "properties": {queryable.name: build_queryable(queryable) for queryable in queryables},
        "additionalProperties": False,
    }


def build_queryable(queryable: Queryable) -> dict[str, Any]:
    """The JSON Schema of one queryable; geometries have a format and no type."""
    told = {"title": queryable.title or queryable.name}
    if queryable.description:
        told["description"] = queryable.description
    return told | _build_value_schema(queryable)


def build_schema(collection: Collection, links: Links) -> dict[str, Any]:
    """The JSON Schema of what the collection takes, or of its features where it takes nothing."""
    model = collection.creation.model if collection.creation else collection.feature
    mode = "validation" if collection.creation else "serialization"
    address = f"{links.collection(collection.id)}/schema"
    return {"$schema": DRAFT_2020, "$id": address, **model.model_json_schema(by_alias=True, mode=mode)}


def _build_function(function: Function) -> dict[str, Any]:
    arguments = [{"title": name, "type": [_name_kind(kind)]} for name, kind in function.arguments.items()]
    return {
        "name": function.name,
        "description": function.description,
        "arguments": arguments,
        "returns": [_name_kind(function.result)],
    }


def _name_kind(kind: Kind) -> str:
    return "datetime" if kind is Kind.TIMESTAMP else kind.value


def _build_collection_links(collection: Collection, links: Links) -> list[Link]:
    address = links.collection(collection.id)
    return [
        build_link(address, "self", JSON, "This collection"),
        build_link(f"{address}/items", "items", GEOJSON, f"The {collection.title.lower()}"),
        build_link(f"{address}/queryables", f"{OGC_REL}/queryables", SCHEMA_JSON, "What to filter by"),
        build_link(f"{address}/schema", f"{OGC_REL}/schema", SCHEMA_JSON, "The shape of the features"),
    ]


def _build_value_schema(queryable: Queryable) -> dict[str, Any]:
    match queryable.type:
        case "geometry":
            return {"format": f"geometry-{queryable.geometry}"}
        case "timestamp":
            return {"type": "string", "format": "date-time"}
        case "date":
            return {"type": "string", "format": "date"}
        case "array":
            return {"type": "array", "items": {"type": queryable.items}}
        case scalar:
            return {"type": scalar, **({"enum": list(queryable.enum)} if queryable.enum else {})}
