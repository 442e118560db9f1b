"""A catalogue with items of two accounts, behind a door of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from tests.delivery.delivery_scenes import START, make_capture, make_parts, make_request, satellite

from swath.clock import FrozenClock
from swath.delivery.assets import AssetStore, image_key
from swath.delivery.images import COG, Image
from swath.delivery.item import Subject, build_asset, build_item
from swath.delivery.scene import parse_scene
from swath.errors import BadParameter, Forbidden, Malformed, NotFound, SwathError, Unauthenticated
from swath.fleet import Fleet
from swath.stac_api.router import Catalogue, Principal, build_router
from swath.stac_api.signing import LinkSigner
from swath.store.database import SqlStore
from swath.tasking.model import CatalogItem

BAY = box(139.5, 35.2, 140.1, 35.7)
STATUS: dict[type[SwathError], int] = {
    BadParameter: 400,
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
}


@dataclass(frozen=True)
class Caller:
    """Whoever the Authorization header names: these tests are not about tokens."""

    account_id: str


@dataclass(frozen=True)
class Shelf:
    """What all tests here look at; none of them changes it.

    Twelve items are ours: the first in Fiji, every third cloudy, the last of GRUS-3. One is not ours.
    """

    app: FastAPI
    routes: APIRouter
    assets: AssetStore
    ours: str
    theirs: str
    items: Sequence[CatalogItem]


def require(scope: str) -> Callable[[Request], Principal]:
    def guard(request: Request) -> Principal:
        account_id = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not account_id:
            raise Unauthenticated("This needs an access token.", presented=False)
        assert scope == "catalog"
        return Caller(account_id)

    return guard


def build_door(store: SqlStore, assets: AssetStore, fleet: Fleet, now: datetime) -> FastAPI:
    """The delivery door alone, with errors as their bare status."""
    app = FastAPI(openapi_url=None)

    @app.exception_handler(SwathError)
    def answer(_: Request, error: SwathError) -> JSONResponse:
        return JSONResponse({"code": error.code, "message": error.message}, STATUS[type(error)])

    app.include_router(build_routes(store, assets, fleet, now))
    return app


def build_routes(store: SqlStore, assets: AssetStore, fleet: Fleet, now: datetime) -> APIRouter:
    """The routes of the delivery door."""
    catalogue = Catalogue(store, assets, fleet, LinkSigner(b"k" * 32), machine=FrozenClock(now))
    return build_router(catalogue, require)


def connect(app: FastAPI, account_id: str | None) -> TestClient:
    """A client that calls for an account."""
    headers = {"Authorization": f"Bearer {account_id}"} if account_id else {}
    return TestClient(app, headers=headers)


def add_item(
    store: SqlStore,
    account_id: str,
    number: int,
    *,
    footprint: BaseGeometry = BAY,
    collection: str = "grus-1",
    cloud: float = 10.0,
) -> CatalogItem:
    """Item number n: captured n days after the first."""
    start = START + timedelta(days=number)
    capture = make_capture()
    chance = replace(capture.chance, start=start, end=start + timedelta(seconds=8))
    capture = replace(
        capture, id=f"capture-{number}", account_id=account_id, chance=chance, footprint=footprint
    )
    made = replace(satellite(), collection=collection)
    udm = parse_scene(SCENE).udm
    body = SCENE["udm"]
    subject = Subject(capture, make_request(), made)
    image = Image("msi_udm", "msi_udm.tif", COG, body, udm)
    assets = {"msi_udm": build_asset(image, image_key(collection, subject.item_id, image.file), made, 2.5)}
    item = build_item(subject, assets, udm, True, start + timedelta(hours=6))
    item.document["properties"]["eo:cloud_cover"] = cloud
    with store.begin() as uow:
        uow.save_item(item)
    return item


def keep_files(assets: AssetStore, item: CatalogItem) -> None:
    """Put the bytes that the item's assets speak of."""
    for asset in item.document["assets"].values():
        assets.put(asset["href"], SCENE["udm"], asset["type"])


def ids(answer: Any) -> list[str]:
    """Ids of the features in a page."""
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


SCENE = make_parts(longest_px=64)
