"""The API definition of the delivery door.

Each operation names the answers it really gives: what is not listed here, the operation does not answer.
"""

from typing import Any

from swath.api.links import GEOJSON, JSON, SCHEMA_JSON, Links
from swath.api.openapi_parts import (
    ALWAYS,
    ETAG,
    GUARDED,
    REFUSALS,
    Face,
    OpenApi,
    build_body,
    build_document,
    content,
    describe_documents,
    header,
    operation,
    part,
    require,
    sent_header,
)
from swath.delivery.images import COG, PNG
from swath.oauth.clients import CATALOG
from swath.stac_api.catalogue import ROOT_TITLE
from swath.stac_api.documents import CATALOG_PATH
from swath.stac_api.openapi_schemas import build_components, build_query_parameters, refer
from swath.stac_api.parameters import PARAMETERS
from swath.stac_api.queryables import SIMPLE

TAGS = {"capabilities": "What this service is and has", "items": "Items and their files"}
LISTED = (*PARAMETERS, "f", *SIMPLE)
TOKEN = require(CATALOG)
LINK_OR_TOKEN: list[Any] = [{"file_link": []}, *TOKEN]
LINK: OpenApi = {
    "type": "apiKey",
    "in": "query",
    "name": "token",
    "description": "Part of the address of a file in an item; it opens the files of that item for a day",
}
RANGE: OpenApi = {"Content-Range": header("Which bytes of how many")}
FOUND: OpenApi = {
    "collection": "$response.body#/features/0/collection",
    "item_id": "$response.body#/features/0/id",
}
UNCHANGED: OpenApi = {"description": "It is still what If-None-Match says", "headers": ETAG}
KNOWN = sent_header("If-None-Match", "An ETag that is known already")


def build_openapi(links: Links) -> OpenApi:
    """The whole document; the landing page is its only server."""
    face = Face(
        ROOT_TITLE,
        "A STAC API over the images of an account.",
        links.root,
        links.base,
        {CATALOG: "Search the catalogue and read its files"},
        docs="/api.html",
    )
    components = {"schemas": build_components(), "securitySchemes": {"file_link": LINK}}
    return build_document(face, TAGS, _describe_paths(), components)


def _describe_paths() -> OpenApi:
    catalog, collection = CATALOG_PATH, "/collections/{collection}"
    item = f"{collection}/items/{{item_id}}"
    return {
        "/": _document("landing", "Landing page: the root catalogue", "Catalog"),
        "/conformance": _document("conformance", "What this service conforms to", "Conformance"),
        "/functions": _document("functions", "Functions that filters may call", "Functions"),
        **describe_documents("/api.html"),
        "/queryables": _document("queryables", "What to filter by", "Queryables", SCHEMA_JSON),
        "/catalogs": _document("catalogs", "Catalogs", "Catalogs"),
        catalog: _document("catalog", "The catalog that requests link to", "Catalog"),
        f"{catalog}/collections": _document(
            "catalogCollections", "Collections of the catalog", "Collections"
        ),
        f"{catalog}/search": _describe_searches("Catalog"),
        "/collections": _document("collections", "All collections", "Collections"),
        collection: _document("collection", "One collection", "Collection", named=True),
        f"{collection}/queryables": _document(
            "collectionQueryables", "What to filter a collection by", "Queryables", SCHEMA_JSON, named=True
        ),
        f"{collection}/items": {"get": _describe_list()},
        item: {"get": _describe_read()},
        f"{item}/assets/{{asset}}": {"get": _describe_file(), "head": _describe_file_head()},
        "/search": _describe_searches(),
    }


def _describe_searches(where: str = "") -> OpenApi:
    return {"get": _describe_get_search(where), "post": _describe_post_search(where)}


def _describe_get_search(where: str) -> OpenApi:
    return operation(
        f"search{where}Get",
        "Search items",
        "items",
        answers={"200": _page(), "304": UNCHANGED},
        refusals=(*GUARDED, 406),
        parameters=[*build_query_parameters(LISTED), KNOWN],
        security=TOKEN,
    )


def _describe_post_search(where: str) -> OpenApi:
    return operation(
        f"search{where}Post",
        "Search items, by a body",
        "items",
        answers={"200": _page()},
        refusals=(*GUARDED, 406, 413, 415),
        security=TOKEN,
        body=build_body((JSON,), refer("Search"), {"sortby": [{"field": "datetime"}], "limit": 1}),
    )


def _describe_list() -> OpenApi:
    return operation(
        "items",
        "Items of a collection",
        "items",
        answers={"200": _page(), "304": UNCHANGED},
        refusals=(*GUARDED, 404, 406),
        parameters=[_part("collection"), *build_query_parameters(LISTED), KNOWN],
        security=TOKEN,
    )


def _describe_read() -> OpenApi:
    return operation(
        "item",
        "One item",
        "items",
        answers={"200": content("The item", GEOJSON, refer("Item"), headers=ETAG), "304": UNCHANGED},
        refusals=(*GUARDED, 404, 406),
        parameters=[_part("collection"), _part("item_id"), *build_query_parameters(["f"]), KNOWN],
        security=TOKEN,
    )


def _describe_file() -> OpenApi:
    body = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (COG, PNG)}
    answers = {
        "200": {"description": "The file", "headers": ETAG, "content": body},
        "206": {"description": "The part asked for", "headers": {**ETAG, **RANGE}, "content": body},
        "304": UNCHANGED,
    }
    return operation(
        "file",
        "A file of an item, whole or in part",
        "items",
        answers=answers,
        refusals=(*GUARDED, 404, 416),
        parameters=[*FILE, *PARTIAL, KNOWN],
        security=LINK_OR_TOKEN,
    )


def _describe_file_head() -> OpenApi:
    """What is known of a file: no body, and no part of it."""
    told = operation(
        "fileHead",
        "What is known of a file of an item",
        "items",
        answers={"200": {"description": "The file is there", "headers": ETAG}, "304": UNCHANGED},
        refusals=(*GUARDED, 404),
        parameters=[*FILE, KNOWN],
        security=LINK_OR_TOKEN,
    )
    bare = {
        status: {"description": REFUSALS[int(status)]} if "$ref" in answer else answer
        for status, answer in told["responses"].items()
    }
    return {**told, "responses": bare}


def _document(
    name: str, summary: str, schema: str, media_type: str = JSON, *, named: bool = False
) -> OpenApi:
    """What anyone may read; `named` if it is of one collection, which there may not be."""
    told = operation(
        name,
        summary,
        "capabilities",
        answers={"200": content(summary, media_type, refer(schema), headers=ETAG), "304": UNCHANGED},
        refusals=(*ALWAYS, 406, *((404,) if named else ())),
        parameters=[*([_part("collection")] if named else []), *build_query_parameters(["f"]), KNOWN],
    )
    return {"get": told}


def _page() -> OpenApi:
    first = {"operationId": "item", "parameters": FOUND, "description": "The first of the page"}
    return content("One page", GEOJSON, refer("ItemCollection"), headers=ETAG, links={"first": first})


def _part(name: str) -> OpenApi:
    texts = {
        "collection": "Id of a collection",
        "item_id": "Id of an item",
        "asset": "Key of an asset, or the name of its file",
    }
    return part(name, texts[name])


FILE = tuple(_part(name) for name in ("collection", "item_id", "asset"))
PARTIAL = (
    sent_header("Range", "The bytes that are wanted: one range"),
    sent_header("If-Range", "An ETag: if the file is another by now, all of it is sent"),
)
