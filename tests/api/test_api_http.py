"""HTTP itself: what caches may keep, what other hosts' pages may read, how bodies are compressed, HEAD and Accept."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from starlette.responses import StreamingResponse
from tests.api.api_world import API, Caller, Service

from swath.api.app import assemble
from swath.api.compression import choose_coding, load_brotli
from swath.settings import Settings

DOCUMENTS = ("/", "/conformance", "/api", "/docs", "/collections", "/collections/plans",
             "/collections/plans/queryables", "/collections/plans/schema")  # fmt: skip
REFERENCE = ("/collections/satellites/items", "/collections/satellites/items/GRUS-1A",
             "/collections/satellite_ground_tracks/items?limit=2")  # fmt: skip


@pytest.fixture
def anyone(service: Service) -> TestClient:
    return service.anonymous()


# Caches


@pytest.mark.parametrize("path", [*DOCUMENTS[:3], *DOCUMENTS[4:], *REFERENCE])
def test_what_anyone_may_read_is_kept_for_a_while_and_then_asked_for_by_its_tag(
    anyone: TestClient, path: str
) -> None:
    first = anyone.get(f"{API}{path}")
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = anyone.get(f"{API}{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]


def test_a_list_is_the_same_until_a_feature_of_it_changes(service: Service, anyone: TestClient) -> None:
    path = f"{API}/collections/satellites/items"
    first = anyone.get(path)
    known = {"If-None-Match": first.headers["etag"]}
    assert first.headers["etag"].startswith('W/"')
    assert first.json()["timeStamp"].endswith("Z")
    service.clock.at += timedelta(seconds=9)
    assert anyone.get(path, headers=known).status_code == 304
    service.clock.at += timedelta(seconds=1)
    assert anyone.get(path, headers=known).status_code == 200


def test_what_belongs_to_an_account_is_not_kept_by_others(acme: Caller) -> None:
    for path in ("/collections/plans/items", "/account"):
        assert acme.http.get(f"{API}{path}").headers["cache-control"] == "private, no-cache"


def test_refusals_are_not_kept(anyone: TestClient) -> None:
    for path in ("/nowhere", "/collections/plans/items", "/collections/satellites/items?limit=0"):
        assert anyone.get(f"{API}{path}").headers["cache-control"] == "no-store"


# Pages of other hosts


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/collections/plans/items", 401),
        ("/nowhere", 404),
        ("/collections/satellites/items?limit=0", 400),
        ("/collections/satellites/items/none", 404),
    ],
)
def test_refusals_can_be_read_by_pages_of_other_hosts(anyone: TestClient, path: str, status: int) -> None:
    answer = anyone.get(f"{API}{path}", headers={"Origin": "https://browser.test"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*")
    assert {"etag", "allow", "www-authenticate"} <= {
        name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def test_so_can_faults_of_ours_and_refused_hosts(settings: Settings) -> None:
    router = APIRouter()
    router.add_api_route("/boom", lambda: 1 / 0, methods=["GET"])
    client = TestClient(assemble(settings, [], [router]), raise_server_exceptions=False)
    origin = {"Origin": "https://browser.test"}
    for headers, status in ((origin, 500), ({**origin, "Host": "a b"}, 400)):
        answer = client.get("/boom", headers=headers)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [f"{API}/collections/plans/items", f"{API}/collections/plans/items/x"])
def test_pages_of_other_hosts_may_ask_first(anyone: TestClient, path: str, method: str) -> None:
    preflight = anyone.options(
        path,
        headers={
            "Origin": "https://browser.test",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,if-match,idempotency-key",
        },
    )
    assert preflight.status_code == 200
    assert method in preflight.headers["access-control-allow-methods"]
    assert "if-match" in preflight.headers["access-control-allow-headers"]


# Bodies


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("*", "gzip"),
        ("*, gzip;q=0", None),
        ("*;q=0", None),
        ("gzip;q=0, *", None),
        ("x-gzip", "gzip"),
        ("BR", "br"),
        ("gzip;q=rubbish", None),
        (";,;q=1,,", None),
    ],
)
def test_the_coding_is_the_one_that_is_preferred(accepted: str, coding: str | None) -> None:
    assert choose_coding(accepted, ("br", "gzip")) == coding


@pytest.mark.skipif(load_brotli() is None, reason="brotli is not installed")
@pytest.mark.parametrize("parts", [1, 3])
def test_brotli_loses_nothing(settings: Settings, parts: int) -> None:
    router = APIRouter()
    part = b"The quick brown fox. " * 500

    def stream() -> StreamingResponse:
        return StreamingResponse(iter([part] * parts), media_type="text/plain")

    router.add_api_route("/stream", stream, methods=["GET"])
    answer = TestClient(assemble(settings, [], [router])).get("/stream", headers={"Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.content == part * parts


# HEAD and Accept


@pytest.mark.parametrize("path", [*DOCUMENTS, *REFERENCE, "/collections/plans/items", "/nowhere"])
def test_head_answers_wherever_get_does(anyone: TestClient, path: str) -> None:
    get, head = anyone.get(f"{API}{path}"), anyone.head(f"{API}{path}")
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("content-type", "etag", "cache-control"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("accept", ["", "application/geo+json", "application/json;q=0.1, text/plain"])
def test_who_reads_json_is_served_json(anyone: TestClient, accept: str) -> None:
    assert anyone.get(f"{API}/collections", headers={"Accept": accept}).status_code == 200
