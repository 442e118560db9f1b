"""Uplinks at the ops door: the commands of a contact with the turns between them, and what became of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import acos, cos, degrees, radians, sin
from pathlib import Path
from typing import Any

import pytest
from tests.ops.ops_world import Door, capture_of, open_door
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.access import find_contacts_with_all
from swath.clock import from_seconds, to_seconds
from swath.ops.contacts import newest_elements
from swath.store.database import SqlStore
from swath.tasking import requests
from swath.tasking.model import Account, Priority, RequestStatus, TaskingRequest
from swath.tasking.requests import RequestDraft
from swath.tasking.rules import Rules

UPLINKS = "/ops/v1/uplinks"


@pytest.fixture
def door(store: SqlStore, rules: Rules, now: datetime, tmp_path: Path) -> Door:
    return open_door(store, rules, now, tmp_path)


@pytest.fixture
def freeze(door: Door, now: datetime) -> datetime:
    """The freeze of a real contact of GRUS-1A, some hours from now."""
    up = [station for station in door.rules.fleet.stations if station.uplink]
    with door.store.read() as reader:
        elements = newest_elements(reader)["GRUS-1A"]
    after = now + timedelta(hours=5)
    contacts = find_contacts_with_all(elements, up, to_seconds(after), to_seconds(after + timedelta(hours=6)))
    first = next(c for c in contacts if from_seconds(c.start_s) > after)
    return from_seconds(first.start_s) - timedelta(seconds=door.rules.fleet.limits.command_lead_s)


@pytest.fixture
def pair(door: Door, account: Account, freeze: datetime) -> list[TaskingRequest]:
    """Two requests that go up with that contact, captured two hours after its freeze and a minute later."""
    plan = add_plan(door.store, account.id, door.clock.now())
    asked: list[TaskingRequest] = []
    for number, (seconds, roll_deg) in enumerate([(0, 10.0), (60, -15.0)]):
        start = freeze + timedelta(hours=2, seconds=seconds)
        chance = replace(make_chance(start, roll_deg=roll_deg), uplink_by=freeze)
        candidate = add_candidate(door.store, plan, chance, door.clock.now(), key=f"{number:016d}")
        with door.store.begin() as uow:
            draft = RequestDraft("harbour", candidate.id, Priority.NORMAL)
            asked.append(requests.submit(uow, door.rules, account.id, draft, door.clock.now()))
    assert [request.status for request in asked] == [RequestStatus.ACCEPTED] * 2
    return asked


def command(door: Door, pair: list[TaskingRequest]) -> None:
    with door.store.begin() as uow:
        for request in pair:
            requests.freeze(uow, request.id, request.chances[0].uplink_by)


def listed(door: Door, **params: str) -> list[dict[str, Any]]:
    answer = door.http.get(UPLINKS, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.json()["numberReturned"] == len(answer.json()["uplinks"])
    return answer.json()["uplinks"]


def acknowledge(door: Door, uplink: dict[str, Any], **told: Any) -> Any:
    body = {"outcome": "uplinked", "at": uplink["end"], **told}
    return door.http.post(f"{UPLINKS}/{uplink['id']}/acknowledge", json=body)


def test_a_contact_comes_with_its_station_and_its_freeze(
    door: Door, pair: list[TaskingRequest], freeze: datetime
) -> None:
    (uplink,) = listed(door)
    start, end = (datetime.fromisoformat(uplink[name]) for name in ("start", "end"))
    lead = timedelta(seconds=door.rules.fleet.limits.command_lead_s)
    assert abs(start - freeze - lead) < timedelta(milliseconds=1)
    assert timedelta(minutes=1) < end - start < timedelta(minutes=15)
    assert datetime.fromisoformat(uplink["freezes"]) == freeze
    assert uplink["station"] in {station.id for station in door.rules.fleet.stations if station.uplink}
    assert door.http.get(f"{UPLINKS}/{uplink['id']}").json() == uplink


def test_what_may_still_move_is_provisional_and_what_is_frozen_is_commanded(
    door: Door, pair: list[TaskingRequest]
) -> None:
    (before,) = listed(door)
    command(door, pair)
    (after,) = listed(door)
    assert (before["status"], after["status"]) == ("PROVISIONAL", "FROZEN")
    assert [line["status"] for line in before["activities"]] == ["PROVISIONAL"] * 2
    assert [line["status"] for line in after["activities"]] == ["COMMANDED"] * 2
    names = ("capture_id", "request_id", "start", "end", "roll_deg", "pitch_deg", "priority", "turn")
    for name in names:
        assert [line[name] for line in before["activities"]] == [line[name] for line in after["activities"]]


def test_activities_come_in_order_each_with_the_turn_before_it(
    door: Door, pair: list[TaskingRequest]
) -> None:
    (uplink,) = listed(door)
    first, second = uplink["activities"]
    assert [first["capture_id"], second["capture_id"]] == [capture_of(request) for request in pair]
    assert first["turn"] == {"after": None, "angle_deg": None, "seconds": None, "spare_s": None}
    agility = door.rules.fleet.satellites["GRUS-1A"].agility
    a, b = radians(10), radians(-15)
    angle = degrees(acos(sin(a) * sin(b) + cos(a) * cos(b)))
    seconds = agility.settle_s + angle / agility.slew_rate_deg_s
    assert second["turn"]["after"] == first["capture_id"]
    assert second["turn"]["angle_deg"] == pytest.approx(angle, abs=1e-3)
    assert second["turn"]["seconds"] == pytest.approx(seconds, abs=2e-3)
    assert second["turn"]["spare_s"] == pytest.approx(60 - 8 - seconds, abs=2e-3)


def test_a_capture_says_which_contact_carries_it(door: Door, pair: list[TaskingRequest]) -> None:
    command(door, pair)
    (uplink,) = listed(door)
    captures = door.http.get("/ops/v1/captures").json()["captures"]
    assert {capture["uplink_id"] for capture in captures} == {uplink["id"]}
    assert [capture["uplinked"] for capture in captures] == [None, None]


@pytest.mark.parametrize(
    "params, count",
    [
        ({"satellite": "grus-1a"}, 1),
        ({"satellite": "GRUS-1B"}, 0),
        ({"status": "FROZEN"}, 0),
        ({"status": "PROVISIONAL,FROZEN"}, 1),
        ({"start": "2026-08-22T12:00:00Z", "end": "2026-08-22T13:00:00Z"}, 0),
        ({"start": "2026-08-22T12:00:00Z", "end": "2026-08-24T12:00:00Z"}, 1),
        ({"start": "2026-08-25T12:00:00Z"}, 0),
    ],
)
def test_uplinks_are_listed_by_satellite_status_and_time(
    door: Door, pair: list[TaskingRequest], params: dict[str, str], count: int
) -> None:
    assert len(listed(door, **params)) == count


@pytest.mark.parametrize(
    "params, status",
    [
        ({"status": "LOST"}, 400),
        ({"status": "frozen"}, 400),
        ({"satellite": "HUBBLE"}, 404),
        ({"start": "2026-08-22T12:00:00Z", "end": "2026-08-22T12:00:00Z"}, 400),
        ({"start": "2026-08-22"}, 422),
        ({"colour": "red"}, 400),
    ],
)
def test_malformed_questions_are_refused(door: Door, params: dict[str, str], status: int) -> None:
    assert door.http.get(UPLINKS, params=params).status_code == status


def test_an_uplink_and_its_captures_tell_what_went_up(door: Door, pair: list[TaskingRequest]) -> None:
    command(door, pair)
    (uplink,) = listed(door)
    answer = acknowledge(door, uplink, message="antenna 2")
    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == "UPLINKED"
    assert told["acknowledged"] == {
        "outcome": "UPLINKED",
        "at": uplink["end"],
        "uplinked": [capture_of(request) for request in pair],
        "given_up": [],
        "message": "antenna 2",
    }
    assert {line["uplinked"] for line in told["activities"]} == {uplink["end"]}
    assert listed(door) == []
    assert listed(door, status="UPLINKED") == [told]
    assert acknowledge(door, uplink, message="said twice").json() == told


def test_captures_whose_commands_did_not_go_up_are_given_up(door: Door, pair: list[TaskingRequest]) -> None:
    command(door, pair)
    (uplink,) = listed(door)
    first, second = (capture_of(request) for request in pair)
    told = acknowledge(door, uplink, captures=[second]).json()
    assert (told["status"], told["acknowledged"]["given_up"]) == ("PARTIAL", [first])
    assert [line["status"] for line in told["activities"]] == ["FAILED", "COMMANDED"]
    reason = door.http.get(f"/ops/v1/captures/{first}").json()["reason"]
    assert reason["code"] == "NOT_UPLINKED"


def test_all_captures_of_a_missed_contact_are_given_up(door: Door, pair: list[TaskingRequest]) -> None:
    command(door, pair)
    (uplink,) = listed(door)
    told = acknowledge(door, uplink, outcome="missed", message="rain at the station").json()
    assert (told["status"], len(told["acknowledged"]["given_up"])) == ("MISSED", 2)
    with door.store.read() as reader:
        for request in pair:
            now = reader.request(request.id)
            assert now is not None
            assert now.reason is not None
            assert (now.status, now.reason.code) == (RequestStatus.REJECTED, "CONTACT_MISSED")
            # What is said of a contact may speak of other accounts.
            assert "rain" not in str(reader.events_of(request.id))


@pytest.mark.parametrize(
    "told, status, code",
    [
        ({"outcome": "missed"}, 409, "acknowledged_differently"),
        ({"captures": []}, 409, "acknowledged_differently"),
        ({"captures": ["elsewhere"]}, 422, "unknown_capture"),
        ({"outcome": "missed", "captures": ["x"]}, 422, "shape"),
        ({"outcome": "lost"}, 422, "shape"),
        ({"at": "2026-08-22T12:00:00"}, 422, "shape"),
        ({"captures": "all"}, 422, "shape"),
        ({"what": 1}, 422, "shape"),
        ({"message": "x" * 501}, 422, "shape"),
    ],
)
def test_an_acknowledgement_that_does_not_fit_is_refused_and_changes_nothing(
    door: Door, pair: list[TaskingRequest], told: dict[str, Any], status: int, code: str
) -> None:
    command(door, pair)
    (uplink,) = listed(door)
    before = acknowledge(door, uplink).json()
    answer = acknowledge(door, uplink, **told)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert door.http.get(f"{UPLINKS}/{uplink['id']}").json() == before


def test_an_uplink_that_is_not_frozen_cannot_be_acknowledged(door: Door, pair: list[TaskingRequest]) -> None:
    (uplink,) = listed(door)
    answer = acknowledge(door, uplink)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_frozen")
    assert uplink["freezes"][:19] in answer.json()["message"]


def test_without_an_orbit_an_uplink_has_no_station(
    store: SqlStore, rules: Rules, now: datetime, tmp_path: Path, account: Account
) -> None:
    none = replace(rules, fleet=replace(rules.fleet, stations=()))
    door = open_door(store, none, now, tmp_path)
    plan = add_plan(store, account.id, now)
    candidate = add_candidate(store, plan, make_chance(now + timedelta(hours=9)), now)
    with store.begin() as uow:
        requests.submit(uow, none, account.id, RequestDraft("harbour", candidate.id, Priority.NORMAL), now)
    (uplink,) = listed(door)
    assert (uplink["station"], uplink["end"]) == (None, None)
    assert uplink["start"] == "2026-08-22T18:30:00Z"
