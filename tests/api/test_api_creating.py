"""Making and removing plans: right bodies, every wrong one, and the same call twice."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.api.api_world import API, AREA, Caller, Service, plan_body, problem

PLANS = f"{API}/collections/plans/items"


def plan_count(caller: Caller) -> int:
    return caller.get("/collections/plans/items")["numberMatched"]


def send(caller: Caller, body: bytes, content_type: str = "application/geo+json") -> Any:
    return caller.http.post(PLANS, content=body, headers={"Content-Type": content_type})


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_plan_is_made_where_the_answer_says(acme: Caller, service: Service) -> None:
    answer = acme.post("plans", plan_body(service.clock.at))
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/geo+json"
    assert acme.get(answer.headers["location"]) == answer.json()
    assert acme.http.get(answer.headers["location"]).headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/geo+json; charset=utf-8", "APPLICATION/JSON"]
)
def test_geojson_and_json_are_taken(acme: Caller, service: Service, content_type: str) -> None:
    body = json.dumps(plan_body(service.clock.at)).encode()
    assert send(acme, body, content_type).status_code == 201


@pytest.mark.parametrize("content_type", ["text/csv", "application/x-www-form-urlencoded", ""])
def test_other_bodies_are_not_taken(acme: Caller, service: Service, content_type: str) -> None:
    body = json.dumps(plan_body(service.clock.at)).encode()
    assert problem(send(acme, body, content_type))["status"] == 415


def test_a_compressed_body_is_not_taken_for_a_broken_one(acme: Caller, service: Service) -> None:
    body = gzip.compress(json.dumps(plan_body(service.clock.at)).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = acme.http.post(f"{API}/collections/plans/items", content=body, headers=headers)
    assert (problem(answer)["status"], answer.headers["accept-encoding"]) == (415, "identity")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"type": "Feature", "x": "\xc3\x28"}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_cannot_be_read_is_malformed(acme: Caller, service: Service, body: bytes) -> None:
    assert problem(send(acme, body))["code"] == "malformed"
    assert plan_count(acme) == 0


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], {""}),
        ("text", {""}),
        (7, {""}),
        ({}, {"/geometry", "/properties"}),
        ({"type": "FeatureCollection", "geometry": AREA, "properties": {}}, {"/type"}),
        ({"type": "Feature", "geometry": None, "properties": None}, {"/geometry", "/properties"}),
        ({"type": "Feature", "geometry": [1], "properties": []}, {"/geometry", "/properties"}),
    ],
)
def test_a_wrong_shape_names_every_place(acme: Caller, body: Any, pointers: set[str]) -> None:
    refusal = problem(acme.post("plans", body))
    assert refusal["status"] == 422
    assert pointers <= {error["pointer"] for error in refusal["errors"]}


@pytest.mark.parametrize(
    ("properties", "pointer"),
    [
        ({"name": ""}, "/properties/name"),
        ({"name": "n" * 201}, "/properties/name"),
        ({"name": 7}, "/properties/name"),
        ({"name": "a\u0000b"}, "/properties/name"),
        ({"valid_end": "2026-08-22T11:00:00Z"}, "/properties/valid_end"),
        (
            {"valid_start": "2026-08-01T00:00:00Z", "valid_end": "2026-08-02T00:00:00Z"},
            "/properties/valid_end",
        ),
        ({"valid_end": "2026-09-06T12:00:00Z"}, "/properties/valid_end"),
        (
            {"valid_start": "2026-09-20T00:00:00Z", "valid_end": "2026-09-22T12:00:01Z"},
            "/properties/valid_end",
        ),
        ({"valid_start": "2026-08-22T12:00:00"}, "/properties/valid_start"),
        ({"valid_start": "2026-08-22"}, "/properties/valid_start"),
        ({"valid_start": 1_787_000_000}, "/properties/valid_start"),
        ({"valid_start": None}, "/properties/valid_start"),
        ({"satellites": ["GRUS-9Z"]}, "/properties/satellites/0"),
        ({"satellites": []}, "/properties/satellites"),
        ({"satellites": "GRUS-1A"}, "/properties/satellites"),
        ({"off_nadir_range": [10, 5]}, "/properties/off_nadir_range"),
        ({"off_nadir_range": [-1, 60]}, "/properties/off_nadir_range"),
        ({"off_nadir_range": [0, 10, 20]}, "/properties/off_nadir_range"),
        ({"off_nadir_range": ["0", "10"]}, "/properties/off_nadir_range/0"),
        ({"off_nadir_range": [0, 1e308]}, "/properties/off_nadir_range"),
        ({"status": "ACTIVE"}, "/properties/status"),
        ({"of_nadir_range": [0, 5]}, "/properties/of_nadir_range"),
    ],
)
def test_a_broken_rule_is_told_where_it_was_broken(
    acme: Caller, service: Service, properties: dict[str, Any], pointer: str
) -> None:
    refusal = problem(acme.post("plans", plan_body(service.clock.at, **properties)))
    assert refusal["status"] == 422
    assert pointer in {error["pointer"] for error in refusal["errors"]}
    assert all(error["code"] and error["message"] for error in refusal["errors"])
    assert plan_count(acme) == 0


@pytest.mark.parametrize(
    "geometry",
    [
        box(130.0, 35.0, 133.0, 35.1),
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {
            "type": "Polygon",
            "coordinates": [box(0, 0, 1, 1)["coordinates"][0], box(2, 2, 3, 3)["coordinates"][0]],
        },
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": None},
        {"type": "Polygon", "coordinates": "x"},
        {"type": "Polygon"},
        {},
        {"type": "Point", "coordinates": [136, 36]},
        {"type": "Polygon", "coordinates": [[[540, 0], [541, 0], [541, 1], [540, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 91], [1, 91], [1, 92], [0, 91]]]},
        {"type": "Polygon", "coordinates": [[["0", 0], [1, 0], [1, 1], ["0", 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1e300, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [10**300, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[136 + i * 1e-5, 36] for i in range(10_000)]]},
    ],
)
def test_a_wrong_area_is_refused_with_a_sentence(acme: Caller, service: Service, geometry: Any) -> None:
    refusal = problem(acme.post("plans", plan_body(service.clock.at, geometry)))
    assert refusal["status"] == 422
    assert refusal["errors"][0]["pointer"].startswith("/geometry")
    assert plan_count(acme) == 0


def test_a_wide_area_is_told_its_width(acme: Caller, service: Service) -> None:
    refusal = problem(acme.post("plans", plan_body(service.clock.at, box(130.0, 35.0, 133.0, 35.1))))
    assert "km wide; the limit is 250 km" in refusal["detail"]


def test_a_body_of_two_mebibytes_is_too_large(acme: Caller, service: Service) -> None:
    body = json.dumps(plan_body(service.clock.at, note="x" * (2 << 20))).encode()
    assert problem(send(acme, body))["status"] == 413
    streamed = acme.http.post(PLANS, content=iter([body[: 1 << 20], body[1 << 20 :]]))
    assert problem(streamed)["status"] == 413


def test_the_same_key_and_body_make_one_plan(acme: Caller, service: Service) -> None:
    body = plan_body(service.clock.at)
    first = acme.post("plans", body, **{"Idempotency-Key": "monday"})
    service.clock.at += timedelta(hours=23)
    again = acme.post("plans", body, **{"Idempotency-Key": "monday"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert plan_count(acme) == 1


def test_the_same_key_with_another_body_is_refused(acme: Caller, service: Service) -> None:
    acme.post("plans", plan_body(service.clock.at), **{"Idempotency-Key": "monday"})
    other = acme.post("plans", plan_body(service.clock.at, name="other"), **{"Idempotency-Key": "monday"})
    assert problem(other)["code"] == "idempotency_key_reused"
    assert other.status_code == 422
    assert plan_count(acme) == 1


def test_the_same_key_is_answered_the_same_whatever_became_of_what_it_made(
    acme: Caller, service: Service
) -> None:
    body, key = plan_body(service.clock.at), {"Idempotency-Key": "monday"}
    first = acme.post("plans", body, **key)
    acme.http.delete(first.headers["location"])
    again = acme.post("plans", body, **key)
    assert (again.status_code, again.content) == (201, first.content)
    assert [again.headers[name] for name in ("etag", "location")] == [
        first.headers[name] for name in ("etag", "location")
    ]
    assert plan_count(acme) == 0


def test_keys_are_forgotten_after_a_day_and_never_shared(
    acme: Caller, rival: Caller, service: Service
) -> None:
    body = plan_body(service.clock.at)
    ids = {acme.post("plans", body, **{"Idempotency-Key": "k"}).json()["id"]}
    ids.add(rival.post("plans", body, **{"Idempotency-Key": "k"}).json()["id"])
    service.clock.at += timedelta(hours=24, seconds=1)
    ids.add(acme.post("plans", body, **{"Idempotency-Key": "k"}).json()["id"])
    assert len(ids) == 3


def test_a_refused_call_does_not_use_up_its_key(acme: Caller, service: Service) -> None:
    key = {"Idempotency-Key": "k"}
    assert acme.post("plans", plan_body(service.clock.at, name=""), **key).status_code == 422
    assert acme.post("plans", plan_body(service.clock.at), **key).status_code == 201


@pytest.mark.parametrize("key", ["k" * 256, "a b"])
def test_a_strange_key_is_refused(acme: Caller, service: Service, key: str) -> None:
    refusal = problem(acme.post("plans", plan_body(service.clock.at), **{"Idempotency-Key": key}))
    assert (refusal["status"], refusal["parameter"]) == (400, "Idempotency-Key")


def test_a_removed_plan_is_gone(acme: Caller, service: Service) -> None:
    location = acme.post("plans", plan_body(service.clock.at)).headers["location"]
    assert acme.http.delete(location).status_code == 204
    assert problem(acme.http.get(location))["status"] == 404
    assert problem(acme.http.delete(location))["status"] == 404
    assert acme.ids("plans") == []


def test_a_plan_is_removed_only_in_the_state_that_was_meant(acme: Caller, service: Service) -> None:
    made = acme.post("plans", plan_body(service.clock.at))
    location, etag = made.headers["location"], made.headers["etag"]
    assert problem(acme.http.delete(location, headers={"If-Match": '"other"'}))["status"] == 412
    for nonsense in ("other", '"other', '"a" "b"', "D\t-X", "*, *"):
        assert problem(acme.http.delete(location, headers={"If-Match": nonsense}))["status"] == 400
    assert acme.http.delete(location, headers={"If-Match": etag}).status_code == 204
