"""The ops door: what it lists, what it takes, and that everything may be said twice."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from shapely.geometry import shape
from tests.delivery.delivery_scenes import make_parts
from tests.ops.ops_world import Door, capture_of, command, open_door
from tests.tasking_world import AREA

from swath.store.database import SqlStore
from swath.tasking.model import Account, RequestStatus, TaskingRequest
from swath.tasking.rules import Rules

ROOT = "/ops/v1"
PARTS = make_parts(longest_px=64)


@pytest.fixture
def door(store: SqlStore, rules: Rules, now: datetime, tmp_path: Path) -> Door:
    return open_door(store, rules, now, tmp_path)


@pytest.fixture
def request_(door: Door, account: Account) -> TaskingRequest:
    return command(door, account.id)


@pytest.fixture
def capture_id(request_: TaskingRequest) -> str:
    return capture_of(request_)


def report(door: Door, capture_id: str, outcome: str = "done", **changes: Any) -> httpx2.Response:
    at = (door.clock.now() + timedelta(hours=10, seconds=8)).isoformat()
    body = {"outcome": outcome, "cloud_percent": 12.5, "at": at, **changes}
    return door.http.post(f"{ROOT}/captures/{capture_id}/result", json=body)


def put(door: Door, capture_id: str, part: str, body: bytes | None = None) -> httpx2.Response:
    return door.http.put(f"{ROOT}/captures/{capture_id}/scene/{part}", content=body or PARTS[part])


def listed(door: Door, **params: str) -> list[dict[str, Any]]:
    answer = door.http.get(f"{ROOT}/captures", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["captures"]


def status_of(door: Door, request: TaskingRequest) -> RequestStatus:
    with door.store.read() as reader:
        found = reader.request(request.id)
    assert found is not None
    return found.status


def test_a_commanded_capture_is_listed_with_all_that_it_takes_to_make_it(
    door: Door, request_: TaskingRequest, capture_id: str
):
    (entry,) = listed(door)
    chance = request_.chances[0]
    assert (entry["id"], entry["request_id"], entry["satellite"]) == (capture_id, request_.id, "GRUS-1A")
    assert (entry["status"], entry["priority"]) == ("COMMANDED", "NORMAL")
    assert datetime.fromisoformat(entry["start"]) == chance.start
    assert datetime.fromisoformat(entry["end"]) == chance.end
    assert (entry["roll_deg"], entry["pitch_deg"]) == (chance.roll_deg, chance.pitch_deg)
    assert shape(entry["footprint"]).equals(AREA)
    assert entry == door.http.get(f"{ROOT}/captures/{capture_id}").json()


def test_the_uplink_starts_a_command_lead_after_the_freeze(door: Door, request_: TaskingRequest):
    (entry,) = listed(door)
    lead = timedelta(seconds=door.rules.fleet.limits.command_lead_s)
    assert datetime.fromisoformat(entry["uplink"]["start"]) == request_.chances[0].uplink_by + lead


def test_the_downlink_is_the_first_contact_after_the_capture(door: Door, request_: TaskingRequest):
    (entry,) = listed(door)
    start = datetime.fromisoformat(entry["downlink"]["start"])
    assert start >= request_.chances[0].end
    query = {"satellite": "GRUS-1A", "start": entry["end"], "end": entry["downlink"]["end"]}
    contacts = door.http.get(f"{ROOT}/contacts", params=query).json()["contacts"]
    listening = {station.id for station in door.rules.fleet.stations if station.downlink}
    later = [c for c in contacts if c["station"] in listening and c["start"] >= entry["end"]]
    assert later[0]["station"] == entry["downlink"]["station"]
    assert abs(datetime.fromisoformat(later[0]["start"]) - start) < timedelta(milliseconds=1)


@pytest.mark.usefixtures("request_")
@pytest.mark.parametrize(
    "params, count",
    [
        ({}, 1),
        ({"status": "captured"}, 0),
        ({"status": "COMMANDED,FAILED"}, 1),
        ({"satellite": "GRUS-1B"}, 0),
    ],
)
def test_captures_are_listed_by_status_and_satellite(door: Door, params: dict[str, str], count: int):
    assert len(listed(door, **params)) == count


@pytest.mark.parametrize("status", ["", "LOST", "COMMANDED,LOST"])
def test_unknown_statuses_are_refused_with_those_there_are(door: Door, status: str):
    answer = door.http.get(f"{ROOT}/captures", params={"status": status})
    assert answer.status_code == 400
    assert "COMMANDED, CAPTURED" in answer.json()["message"]


def test_contacts_are_of_one_satellite_in_any_letter_case_and_in_order(door: Door):
    answer = door.http.get(f"{ROOT}/contacts", params={"satellite": "grus-1a"}).json()
    assert answer["satellite"] == "GRUS-1A"
    starts = [contact["start"] for contact in answer["contacts"]]
    assert len(starts) > 3
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "params, status",
    [
        ({"satellite": "HUBBLE"}, 404),
        ({"satellite": "GRUS-1A", "start": "2026-08-22T00:00:00Z", "end": "2026-08-21T00:00:00Z"}, 400),
        ({"satellite": "GRUS-1A", "start": "2026-08-22T00:00:00Z", "end": "2027-08-21T00:00:00Z"}, 400),
        ({"satellite": "GRUS-1A", "start": "2026-08-22T00:00:00"}, 422),
        ({}, 422),
    ],
)
def test_wrong_questions_for_contacts_are_refused(door: Door, params: dict[str, str], status: int):
    assert door.http.get(f"{ROOT}/contacts", params=params).status_code == status


def test_the_schedule_shows_what_is_frozen(door: Door, request_: TaskingRequest):
    schedule = door.http.get(f"{ROOT}/schedule").json()
    assert schedule["version"] >= 1
    (activity,) = schedule["activities"]
    assert (activity["request_id"], activity["frozen"]) == (request_.id, True)
    before = door.http.get(f"{ROOT}/schedule", params={"version": schedule["version"] - 1}).json()
    assert [a["frozen"] for a in before["activities"]] == [False]


def test_a_schedule_before_the_first_is_empty(door: Door):
    schedule = door.http.get(f"{ROOT}/schedule").json()
    assert (schedule["version"], schedule["created"], schedule["activities"]) == (0, None, [])


def test_a_result_may_come_twice(door: Door, capture_id: str):
    first = report(door, capture_id)
    assert first.status_code == 200
    assert (first.json()["status"], first.json()["cloud_percent"]) == ("CAPTURED", 12.5)
    assert report(door, capture_id).json() == first.json()


def test_another_result_for_the_same_capture_is_refused(door: Door, capture_id: str):
    report(door, capture_id)
    assert report(door, capture_id, "failed").status_code == 409


@pytest.mark.parametrize("outcome, code", [("failed", "CAPTURE_FAILED"), ("cloudy", "TOO_CLOUDY")])
def test_a_failed_capture_ends_its_request(
    door: Door, request_: TaskingRequest, capture_id: str, outcome: str, code: str
):
    answer = report(door, capture_id, outcome).json()
    assert (answer["status"], answer["reason"]["code"]) == ("FAILED", code)
    assert status_of(door, request_) == RequestStatus.FAILED
    assert listed(door) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "perfect"},
        {"cloud_percent": 101},
        {"at": "2026-08-22T12:00:00"},
        {"at": None},
        {"what": 1},
        {"cloud_percent": "NaN"},
        {"message": "x" * 501},
    ],
)
def test_results_that_are_none_are_refused(door: Door, capture_id: str, changes: dict[str, Any]):
    assert report(door, capture_id, **changes).status_code == 422
    assert len(listed(door, status="COMMANDED")) == 1


def test_a_result_before_the_capture_is_refused(door: Door, capture_id: str):
    answer = report(door, capture_id, at=door.clock.now().isoformat())
    assert (answer.status_code, answer.json()["code"]) == (422, "result_too_early")


def test_a_scene_is_taken_part_by_part_and_then_delivery_is_due(door: Door, capture_id: str, now: datetime):
    report(door, capture_id)
    for part, body in PARTS.items():
        assert put(door, capture_id, part).json() == {"capture": capture_id, "part": part, "bytes": len(body)}
    assert listed(door)[0]["scene"] == {part: len(body) for part, body in PARTS.items()}
    done = door.http.post(f"{ROOT}/captures/{capture_id}/downlinked")
    assert done.json()["status"] == "DOWNLINKED"
    with door.store.read() as reader:
        kinds = [(due.kind, due.subject) for due in reader.all_due(now + timedelta(days=1))]
    assert kinds.count(("deliver", capture_id)) == 1
    again = door.http.post(f"{ROOT}/captures/{capture_id}/downlinked")
    assert again.json() == done.json()


def test_half_a_scene_is_not_a_scene(door: Door, capture_id: str):
    report(door, capture_id)
    put(door, capture_id, "pan")
    answer = door.http.post(f"{ROOT}/captures/{capture_id}/downlinked")
    assert answer.status_code == 409
    assert "put msi and udm first" in answer.json()["message"]


def test_a_scene_of_a_capture_that_was_not_made_is_refused(door: Door, capture_id: str):
    assert put(door, capture_id, "pan").json()["code"] == "not_captured"


def test_parts_that_are_no_geotiffs_are_refused_and_not_kept(door: Door, capture_id: str):
    report(door, capture_id)
    for body in (b"hello", PARTS["pan"][:200], PARTS["udm"]):
        assert put(door, capture_id, "pan", body).status_code == 422
    assert listed(door)[0]["scene"] == {}


def test_parts_that_are_too_large_are_refused_and_not_kept(
    store: SqlStore, rules: Rules, now: datetime, tmp_path: Path, account: Account
):
    small = Rules(rules.fleet, type(rules.limits)(max_scene_bytes=1_000), rules.prices)
    door = open_door(store, small, now, tmp_path)
    capture_id = capture_of(command(door, account.id))
    report(door, capture_id)
    assert put(door, capture_id, "pan").status_code == 413
    assert listed(door)[0]["scene"] == {}


def test_parts_that_there_are_none_of_are_not_found(door: Door, capture_id: str):
    report(door, capture_id)
    assert put(door, capture_id, "sar", b"x").status_code == 404


def test_a_missed_contact_gives_the_captures_back_to_planning(
    door: Door, request_: TaskingRequest, capture_id: str
):
    missed = {"satellite": "grus-1a", "contact_start": listed(door)[0]["uplink"]["start"]}
    first = door.http.post(f"{ROOT}/contacts/missed", json=missed)
    assert first.json() == {"given_up": [capture_id]}
    assert status_of(door, request_) == RequestStatus.REJECTED
    assert door.http.post(f"{ROOT}/contacts/missed", json=missed).json() == first.json()
    assert listed(door, status="FAILED", request_id=request_.id)[0]["reason"]["code"] == "CONTACT_MISSED"


def test_a_contact_that_carried_nothing_changes_nothing(door: Door, request_: TaskingRequest):
    missed = {"satellite": "GRUS-1A", "contact_start": "2026-08-30T00:00:00Z"}
    assert door.http.post(f"{ROOT}/contacts/missed", json=missed).json() == {"given_up": []}
    assert status_of(door, request_) == RequestStatus.PROCESSING


@pytest.mark.parametrize("path", ["/captures/none", "/captures/none/scene/pan"])
def test_captures_that_there_are_none_of_are_not_found(door: Door, path: str):
    method = "PUT" if "scene" in path else "GET"
    assert door.http.request(method, ROOT + path, content=b"x").status_code == 404
