"""Bytes on a connection: who does not say all of it is not waited for without end, and every call names a host."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from tests.api.api_world import API, Service

from swath.api import protocol
from swath.api.protocol import BoundedHttp

HEAD = b"POST /oauth/token HTTP/1.1\r\nHost: a.test\r\n"


@pytest.fixture
def address(service: Service) -> Iterator[tuple[str, int]]:
    """The service behind the server that `swath serve` starts."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(
            uvicorn.Config(service.app, log_level="critical", http=BoundedHttp, lifespan="off")
        )
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


@pytest.fixture
def hasty(address: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """The same, with patience for a moment only."""
    monkeypatch.setattr(protocol, "PATIENCE_S", 0.2)
    return address


def send(address: tuple[str, int], *parts: bytes) -> bytes:
    """All that is answered to these bytes, until the server hangs up."""
    answers: list[bytes] = []
    with socket.create_connection(address, timeout=30) as line:
        for part in parts:
            line.sendall(part)
        with contextlib.suppress(ConnectionResetError):
            while answer := line.recv(65_536):
                answers.append(answer)
    return b"".join(answers)


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /livez HTTP/1.1\r\nX-Half: ",
        HEAD + b"Content-Length: 1000\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk"],
)
def test_who_does_not_go_on_is_not_waited_for(hasty: tuple[str, int], begun: bytes) -> None:
    head, _, body = send(hasty, begun).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in head
    assert json.loads(body)["code"] == "too_slow"


def test_a_head_that_drips_gets_no_more_time(hasty: tuple[str, int]) -> None:
    with socket.create_connection(hasty, timeout=30) as line:
        line.sendall(b"GET /livez HTTP/1.1\r\nX-Long: ")
        # Each byte comes well within the patience; the server hangs up all the same.
        line.settimeout(0.05)
        for _ in range(600):
            with contextlib.suppress(TimeoutError):
                assert line.recv(100).startswith(b"HTTP/1.1 408 ")
                return
            line.sendall(b"a")
    raise AssertionError("was waited for without end")


def test_calls_that_are_whole_are_answered_one_after_another(hasty: tuple[str, int]) -> None:
    one = b"GET /livez HTTP/1.1\r\nHost: a.test\r\n\r\n"
    last = b"GET /livez HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
    assert send(hasty, one, last).count(b"HTTP/1.1 200 ") == 2


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (b"GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /livez HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /livez HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /livez HTTP/1.0\r\n\r\n", b"200"),
    ],
    ids=["none", "two", "empty", "of HTTP/1.0"],
)
def test_a_call_names_one_host(address: tuple[str, int], call: bytes, status: bytes) -> None:
    assert send(address, call).split(b" ", 2)[1] == status


def test_links_need_no_host_of_http_1_0(address: tuple[str, int]) -> None:
    body = send(address, f"GET {API}/ HTTP/1.0\r\n\r\n".encode()).partition(b"\r\n\r\n")[2]
    assert json.loads(body)["links"][0]["href"].startswith("http://localhost/")
