"""Ranges and conditions, by RFC 9110."""

from pathlib import Path

import pytest
from fastapi import HTTPException, Response
from starlette.datastructures import Headers
from starlette.responses import StreamingResponse

from swath.delivery.assets import AssetStore, open_assets
from swath.stac_api.download import Unsatisfiable, build_download, parse_range


@pytest.mark.parametrize(
    "text, part",
    [
        (None, None),
        ("bytes=0-9", (0, 10)),
        ("bytes=5-", (5, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=90-500", (90, 100)),
        ("bytes=99-99", (99, 100)),
        (f"bytes=0-{'9' * 5_000}", (0, 100)),
        (f"bytes=-{'9' * 5_000}", (0, 100)),
        (f"bytes={'0' * 5_000}7-8", (7, 9)),
        ("bytes=0-1,5-6", None),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("lines=0-9", None),
    ],
)
def test_ranges_of_a_file_of_a_hundred_bytes(text: str | None, part: tuple[int, int] | None):
    assert parse_range(text, 100) == part


@pytest.mark.parametrize("text", ["bytes=100-", "bytes=100-200", "bytes=-0", f"bytes={'9' * 5_000}-"])
def test_ranges_outside_the_file_cannot_be_satisfied(text: str):
    with pytest.raises(Unsatisfiable):
        parse_range(text, 100)


@pytest.fixture
def assets(tmp_path: Path) -> AssetStore:
    store = open_assets(tmp_path)
    store.put("k", bytes(range(100)), "image/tiff")
    return store


def ask(assets: AssetStore, *, head: bool = False, **headers: str) -> Response:
    asked = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return build_download(assets, "k", "image/tiff", asked, head=head)


def test_a_whole_file_says_how_long_it_is_and_that_it_has_ranges(assets: AssetStore):
    answer = ask(assets)
    assert isinstance(answer, StreamingResponse)
    assert (answer.status_code, answer.headers["content-length"]) == (200, "100")
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_part_says_which_part_of_what(assets: AssetStore):
    answer = ask(assets, range="bytes=10-19")
    assert answer.status_code == 206
    assert answer.headers["content-range"] == "bytes 10-19/100"
    assert answer.headers["content-length"] == "10"


def test_a_part_that_is_not_there_says_how_long_the_file_is(assets: AssetStore):
    with pytest.raises(HTTPException) as refused:
        ask(assets, range="bytes=100-")
    assert refused.value.status_code == 416
    assert (refused.value.headers or {})["content-range"] == "bytes */100"


def test_head_has_the_headers_without_the_body(assets: AssetStore):
    answer = ask(assets, head=True)
    assert not isinstance(answer, StreamingResponse)
    assert answer.headers["content-length"] == "100"


def test_ranges_are_for_get_alone(assets: AssetStore):
    for span in ("bytes=10-19", "bytes=100-"):
        answer = ask(assets, head=True, range=span)
        assert (answer.status_code, answer.headers["content-length"]) == (200, "100")


def test_a_file_that_the_caller_has_is_not_sent_again(assets: AssetStore):
    etag = ask(assets).headers["etag"]
    assert ask(assets, if_none_match=etag).status_code == 304
    assert ask(assets, if_none_match=f'"other", W/{etag}').status_code == 304
    assert ask(assets, if_none_match='"other"').status_code == 200


def test_a_range_of_another_version_gives_the_whole_file(assets: AssetStore):
    etag = ask(assets).headers["etag"]
    assert ask(assets, range="bytes=0-9", if_range=etag).status_code == 206
    assert ask(assets, range="bytes=0-9", if_range='"older"').status_code == 200


def test_files_are_never_compressed_on_the_way(assets: AssetStore):
    assert ask(assets).headers["content-encoding"] == "identity"
