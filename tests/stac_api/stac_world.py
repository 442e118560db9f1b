"""A catalogue with items of two accounts, behind a door of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from tests.delivery.delivery_scenes import START, make_capture, make_parts, satellite

from swath.api.app import assemble
from swath.api.door import Door
from swath.api.routes import PlainRoute
from swath.clock import FrozenClock
from swath.delivery.assets import AssetStore, image_key
from swath.delivery.images import COG, Image
from swath.delivery.item import Subject, build_asset, build_item
from swath.delivery.scene import parse_scene
from swath.errors import Unauthenticated
from swath.fleet import Fleet
from swath.oauth.clients import CATALOG
from swath.settings import Settings
from swath.stac_api.catalogue import Catalogue
from swath.stac_api.documents import PREFIX
from swath.stac_api.router import build_routes
from swath.stac_api.signing import LinkSigner
from swath.store.database import SqlStore
from swath.tasking.model import CatalogItem

BAY = box(139.5, 35.2, 140.1, 35.7)


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
    routes: Sequence[PlainRoute]
    assets: AssetStore
    ours: str
    theirs: str
    items: Sequence[CatalogItem]
    clock: FrozenClock


class Porter:
    """Takes the token for the account."""

    def identify(self, headers: Sequence[str], scope: str) -> Caller:
        assert scope == CATALOG
        if not headers:
            raise Unauthenticated("This needs an access token.", presented=False)
        return Caller(headers[0].removeprefix("Bearer "))


def build_door(store: SqlStore, assets: AssetStore, fleet: Fleet, clock: FrozenClock) -> FastAPI:
    """The delivery door alone, in the envelope that all doors share."""
    return assemble(Settings(data=Path("nowhere")), build_stac_routes(store, assets, fleet, clock))


def build_stac_routes(
    store: SqlStore, assets: AssetStore, fleet: Fleet, clock: FrozenClock
) -> list[PlainRoute]:
    """The routes of the delivery door."""
    door = Door(store, clock, Porter(), machine=clock, base=PREFIX, scope=CATALOG)  # type: ignore[arg-type]
    return build_routes(Catalogue(door, assets, fleet, LinkSigner(b"k" * 32)))


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
    subject = Subject(capture, made)
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
