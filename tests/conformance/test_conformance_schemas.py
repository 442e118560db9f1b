"""Schemas that validators fetch come from files; what is not there is told and never taken for looked at."""

import importlib
import json
import urllib.request
from pathlib import Path
from typing import Any

import pystac
import pytest
import requests
import urllib3

from conformance.place import HERE

CORE = "https://schemas.stacspec.org/v1.1.0/item-spec/json-schema/item.json"
OURS = "https://stac-extensions.github.io/eo/v1.1.0/schema.json"
UNKNOWN = "https://stac-extensions.github.io/sat/v1.0.0/schema.json"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script as a module, with every way of fetching put back afterwards."""
    monkeypatch.syspath_prepend(str(HERE / "suites"))
    for owner, name in (
        (requests.Session, "send"),
        (urllib.request, "urlopen"),
        (urllib3.PoolManager, "request"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    return importlib.import_module("stac_offline")


@pytest.fixture
def schemas(offline: Any, tmp_path: Path) -> Any:
    file = tmp_path / "stac-extensions.github.io" / "eo" / "v1.1.0" / "schema.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"title": "EO"}')
    return offline.Schemas(tmp_path)


def test_a_schema_comes_from_the_folder_or_from_pystac(schemas: Any) -> None:
    assert json.loads(schemas.read(OURS)) == {"title": "EO"}
    assert json.loads(schemas.read(CORE))["title"] == "STAC Item"
    assert schemas.stubbed == set()


def test_one_that_is_nowhere_lets_everything_pass_and_is_told(schemas: Any) -> None:
    assert schemas.read(UNKNOWN) == b"{}"
    assert schemas.stubbed == {UNKNOWN}


def test_the_server_itself_is_asked_as_ever(schemas: Any) -> None:
    assert schemas.read("http://127.0.0.1:8000/stac/v1/") is None


@pytest.mark.parametrize("url", [OURS, UNKNOWN])
def test_every_library_is_given_the_same(offline: Any, schemas: Any, url: str) -> None:
    offline.answer_from_files(schemas)
    wanted = schemas.read(url)
    pool = urllib3.PoolManager()
    assert requests.get(url, timeout=1).content == wanted
    assert urllib.request.urlopen(url).read() == wanted
    assert urllib.request.urlopen(urllib.request.Request(url)).read() == wanted
    assert pool.request("GET", url).data == wanted
    assert pool.request("GET", url, preload_content=False).read() == wanted
    assert pystac.StacIO.default().read_text(url).encode() == wanted
