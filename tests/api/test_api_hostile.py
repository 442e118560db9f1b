"""Callers who mean harm, or send nonsense: each gets one short sentence, and nothing else happens."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import PlainTextResponse
from starlette.types import Message
from tests.api.api_world import API, Caller, Service, plan_body, problem, request_body
from tests.conftest import NOW
from tests.connections import counting_connections
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.api.app import assemble
from swath.settings import Limits, Settings

PLANS = f"{API}/collections/plans/items"


class Wanted(BaseModel):
    """A body as rooms declare it that let FastAPI read theirs."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["cloud", "fault"] = "cloud"
    rate: float | None = Field(None, ge=0, le=86_400)
    at: AwareDatetime | None = None
    after: timedelta | None = None
    names: Annotated[tuple[str, ...], Field(max_length=2)] = ()


@pytest.fixture
def room(tmp_path: Any) -> TestClient:
    """A room that lets FastAPI read its bodies, and a door for scenes, which are large."""
    router = APIRouter()

    @router.post("/ops/v1/wanted")
    def take(wanted: Wanted) -> str:
        return wanted.kind

    @router.get("/document")
    def read() -> PlainTextResponse:
        return PlainTextResponse("x" * 5000)

    settings = Settings(data=tmp_path, limits=Limits(max_body_bytes=1000))
    return TestClient(assemble(settings, [], [router]), raise_server_exceptions=False)


def send(room: TestClient, body: bytes, media_type: str = "application/json") -> Any:
    return room.post("/ops/v1/wanted", content=body, headers={"Content-Type": media_type})


# Time


def test_a_call_holds_one_connection_at_a_time(service: Service, acme: Caller) -> None:
    """Simulated time is in the database: two connections a call, and a few calls at once would wait for ever."""
    plan = add_plan(service.store, acme.account_id, NOW)
    candidate = add_candidate(service.store, plan, make_chance(NOW + timedelta(hours=300)), NOW)
    with counting_connections(service.store, service.clock) as held:
        for _ in range(2):
            key = {"Idempotency-Key": "clock"}
            assert acme.post("requests", request_body(candidate.id), **key).status_code == 201
        request = acme.ids("requests")[0]
        assert acme.http.post(f"{API}/collections/requests/items/{request}/cancel").status_code == 200
        assert acme.http.delete(f"{PLANS}/{plan.id}").status_code == 204
        assert acme.http.get("/metrics").status_code == 200
        assert acme.http.get("/readyz").status_code == 200
    assert held == {1}


# Envelope


@pytest.mark.parametrize(
    "host",
    [
        "user:pw@evil.test/x?y#z",
        "evil.test/path",
        "a b",
        "[::1",
        "evil.test:80:80",
        'evil.test"><script>',
        "evil.test:port",
        "évil.test".encode(),
    ],
)
def test_a_host_that_is_none_is_refused_and_not_printed(service: Service, host: str | bytes) -> None:
    answer = service.anonymous().get(f"{API}/", headers={"Host": host})
    refusal = problem(answer)
    assert (refusal["status"], refusal["instance"]) == (400, f"{API}/")
    assert "Host" in refusal["detail"]
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    "host", ["swath.test", "127.0.0.1:8000", "[::1]:8000", "my_box", "xn--bcher-kva.test"]
)
def test_links_lead_to_the_host_that_was_called(service: Service, host: str) -> None:
    answer = service.anonymous().get(f"{API}/", headers={"Host": host})
    assert answer.json()["links"][0]["href"].startswith(f"http://{host}/")


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=1.0", True),
        ("gzip;q=0", False),
        ("br;q=0, GZIP; q=0.000", False),
        ("identity", False),
    ],
)
def test_nothing_is_compressed_for_who_refuses_it(room: TestClient, accepted: str, zipped: bool) -> None:
    answer = room.get("/document", headers={"Accept-Encoding": accepted})
    assert ("content-encoding" in answer.headers) == zipped
    assert answer.text == "x" * 5000


def test_methods_that_are_made_up_leave_one_row_of_figures(service: Service) -> None:
    anyone = service.anonymous()
    for method in ("BREW", "X" * 50, "PROPFIND"):
        assert anyone.request(method, PLANS).status_code == 405
    figures = anyone.get("/metrics").text
    assert 'method="other"' in figures
    assert "BREW" not in figures
    assert "XXX" not in figures


def test_who_hangs_up_is_no_fault_of_ours(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": PLANS,
        "raw_path": PLANS.encode(),
        "query_string": b"",
        "headers": [(b"host", b"swath.test"), (b"content-length", b"100")],
        "scheme": "http",
        "server": ("swath.test", 80),
        "http_version": "1.1",
    }
    coming: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    )
    told: list[Message] = []

    async def receive() -> Message:
        return next(coming)

    async def answer(message: Message) -> None:
        told.append(message)

    with caplog.at_level(logging.WARNING):
        asyncio.run(service.app(scope, receive, answer))
    assert (told, caplog.records) == ([], [])
    assert 'status="499"' in service.anonymous().get("/metrics").text


# Bodies that FastAPI reads


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"rate": -1}, "rate must be at least 0."),
        ({"rate": 1e9}, "rate must be at most 86400."),
        ({"rate": "fast"}, "rate must be a number."),
        (
            {"at": "2026-08-22T00:00:00"},
            "at must be an RFC 3339 time with a zone, such as 2026-08-22T01:30:00Z.",
        ),
        ({"at": "soon"}, "at must be an RFC 3339 time with a zone, such as 2026-08-22T01:30:00Z."),
        ({"after": "soon"}, 'after must be an ISO 8601 duration, such as "PT6H".'),
        ({"kind": "meteor"}, "kind must be 'cloud' or 'fault'."),
        ({"speed": 1}, "There is no property speed here; misspelt, or set by the service alone?"),
        ({"names": ["a", 5]}, "names[1] must be text."),
        ({"names": ["a", "b", "c"]}, "names has 3 members; at most 2 are taken."),
        ([], "The body must be an object."),
    ],
)
def test_a_body_that_breaks_a_rule_is_told_the_rule(room: TestClient, body: Any, says: str) -> None:
    refusal = problem(room.post("/ops/v1/wanted", json=body))
    assert (refusal["status"], refusal["detail"]) == (422, says)
    assert refusal["errors"][0]["message"] == says


def test_no_body_is_told_apart_from_a_wrong_one(room: TestClient) -> None:
    refusal = problem(room.post("/ops/v1/wanted"))
    assert (refusal["status"], refusal["detail"]) == (422, "The body is missing.")


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"rate": NaN}', b'{"rate": 1e999}', b'{"a": 1, "a": 2}'])
def test_a_body_that_is_not_strict_json_is_malformed(room: TestClient, body: bytes) -> None:
    assert problem(send(room, body))["status"] == 400


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_does_not_say_json_is_of_the_wrong_type(room: TestClient, media_type: str) -> None:
    refusal = problem(send(room, b'{"rate": 7}', media_type))
    assert (refusal["status"], "application/json" in refusal["detail"]) == (415, True)


def test_mission_controls_documents_are_limited_like_any_others(room: TestClient) -> None:
    assert problem(send(room, b" " * 1001))["status"] == 413


# Bodies that we read


@pytest.mark.parametrize(
    "properties",
    [
        {"satellites": ["X"] * 5_000},
        {"satellites": ["X" * 1000] * 90},
        {"satellites": [0] * 20_000},
        {f"k{i}": 1 for i in range(5_000)},
        {"k" * 50_000: 1},
    ],
    ids=["unknown", "long", "numbers", "many names", "one long name"],
)
def test_a_flood_of_faults_is_answered_in_few_words(acme: Caller, properties: Any) -> None:
    answer = acme.post("plans", plan_body(NOW, **properties))
    assert problem(answer)["status"] == 422
    assert len(answer.content) < 25_000


def test_of_many_faults_twenty_are_told_and_the_rest_counted(acme: Caller) -> None:
    refusal = problem(acme.post("plans", plan_body(NOW, satellites=["X"] * 50)))
    assert len(refusal["errors"]) == 21
    assert refusal["errors"][-1]["message"] == "There are 30 more faults."
    assert refusal["detail"].endswith("There are 30 more faults.")


@pytest.mark.parametrize(
    ("properties", "says"),
    [
        ({"off_nadir_range": [1, 2, 3]}, "off_nadir_range has 3 members; at most 2 are taken."),
        ({"off_nadir_range": ["0", 25]}, "off_nadir_range[0] must be a number."),
        ({"valid_start": "9999-12-31T00:00:00Z"}, "no time of the years 1900 to 2199"),
    ],
)
def test_properties_are_refused_by_their_names(acme: Caller, properties: Any, says: str) -> None:
    assert says in problem(acme.post("plans", plan_body(NOW, **properties)))["detail"]


def test_a_body_is_a_feature(acme: Caller) -> None:
    refusal = problem(acme.post("plans", {**plan_body(NOW), "type": "FeatureCollection"}))
    assert refusal["detail"] == "type must be 'Feature'."


def test_a_geometry_without_type_is_told_so(acme: Caller) -> None:
    assert "has no type" in problem(acme.post("plans", plan_body(NOW, {})))["detail"]


def test_a_priority_that_there_is_not_is_told_those_there_are(acme: Caller) -> None:
    refusal = problem(acme.post("requests", request_body("x", priority="URGENT")))
    assert refusal["detail"] == "priority must be 'EMERGENCY', 'NORMAL' or 'WISHLIST'."


@pytest.mark.parametrize("depth", [150, 300, 900, 5_000])
def test_brackets_in_brackets_are_malformed(acme: Caller, depth: int) -> None:
    inner = "[" * depth + "]" * depth
    body = json.dumps({**plan_body(NOW), "more": 0})[:-2] + inner + "}"
    answer = acme.http.post(PLANS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == (201 if depth == 150 else 400), answer.text


def test_names_are_taken_in_every_script(acme: Caller) -> None:
    for name in ("می‌خواهم", "क्‍ष", "👩‍🌾 fields"):
        answer = acme.post("plans", plan_body(NOW, name=name))
        assert (answer.status_code, answer.json()["properties"]["name"]) == (201, name)


# Lists


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", [10**20, 10**90])
def test_a_number_beyond_counting_is_a_slip(acme: Caller, name: str, value: int) -> None:
    told = problem(acme.http.get(f"{API}/collections/plans/items", params={name: value}))
    assert (told["status"], told["parameter"]) == (400, name)
    assert len(told["detail"]) < 200


def test_the_antimeridian_is_one_line_from_both_sides(acme: Caller) -> None:
    west, south, east, north = 179.5, 10.0, -179.5, 10.5
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    made = acme.post("plans", plan_body(NOW, {"type": "Polygon", "coordinates": [ring]})).json()
    for found in ("180,9,-180,11", "180,9,180,11", "-180,9,-180,11", "179,9,-180,11", "180,10.2,180,10.2"):
        assert acme.ids("plans", bbox=found) == [made["id"]], found
    for missed in ("180,11,-180,12", "-179,9,179,11"):
        assert acme.ids("plans", bbox=missed) == [], missed


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": ["Point"], "coordinates": [0, 0]},
        {"type": {}, "coordinates": [0, 0]},
        {"type": "Point", "coordinates": "0 0"},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
    ],
    ids=str,
)
def test_geometries_in_filters_are_refused_in_our_own_words(acme: Caller, geometry: Any) -> None:
    text = json.dumps({"op": "s_intersects", "args": [{"property": "geometry"}, geometry]})
    refusal = acme.refused("/collections/plans/items", **{"filter": text, "filter-lang": "cql2-json"})
    assert refusal["parameter"] == "filter"
    assert "xception" not in refusal["detail"]
    assert "json" not in refusal["detail"]
