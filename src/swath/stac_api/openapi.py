"""The API definition of the delivery door: OpenAPI 3.0.3, one document without outside references.

Each operation names the answers it really gives: what is not listed here, the operation does not answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from swath import __version__
from swath.api.links import GEOJSON, HTML, JSON, OPENAPI_JSON, SCHEMA_JSON, Links
from swath.api.openapi import REFUSALS
from swath.api.problems import PROBLEM_JSON
from swath.delivery.images import COG, PNG
from swath.oauth.clients import CATALOG
from swath.stac_api.catalogue import ROOT_TITLE
from swath.stac_api.documents import CATALOG_PATH
from swath.stac_api.openapi_schemas import build_components, build_query_parameters, refer
from swath.stac_api.parameters import PARAMETERS
from swath.stac_api.queryables import SIMPLE

OpenApi = dict[str, Any]

TAGS = {"capabilities": "What this service is and has", "items": "Items and their files"}
LISTED = (*PARAMETERS, "f", *SIMPLE)
TOKEN: list[Any] = [{"oauth": [CATALOG]}, {"bearer": []}]
LINK_OR_TOKEN: list[Any] = [{"link": []}, *TOKEN]
OUT_OF_RANGE = 416
ALL_REFUSALS = {
    **REFUSALS,
    OUT_OF_RANGE: "The range lies outside the file; Content-Range says how long it is",
}
# Every call can ask for a parameter or a media type that is not there; a busy database meets those that read from it.
ALWAYS = (400, 406, 500)
GUARDED = (*ALWAYS, 401, 403, 503)
# Files come as they are, whatever is asked for beside them.
OF_FILES = (401, 403, 500, 503)
ETAG: OpenApi = {"ETag": {"description": "The state the file is in", "schema": {"type": "string"}}}
RANGE: OpenApi = {
    "Content-Range": {"description": "Which bytes of how many", "schema": {"type": "string"}},
}
# What refusals carry beside their body (RFC 6750 section 3, RFC 9110 sections 10.2.3 and 14.4).
REFUSAL_HEADERS: Mapping[int, OpenApi] = {
    401: {"WWW-Authenticate": {"description": "What is needed", "schema": {"type": "string"}}},
    403: {"WWW-Authenticate": {"description": "The scope that lacks", "schema": {"type": "string"}}},
    OUT_OF_RANGE: RANGE,
    503: {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}},
}


def build_openapi(links: Links) -> OpenApi:
    """The whole document; the landing page is its only server."""
    paths = _build_paths()
    return {
        "openapi": "3.0.3",
        "info": {
            "title": ROOT_TITLE,
            "description": "A STAC API over the images of an account.",
            "version": __version__,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "contact": {"name": "The operator of this service", "url": f"{links.api()}/api.html"},
        },
        "servers": [{"url": links.api(), "description": "The catalogue"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": build_components(),
            "responses": {f"Problem{status}": _problem(status) for status in _list_refusals(paths)},
            "securitySchemes": _build_security(links),
        },
    }


def _build_paths() -> OpenApi:
    catalog, collection = CATALOG_PATH, "/collections/{collection}"
    item = f"{collection}/items/{{item_id}}"
    return {
        "/": _document("landing", "Landing page: the root catalogue", refer("Catalog")),
        "/conformance": _document("conformance", "What this service conforms to", refer("Conformance")),
        "/api": _document("definition", "This document", refer("OpenApi"), OPENAPI_JSON),
        "/api.html": _document("page", "A page about this service", {"type": "string"}, HTML),
        "/queryables": _document("queryables", "What to filter by", refer("Queryables"), SCHEMA_JSON),
        "/catalogs": _document("catalogs", "Catalogs", refer("Catalogs")),
        catalog: _document("catalog", "The catalog that requests link to", refer("Catalog")),
        f"{catalog}/collections": _document(
            "catalogCollections", "Collections of the catalog", refer("Collections")
        ),
        f"{catalog}/search": _build_searches("Catalog"),
        "/collections": _document("collections", "All collections", refer("Collections")),
        collection: _of_collection(_document("collection", "One collection", refer("Collection"))),
        f"{collection}/queryables": _of_collection(
            _document(
                "collectionQueryables", "What to filter a collection by", refer("Queryables"), SCHEMA_JSON
            )
        ),
        f"{collection}/items": {"get": _build_list()},
        item: {"get": _build_read()},
        f"{item}/assets/{{asset}}": {"get": _build_file(), "head": _build_file_head()},
        "/search": _build_searches(),
    }


def _build_searches(where: str = "") -> OpenApi:
    return {"get": _build_get_search(where), "post": _build_post_search(where)}


def _build_get_search(where: str) -> OpenApi:
    return _operation(
        f"search{where}Get",
        "Search items",
        answers={"200": _page()},
        refusals=GUARDED,
        parameters=build_query_parameters(LISTED),
        security=TOKEN,
    )


def _build_post_search(where: str) -> OpenApi:
    body = {"schema": refer("Search")}
    return {
        **_operation(
            f"search{where}Post",
            "Search items, by a body",
            answers={"200": _page()},
            refusals=(413, 415, *GUARDED),
            security=TOKEN,
        ),
        "requestBody": {"required": True, "content": {JSON: body, GEOJSON: body}},
    }


def _build_list() -> OpenApi:
    return _operation(
        "items",
        "Items of a collection",
        answers={"200": _page()},
        refusals=(404, *GUARDED),
        parameters=[_path("collection"), *build_query_parameters(LISTED)],
        security=TOKEN,
    )


def _build_read() -> OpenApi:
    return _operation(
        "item",
        "One item",
        answers={"200": _content("The item", GEOJSON, refer("Item"))},
        refusals=(404, *GUARDED),
        parameters=[_path("collection"), _path("item_id"), *build_query_parameters(["f"])],
        security=TOKEN,
    )


def _build_file() -> OpenApi:
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (COG, PNG)}
    return _operation(
        "file",
        "A file of an item, whole or in part",
        answers={
            "200": {"description": "The file", "headers": ETAG, "content": content},
            "206": {"description": "The part asked for", "headers": {**ETAG, **RANGE}, "content": content},
            "304": {"description": "The file is still the one in If-None-Match", "headers": ETAG},
        },
        refusals=(404, OUT_OF_RANGE, *OF_FILES),
        parameters=_file_parameters(),
        security=LINK_OR_TOKEN,
    )


def _build_file_head() -> OpenApi:
    """As the file, without bodies."""
    told = _build_file()
    bare = {
        status: {"description": answer["description"], "headers": answer["headers"]}
        for status, answer in told["responses"].items()
        if "$ref" not in answer
    }
    refused = {
        status: {"description": ALL_REFUSALS[int(status)]}
        for status in told["responses"]
        if status not in bare
    }
    summary = "What is known of a file of an item"
    return {
        **told,
        "operationId": "fileHead",
        "summary": summary,
        "description": f"{summary}.",
        "responses": {**bare, **refused},
    }


def _file_parameters() -> list[OpenApi]:
    return [
        *(_path(name) for name in ("collection", "item_id", "asset")),
        _header("Range", "The bytes that are wanted: one range"),
        _header("If-Range", "An ETag: if the file is another by now, all of it is sent"),
        _header("If-None-Match", "An ETag that is known already"),
    ]


def _document(operation_id: str, summary: str, schema: OpenApi, media_type: str = JSON) -> OpenApi:
    """What anyone may read."""
    told = _operation(
        operation_id,
        summary,
        answers={"200": _content(summary, media_type, schema)},
        refusals=ALWAYS,
        parameters=[] if media_type == HTML else build_query_parameters(["f"]),
        tag="capabilities",
    )
    return {"get": told}


def _of_collection(described: OpenApi) -> OpenApi:
    """The same of one collection, which there may not be."""
    told = described["get"]
    responses = {**told["responses"], "404": _refusal(404)}
    return {"get": {**told, "parameters": [_path("collection"), *told["parameters"]], "responses": responses}}


def _operation(
    operation_id: str,
    summary: str,
    *,
    answers: Mapping[str, Any],
    refusals: Iterable[int],
    parameters: Sequence[Any] = (),
    security: Sequence[Any] = (),
    tag: str = "items",
) -> OpenApi:
    return {
        "operationId": operation_id,
        "summary": summary,
        "description": f"{summary}.",
        "tags": [tag],
        "parameters": list(parameters),
        "security": list(security),
        "responses": {**answers, **{str(status): _refusal(status) for status in sorted(refusals)}},
    }


def _build_security(links: Links) -> OpenApi:
    flow = {
        "tokenUrl": f"{links.root}/oauth/token",
        "scopes": {CATALOG: "Search the catalogue and read its files"},
    }
    return {
        "oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}},
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "link": {
            "type": "apiKey",
            "in": "query",
            "name": "token",
            "description": "Part of the address of a file in an item; it opens the files of that item for a day",
        },
    }


def _list_refusals(paths: OpenApi) -> Iterable[int]:
    """The refusals that operations refer to."""
    operations = [operation for methods in paths.values() for operation in methods.values()]
    return sorted({int(s) for o in operations for s, answer in o["responses"].items() if "$ref" in answer})


def _problem(status: int) -> OpenApi:
    told = _content(ALL_REFUSALS[status], PROBLEM_JSON, refer("Problem"))
    return {**told, "headers": REFUSAL_HEADERS[status]} if status in REFUSAL_HEADERS else told


def _refusal(status: int) -> OpenApi:
    return {"$ref": f"#/components/responses/Problem{status}"}


def _page() -> OpenApi:
    return _content("One page", GEOJSON, refer("ItemCollection"))


def _content(description: str, media_type: str, schema: OpenApi) -> OpenApi:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _path(name: str) -> OpenApi:
    texts = {
        "collection": "Id of a collection",
        "item_id": "Id of an item",
        "asset": "Key of an asset, or the name of its file",
    }
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "description": texts[name], "schema": schema}


def _header(name: str, description: str) -> OpenApi:
    schema = {"type": "string"}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}
