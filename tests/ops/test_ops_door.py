"""The ops door: what it lists, what it takes, and that everything may be said twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from shapely.geometry import shape
from tests.conftest import NOW
from tests.delivery.delivery_scenes import make_parts
from tests.ops.ops_world import Door, capture_of, command, open_door
from tests.tasking_world import AREA

from swath.fleet import load_bundled_elements
from swath.ops.sheets import FORMATS
from swath.orbit.propagate import PropagationFailed
from swath.query import Query
from swath.store.database import open_store
from swath.tasking.accounts import create_account
from swath.tasking.model import Reason, RequestStatus, TaskingRequest
from swath.tasking.rules import Rules

ROOT = "/ops/v1"
PARTS = make_parts(longest_px=64)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Iterator[tuple[Door, str]]:
    """One door for all tests, and an account with credit for all; each test brings a request of its own."""
    folder = tmp_path_factory.mktemp("ops")
    store = open_store(f"sqlite:///{folder / 'swath.db'}")
    with store.begin() as uow:
        account = create_account(uow, "acme", 1_000, NOW)
    yield open_door(store, rules, NOW, folder), account.id
    store.close()


@pytest.fixture
def door(shared: tuple[Door, str]) -> Door:
    return shared[0]


@pytest.fixture
def request_(shared: tuple[Door, str]) -> TaskingRequest:
    """A request whose capture is commanded, at a time that no other test uses."""
    with shared[0].store.read() as reader:
        before = reader.find_requests(Query()).matched
    return command(*shared, hours=10 + before / 3)


@pytest.fixture
def capture_id(request_: TaskingRequest) -> str:
    return capture_of(request_)


def report(door: Door, capture_id: str, outcome: str = "done", **changes: Any) -> httpx2.Response:
    at = (door.clock.now() + timedelta(days=2)).isoformat()
    body = {"outcome": outcome, "cloud_percent": 12.5, "at": at, **changes}
    return door.http.post(f"{ROOT}/captures/{capture_id}/result", json=body)


def downlink(door: Door, capture_id: str, outcome: str = "done", **told: Any) -> httpx2.Response:
    body = {"outcome": outcome, **told}
    return door.http.post(f"{ROOT}/captures/{capture_id}/downlink", json=body)


def put(door: Door, capture_id: str, part: str, body: bytes | None = None) -> httpx2.Response:
    return door.http.put(f"{ROOT}/captures/{capture_id}/scene/{part}", content=body or PARTS[part])


def listed(door: Door, **params: str) -> list[dict[str, Any]]:
    answer = door.http.get(f"{ROOT}/captures", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["captures"]


def entry_of(door: Door, capture_id: str) -> dict[str, Any]:
    answer = door.http.get(f"{ROOT}/captures/{capture_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def status_of(door: Door, request: TaskingRequest) -> RequestStatus:
    with door.store.read() as reader:
        found = reader.request(request.id)
    assert found is not None
    return found.status


def test_a_commanded_capture_is_listed_with_all_that_it_takes_to_make_it(
    door: Door, request_: TaskingRequest, capture_id: str
):
    (entry,) = listed(door, request_id=request_.id)
    chance = request_.chances[0]
    assert (entry["id"], entry["request_id"], entry["satellite"]) == (capture_id, request_.id, "GRUS-1A")
    assert (entry["status"], entry["priority"]) == ("COMMANDED", "NORMAL")
    assert datetime.fromisoformat(entry["start"]) == chance.start
    assert datetime.fromisoformat(entry["end"]) == chance.end
    assert (entry["roll_deg"], entry["pitch_deg"]) == (chance.roll_deg, chance.pitch_deg)
    assert shape(entry["footprint"]).equals(AREA)
    assert entry == entry_of(door, capture_id)


def test_the_downlink_is_the_first_contact_after_the_capture(
    door: Door, request_: TaskingRequest, capture_id: str
):
    entry = entry_of(door, capture_id)
    start = datetime.fromisoformat(entry["downlink"]["start"])
    assert start >= request_.chances[0].end
    query = {"satellite": "GRUS-1A", "start": entry["end"], "end": entry["downlink"]["end"]}
    contacts = door.http.get(f"{ROOT}/contacts", params=query).json()["contacts"]
    listening = {station.id for station in door.rules.fleet.stations if station.downlink}
    later = [c for c in contacts if c["station"] in listening and c["start"] >= entry["end"]]
    assert later[0]["station"] == entry["downlink"]["station"]
    assert abs(datetime.fromisoformat(later[0]["start"]) - start) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "params, count",
    [
        ({}, 1),
        ({"status": "CAPTURED"}, 0),
        ({"status": "COMMANDED,FAILED"}, 1),
        ({"satellite": "GRUS-1B"}, 0),
        ({"satellite": "grus-1a"}, 1),
    ],
)
def test_captures_are_listed_by_status_and_satellite(
    door: Door, request_: TaskingRequest, params: dict[str, str], count: int
):
    assert len(listed(door, request_id=request_.id, **params)) == count


def test_captures_contacts_and_uplinks_of_a_satellite_outside_the_fleet_are_refused(door: Door):
    for listed_ in ("captures", "contacts", "uplinks"):
        answer = door.http.get(f"{ROOT}/{listed_}", params={"satellite": "GRUS-0"})
        assert answer.status_code == 404
        assert "GRUS-1A" in answer.json()["message"]


@pytest.mark.parametrize(
    "status", ["", "LOST", "COMMANDED,LOST", "captured", "COMMANDED, FAILED", "COMMANDED,"]
)
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
        ({"satellite": "GRUS-1A", "start": "9999-12-31T00:00:00Z"}, 422),
        ({"satellite": "GRUS-1A", "start": "9999-12-31T23:59:59-14:00"}, 422),
        ({"satellite": "GRUS-1A", "end": "0001-01-01T00:00:00Z"}, 422),
        ({"satellite": "GRUS-1A", "start": "1900-01-01T00:00:00Z"}, 400),
        ({"satellite": "GRUS-1A", "colour": "red"}, 400),
        ({}, 422),
    ],
)
def test_malformed_questions_for_contacts_are_refused(door: Door, params: dict[str, str], status: int):
    assert door.http.get(f"{ROOT}/contacts", params=params).status_code == status


@pytest.mark.parametrize("start", ["1957-10-05T00:00:00Z", "2199-12-31T00:00:00Z"])
def test_contacts_may_be_asked_for_at_either_end_of_time(door: Door, start: str):
    answer = door.http.get(f"{ROOT}/contacts", params={"satellite": "GRUS-1A", "start": start})
    assert answer.status_code == 200


def test_a_time_to_which_no_orbit_leads_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise PropagationFailed("GRUS-1A has decayed.", load_bundled_elements()[0])

    monkeypatch.setattr("swath.ops.router.find_contacts_between", fail)
    answer = door.http.get(f"{ROOT}/contacts", params={"satellite": "GRUS-1A"})
    assert (answer.status_code, answer.json()["message"]) == (400, "GRUS-1A has decayed.")


def test_the_schedule_shows_what_is_frozen(door: Door, request_: TaskingRequest):
    schedule = door.http.get(f"{ROOT}/schedules/latest").json()
    assert schedule["version"] >= 1
    assert frozen_in(schedule)[request_.id] is True
    before = door.http.get(f"{ROOT}/schedules/{schedule['version'] - 1}").json()
    assert frozen_in(before)[request_.id] is False


def frozen_in(schedule: dict[str, Any]) -> dict[str, bool]:
    return {activity["request_id"]: activity["frozen"] for activity in schedule["activities"]}


def test_versions_of_the_schedule_are_listed_newest_first(door: Door, request_: TaskingRequest):
    versions = door.http.get(f"{ROOT}/schedules", params={"limit": 2}).json()["schedules"]
    latest = door.http.get(f"{ROOT}/schedules/latest").json()
    assert [v["version"] for v in versions] == [latest["version"], latest["version"] - 1]
    assert versions[0]["cause"] == latest["cause"]
    assert latest["cause"]["code"] == "COMMANDED"


@pytest.mark.parametrize("version", [10_000, 10**17, 2**63, 0, -1, "first", "07", "7%0A"])
def test_an_unknown_version_is_not_found(door: Door, version: object):
    for more in ("", "?f=csv", "/inputs"):
        assert door.http.get(f"{ROOT}/schedules/{version}{more}").status_code == 404


@pytest.mark.parametrize("kind", FORMATS)
def test_a_schedule_comes_in_every_format(door: Door, request_: TaskingRequest, kind: str):
    answer = door.http.get(f"{ROOT}/schedules/latest", params={"f": kind})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMATS[kind].media_type
    assert request_.id in answer.text


def test_an_unknown_format_is_refused(door: Door):
    assert door.http.get(f"{ROOT}/schedules/latest", params={"f": "pdf"}).status_code == 422


def test_what_a_version_was_made_from_can_be_read_where_it_was_computed(door: Door):
    made_from = {
        "made_by": "plan",
        "elements": {"GRUS-1A": "2026-08-01T00:00:00Z"},
        "seed": 1,
        "solver": "search",
        "value": 12.5,
        "works": [],
    }
    with door.store.begin() as uow:
        lines = uow.schedule().activities
        computed = uow.add_schedule(Reason("TEST", "computed"), lines, NOW, inputs=made_from)
        copied = uow.add_schedule(Reason("TEST", "not computed"), lines, NOW)
    assert door.http.get(f"{ROOT}/schedules/{computed.version}/inputs").json() == made_from
    shown = door.http.get(f"{ROOT}/schedules/{computed.version}").json()
    assert shown["computed"] == {"made_by": "plan", "seed": 1, "solver": "search", "value": 12.5}
    assert shown["elements"] == made_from["elements"]
    assert door.http.get(f"{ROOT}/schedules/{copied.version}").json()["computed"] is None
    told = door.http.get(f"{ROOT}/schedules/{copied.version}/inputs").json()
    assert (told["made_by"], told["cause"]["message"], told["changes"]) == ("change", "not computed", [])


@pytest.mark.parametrize("path", ["captures", "captures/x", "schedules", "schedules/latest"])
def test_unknown_parameters_are_refused(door: Door, path: str):
    answer = door.http.get(f"{ROOT}/{path}", params={"colour": "red"})
    assert (answer.status_code, "'colour'" in answer.json()["message"]) == (400, True)


def test_no_connection_is_held_while_the_clock_is_asked(
    door: Door, request_: TaskingRequest, capture_id: str, monkeypatch: pytest.MonkeyPatch
):
    """Simulated time is in the database: two connections a call, and a few calls at once would wait for ever."""

    def careful_now() -> datetime:
        assert door.store.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        return NOW

    monkeypatch.setattr(door.clock, "now", careful_now)
    uplink = entry_of(door, capture_id)["uplink_id"]
    carried = {"outcome": "uplinked", "at": request_.chances[0].uplink_by.isoformat()}
    assert door.http.get(f"{ROOT}/uplinks").status_code == 200
    assert door.http.post(f"{ROOT}/uplinks/{uplink}/acknowledge", json=carried).status_code == 200
    assert door.http.get(f"{ROOT}/contacts", params={"satellite": "GRUS-1A"}).status_code == 200
    assert report(door, capture_id).status_code == 200
    for part in PARTS:
        assert put(door, capture_id, part).status_code == 200
    assert downlink(door, capture_id).status_code == 200


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
    door: Door,
    request_: TaskingRequest,
    capture_id: str,
    outcome: str,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(door.clock, "at", request_.chances[0].end)
    answer = report(door, capture_id, outcome).json()
    assert (answer["status"], answer["reason"]["code"]) == ("FAILED", code)
    assert status_of(door, request_) == RequestStatus.FAILED
    assert listed(door, request_id=request_.id) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "perfect"},
        {"cloud_percent": 101},
        {"at": "2026-08-22T12:00:00"},
        {"at": None},
        {"at": "9999-12-31T00:00:00Z"},
        {"what": 1},
        {"cloud_percent": "NaN"},
        {"message": "x" * 501},
    ],
)
def test_malformed_results_are_refused(door: Door, capture_id: str, changes: dict[str, Any]):
    assert report(door, capture_id, **changes).status_code == 422
    assert entry_of(door, capture_id)["status"] == "COMMANDED"


def test_a_result_before_the_capture_is_refused(door: Door, capture_id: str):
    answer = report(door, capture_id, at=door.clock.now().isoformat())
    assert (answer.status_code, answer.json()["code"]) == (422, "result_too_early")


def test_a_scene_is_taken_part_by_part_and_then_delivery_is_due(door: Door, capture_id: str):
    report(door, capture_id)
    for part, body in PARTS.items():
        assert put(door, capture_id, part).json() == {"capture": capture_id, "part": part, "bytes": len(body)}
    assert entry_of(door, capture_id)["scene"] == {part: len(body) for part, body in PARTS.items()}
    done = downlink(door, capture_id)
    assert done.json()["status"] == "DOWNLINKED"
    with door.store.read() as reader:
        kinds = [(due.kind, due.subject) for due in reader.all_due(NOW + timedelta(days=1))]
    assert kinds.count(("deliver", capture_id)) == 1
    again = downlink(door, capture_id)
    assert again.json() == done.json()


def test_a_scene_that_lacks_parts_is_refused(door: Door, capture_id: str):
    report(door, capture_id)
    put(door, capture_id, "pan")
    answer = downlink(door, capture_id)
    assert answer.status_code == 409
    assert "put msi and udm first" in answer.json()["message"]


def test_a_scene_of_a_capture_that_was_not_made_is_refused(door: Door, capture_id: str):
    assert put(door, capture_id, "pan").json()["code"] == "not_captured"


def test_a_scene_of_a_capture_that_was_given_up_is_refused_and_not_kept(door: Door, capture_id: str):
    report(door, capture_id, "failed")
    refused = put(door, capture_id, "pan")
    assert (refused.status_code, refused.json()["code"]) == (409, "given_up")
    assert door.assets.list(f"scenes/{capture_id}/") == {}
    assert downlink(door, capture_id).json()["code"] == "given_up"


def test_a_scene_that_comes_later_is_expected_later(door: Door, request_: TaskingRequest, capture_id: str):
    first = report(door, capture_id).json()
    assert first["expected_delivery"] > first["downlink"]["end"]
    later = "2026-09-01T00:00:00Z"
    told = downlink(door, capture_id, "late", expected=later, message="station down").json()
    processing = timedelta(seconds=door.rules.fleet.limits.processing_s)
    expected = datetime.fromisoformat(told["expected_delivery"])
    assert expected == datetime.fromisoformat(later) + processing
    assert (told["status"], told["reason"]["code"]) == ("CAPTURED", "DELIVERY_DELAYED")
    with door.store.read() as reader:
        asked = reader.request(request_.id)
    assert asked is not None
    assert asked.expected_delivery == expected
    assert downlink(door, capture_id, "late", expected=later).json() == told


@pytest.mark.parametrize(
    "told",
    [
        {"outcome": "late"},
        {"outcome": "done", "expected": "2026-09-01T00:00:00Z"},
        {"outcome": "gone"},
        {"outcome": "late", "expected": "tomorrow"},
        {"outcome": "late", "expected": "2026-08-22T12:00:00Z"},
    ],
)
def test_malformed_downlinks_are_refused(door: Door, capture_id: str, told: dict[str, str]):
    before = report(door, capture_id).json()
    assert downlink(door, capture_id, **told).status_code == 422
    assert entry_of(door, capture_id) == before


def test_parts_that_are_no_geotiffs_are_refused_and_not_kept(door: Door, capture_id: str):
    report(door, capture_id)
    for body in (b"hello", PARTS["pan"][:200], PARTS["udm"]):
        assert put(door, capture_id, "pan", body).status_code == 422
    assert entry_of(door, capture_id)["scene"] == {}


def test_parts_that_are_too_large_are_refused_and_not_kept(
    shared: tuple[Door, str], rules: Rules, capture_id: str, tmp_path: Path
):
    small = replace(rules, limits=replace(rules.limits, max_scene_bytes=1_000))
    door = open_door(shared[0].store, small, NOW, tmp_path)
    report(door, capture_id)
    assert put(door, capture_id, "pan").status_code == 413
    assert entry_of(door, capture_id)["scene"] == {}


def test_an_unknown_part_of_a_scene_is_not_found(door: Door, capture_id: str):
    report(door, capture_id)
    assert put(door, capture_id, "sar", b"x").status_code == 404


@pytest.mark.parametrize("path", ["/captures/none", "/captures/none/scene/pan"])
def test_an_unknown_capture_is_not_found(door: Door, path: str):
    method = "PUT" if "scene" in path else "GET"
    assert door.http.request(method, ROOT + path, content=b"x").status_code == 404
