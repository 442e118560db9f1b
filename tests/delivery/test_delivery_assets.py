"""The asset store: the same over a folder and over a bucket (played by obstore's store in memory)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from swath.delivery.assets import CHUNK_BYTES, AssetStore, image_key, open_assets, scene_key
from swath.errors import NotFound, Unavailable


@pytest.fixture(params=["folder", "bucket"])
def assets(request: pytest.FixtureRequest, tmp_path: Path) -> AssetStore:
    made: dict[str, Callable[[], AssetStore]] = {
        "folder": lambda: open_assets(tmp_path / "assets"),
        "bucket": lambda: AssetStore(MemoryStore(), keeps_types=True),
    }
    return made[request.param]()


def test_what_was_put_comes_back(assets: AssetStore):
    assets.put("scenes/a/pan.tif", b"hello", "image/tiff")
    assert assets.get("scenes/a/pan.tif") == b"hello"
    assert assets.head("scenes/a/pan.tif").size == 5


def test_files_are_put_without_being_read_into_memory(assets: AssetStore, tmp_path: Path):
    (tmp_path / "large").write_bytes(bytes(3 * CHUNK_BYTES))
    assets.put_file("scenes/a/pan.tif", tmp_path / "large", "image/tiff")
    assert assets.head("scenes/a/pan.tif").size == 3 * CHUNK_BYTES


def test_putting_again_replaces_and_changes_the_tag(assets: AssetStore):
    assets.put("k", b"one", "text/plain")
    before = assets.head("k")
    assets.put("k", b"second", "text/plain")
    assert assets.get("k") == b"second"
    assert assets.head("k") != before


def test_a_range_is_read_in_pieces(assets: AssetStore):
    body = bytes(range(256)) * (CHUNK_BYTES // 128)
    assets.put("k", body, "application/octet-stream")
    pieces = list(assets.read("k", 3, CHUNK_BYTES + 7))
    assert len(pieces) == 2
    assert b"".join(pieces) == body[3 : CHUNK_BYTES + 7]


def test_a_listing_has_keys_and_sizes_under_the_prefix_only(assets: AssetStore):
    assets.put("scenes/a/pan.tif", b"12345", "image/tiff")
    assets.put("scenes/b/pan.tif", b"1", "image/tiff")
    assert assets.list("scenes/a/") == {"scenes/a/pan.tif": 5}
    assert assets.list("scenes/none/") == {}


def test_a_store_that_cannot_keep_it_now_is_unavailable(tmp_path: Path):
    assets = open_assets(tmp_path / "assets")
    # Where the folder of the keys would be is a file.
    (tmp_path / "assets" / "images").write_bytes(b"")
    (tmp_path / "part").write_bytes(b"hello")
    with pytest.raises(Unavailable, match="images/a"):
        assets.put("images/a", b"hello", "image/tiff")
    with pytest.raises(Unavailable, match="images/a"):
        assets.put_file("images/a", tmp_path / "part", "image/tiff")


@pytest.mark.parametrize("ask", ["get", "head"])
def test_what_is_not_there_is_not_found(assets: AssetStore, ask: str):
    with pytest.raises(NotFound, match="'nothing'"):
        getattr(assets, ask)("nothing")
    with pytest.raises(NotFound):
        list(assets.read("nothing", 0, 1))


def test_keys_tell_what_they_hold():
    assert scene_key("c1", "pan") == "scenes/c1/pan.tif"
    assert image_key("grus-1", "item", "tci.tif") == "images/grus-1/item/tci.tif"
