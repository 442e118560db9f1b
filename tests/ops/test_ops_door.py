"""What the ops door lists: captures, contacts and versions of the schedule."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from shapely.geometry import shape
from tests.conftest import NOW
from tests.connections import counting_connections
from tests.ops.ops_calls import PARTS, ROOT, downlink, entry_of, listed, put, report
from tests.ops.ops_world import Door
from tests.tasking_world import AREA

from swath.fleet import load_bundled_elements
from swath.ops.sheets import FORMATS
from swath.orbit.propagate import PropagationFailed
from swath.tasking.model import Reason, TaskingRequest


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
        computed = uow.add_schedule(Reason("TEST", "computed"), NOW, inputs=made_from)
        copied = uow.add_schedule(Reason("TEST", "not computed"), NOW)
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


def test_a_second_value_of_a_parameter_is_refused_for_the_first_would_be_lost(door: Door):
    answer = door.http.get(f"{ROOT}/captures?status=COMMANDED&status=DONE")
    assert (answer.status_code, "'COMMANDED' and 'DONE'" in answer.json()["message"]) == (400, True)


def test_a_call_holds_one_connection_at_a_time(door: Door, request_: TaskingRequest, capture_id: str):
    """Simulated time is in the database: two connections a call, and a few calls at once would wait for ever."""
    uplink = entry_of(door, capture_id)["uplink_id"]
    carried = {"outcome": "uplinked", "at": request_.chances[0].uplink_by.isoformat()}
    with counting_connections(door.store, door.clock) as held:
        assert door.http.get(f"{ROOT}/uplinks").status_code == 200
        assert door.http.post(f"{ROOT}/uplinks/{uplink}/acknowledge", json=carried).status_code == 200
        assert door.http.get(f"{ROOT}/contacts", params={"satellite": "GRUS-1A"}).status_code == 200
        assert report(door, capture_id).status_code == 200
        for part in PARTS:
            assert put(door, capture_id, part).status_code == 200
        assert downlink(door, capture_id).status_code == 200
    assert held == {1}


@pytest.mark.parametrize("path", ["/captures/none", "/captures/none/scene/pan"])
def test_an_unknown_capture_is_not_found(door: Door, path: str):
    method = "PUT" if "scene" in path else "GET"
    assert door.http.request(method, ROOT + path, content=b"x").status_code == 404
