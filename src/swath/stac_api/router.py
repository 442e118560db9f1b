"""The delivery door: STAC API 1.0 over STAC 1.1 items, with the catalogs that the source's links name.

Metadata may be read by anyone; items belong to the account that paid, and to others they do not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

import orjson
from fastapi import APIRouter, Depends, HTTPException, Request, Response

from swath.clock import Clock, SystemClock
from swath.delivery.assets import AssetStore
from swath.errors import Malformed, NotFound
from swath.fleet import Fleet
from swath.query import Page, Query
from swath.stac_api import documents
from swath.stac_api.documents import (
    GEOJSON,
    JSON_TYPE,
    OPENAPI,
    PREFIX,
    SCHEMA_TYPE,
    Addresses,
    Document,
)
from swath.stac_api.download import build_download
from swath.stac_api.items import (
    Shop,
    build_get_links,
    build_item,
    build_item_collection,
    build_post_links,
    find_file,
)
from swath.stac_api.openapi import HTML, build_openapi
from swath.stac_api.page import build_page
from swath.stac_api.parameters import Search, parse_search, read_search
from swath.stac_api.queryables import build_queryables
from swath.stac_api.signing import LinkSigner
from swath.tasking.model import CatalogItem
from swath.tasking.ports import Store

BODY_TYPES = (JSON_TYPE, GEOJSON)


class Principal(Protocol):
    """Who is calling."""

    @property
    def account_id(self) -> str: ...


# Tells who is calling, or raises Unauthenticated or Forbidden.
Guard = Callable[[Request], Principal]


@dataclass(frozen=True)
class Catalogue:
    """What the routes stand on. `machine` tells when signed links end: simulated time does not open doors."""

    store: Store
    assets: AssetStore
    fleet: Fleet
    signer: LinkSigner
    public_url: str | None = None
    machine: Clock = field(default_factory=SystemClock)

    def at(self, request: Request) -> Addresses:
        """Addresses as this caller knows them."""
        return Addresses((self.public_url or str(request.base_url)).rstrip("/") + PREFIX)

    def shop(self, request: Request) -> Shop:
        """What showing items to this caller takes."""
        return Shop(self.at(request), self.signer, self.machine.now())

    def find(self, search: Search, account_id: str, collection: str | None = None) -> Page[CatalogItem]:
        """The account's items that a search asks for, newest first unless it says otherwise."""
        query = Query(
            account_id=account_id,
            ids=search.ids,
            collections=search.collections if collection is None else search.within(collection),
            bbox=search.bbox,
            intersects=search.intersects,
            interval=search.interval,
            where=search.where,
            sort=search.sort,
            limit=search.limit,
            offset=search.offset,
        )
        with self.store.read() as reader:
            return reader.find_items(query)

    def item(self, collection: str, item_id: str, account_id: str | None) -> CatalogItem:
        """One item. Raises NotFound; `account_id` None is for callers whose right was checked otherwise."""
        with self.store.read() as reader:
            item = reader.item(collection, item_id, account_id)
        if item is None:
            raise NotFound(f"There is no item {item_id!r} in the collection {collection!r}.")
        return item

    def check_collection(self, name: str) -> None:
        """Raises NotFound naming the collections there are."""
        known = documents.group_by_collection(self.fleet)
        if name not in known:
            raise NotFound(f"There is no collection {name!r}; there are {', '.join(known)}.")


def build_router(catalogue: Catalogue, require: Callable[[str], Guard]) -> APIRouter:
    """The routes under /stac/v1; items need a token with the scope `catalog`."""
    router = APIRouter(prefix=PREFIX)
    guard = require("catalog")
    _add_description(router, catalogue)
    _add_collections(router, catalogue)
    _add_items(router, catalogue, guard)
    for path in ("/search", f"/catalogs/{documents.CATALOG_ID}/search"):
        _add_search(router, catalogue, guard, path)
    _add_files(router, catalogue, guard)
    return router


def _add_description(router: APIRouter, catalogue: Catalogue) -> None:
    @router.get("")
    @router.get("/")
    def read_landing(request: Request) -> Response:
        return _answer(documents.build_landing(catalogue.at(request), catalogue.fleet))

    @router.get("/conformance")
    def read_conformance() -> Response:
        return _answer({"conformsTo": list(documents.CONFORMANCE)})

    @router.get("/api")
    def read_description(request: Request) -> Response:
        return _answer(build_openapi(catalogue.at(request)), OPENAPI)

    @router.get("/api.html")
    def read_page(request: Request) -> Response:
        return Response(build_page(catalogue.at(request).base), media_type=HTML)

    @router.get("/queryables")
    def read_queryables(request: Request) -> Response:
        return _answer(build_queryables(f"{catalogue.at(request).base}/queryables"), SCHEMA_TYPE)

    @router.get("/catalogs")
    def list_catalogs(request: Request) -> Response:
        return _answer(documents.build_catalogs(catalogue.at(request), catalogue.fleet))

    @router.get(f"/catalogs/{documents.CATALOG_ID}")
    def read_catalog(request: Request) -> Response:
        return _answer(documents.build_catalog(catalogue.at(request), catalogue.fleet))


def _add_collections(router: APIRouter, catalogue: Catalogue) -> None:
    @router.get("/collections")
    @router.get(f"/catalogs/{documents.CATALOG_ID}/collections")
    def list_collections(request: Request) -> Response:
        at = catalogue.at(request)
        inside = "/catalogs/" in request.url.path
        own = f"{at.catalog() if inside else at.base}/collections"
        return _answer(documents.build_collections(at, catalogue.fleet, own))

    @router.get("/collections/{collection}")
    def read_collection(request: Request, collection: str) -> Response:
        catalogue.check_collection(collection)
        satellites = documents.group_by_collection(catalogue.fleet)[collection]
        return _answer(documents.build_collection(catalogue.at(request), collection, satellites))

    @router.get("/collections/{collection}/queryables")
    def read_collection_queryables(request: Request, collection: str) -> Response:
        catalogue.check_collection(collection)
        href = f"{catalogue.at(request).collection(collection)}/queryables"
        return _answer(build_queryables(href), SCHEMA_TYPE)


def _add_items(router: APIRouter, catalogue: Catalogue, guard: Guard) -> None:
    @router.get("/collections/{collection}/items")
    def list_items(
        request: Request, collection: str, principal: Annotated[Principal, Depends(guard)]
    ) -> Response:
        catalogue.check_collection(collection)
        search = parse_search(request.query_params.multi_items())
        page = catalogue.find(search, principal.account_id, collection)
        shop = catalogue.shop(request)
        href = f"{shop.at.collection(collection)}/items"
        links = build_get_links(search, page.matched, href, shop.at.base)
        links.append(documents.build_link("collection", shop.at.collection(collection)))
        return _answer(build_item_collection(page, search, shop, links), GEOJSON)

    @router.get("/collections/{collection}/items/{item_id}")
    def read_item(
        request: Request,
        collection: str,
        item_id: str,
        principal: Annotated[Principal, Depends(guard)],
    ) -> Response:
        item = catalogue.item(collection, item_id, principal.account_id)
        return _answer(build_item(item, catalogue.shop(request)), GEOJSON)


def _add_search(router: APIRouter, catalogue: Catalogue, guard: Guard, path: str) -> None:
    @router.get(path)
    def search_by_get(request: Request, principal: Annotated[Principal, Depends(guard)]) -> Response:
        search = parse_search(request.query_params.multi_items())
        page = catalogue.find(search, principal.account_id)
        shop = catalogue.shop(request)
        href = shop.at.base + path
        links = build_get_links(search, page.matched, href, shop.at.base)
        return _answer(build_item_collection(page, search, shop, links), GEOJSON)

    @router.post(path)
    def search_by_post(
        request: Request,
        principal: Annotated[Principal, Depends(guard)],
        body: Annotated[Any, Depends(_read_body)],
    ) -> Response:
        search = read_search(body)
        page = catalogue.find(search, principal.account_id)
        shop = catalogue.shop(request)
        links = build_post_links(search, page.matched, shop.at.base + path, shop.at.base)
        return _answer(build_item_collection(page, search, shop, links), GEOJSON)


def _add_files(router: APIRouter, catalogue: Catalogue, guard: Guard) -> None:
    def find_readable(request: Request, collection: str, item_id: str) -> CatalogItem:
        """The item, for whoever holds a link that was signed for it or a token of the account that owns it."""
        token = request.query_params.get("token", "")
        if not token:
            return catalogue.item(collection, item_id, guard(request).account_id)
        catalogue.signer.check(token, collection, item_id, catalogue.machine.now())
        return catalogue.item(collection, item_id, None)

    path = "/collections/{collection}/items/{item_id}/assets/{asset}"

    @router.head(path)
    @router.get(path)
    def read_asset(request: Request, collection: str, item_id: str, asset: str) -> Response:
        item = find_readable(request, collection, item_id)
        key, media_type = find_file(item, asset)
        head = request.method == "HEAD"
        return build_download(catalogue.assets, key, media_type, request.headers, head=head)


async def _read_body(request: Request) -> Any:
    kind = request.headers.get("content-type", JSON_TYPE).partition(";")[0].strip().lower()
    if kind not in BODY_TYPES:
        raise HTTPException(415, f"Send {JSON_TYPE}; this is {kind!r}.")
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error}.") from error


def _answer(document: Document, media_type: str = JSON_TYPE) -> Response:
    return Response(orjson.dumps(document), media_type=media_type)
