"""Making and canceling requests: right bodies, and every wrong one."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from tests.api.api_world import API, AREA, Caller, Service, problem, request_body
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath import wire
from swath.tasking.model import Candidate

PLANS = f"{API}/collections/plans/items"


NUMBERS = count()


@pytest.fixture
def candidate(service: Service, acme: Caller) -> Candidate:
    """A candidate of a satellite and a time that no other test asks for."""
    now, satellites = service.clock.now(), list(service.rules.fleet.satellites)
    number = next(NUMBERS)
    later, which = divmod(number, len(satellites))
    chance = make_chance(now + timedelta(hours=8 + 2 * later), satellite=satellites[which])
    plan = add_plan(service.store, acme.account_id, now, satellites=tuple(satellites))
    return add_candidate(service.store, plan, chance, now, key=f"{number:016d}")


def test_a_plan_with_a_live_request_stays_and_shows_it(acme: Caller, candidate: Candidate) -> None:
    request = acme.post("requests", request_body(candidate.id))
    refusal = problem(acme.http.delete(f"{PLANS}/{candidate.plan_id}"))
    assert refusal["status"] == 409
    (link,) = refusal["links"]
    assert acme.get(link["href"])["id"] == request.json()["id"]


def test_a_request_has_the_known_shape(acme: Caller, candidate: Candidate) -> None:
    answer = acme.post("requests", request_body(candidate.id, name="My Task"))
    assert answer.status_code == 201, answer.text
    request = answer.json()
    known = {
        "name", "created", "valid_start", "valid_end", "off_nadir_range", "satellites", "priority",
        "cancel_until", "task_plan_id", "status", "ag:capture_id",
    }  # fmt: skip
    assert known <= set(request["properties"])
    assert request["properties"]["ag:capture_id"] is None
    assert request["properties"]["satellites"] == [candidate.chance.satellite]
    assert request["geometry"]["coordinates"]
    links = {link["rel"]: link["href"] for link in request["links"]}
    assert acme.get(links["parent"])["id"] == candidate.plan_id
    assert "assets" not in links
    assert acme.get(answer.headers["location"]) == request
    wire.TaskingRequest.model_validate(request)


def test_requests_are_narrowed_as_the_public_description_does(acme: Caller, candidate: Candidate) -> None:
    made = acme.post("requests", request_body(candidate.id, priority="EMERGENCY")).json()["id"]
    plan = f"task_plan_id='{candidate.plan_id}'"
    assert acme.ids("requests", filter=f"priority='EMERGENCY' AND {plan}") == [made]
    assert acme.ids("requests", filter=f"priority='NORMAL' AND {plan}") == []


@pytest.mark.parametrize("geometry", [None, {"type": "Polygon", "coordinates": []}, ...])
def test_the_geometry_of_a_new_request_is_empty(acme: Caller, candidate: Candidate, geometry: Any) -> None:
    body = request_body(candidate.id)
    body = (
        {k: v for k, v in body.items() if k != "geometry"}
        if geometry is ...
        else {**body, "geometry": geometry}
    )
    assert acme.post("requests", body).status_code == 201


def test_a_candidate_s_own_geometry_may_be_sent_along(acme: Caller, candidate: Candidate) -> None:
    """Programs that copy features do so."""
    footprint = acme.get(f"/collections/candidates/items/{candidate.id}")["geometry"]
    made = acme.post("requests", {**request_body(candidate.id), "geometry": footprint})
    assert (made.status_code, made.json()["geometry"]) == (201, footprint)


@pytest.mark.parametrize("geometry", [AREA, {}, {"type": "Point"}, {"type": "Point", "coordinates": [1, 2]}])
def test_an_area_of_ones_own_is_not_quietly_ignored(
    acme: Caller, candidate: Candidate, geometry: Any
) -> None:
    refusal = problem(acme.post("requests", {**request_body(candidate.id), "geometry": geometry}))
    assert (refusal["status"], refusal["errors"][0]["pointer"]) == (422, "/geometry")
    assert acme.ids("requests") == []


@pytest.mark.parametrize(
    ("properties", "pointer"),
    [
        ({"name": ""}, "/properties/name"),
        ({"priority": "URGENT"}, "/properties/priority"),
        ({"priority": 1}, "/properties/priority"),
        ({"candidate_id": None}, "/properties/candidate_id"),
        ({"plan_id": "x"}, "/properties/plan_id"),
        ({"valid_start": "tomorrow"}, "/properties/valid_start"),
        ({"valid_start": "2026-08-22T11:59:59Z"}, "/properties/valid_start"),
        ({"valid_end": "2027-01-01T00:00:00Z"}, "/properties/valid_end"),
        ({"off_nadir_range": [0]}, "/properties/off_nadir_range/1"),
        ({"off_nadir_range": [0, 90]}, "/properties/off_nadir_range"),
        ({"off_nadir_range": [9, 1e308]}, "/properties/off_nadir_range"),
        ({"satellites": []}, "/properties/satellites"),
        ({"satellites": "GRUS-1A"}, "/properties/satellites"),
        ({"satellites": ["GRUS-1A", "x" * 1000]}, "/properties/satellites/1"),
        ({"satellites": ["GRUS-1A"] * 9 + ["Hubble"] * 1000}, "/properties/satellites"),
    ],
)
def test_a_wrong_request_is_told_where(
    acme: Caller, candidate: Candidate, properties: dict[str, Any], pointer: str
) -> None:
    refusal = problem(acme.post("requests", request_body(candidate.id, **properties)))
    assert (refusal["status"], refusal["errors"][0]["pointer"]) == (422, pointer)


def test_a_request_with_limits_shows_them_and_the_satellite_that_is_planned(
    acme: Caller, candidate: Candidate
) -> None:
    limits = {
        "valid_start": "2026-08-22T12:30:00Z",
        "valid_end": "2026-08-29T00:00:00Z",
        "off_nadir_range": [0.5, 20.0],
    }
    made = acme.post("requests", request_body(candidate.id, **limits)).json()
    told = made["properties"]
    assert {name: told[name] for name in limits} == limits
    plan = acme.get(f"/collections/plans/items/{candidate.plan_id}")
    assert told["satellites"] == plan["properties"]["satellites"]
    assert (told["status"], told["planned_satellite"]) == ("ACCEPTED", candidate.chance.satellite)
    assert acme.ids("requests", filter=f"planned_satellite = '{candidate.chance.satellite}'") == [made["id"]]
    assert acme.ids("requests", filter=f"a_contains(satellites, ('{candidate.chance.satellite}'))") == [
        made["id"]
    ]


def test_limits_sent_as_null_are_none(acme: Caller, candidate: Candidate) -> None:
    limits = dict.fromkeys(("valid_start", "valid_end", "off_nadir_range", "satellites"))
    told = acme.post("requests", request_body(candidate.id, **limits)).json()["properties"]
    assert told["satellites"] == [candidate.chance.satellite]
    low, high = told["off_nadir_range"]
    assert high - low <= 2


def test_an_expired_candidate_is_a_conflict(acme: Caller, candidate: Candidate, service: Service) -> None:
    service.clock.at = candidate.valid_until
    refusal = problem(acme.post("requests", request_body(candidate.id)))
    assert (refusal["status"], refusal["code"]) == (409, "candidate_expired")


def test_the_second_request_for_a_candidate_is_shown_the_first(acme: Caller, candidate: Candidate) -> None:
    first = acme.post("requests", request_body(candidate.id)).json()
    refusal = problem(acme.post("requests", request_body(candidate.id)))
    assert (refusal["status"], refusal["code"]) == (409, "already_requested")
    assert acme.get(refusal["links"][0]["href"])["id"] == first["id"]


def test_without_credit_nothing_is_made(service: Service, candidate: Candidate) -> None:
    poor = service.caller("poor", credits=0)
    now = service.clock.now()
    plan = add_plan(service.store, poor.account_id, now)
    wanted = add_candidate(service.store, plan, make_chance(now + timedelta(hours=9)), now, key="P" * 16)
    refusal = problem(poor.post("requests", request_body(wanted.id)))
    assert (refusal["status"], refusal["code"]) == (402, "insufficient_credit")
    assert poor.ids("requests") == []


def test_the_candidate_of_another_account_is_not_there(rival: Caller, candidate: Candidate) -> None:
    assert problem(rival.post("requests", request_body(candidate.id)))["status"] == 404


def test_a_request_can_be_taken_back_and_its_credit_with_it(acme: Caller, candidate: Candidate) -> None:
    location = acme.post("requests", request_body(candidate.id)).headers["location"]
    assert acme.get("/account")["held"] == 1
    canceled = acme.http.post(f"{location}/cancel")
    assert (canceled.status_code, canceled.json()["properties"]["status"]) == (200, "CANCELED")
    assert acme.http.post(f"{location}/cancel").json() == canceled.json()
    assert acme.get("/account") == {
        **acme.get("/account"),
        "granted": 10,
        "held": 0,
        "charged": 0,
        "free": 10,
    }


def test_a_request_cannot_be_taken_back_too_late(
    acme: Caller, candidate: Candidate, service: Service
) -> None:
    request = acme.post("requests", request_body(candidate.id))
    until = wire.parse_time(request.json()["properties"]["cancel_until"])
    service.clock.at = until
    assert problem(acme.http.post(f"{request.headers['location']}/cancel"))["status"] == 409
