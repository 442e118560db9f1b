"""The routes of one collection: its list and its features, and creating and removing them where it allows that."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from orjson import dumps
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swath.api.bodies import MEDIA_TYPES, parse_body
from swath.api.collections import Collection, Creation, Removal
from swath.api.creation import Sent, create_once, parse_key
from swath.api.door import (
    Door,
    Text,
    answer,
    check_accept,
    check_match,
    check_plain,
    compute_etag,
    keep_for,
)
from swath.api.links import GEOJSON, Links, Slice, build_paging
from swath.api.lists import Listed, keep_lists
from swath.api.parameters import parse_query, refuse_unknown
from swath.api.routes import PlainRoute
from swath.errors import NotFound
from swath.query import Page, Query, Record


def build_item_routes(door: Door, collection: Collection, idempotency: timedelta) -> list[PlainRoute]:
    """Routes below /collections/{id}/items."""
    items = f"{door.base}/collections/{collection.id}/items"
    item = f"{items}/{{item_id}}"
    routes = [
        PlainRoute(items, _list(door, collection), methods=["GET"]),
        PlainRoute(item, read_feature(door, collection), methods=["GET"]),
    ]
    if collection.creation is not None:
        create = _create(door, collection, collection.creation, idempotency)
        routes.append(PlainRoute(items, create, methods=["POST"]))
    if collection.removal is not None:
        routes.append(PlainRoute(item, _remove(door, collection, collection.removal), methods=["DELETE"]))
    return routes


def write_page(
    collection: Collection, page: Page[Record[Any]], links: Links, paging: Sequence[Mapping[str, Any]]
) -> Listed:
    """One page of a list; its tag is made of those of its features, which are known when they were shown before."""
    shown = [collection.show(record, links) for record in page.rows]
    rest = dumps({"links": paging, "numberMatched": page.matched, "numberReturned": len(shown)})
    features = b",".join(feature.text for feature in shown)
    body = b'{"type":"FeatureCollection","features":[%b],%b' % (features, rest[1:])
    etag = compute_etag(b"".join((rest, *(feature.digest for feature in shown))))
    return Listed(Text(body, etag), page.until, _caching(collection))


def cut(query: Query, page: Page[Any]) -> Slice:
    """Which part of the matches a page shows."""
    return Slice(query.offset, query.limit, len(page.rows), page.matched)


def find_row(door: Door, collection: Collection, request: Request) -> Any:
    """The row that the address names, as the caller may see it. Raises NotFound."""
    account_id = identify_reader(door, collection, request)
    item_id = request.path_params["item_id"]
    row = collection.load(item_id, account_id, door.clock.now()) if "\0" not in item_id else None
    if row is None:
        raise NotFound(f"There is no feature {item_id[:80]!r} in {collection.id}.")
    return row


def identify_reader(door: Door, collection: Collection, request: Request) -> str | None:
    """The account whose features are read; None for everybody's. A token that is sent must hold in any case."""
    if collection.open and "authorization" not in request.headers:
        return None
    principal = door.identify(request)
    return None if collection.open else principal.account_id


def _list(door: Door, collection: Collection) -> Callable[[Request], Awaitable[Response]]:
    """Answers with a list."""

    def find(request: Request, at_once: bool) -> Listed:
        account_id = identify_reader(door, collection, request)
        params = request.query_params.multi_items()
        query = replace(parse_query(params, collection, account_id), at_once=at_once)
        check_accept(request, GEOJSON)
        links = door.links(request)
        page = collection.find(query, door.clock.now())
        paging = build_paging(links.items(collection.id), params, cut(query, page))
        return write_page(collection, page, links, paging)

    return keep_lists(door, door.clock, find)


def read_feature(door: Door, collection: Collection) -> Callable[[Request], Response]:
    """Answers with the feature that the address names."""

    def read_item(request: Request) -> Response:
        row = find_row(door, collection, request)
        check_plain(request, GEOJSON)
        feature = collection.build(row, door.links(request))
        return answer(request, feature, GEOJSON, headers=_caching(collection))

    return read_item


def _caching(collection: Collection) -> Mapping[str, str]:
    return keep_for(collection.kept_s, public=collection.open) if collection.kept_s else {}


def _create(
    door: Door, collection: Collection, creation: Creation, idempotency: timedelta
) -> Callable[[Request], Awaitable[Response]]:
    def make(request: Request, body: bytes) -> Response:
        account_id = door.identify(request).account_id
        check_media_type(request)
        refuse_unknown(dict(request.query_params), ())
        key = parse_key(request.headers.get("idempotency-key"))
        sent = Sent(account_id, key, body, parse_body(creation.model, body))
        links = door.links(request)
        document = create_once(door, collection, creation, sent, links, idempotency)
        location = {"Location": links.item(collection.id, document["id"])}
        return answer(request, document, GEOJSON, 201, location)

    async def create_item(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(make, request, body)

    return create_item


def _remove(door: Door, collection: Collection, removal: Removal) -> Callable[[Request], Response]:
    def remove_item(request: Request) -> Response:
        row = find_row(door, collection, request)
        refuse_unknown(dict(request.query_params), ())
        check_match(request, collection.build(row, door.links(request)))
        with door.store.begin() as uow:
            now = door.clock.now()
            removal.remove(uow, row.account_id, row.id, now)
        return Response(status_code=204)

    return remove_item


def check_media_type(request: Request) -> None:
    """Refuse with 415 a body that does not say that it is JSON, or says that it is compressed."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(
            415, "Send the body as it is, without a Content-Encoding.", {"Accept-Encoding": "identity"}
        )
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent not in MEDIA_TYPES:
        raise HTTPException(415, f"Send the body as {' or '.join(MEDIA_TYPES)}, not as {sent or 'nothing'}.")
