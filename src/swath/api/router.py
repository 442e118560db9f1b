"""The routes of the Tasking API, made from the declarations of its collections."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from swath.api.collections import Collection
from swath.api.description import build_description_routes
from swath.api.documents import (
    build_collection,
    build_collections_document,
    build_conformance,
    build_functions,
    build_landing,
    build_queryables,
    build_schema,
)
from swath.api.door import Door, answer, answer_plain, check_plain, keep_for
from swath.api.features import REQUESTS, build_request
from swath.api.history import build_history
from swath.api.items import build_item_routes
from swath.api.links import API, GEOJSON, JSON, SCHEMA_JSON, Links, build_link
from swath.api.openapi import build_openapi
from swath.api.parameters import refuse_unknown
from swath.api.routes import PlainRoute
from swath.tasking.model import Priority
from swath.tasking.requests import cancel, find_request
from swath.tasking.rules import Rules

Build = Callable[[Links], Any]
# They only change with the program or its settings.
DOCUMENTS_KEPT_S = 300


def build_routes(door: Door, collections: Sequence[Collection], rules: Rules) -> list[PlainRoute]:
    """Every route below /wfs/tasking/v2."""
    routes = [
        *build_document_routes(door, collections),
        *_build_action_routes(door, rules),
    ]
    for collection in collections:
        routes += build_collection_routes(door, collection, rules.limits.idempotency)
    return routes


def build_collection_routes(door: Door, collection: Collection, idempotency: timedelta) -> list[PlainRoute]:
    """Every route of one collection."""
    path = f"{door.base}/collections/{collection.id}"

    def queryables(links: Links) -> Any:
        return build_queryables(collection, links)

    def schema(links: Links) -> Any:
        return build_schema(collection, links)

    def whole(links: Links) -> Any:
        return build_collection(collection, links)

    return [
        *build_item_routes(door, collection, idempotency),
        document_route(door, path, whole, JSON),
        document_route(door, f"{path}/queryables", queryables, SCHEMA_JSON),
        document_route(door, f"{path}/schema", schema, SCHEMA_JSON),
    ]


def build_document_routes(door: Door, collections: Sequence[Collection]) -> list[PlainRoute]:
    """Landing page, conformance, collections and the definition of the API."""

    def list_collections(links: Links) -> Any:
        return build_collections_document(collections, links)

    def openapi(links: Links) -> Any:
        return build_openapi(collections, links, door.clock.now())

    return [
        document_route(door, f"{API}/", build_landing, JSON),
        document_route(door, API, build_landing, JSON),
        document_route(door, f"{API}/conformance", lambda _: build_conformance(), JSON),
        document_route(door, f"{API}/collections", list_collections, JSON),
        document_route(door, f"{API}/functions", build_functions, JSON),
        *build_description_routes(API, door.public_url, openapi),
    ]


def document_route(door: Door, path: str, build: Build, media_type: str) -> PlainRoute:
    """A route to a document that everybody may read."""

    def read_document(request: Request) -> Response:
        return answer_plain(request, build(door.links(request)), media_type, keep_for(DOCUMENTS_KEPT_S))

    return PlainRoute(path, read_document, methods=["GET"])


def _build_action_routes(door: Door, rules: Rules) -> list[PlainRoute]:
    request_path = f"{API}/collections/{REQUESTS}/items/{{item_id}}"

    def cancel_request(request: Request) -> Response:
        principal = door.identify(request)
        refuse_unknown(dict(request.query_params), ())
        with door.store.begin() as uow:
            now = door.clock.now()
            canceled = cancel(uow, principal.account_id, request.path_params["item_id"], now)
        return answer(request, build_request(canceled, door.links(request)), GEOJSON)

    def read_history(request: Request) -> Response:
        principal = door.identify(request)
        check_plain(request, JSON)
        with door.store.read() as reader:
            found = find_request(reader, request.path_params["item_id"], principal.account_id)
            events = reader.events_of(found.id)
        return answer(request, build_history(found, events, door.links(request)), JSON)

    def read_account(request: Request) -> Response:
        principal = door.identify(request)
        check_plain(request, JSON)
        return answer(request, _build_account(door, rules, principal.account_id, request), JSON)

    return [
        PlainRoute(f"{request_path}/cancel", cancel_request, methods=["POST"]),
        PlainRoute(f"{request_path}/history", read_history, methods=["GET"]),
        PlainRoute(f"{API}/account", read_account, methods=["GET"]),
    ]


def _build_account(door: Door, rules: Rules, account_id: str, request: Request) -> dict[str, Any]:
    with door.store.read() as reader:
        account, balance = reader.account(account_id), reader.balance(account_id)
    return {
        "id": account_id,
        "name": account.name if account else "",
        "granted": balance.granted,
        "held": balance.held,
        "charged": balance.charged,
        "free": balance.free,
        "prices": {priority.value: rules.price(priority) for priority in Priority},
        "links": [build_link(door.links(request).api("/account"), "self", JSON)],
    }
