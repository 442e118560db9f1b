"""A shelf of items that the tests of the door look at."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import MultiPolygon, box
from tests.delivery.delivery_scenes import START
from tests.stac_api.stac_world import Shelf, add_item, build_door, build_stac_routes, connect, keep_files

from swath.clock import FrozenClock
from swath.delivery.assets import open_assets
from swath.store.database import open_store
from swath.tasking.accounts import create_account
from swath.tasking.rules import Rules

FIJI = MultiPolygon([box(179.5, -17, 180, -16), box(-180, -17, -179.5, -16)])


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("shelf")
    store = open_store(f"sqlite:///{folder / 'swath.db'}")
    with store.begin() as uow:
        ours, theirs = (create_account(uow, name, 1, START).id for name in ("ours", "theirs"))
    mine = [add_item(store, ours, 0, footprint=FIJI)]
    mine += [add_item(store, ours, n, cloud=90 if n % 3 == 0 else 10) for n in range(1, 11)]
    mine.append(add_item(store, ours, 11, collection="grus-3"))
    add_item(store, theirs, 99)
    assets = open_assets(folder / "assets")
    keep_files(assets, mine[1])
    clock = FrozenClock(START + timedelta(days=20))
    app = build_door(store, assets, rules.fleet, clock)
    routes = build_stac_routes(store, assets, rules.fleet, clock)
    yield Shelf(app, routes, assets, ours, theirs, mine, clock)
    store.close()


@pytest.fixture
def client(shelf: Shelf) -> TestClient:
    return connect(shelf.app, shelf.ours)


@pytest.fixture
def stranger(shelf: Shelf) -> TestClient:
    """Someone without a token."""
    return connect(shelf.app, None)
