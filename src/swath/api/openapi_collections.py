"""How a collection describes itself: its paths, parameters and links, all from its declaration."""

from datetime import datetime
from typing import Any

from swath.api.collections import Collection, Creation, Removal
from swath.api.documents import build_queryable
from swath.api.links import GEOJSON, JSON, SCHEMA_JSON
from swath.api.openapi_parts import (
    ALWAYS,
    ETAG,
    GUARDED,
    OpenApi,
    build_body,
    content,
    header,
    operation,
    part,
    query,
    refer_to,
    require,
    sent_header,
)
from swath.api.openapi_patterns import BOX, ETAGS, FILTER, INSTANT, INTERVAL, KEY
from swath.api.openapi_schemas import Schema, name_page, refer
from swath.api.parameters import CRS84, DEFAULT_LANGUAGE, DEFAULT_LIMIT, MOST_LIMIT, MOST_WHOLE, list_simple
from swath.cql2 import LANGUAGES, Queryable
from swath.oauth.clients import TASKING

TOKEN = require(TASKING)
# Everybody may read these, with a token or without.
OPEN: list[Any] = [{}, *TOKEN]
READING = (*GUARDED, 406)
WRITING = (*GUARDED, 409, 413)
SHARED = ("offset", "bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "crs", "f")
FEATURE_ID = "featureId"
# A body as an object is what OpenAPI allows here and what the parser of most generators refuses.
ASK: OpenApi = {
    "operationId": "createRequests",
    "description": "Ask for the candidate: its id is the `candidate_id` of the body",
}
FIRST, MADE = "$response.body#/features/0/id", "$response.body#/id"


def describe_collection(collection: Collection, now: datetime) -> OpenApi:
    """The paths of one collection, with examples that are right now."""
    path, tag, name = f"/collections/{collection.id}", collection.id, camel(collection.id)
    items: OpenApi = {"get": _describe_list(collection)}
    item: OpenApi = {"get": _describe_read(collection)}
    if collection.creation is not None:
        items["post"] = _describe_create(collection, collection.creation, now)
    if collection.removal is not None:
        item["delete"] = _describe_remove(collection, collection.removal)
    return {
        path: describe_document(f"describe{name}", f"The collection {tag}", JSON, "Collection", tag),
        f"{path}/queryables": describe_document(
            f"queryables{name}", "What to filter by", SCHEMA_JSON, "JsonSchema", tag
        ),
        f"{path}/schema": describe_document(
            f"schema{name}", "The shape of features", SCHEMA_JSON, "JsonSchema", tag
        ),
        f"{path}/items": items,
        f"{path}/items/{{{FEATURE_ID}}}": item,
    }


def describe_document(
    name: str, summary: str, media_type: str, schema: str, tag: str = "capabilities"
) -> OpenApi:
    """The path of a document that everybody may read."""
    answer = content(summary, media_type, refer_to("schemas", schema), headers=ETAG)
    parameters = [refer_to("parameters", "f"), refer_to("parameters", "If-None-Match")]
    return {
        "get": operation(
            name,
            summary,
            tag,
            answers={"200": answer, "304": UNCHANGED},
            refusals=(*ALWAYS, 406),
            parameters=parameters,
        )
    }


def build_parameters() -> dict[str, OpenApi]:
    """The parameters that several operations share."""
    language: Schema = {"type": "string", "enum": list(LANGUAGES), "default": DEFAULT_LANGUAGE}
    offset: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_WHOLE, "default": 0}
    return {
        "offset": query("offset", "How many matches come before the page", offset),
        "bbox": query(
            "bbox",
            "Only features that meet this box: west,south,east,north in degrees, or with heights in the third and "
            "sixth place; west > east crosses 180 degrees",
            BOX,
            example=[135, 35, 140, 37],
        ),
        "datetime": query(
            "datetime",
            "Only features that meet this RFC 3339 instant or interval: start/end, one of them open (..) or a "
            "duration (P2D)",
            INTERVAL,
        ),
        "filter": query("filter", "A CQL2 filter over the queryables, such as created IS NOT NULL", FILTER),
        "filter-lang": query("filter-lang", "The language of the filter", language),
        **{name: query(name, "Only CRS84 is served", CRS) for name in ("bbox-crs", "filter-crs", "crs")},
        "f": query("f", "Only json is served", {"type": "string", "enum": ["json"]}),
        "Idempotency-Key": sent_header(
            "Idempotency-Key",
            "Makes it safe to send the same body again: the same key within a day answers what was made first",
            KEY,
        ),
        "If-None-Match": sent_header("If-None-Match", "An ETag that is known already", {"type": "string"}),
        "If-Match": sent_header("If-Match", "The ETag of the state that is meant, or *", ETAGS),
    }


def _describe_list(collection: Collection) -> OpenApi:
    page = refer_to("schemas", name_page(collection.feature))
    links = {"first": _lead(f"read{camel(collection.id)}", FEATURE_ID, FIRST, "The first of the page")}
    answer = content("One page", GEOJSON, page, headers=ETAG, links={**links, **_follow_first(collection)})
    return operation(
        f"list{camel(collection.id)}",
        f"List {collection.title.lower()}",
        collection.id,
        answers={"200": answer, "304": UNCHANGED},
        refusals=READING,
        parameters=[*_build_list_parameters(collection), refer_to("parameters", "If-None-Match")],
        security=OPEN if collection.open else TOKEN,
        description=collection.description,
    )


def _describe_read(collection: Collection) -> OpenApi:
    answer = content("The feature", GEOJSON, refer(collection.feature), headers=ETAG)
    links = _follow(collection)
    return operation(
        f"read{camel(collection.id)}",
        f"One of {collection.title.lower()}",
        collection.id,
        answers={"200": {**answer, **({"links": links} if links else {})}, "304": UNCHANGED},
        refusals=(*READING, 404),
        parameters=[
            _describe_id(collection),
            refer_to("parameters", "f"),
            refer_to("parameters", "If-None-Match"),
        ],
        security=OPEN if collection.open else TOKEN,
    )


def _describe_create(collection: Collection, creation: Creation, now: datetime) -> OpenApi:
    example = creation.example(now)
    schema = refer(creation.model)
    made = content(
        "It was made",
        GEOJSON,
        refer(collection.feature),
        headers={"Location": header("Where it is", {"type": "string", "format": "uri"}), **ETAG},
        links={
            "self": _lead(f"read{camel(collection.id)}", FEATURE_ID, MADE, "What was made"),
            **_follow(collection),
        },
    )
    return operation(
        f"create{camel(collection.id)}",
        creation.summary,
        collection.id,
        answers={"201": made},
        refusals=(*WRITING, *creation.refusals, 415, 422),
        parameters=[refer_to("parameters", "Idempotency-Key")],
        security=TOKEN,
        body=build_body((GEOJSON, JSON), schema, example),
    )


def _describe_remove(collection: Collection, removal: Removal) -> OpenApi:
    return operation(
        f"remove{camel(collection.id)}",
        removal.summary,
        collection.id,
        answers={"204": {"description": "It is gone"}},
        refusals=(*GUARDED, 404, 409, 412),
        parameters=[_describe_id(collection), refer_to("parameters", "If-Match")],
        security=TOKEN,
    )


def _follow(collection: Collection) -> OpenApi:
    """Where a single feature leads."""
    name = camel(collection.id)
    links: OpenApi = {}
    if collection.removal is not None:
        links["remove"] = _lead(f"remove{name}", FEATURE_ID, MADE, "Take it away")
    return links | _follow_on(collection.id, MADE)


def _follow_first(collection: Collection) -> OpenApi:
    return {name: told for name, told in _follow_on(collection.id, FIRST).items() if name != "cancel"}


def _follow_on(collection_id: str, of: str) -> OpenApi:
    """How the customer's way goes on: from a plan to its candidates, to a request, to what became of it."""
    match collection_id:
        case "plans":
            return {"candidates": _lead("listCandidates", "task_plan_id", of, "What was found for the plan")}
        case "candidates":
            return {"request": ASK}
        case "requests":
            return {
                "history": _lead("readRequestHistory", FEATURE_ID, of, "What has happened to it"),
                "cancel": _lead("cancelRequest", FEATURE_ID, of, "Do without it"),
            }
        case _:
            return {}


def _lead(operation_id: str, parameter: str, expression: str, description: str) -> OpenApi:
    return {"operationId": operation_id, "parameters": {parameter: expression}, "description": description}


def _build_list_parameters(collection: Collection) -> list[Any]:
    most = collection.max_limit
    limit: Schema = {
        "type": "integer",
        "minimum": 1,
        "maximum": MOST_LIMIT,
        "default": min(DEFAULT_LIMIT, most),
    }
    return [
        query("limit", f"How many features a page may hold; more than {most} counts as {most}", limit),
        *(refer_to("parameters", name) for name in SHARED),
        *map(describe_queryable, list_simple(collection.queryables).values()),
    ]


def describe_queryable(queryable: Queryable) -> OpenApi:
    """The parameter by which features are found of which a queryable equals a value."""
    schema = build_queryable(queryable)
    match queryable.type:
        case "timestamp":
            schema |= INSTANT
        case "integer":
            schema |= {"minimum": -MOST_WHOLE, "maximum": MOST_WHOLE}
        case _:
            pass
    return query(queryable.name, f"Only features of which {queryable.name} equals this", schema)


def _describe_id(collection: Collection) -> OpenApi:
    return part(FEATURE_ID, f"Id of one of {collection.title.lower()}")


def camel(name: str) -> str:
    """A name as it stands in the middle of an operation's."""
    return "".join(word.capitalize() for word in name.split("_"))


CRS: Schema = {"type": "string", "enum": list(CRS84[:1]), "default": CRS84[0]}
UNCHANGED = {"description": "It is still what If-None-Match says", "headers": ETAG}
