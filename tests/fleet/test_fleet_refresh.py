"""Fetching elements from a server on this machine that answers as CelesTrak's GP query does."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from swath.errors import Malformed, SwathError, Unavailable
from swath.fleet import load_bundled_elements
from swath.fleet.refresh import ATTEMPTS, fetch_elements
from swath.orbit.elements import to_omm

SETS = {elements.norad_id: elements for elements in load_bundled_elements()}
Answer = tuple[int, str]


def celestrak(query: dict[str, list[str]]) -> Answer:
    """What CelesTrak answers to CATNR and FORMAT=JSON."""
    assert query["FORMAT"] == ["JSON"]
    known = SETS.get(int(query["CATNR"][0]))
    return (200, json.dumps([to_omm(known)])) if known else (200, "No GP data found")


class Server:
    """Answers with `respond`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.respond: Callable[[dict[str, list[str]]], Answer] = celestrak
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                outer.asked.append(query["CATNR"][0])
                status, body = outer.respond(query)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/NORAD/elements/gp.php"

    def fetch(self, *norad_ids: int):
        with httpx.Client(timeout=5, trust_env=False) as client:
            return fetch_elements(norad_ids, client=client, base_url=self.url, first_wait_s=0.0)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.http.shutdown()
    thread.join()
    server.http.server_close()


def test_sets_are_fetched_by_catalogue_number(server: Server):
    assert server.fetch(43890, 47934) == (SETS[43890], SETS[47934])
    assert server.asked == ["43890", "47934"]


def test_satellites_without_data_are_left_out(server: Server):
    assert server.fetch(1, 43890) == (SETS[43890],)
    server.respond = lambda _: (404, "No GP data found")
    assert server.fetch(43890) == ()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(server: Server, status: int):
    answers = iter([(status, "busy"), (status, "busy")])
    server.respond = lambda query: next(answers, None) or celestrak(query)
    assert server.fetch(43890) == (SETS[43890],)
    assert len(server.asked) == 3


def test_a_server_that_stays_busy_is_given_up(server: Server):
    server.respond = lambda _: (503, "busy")
    with pytest.raises(
        Unavailable, match=r"43890 could not be fetched in 4 attempts: the server answered 503"
    ):
        server.fetch(43890)
    assert len(server.asked) == ATTEMPTS


def test_a_refusal_is_not_repeated(server: Server):
    server.respond = lambda _: (403, "GP data has not updated since your last download")
    with pytest.raises(SwathError, match=r"43890 with 403: 'GP data has not.*wait two hours") as caught:
        server.fetch(43890)
    assert caught.value.code == "refresh_refused"
    assert len(server.asked) == 1


def test_a_redirect_is_not_followed_blindly(server: Server):
    server.respond = lambda _: (302, "")
    with pytest.raises(SwathError, match="with 302"):
        server.fetch(43890)


@pytest.mark.parametrize("body", ["<html>maintenance</html>", "", "[]", '[{"NORAD_CAT_ID": 43890}]'])
def test_another_kind_of_answer_is_malformed(server: Server, body: str):
    server.respond = lambda _: (200, body)
    with pytest.raises(Malformed, match=r"answer about 43890 is not OMM"):
        server.fetch(43890)


def test_an_answer_about_another_satellite_is_refused(server: Server):
    server.respond = lambda _: (200, json.dumps([to_omm(SETS[47934])]))
    with pytest.raises(Malformed, match="asked about 43890 and answered about 47934"):
        server.fetch(43890)


def test_a_server_out_of_reach_is_unavailable(server: Server):
    with httpx.Client(timeout=5, trust_env=False) as client, pytest.raises(Unavailable, match="ConnectError"):
        fetch_elements([43890], client=client, base_url="http://127.0.0.1:1/", first_wait_s=0.0)
    assert server.asked == []


def test_a_silent_server_is_unavailable():
    silent = httpx.MockTransport(
        lambda request: (_ for _ in ()).throw(httpx.ReadTimeout("too slow", request=request))
    )
    with httpx.Client(transport=silent) as client, pytest.raises(Unavailable, match="ReadTimeout: too slow"):
        fetch_elements([43890], client=client, first_wait_s=0.0)
