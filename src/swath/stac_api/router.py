"""The delivery door: STAC API 1.0 over STAC 1.1 items, with the catalogs that the source's links name.

Metadata may be read by anyone; items belong to the account that paid, and to others they do not exist.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from swath.api.bodies import parse_json
from swath.api.collections import Collection
from swath.api.description import build_description_routes
from swath.api.documents import build_functions, build_queryables, describe_queryables
from swath.api.door import answer_plain, check_accept
from swath.api.items import check_media_type, cut, read_feature, write_page
from swath.api.links import (
    GEOJSON,
    JSON,
    SCHEMA_JSON,
    Links,
    Slice,
    build_link,
    build_paging,
)
from swath.api.lists import Listed, answer_list, keep_lists
from swath.api.parameters import refuse_unknown
from swath.api.router import document_route
from swath.api.routes import PlainRoute
from swath.errors import NotFound
from swath.stac_api.catalogue import Catalogue, pick
from swath.stac_api.documents import (
    CATALOG_PATH,
    CONFORMS_TO,
    PREFIX,
    build_catalog,
    build_catalogs,
    build_collection,
    build_collections,
    build_landing,
)
from swath.stac_api.download import build_download
from swath.stac_api.items import build_post_paging, find_file
from swath.stac_api.openapi import build_openapi
from swath.stac_api.parameters import Search, parse_search, read_search
from swath.tasking.model import CatalogItem

COLLECTION = f"{PREFIX}/collections/{{collection}}"
ITEM = f"{COLLECTION}/items/{{item_id}}"
SEARCHES = ("/search", f"{CATALOG_PATH}/search")
Endpoint = Callable[[Request], Response]
Waiting = Callable[[Request], Awaitable[Response]]
Paging = Callable[[Slice], list[Any]]


def build_routes(catalogue: Catalogue) -> list[PlainRoute]:
    """Every route below /stac/v1; items need a token with the scope of the catalogue's door."""
    return [
        *_build_document_routes(catalogue),
        _get(COLLECTION, _read_collection(catalogue)),
        _get(f"{COLLECTION}/queryables", _read_queryables(catalogue)),
        _get(f"{COLLECTION}/items", _list_items(catalogue)),
        _get(ITEM, _read_item(catalogue)),
        _get(f"{ITEM}/assets/{{asset}}", _read_file(catalogue)),
        *(_get(PREFIX + path, _search_by_get(catalogue, path)) for path in SEARCHES),
        *(PlainRoute(PREFIX + path, _search_by_post(catalogue, path), methods=["POST"]) for path in SEARCHES),
    ]


def _build_document_routes(catalogue: Catalogue) -> Sequence[PlainRoute]:
    everything = catalogue.everything

    def queryables(links: Links) -> Any:
        address = links.api("/queryables")
        return describe_queryables(address, everything.id, everything.title, everything.queryables)

    def route(path: str, build: Callable[[Links], Any], media_type: str = JSON) -> PlainRoute:
        return document_route(catalogue.door, PREFIX + path, build, media_type)

    lists = ("/collections", f"{CATALOG_PATH}/collections")
    return [
        route("", lambda links: build_landing(catalogue, links)),
        route("/", lambda links: build_landing(catalogue, links)),
        route("/conformance", lambda _: {"conformsTo": CONFORMS_TO}),
        route("/queryables", queryables, SCHEMA_JSON),
        route("/functions", build_functions),
        route("/catalogs", lambda links: build_catalogs(catalogue, links)),
        route(CATALOG_PATH, lambda links: build_catalog(catalogue, links)),
        *(route(path, lambda links, path=path: build_collections(catalogue, links, path)) for path in lists),
        *build_description_routes(PREFIX, catalogue.door.public_url, build_openapi, "/api.html"),
    ]


def _get(path: str, endpoint: Endpoint | Waiting) -> PlainRoute:
    return PlainRoute(path, endpoint, methods=["GET"])


def _read_collection(catalogue: Catalogue) -> Endpoint:
    def read_collection(request: Request) -> Response:
        collection = catalogue.collection(request)
        links = catalogue.door.links(request)
        document = build_collection(catalogue, collection, links)
        return answer_plain(request, document, JSON)

    return read_collection


def _read_queryables(catalogue: Catalogue) -> Endpoint:
    def read_queryables(request: Request) -> Response:
        document = build_queryables(catalogue.collection(request), catalogue.door.links(request))
        return answer_plain(request, document, SCHEMA_JSON)

    return read_queryables


def _read_item(catalogue: Catalogue) -> Endpoint:
    def read_item(request: Request) -> Response:
        return read_feature(catalogue.door, catalogue.collection(request))(request)

    return read_item


def _list_items(catalogue: Catalogue) -> Waiting:
    door = catalogue.door

    def list_items(request: Request, at_once: bool) -> Listed:
        collection = catalogue.collection(request)
        params = request.query_params.multi_items()
        search = parse_search(params, door.identify(request).account_id)
        links = door.links(request)
        own = build_link(links.collection(collection.id), "collection", JSON, collection.title)

        def paging(shown: Slice) -> list[Any]:
            return [*build_paging(links.items(collection.id), params, shown), own]

        return _find(catalogue, collection, request, search, paging, at_once=at_once)

    return keep_lists(door, door.machine, list_items)


def _search_by_get(catalogue: Catalogue, path: str) -> Waiting:
    door = catalogue.door

    def search_by_get(request: Request, at_once: bool) -> Listed:
        params = request.query_params.multi_items()
        search = parse_search(params, door.identify(request).account_id)
        address = door.links(request).api(path)
        paging = partial(build_paging, address, params)
        return _find(catalogue, catalogue.everything, request, search, paging, at_once=at_once)

    return keep_lists(door, door.machine, search_by_get)


def _search_by_post(catalogue: Catalogue, path: str) -> Waiting:
    door = catalogue.door

    def find(request: Request, sent: bytes) -> Response:
        account_id = door.identify(request).account_id
        check_media_type(request)
        refuse_unknown(dict(request.query_params), ())
        body = parse_json(sent)
        search = read_search(body, account_id)
        paging = partial(build_post_paging, door.links(request).api(path), body)
        return answer_list(request, door, _find(catalogue, catalogue.everything, request, search, paging))

    async def search_by_post(request: Request) -> Response:
        return await run_in_threadpool(find, request, await request.body())

    return search_by_post


def _find(
    catalogue: Catalogue,
    collection: Collection,
    request: Request,
    search: Search,
    paging: Paging,
    *,
    at_once: bool = False,
) -> Listed:
    """A page of what was searched for in a collection."""
    query = replace(search.query, at_once=at_once)
    check_accept(request, GEOJSON)
    door = catalogue.door
    links = door.links(request)
    page = collection.find(query, door.clock.now())
    root = build_link(links.api(), "root", JSON, catalogue.everything.title)
    turns = [*paging(cut(query, page)), root]
    return write_page(pick(collection, search.fields), page, links, turns)


def _read_file(catalogue: Catalogue) -> Endpoint:
    def read_file(request: Request) -> Response:
        key, media_type = find_file(_find_readable(catalogue, request), request.path_params["asset"])
        head = request.method == "HEAD"
        return build_download(catalogue.assets, key, media_type, request.headers, head=head)

    return read_file


def _find_readable(catalogue: Catalogue, request: Request) -> CatalogItem:
    """The item, for whoever holds a link that was signed for it or a token of the account that owns it."""
    collection, item_id = request.path_params["collection"], request.path_params["item_id"]
    token = request.query_params.get("token", "")
    if token:
        catalogue.signer.check(token, collection, item_id, catalogue.door.machine.now())
    item = catalogue.item(collection, item_id, None if token else catalogue.door.identify(request).account_id)
    if item is None:
        raise NotFound(f"There is no item {item_id[:80]!r} in the collection {collection[:80]!r}.")
    return item
