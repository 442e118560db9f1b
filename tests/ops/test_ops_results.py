"""What mission control reports of a capture: its result, its scene, its downlink; all may be said twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import NOW
from tests.ops.ops_calls import PARTS, downlink, entry_of, listed, put, report, status_of
from tests.ops.ops_world import Door, open_door

from swath.tasking.model import RequestStatus, TaskingRequest
from swath.tasking.rules import Rules


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
