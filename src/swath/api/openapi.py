"""The API definition: OpenAPI 3.0.3, one document without outside references, made from the same declarations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from swath import __version__, wire
from swath.api.collections import Collection, Creation, Removal
from swath.api.documents import DESCRIPTION, TITLE, build_queryable
from swath.api.links import GEOJSON, HTML, JSON, OPENAPI_JSON, SCHEMA_JSON, Links
from swath.api.openapi_schemas import PLAIN, Schema, build_schemas, refer
from swath.api.parameters import CRS84, DEFAULT_LANGUAGE, DEFAULT_LIMIT, list_simple
from swath.api.problems import PROBLEM_JSON
from swath.cql2 import LANGUAGES
from swath.oauth.clients import SCOPES

OpenApi = dict[str, Any]

REFUSALS: Mapping[int, str] = {
    400: "The call cannot be read, or a parameter is wrong",
    401: "No access token was sent, or it does not hold",
    402: "The account has too few free credits",
    403: "The access token lacks the scope",
    404: "There is no such thing, or it is not yours",
    405: "The address does not take this method",
    406: "Nothing that the Accept header asks for is served",
    409: "The state of things does not allow it; a link may say what stands in the way",
    412: "The feature is no longer the one in If-Match",
    413: "The body is larger than 1 MiB",
    415: "The body is of another Content-Type",
    422: "The body breaks rules, each of which is listed",
    429: "Too many calls; Retry-After says when to come back",
    500: "A fault of ours, noted under the request id",
    503: "Not possible at the moment; Retry-After says when to come back",
}
ALWAYS = (400, 405, 406, 429, 500, 503)
GUARDED = (401, 403)
WRITING = (400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)
OPEN: list[Any] = [{}, {"oauth": ["tasking"]}, {"bearer": []}]
TOKEN: list[Any] = [{"oauth": ["tasking"]}, {"bearer": []}]
TAGS = (
    ("capabilities", "What this service is and has"),
    ("token", "Access tokens"),
    ("account", "Your account"),
)


def build_openapi(collections: Sequence[Collection], links: Links) -> OpenApi:
    """The whole document."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": TITLE,
            "description": DESCRIPTION,
            "version": __version__,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "contact": {"name": "The operator of this service", "url": links.api("/docs")},
        },
        "servers": [{"url": links.api(), "description": "The Tasking API"}],
        "tags": [{"name": name, "description": text} for name, text in _tags(collections)],
        "paths": _build_paths(collections, links),
        "components": _build_components(collections, links),
    }


def _tags(collections: Sequence[Collection]) -> Iterable[tuple[str, str]]:
    return (*TAGS, *((collection.id, collection.description) for collection in collections))


def _build_paths(collections: Sequence[Collection], links: Links) -> OpenApi:
    paths: OpenApi = {
        "/": _document("landing", "Landing page", JSON, "Landing"),
        "/conformance": _document("conformance", "Conformance classes", JSON, "Conformance"),
        "/api": _document("definition", "This document", OPENAPI_JSON, "Anything"),
        "/docs": _document("docs", "This document, for people", HTML, None),
        "/collections": _document("collections", "All collections", JSON, "Collections"),
    }
    for collection in collections:
        paths |= _build_collection_paths(collection)
    return {
        **paths,
        "/collections/requests/items/{featureId}/cancel": {"post": _build_cancel()},
        "/collections/requests/items/{featureId}/history": {"get": _build_history()},
        "/account": {"get": _build_account()},
        "/oauth/token": {"servers": [{"url": links.root}], "post": _build_token()},
    }


def _build_collection_paths(collection: Collection) -> OpenApi:
    path, tag, name = f"/collections/{collection.id}", collection.id, _camel(collection.id)
    items: OpenApi = {"get": _build_list(collection)}
    item: OpenApi = {"get": _build_read(collection)}
    if collection.creation is not None:
        items["post"] = _build_create(collection, collection.creation)
    if collection.removal is not None:
        item["delete"] = _build_remove(collection, collection.removal)
    return {
        path: _document(f"describe{name}", f"The collection {tag}", JSON, "Collection", tag),
        f"{path}/queryables": _document(
            f"queryables{name}", "What to filter by", SCHEMA_JSON, "Anything", tag
        ),
        f"{path}/schema": _document(f"schema{name}", "The shape of features", SCHEMA_JSON, "Anything", tag),
        f"{path}/items": items,
        f"{path}/items/{{featureId}}": item,
    }


def _build_list(collection: Collection) -> OpenApi:
    statuses = (*ALWAYS, *GUARDED)
    page = {
        "allOf": [
            {"$ref": "#/components/schemas/FeatureCollection"},
            {
                "type": "object",
                "properties": {"features": {"type": "array", "items": refer(collection.feature)}},
            },
        ]
    }
    return _operation(
        f"list{_camel(collection.id)}",
        f"List {collection.title.lower()}",
        collection.id,
        answers={"200": _content("One page", GEOJSON, page, caching=True)},
        refusals=statuses,
        parameters=_build_parameters(collection),
        security=OPEN if collection.open else TOKEN,
    )


def _build_read(collection: Collection) -> OpenApi:
    return _operation(
        f"read{_camel(collection.id)}",
        f"One of {collection.title.lower()}",
        collection.id,
        answers={
            "200": _content("The feature", GEOJSON, refer(collection.feature), caching=True),
            "304": {"description": "The feature is still the one in If-None-Match"},
        },
        refusals=(*ALWAYS, *GUARDED, 404),
        parameters=[_id_parameter(collection), _ref_parameter("f"), _ref_parameter("If-None-Match")],
        security=OPEN if collection.open else TOKEN,
    )


def _build_create(collection: Collection, creation: Creation) -> OpenApi:
    body = {"schema": refer(creation.model), "example": creation.example}
    made = _content("It was made", GEOJSON, refer(collection.feature))
    made["headers"] = {
        "Location": {"description": "Where it is", "schema": {"type": "string", "format": "uri"}},
        "ETag": {"description": "The state it is in", "schema": {"type": "string"}},
    }
    return _operation(
        f"create{_camel(collection.id)}",
        creation.summary,
        collection.id,
        answers={"201": made},
        refusals=WRITING,
        parameters=[_ref_parameter("Idempotency-Key")],
        security=TOKEN,
        body={"required": True, "content": {GEOJSON: body, JSON: body}},
    )


def _build_remove(collection: Collection, removal: Removal) -> OpenApi:
    return _operation(
        f"remove{_camel(collection.id)}",
        removal.summary,
        collection.id,
        answers={"204": {"description": "It is gone"}},
        refusals=(400, 401, 403, 404, 405, 409, 412, 429, 500, 503),
        parameters=[_id_parameter(collection), _ref_parameter("If-Match")],
        security=TOKEN,
    )


def _build_cancel() -> OpenApi:
    return _operation(
        "cancelRequest",
        "Cancel a request, until its `cancel_until`",
        "requests",
        answers={"200": _content("The request as it now is", GEOJSON, refer(wire.TaskingRequest))},
        refusals=(400, 401, 403, 404, 405, 409, 413, 429, 500, 503),
        parameters=[_path_parameter("featureId", "Id of the request")],
        security=TOKEN,
    )


def _build_history() -> OpenApi:
    return _operation(
        "readRequestHistory",
        "What has happened to a request",
        "requests",
        answers={"200": _content("All changes, the oldest first", JSON, refer(wire.History))},
        refusals=(*ALWAYS, *GUARDED, 404),
        parameters=[_path_parameter("featureId", "Id of the request"), _ref_parameter("f")],
        security=TOKEN,
    )


def _build_account() -> OpenApi:
    return _operation(
        "readAccount",
        "Your account and its credits",
        "account",
        answers={"200": _content("The account", JSON, refer(wire.Account))},
        refusals=(*ALWAYS, *GUARDED),
        parameters=[_ref_parameter("f")],
        security=TOKEN,
    )


def _build_token() -> OpenApi:
    grant = {"$ref": "#/components/schemas/Grant"}
    refusal = _content("Refused (RFC 6749 section 5.2)", JSON, {"$ref": "#/components/schemas/OAuthError"})
    return {
        "operationId": "createToken",
        "summary": "An access token for client credentials",
        "description": "The credentials go into the body, or into an HTTP Basic header.",
        "tags": ["token"],
        "security": [{}, {"basic": []}],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": grant}, "application/x-www-form-urlencoded": {"schema": grant}},
        },
        "responses": {
            "200": _content("The token", JSON, refer(wire.Token)),
            **{str(status): refusal for status in (400, 401, 429)},
            **{str(status): _refusal(status) for status in (405, 413, 500, 503)},
        },
    }


def _document(
    name: str, summary: str, media_type: str, schema: str | None, tag: str = "capabilities"
) -> OpenApi:
    told: Schema = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "string"}
    operation = _operation(
        name,
        summary,
        tag,
        answers={"200": _content(summary, media_type, told)},
        refusals=ALWAYS,
        parameters=[_ref_parameter("f")] if schema else [],
        security=[],
    )
    return {"get": operation}


def _operation(
    operation_id: str,
    summary: str,
    tag: str,
    *,
    answers: Mapping[str, Any],
    refusals: Iterable[int],
    parameters: Sequence[Any],
    security: list[Any],
    body: Any = None,
) -> OpenApi:
    return {
        "operationId": operation_id,
        "summary": summary,
        "description": f"{summary}.",
        "tags": [tag],
        "parameters": list(parameters),
        **({"requestBody": body} if body else {}),
        "security": security,
        "responses": {**answers, **{str(status): _refusal(status) for status in sorted(refusals)}},
    }


def _build_parameters(collection: Collection) -> list[Any]:
    shared = ("offset", "bbox", "bbox-crs", "datetime", "filter-lang", "filter-crs", "crs", "f")
    simple = list_simple(collection.queryables).values()
    return [
        _build_limit(collection.max_limit),
        *(_ref_parameter(name) for name in shared),
        _ref_parameter("filter"),
        *(
            _query_parameter(q.name, f"Only features of which {q.name} equals this", build_queryable(q))
            for q in simple
        ),
    ]


def _build_limit(most: int) -> OpenApi:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": min(DEFAULT_LIMIT, most)}
    return _query_parameter(
        "limit", "How many features a page may hold; more than the maximum counts as that", schema
    )


def _build_shared_parameters() -> dict[str, OpenApi]:
    crs: Schema = {"type": "string", "enum": list(CRS84[:1]), "default": CRS84[0]}
    box: Schema = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    language: Schema = {"type": "string", "enum": list(LANGUAGES), "default": DEFAULT_LANGUAGE}
    offset: Schema = {"type": "integer", "minimum": 0, "default": 0}
    key: Schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    return {
        "offset": _query_parameter("offset", "How many matches come before the page", offset),
        "bbox": _query_parameter(
            "bbox",
            "Only features that meet this box: west,south,east,north; west > east crosses 180 degrees",
            box,
        ),
        "bbox-crs": _query_parameter("bbox-crs", "Only CRS84 is served", crs),
        "datetime": _query_parameter(
            "datetime",
            "Only features that meet this RFC 3339 instant or interval (start/end, open ends as ..)",
            {"type": "string"},
        ),
        "filter": _query_parameter("filter", "A CQL2 filter over the queryables", {"type": "string"}),
        "filter-lang": _query_parameter("filter-lang", "The language of the filter", language),
        "filter-crs": _query_parameter("filter-crs", "Only CRS84 is served", crs),
        "crs": _query_parameter("crs", "Only CRS84 is served", crs),
        "f": _query_parameter("f", "Only json is served", {"type": "string", "enum": ["json"]}),
        "Idempotency-Key": _header_parameter(
            "Idempotency-Key", "Makes it safe to send the same body again", key
        ),
        "If-None-Match": _header_parameter(
            "If-None-Match", "An ETag that is known already", {"type": "string"}
        ),
        "If-Match": _header_parameter("If-Match", "The ETag of the state that is meant", {"type": "string"}),
    }


def _build_components(collections: Sequence[Collection], links: Links) -> OpenApi:
    drafts = [c.creation.model for c in collections if c.creation is not None]
    documents: list[type[BaseModel]] = [c.feature for c in collections]
    documents += [wire.Problem, wire.Account, wire.History, wire.Token, wire.Link]
    flow = {
        "tokenUrl": f"{links.root}/oauth/token",
        "scopes": {scope: f"The {scope} door" for scope in SCOPES},
    }
    return {
        "schemas": {**build_schemas(drafts, documents), **PLAIN},
        "parameters": _build_shared_parameters(),
        "responses": {
            f"Problem{status}": _content(text, PROBLEM_JSON, refer(wire.Problem))
            for status, text in REFUSALS.items()
        },
        "securitySchemes": {
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}},
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "basic": {"type": "http", "scheme": "basic"},
        },
    }


def _content(description: str, media_type: str, schema: Schema, *, caching: bool = False) -> OpenApi:
    told: OpenApi = {"description": description, "content": {media_type: {"schema": schema}}}
    if caching:
        told["headers"] = {"ETag": {"description": "The state it is in", "schema": {"type": "string"}}}
    return told


def _refusal(status: int) -> OpenApi:
    return {"$ref": f"#/components/responses/Problem{status}"}


def _query_parameter(name: str, description: str, schema: Schema) -> OpenApi:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def _header_parameter(name: str, description: str, schema: Schema) -> OpenApi:
    return {"name": name, "in": "header", "description": description, "required": False, "schema": schema}


def _path_parameter(name: str, description: str) -> OpenApi:
    return {
        "name": name,
        "in": "path",
        "description": description,
        "required": True,
        "schema": {"type": "string"},
    }


def _ref_parameter(name: str) -> OpenApi:
    return {"$ref": f"#/components/parameters/{name}"}


def _id_parameter(collection: Collection) -> OpenApi:
    return _path_parameter("featureId", f"Id of one of {collection.title.lower()}")


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
