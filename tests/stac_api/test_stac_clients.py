"""Programs that people use, against the served door: pystac-client, GDAL over HTTP, and a page in the browser."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pystac_client
import pytest
import uvicorn
from tests.delivery.delivery_scenes import START
from tests.stac_api.stac_world import SCENE, add_item, build_door, keep_files

from swath.clock import FrozenClock
from swath.delivery.assets import open_assets
from swath.store.database import open_store
from swath.tasking.accounts import create_account
from swath.tasking.model import CatalogItem
from swath.tasking.rules import Rules

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning"),
]


class Served:
    """A door on a port of the loopback."""

    def __init__(self, url: str, account_id: str, items: list[CatalogItem]) -> None:
        self.url, self.account_id, self.items = f"{url}/stac/v1", account_id, items
        self.headers = {"Authorization": f"Bearer {account_id}"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    store, assets = open_store(f"sqlite:///{folder / 'swath.db'}"), open_assets(folder / "assets")
    with store.begin() as uow:
        account = create_account(uow, "acme", 1, START)
    items = [add_item(store, account.id, n) for n in range(7)]
    keep_files(assets, items[0])
    app = build_door(store, assets, rules.fleet, FrozenClock(START + timedelta(days=8)))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", account.id, items)
        server.should_exit = True
        thread.join(timeout=10)
    store.close()


def test_pystac_client_opens_it_and_finds_every_item_page_by_page(served: Served):
    client = pystac_client.Client.open(served.url, headers=served.headers)
    assert [c.id for c in client.get_collections()] == ["grus-1", "grus-3"]
    search = client.search(collections=["grus-1"], limit=3)
    assert search.matched() == 7
    assert {item.id for item in search.items()} == {item.id for item in served.items}


def test_pystac_client_lists_a_collection_and_finds_items_in_it_by_id(served: Served):
    collection = pystac_client.Client.open(served.url, headers=served.headers).get_collection("grus-1")
    assert {item.id for item in collection.get_items()} == {item.id for item in served.items}
    wanted = served.items[2].id
    assert [item.id for item in collection.get_items(wanted)] == [wanted]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pystac_client_filters_and_sorts(served: Served, method: str):
    client = pystac_client.Client.open(served.url, headers=served.headers)
    found = client.search(
        method=method,
        filter="ag:capture_id = 'capture-3' OR ag:capture_id = 'capture-5'",
        filter_lang="cql2-text",
        sortby=["-properties.datetime"],
        limit=1,
    )
    assert [item.properties["ag:capture_id"] for item in found.items()] == ["capture-5", "capture-3"]


@pytest.mark.filterwarnings("error")
def test_pystac_client_opens_the_catalog_that_requests_link_to(served: Served):
    catalog = pystac_client.Client.open(f"{served.url}/catalogs/axelglobe", headers=served.headers)
    assert len(list(catalog.search(limit=3).items())) == 7
    assert len(list(catalog.get_collection("grus-1").get_items())) == 7


def test_pystac_client_reads_the_queryables(served: Served):
    client = pystac_client.Client.open(served.url, headers=served.headers)
    assert "ag:capture_id" in client.get_collection("grus-1").get_queryables()["properties"]


# In a process of its own: GDAL holds the interpreter while it waits, and the server here could not answer.
READ_A_PART = """
import json, sys, rasterio
from rasterio.windows import Window
with rasterio.open(sys.argv[1]) as dataset:
    part = dataset.read(1, window=Window(4, 5, 10, 12))
    print(json.dumps({"epsg": dataset.crs.to_epsg(), "bounds": list(dataset.bounds), "part": part.tolist()}))
"""


def read_a_part(address: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ_A_PART, address],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return json.loads(done.stdout)


def test_gdal_reads_a_part_of_an_asset_over_http_without_a_token(served: Served, tmp_path: Path):
    address = f"{served.url}/collections/grus-1/items/{served.items[0].id}"
    item = httpx.get(address, headers=served.headers).json()
    (tmp_path / "udm.tif").write_bytes(SCENE["udm"])
    assert read_a_part(item["assets"]["msi_udm"]["href"]) == read_a_part(str(tmp_path / "udm.tif"))


def test_the_page_for_people_loads_nothing_from_elsewhere(served: Served):
    page = httpx.get(f"{served.url}/api.html").text
    assert "http" not in page.replace(served.url, "")
