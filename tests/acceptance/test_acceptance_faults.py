"""Everything that can go wrong in the sandbox, from a customer's call to the end of its request, over HTTP alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.serving import Customer, serving, swath

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FAULTS = (
    "none",
    "cloud",
    "capture_failure",
    "missed_contact",
    "uplink_rejected",
    "late_delivery",
    "scene_lost",
)
LATE = timedelta(hours=30)
# Candidates so far apart go up with contacts of their own.
APART = timedelta(hours=5)


@dataclass
class World:
    """Requests by what was to go wrong with them, and what became of each."""

    customer: Customer
    control: Customer
    requests: Mapping[str, str]

    def request(self, fault: str) -> Any:
        return self.customer.request(self.requests[fault])["properties"]

    def history(self, fault: str) -> list[Any]:
        return self.customer.history(self.requests[fault])

    def codes(self, fault: str) -> list[str]:
        return [entry["code"] for entry in self.history(fault)]

    def captures(self, fault: str) -> list[Any]:
        return self.control.get(
            "/ops/v1/captures",
            status="COMMANDED,CAPTURED,DOWNLINKED,DELIVERED,FAILED",
            request_id=self.requests[fault],
        )["captures"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A week of a sandbox in which each request has its own misfortune."""
    with serving(tmp_path_factory.mktemp("faults")) as server:
        customer = Customer(server.url, server.account("acme", credits=len(FAULTS)))
        swath("account", "create", "control", "--data", str(server.data))
        made = swath(
            "account", "client", "add", "control", "--scope", "ops", "--data", str(server.data), "--json"
        )
        control = Customer(server.url, json.loads(made.stdout))
        plan = customer.create_plan()
        customer.wait_for_plan(plan["id"], seconds=90)
        chosen = choose(customer.candidates(plan["id"]), len(FAULTS))
        requests = {
            fault: customer.ask(candidate["id"]).json()
            for fault, candidate in zip(FAULTS, chosen, strict=True)
        }
        assert {request["properties"]["status"] for request in requests.values()} == {"ACCEPTED"}
        for fault, request in requests.items():
            if fault != "none":
                body = {"request_id": request["id"], "kind": fault, "hours": LATE / timedelta(hours=1)}
                answer = customer.http.post("/sandbox/faults", json=body)
                assert answer.status_code == 201, answer.text
        last = max(request["properties"]["planned_end"] for request in requests.values())
        customer.advance(advance_to=last)
        for _ in range(6):
            customer.advance(advance_by="PT12H")
        yield World(customer, control, {fault: request["id"] for fault, request in requests.items()})


def choose(candidates: list[Any], count: int) -> list[Any]:
    """The earliest candidates of which no two go up with one contact."""
    chosen: list[Any] = []
    for candidate in sorted(candidates, key=lambda c: c["properties"]["start_datetime"]):
        start = datetime.fromisoformat(candidate["properties"]["start_datetime"])
        last = datetime.fromisoformat(chosen[-1]["properties"]["start_datetime"]) if chosen else None
        if last is None or start - last > APART:
            chosen.append(candidate)
    return chosen[:count]


def test_without_a_fault_all_goes_well(world: World) -> None:
    assert world.request("none")["status"] == "DATA_AVAILABLE"
    wanted = ("CREATED", "SCHEDULED", "COMMANDED", "UPLINKED", "CAPTURED", "SCENE_RECEIVED", "PUBLISHED")
    assert [code for code in world.codes("none") if code in wanted] == list(wanted)


@pytest.mark.parametrize(
    ("fault", "code", "uplinked"),
    [
        ("cloud", "TOO_CLOUDY", True),
        ("capture_failure", "CAPTURE_FAILED", True),
        ("scene_lost", "SCENE_LOST", True),
        ("missed_contact", "CONTACT_MISSED", False),
        ("uplink_rejected", "NOT_UPLINKED", False),
    ],
)
def test_a_capture_that_came_to_nothing_ends_a_request_that_has_no_other_chance(
    world: World, fault: str, code: str, uplinked: bool
) -> None:
    request = world.request(fault)
    assert request["final"] is True
    assert request["status"] in ("FAILED", "REJECTED")
    assert request["expected_delivery"] is None
    codes = world.codes(fault)
    assert code in codes
    assert ("UPLINKED" in codes) is uplinked
    (capture,) = world.captures(fault)
    assert (capture["status"], capture["reason"]["code"]) == ("FAILED", code)
    assert (capture["uplinked"] is not None) is uplinked


def test_a_late_delivery_is_announced_and_comes(world: World) -> None:
    assert world.request("late_delivery")["status"] == "DATA_AVAILABLE"
    (delay,) = [e for e in world.history("late_delivery") if e["code"] == "DELIVERY_DELAYED"]
    assert delay["changed"] == ["expected_delivery"]
    before, after = (datetime.fromisoformat(delay[name]["expected_delivery"]) for name in ("before", "after"))
    assert after - before == LATE
    (published,) = [e for e in world.history("late_delivery") if e["code"] == "PUBLISHED"]
    assert before < datetime.fromisoformat(published["at"]) <= after


def test_only_what_was_delivered_is_charged(world: World) -> None:
    account = world.customer.get("/wfs/tasking/v2/account")
    assert (account["charged"], account["held"], account["free"]) == (2, 0, len(FAULTS) - 2)


def test_every_contact_was_acknowledged_as_it_went(world: World) -> None:
    told = world.control.get(
        "/ops/v1/uplinks", status="UPLINKED,PARTIAL,MISSED", start="2026-08-01T00:00:00Z"
    )["uplinks"]
    outcomes = {
        line["request_id"]: uplink["acknowledged"]["outcome"]
        for uplink in told
        for line in uplink["activities"]
    }
    expected = {"missed_contact": "MISSED", "uplink_rejected": "PARTIAL"}
    for fault, request_id in world.requests.items():
        assert outcomes[request_id] == expected.get(fault, "UPLINKED")
    assert world.control.get("/ops/v1/uplinks")["uplinks"] == []


def test_a_scene_for_what_was_given_up_is_refused(world: World) -> None:
    (capture,) = world.captures("capture_failure")
    answer = world.control.http.put(f"/ops/v1/captures/{capture['id']}/scene/pan", content=b"late")
    assert (answer.status_code, answer.json()["code"]) == (409, "given_up")


def test_the_last_schedule_is_empty_and_the_first_ones_are_still_there(world: World) -> None:
    versions = world.control.get("/ops/v1/schedules", limit=100)["schedules"]
    first = world.control.get(f"/ops/v1/schedules/{versions[-1]['version']}")
    assert first["version"] == 1
    assert [line["request_id"] for line in first["activities"]] == [world.requests["none"]]
