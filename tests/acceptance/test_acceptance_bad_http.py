"""What is hardly HTTP, methods that an address lacks, and addresses at which there is nothing."""

import contextlib
import json
import socket

import pytest
from tests.acceptance.bad_input_world import (
    CLOCK,
    FILE,
    ITEM,
    PLANS,
    REQUESTS,
    SATELLITES,
    SEARCH,
    TOKEN,
    World,
    assert_refused,
)
from tests.serving import API

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]


def send_raw(world: World, head: bytes, more: bytes = b"", times: int = 0) -> bytes:
    """All that the server answers to bytes of ours, until it hangs up."""
    base = world.owner.http.base_url
    with socket.create_connection((base.host, base.port or 80), timeout=10) as line:
        line.sendall(head)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(times):
                line.sendall(more)
        parts = []
        with contextlib.suppress(ConnectionResetError):
            while part := line.recv(65_536):
                parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    "head", [b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_http_is_refused_with_a_problem(world: World, head: bytes) -> None:
    answer = send_raw(world, head)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "malformed"


def test_headers_without_end_are_cut_off(world: World) -> None:
    answer = send_raw(world, b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: ", b"a" * 10_000, times=50)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", PLANS, {"GET", "HEAD", "POST", "OPTIONS"}),
        ("PATCH", PLANS + "/{plan}", {"GET", "HEAD", "DELETE", "OPTIONS"}),
        ("POST", SATELLITES, {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", REQUESTS + "/{request}", {"GET", "HEAD", "OPTIONS"}),
        ("GET", REQUESTS + "/{request}/cancel", {"POST", "OPTIONS"}),
        ("DELETE", ITEM, {"GET", "HEAD", "OPTIONS"}),
        ("POST", FILE, {"GET", "HEAD", "OPTIONS"}),
        ("GET", TOKEN, {"POST", "OPTIONS"}),
        ("TRACE", PLANS, {"GET", "HEAD", "POST", "OPTIONS"}),
    ],
)
def test_a_method_that_an_address_lacks(world: World, method: str, path: str, allowed: set[str]) -> None:
    address = path.format(plan=world.plan_id, request=world.request_id)
    for asked in (method, "OPTIONS"):
        answer = world.owner.http.request(asked, address)
        assert set(answer.headers["allow"].split(", ")) == allowed
        if asked == method:
            assert_refused(answer, 405, "Allow")
        else:
            assert answer.status_code == 200


@pytest.mark.parametrize("path", [f"{API}/", SATELLITES, PLANS, "/stac/v1/", SEARCH, CLOCK, FILE, "/livez"])
def test_head_answers_as_get_without_a_body(world: World, path: str) -> None:
    got, head = (world.owner.http.request(method, path) for method in ("GET", "HEAD"))
    assert (got.status_code, head.status_code) == (200, 200)
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""


def test_head_of_what_only_posts_does_nothing(world: World) -> None:
    assert world.owner.http.head(f"{REQUESTS}/{world.request_id}/cancel").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        f"{API}/collections/nowhere",
        f"{API}/collections/plans/items/",
        f"{PLANS}/nonsense",
        f"{PLANS}/%00",
        f"{PLANS}/%ff%fe",
        f"{PLANS}/' OR 1=1 --",
        f"{PLANS}/{'x' * 5_000}",
        f"{REQUESTS}/{'VGFzaw=='}",
        f"{API}/%0d%0aSet-Cookie:%20a=b",
        "/stac/v1/collections/nowhere",
        "/stac/v1/collections/grus-1/items/%00",
        "/stac/v1/catalogs/nowhere/search",
    ],
    ids=lambda path: path[:50],
)
def test_there_is_nothing_at(world: World, path: str) -> None:
    answer = world.owner.http.get(path)
    assert_refused(answer, 404)
    assert "set-cookie" not in answer.headers


def test_nothing_but_json_is_served_of_lists(world: World) -> None:
    for accept in ("application/xml", "text/csv", "application/json;q=0"):
        assert_refused(world.owner.http.get(PLANS, headers={"accept": accept}), 406, "application/geo+json")
