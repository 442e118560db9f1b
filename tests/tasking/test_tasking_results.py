"""What becomes of a capture: delivered, failed, too cloudy, and made again while there is a chance."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from unittest.mock import patch

import pytest
from tests.tasking_world import Desk, add_candidate, make_chance, plan_again

from swath.errors import Conflict
from swath.fleet import load_bundled_elements
from swath.ops.reruns import rerun
from swath.tasking import captures, requests
from swath.tasking.captures import CaptureResult
from swath.tasking.downlinks import DownlinkReport, report_downlink
from swath.tasking.elements import import_elements
from swath.tasking.model import (
    Balance,
    Capture,
    CaptureStatus,
    CatalogItem,
    Chance,
    DueKind,
    Priority,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.rules import Rules
from swath.tasking.situation import look

pytestmark = pytest.mark.usefixtures("one_chance_each", "everything_is_written_down")


Outcome = Literal["failed", "cloudy"]


def ask_for_either(desk: Desk, first: Chance, second: Chance) -> TaskingRequest:
    """A request that has both chances."""
    add_candidate(desk.store, desk.plan, second, desk.now)
    with patch("swath.tasking.requests.find_first_chances", lambda *_: (first, second)):
        return desk.ask(first)


def freeze(desk: Desk, request: TaskingRequest, chance: Chance) -> Capture:
    with desk.store.begin() as uow:
        requests.freeze(uow, request.id, chance.uplink_by)
        (capture,) = uow.captures_in((CaptureStatus.COMMANDED,))
    assert capture.chance == chance
    return capture


def make_item(capture: Capture) -> CatalogItem:
    return CatalogItem(
        id="item",
        collection="grus-1",
        account_id=capture.account_id,
        capture_id=capture.id,
        geometry=capture.footprint,
        start=capture.chance.start,
        end=capture.chance.end,
        document={"properties": {}},
    )


def test_the_whole_way_to_the_catalogue_charges_once(desk: Desk, rules: Rules, start: datetime) -> None:
    request = desk.ask(make_chance(start))
    with desk.store.begin() as uow:
        requests.freeze(uow, request.id, start - timedelta(hours=3))
        (capture,) = uow.captures_in((CaptureStatus.COMMANDED,))
    done = CaptureResult("done", 12.0, start + timedelta(seconds=8))
    for _ in range(2):
        with desk.store.begin() as uow:
            captured = captures.report_result(uow, rules, capture.id, done, done.at)
            received = report_downlink(uow, rules, capture.id, DownlinkReport("done"), done.at)
    assert captured.status in (CaptureStatus.CAPTURED, CaptureStatus.DOWNLINKED)
    assert received.status == CaptureStatus.DOWNLINKED
    assert desk.read(request).capture_id == capture.id
    with desk.store.begin() as uow:
        assert DueKind.DELIVER in {due.kind for due in uow.all_due(done.at)}
        for _ in range(2):
            captures.publish(uow, capture.id, make_item(capture), done.at)
    delivered = desk.read(request)
    assert (delivered.status, delivered.final) == (RequestStatus.DATA_AVAILABLE, True)
    with desk.store.read() as reader:
        assert reader.balance(desk.account.id) == Balance(granted=10, held=0, charged=1)


def test_a_delivered_capture_counts_until_its_revolution_is_over(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    request = desk.ask(make_chance(start))
    capture = freeze(desk, request, make_chance(start))
    at = capture.chance.end
    with desk.store.begin() as uow:
        captures.report_result(uow, rules, capture.id, CaptureResult("done", 0.0, at), at)
        report_downlink(uow, rules, capture.id, DownlinkReport("done"), at)
        captures.publish(uow, capture.id, make_item(capture), at)
    too_near = replace(
        make_chance(at + timedelta(seconds=4), roll_deg=-25), uplink_by=at + timedelta(seconds=1)
    )
    with_no_time_to_turn = Desk(desk.store, rules, desk.account, at).ask(too_near)
    plan_again(desk.store, rules, at)
    with desk.store.read() as reader:
        lines = [line.request_id for line in reader.schedule().activities]
    assert lines == [request.id]
    assert desk.read(with_no_time_to_turn).status == RequestStatus.REJECTED
    plan_again(desk.store, rules, at + timedelta(hours=2))
    with desk.store.read() as reader:
        assert reader.schedule().activities == ()


@pytest.mark.parametrize(("outcome", "status"), [("cloudy", "REJECTED"), ("failed", "ACCEPTED")])
def test_an_image_that_is_of_no_use_has_taken_the_satellite_s_time_and_one_never_made_has_not(
    desk: Desk, rules: Rules, start: datetime, outcome: Outcome, status: str
) -> None:
    later = make_chance(start + timedelta(hours=5))
    capture = freeze(desk, ask_for_either(desk, make_chance(start), later), make_chance(start))
    at = capture.chance.end
    with desk.store.begin() as uow:
        captures.report_result(uow, rules, capture.id, CaptureResult(outcome, None, at), at)
        assert uow.schedule().activities == ()
    too_near = replace(
        make_chance(at + timedelta(seconds=4), roll_deg=-25), uplink_by=at + timedelta(seconds=1)
    )
    with_no_time_to_turn = Desk(desk.store, rules, desk.account, at).ask(too_near)
    plan_again(desk.store, rules, at)
    assert desk.read(with_no_time_to_turn).status == status
    with desk.store.read() as reader:
        versions = [reader.schedule(n + 1) for n in range(reader.schedule().version)]
        kept = [reader.schedule_inputs(one.version) for one in versions]
    for before, version, inputs in zip(versions, versions[1:], kept[1:], strict=False):
        assert inputs is None or rerun(inputs, before, version).differences == []


def test_an_answer_that_met_a_useless_image_can_be_given_again(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    """It is in no version of the schedule any more."""
    later = make_chance(start + timedelta(hours=5))
    capture = freeze(desk, ask_for_either(desk, make_chance(start), later), make_chance(start))
    at = capture.chance.end
    with desk.store.begin() as uow:
        captures.report_result(uow, rules, capture.id, CaptureResult("cloudy", 90.0, at), at)
    near, far = (
        replace(make_chance(at + after, roll_deg=-25), uplink_by=at + timedelta(seconds=1))
        for after in (timedelta(seconds=4), timedelta(seconds=60))
    )
    asked = ask_for_either(Desk(desk.store, rules, desk.account, at), near, far)
    assert asked.planned_start == far.start
    with desk.store.read() as reader:
        schedule = reader.schedule()
        inputs = reader.schedule_inputs(schedule.version)
        assert inputs is not None
        assert rerun(inputs, reader.schedule(schedule.version - 1), schedule).differences == []
        assert rerun({**inputs, "spent": []}, reader.schedule(schedule.version - 1), schedule).differences


def test_what_nobody_reported_is_taken_to_be_on_board_for_a_day(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    with desk.store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", desk.now)
    capture = freeze(desk, desk.ask(make_chance(start)), make_chance(start))
    later = make_chance(start + timedelta(hours=9))
    asked = desk.ask(later)
    memory = rules.fleet.satellites["GRUS-1A"].memory
    assert memory is not None
    with desk.store.read() as reader:
        soon, late, too_late = (
            look(reader, rules, capture.chance.end + timedelta(hours=hours)).rules.on_board_gb["GRUS-1A"]
            for hours in (1, 3, 27)
        )
    assert asked.status == RequestStatus.ACCEPTED
    assert (soon, late, too_late) == (0.0, 8 * memory.fill_gb_s, 0.0)


def test_a_failed_capture_gives_the_credit_back(desk: Desk, rules: Rules, start: datetime) -> None:
    request = desk.ask(make_chance(start))
    with desk.store.begin() as uow:
        requests.freeze(uow, request.id, start - timedelta(hours=3))
        (capture,) = uow.captures_in((CaptureStatus.COMMANDED,))
        captures.report_result(
            uow, rules, capture.id, CaptureResult("failed", None, start, "star tracker"), start
        )
    ended = desk.read(request)
    assert (ended.status, ended.final) == (RequestStatus.FAILED, True)
    assert desk.free() == 10


@pytest.mark.parametrize(("outcome", "code"), [("failed", "CAPTURE_FAILED"), ("cloudy", "TOO_CLOUDY")])
def test_a_capture_that_came_to_nothing_is_made_again_while_there_is_a_chance(
    desk: Desk, rules: Rules, start: datetime, outcome: Outcome, code: str
) -> None:
    first, second = make_chance(start), make_chance(start + timedelta(days=1))
    request = ask_for_either(desk, first, second)
    capture = freeze(desk, request, first)
    for _ in range(2):
        with desk.store.begin() as uow:
            captures.report_result(uow, rules, capture.id, CaptureResult(outcome, None, first.end), first.end)
    back = desk.read(request)
    assert (back.status, back.final, back.planned_start) == (RequestStatus.REJECTED, False, None)
    assert back.reason is not None
    assert back.reason.code == code
    assert "goes back to planning" in back.reason.message
    assert back.cancel_until == second.uplink_by
    assert desk.free() == 9
    with desk.store.begin() as uow:
        assert DueKind.RESCHEDULE in {due.kind for due in uow.all_due(first.end)}
    plan_again(desk.store, rules, first.end)
    again = desk.read(request)
    assert (again.status, again.planned_start) == (RequestStatus.ACCEPTED, second.start)
    retaken = freeze(desk, request, second)
    assert retaken.id != capture.id
    with desk.store.begin() as uow:
        captures.report_result(uow, rules, retaken.id, CaptureResult("done", 0.0, second.end), second.end)
        failed = uow.capture(capture.id)
    assert failed is not None
    assert failed.status == CaptureStatus.FAILED
    assert desk.read(request).capture_id == retaken.id


def test_a_delivery_that_failed_is_captured_again_and_its_capture_forgotten(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    first, second = make_chance(start), make_chance(start + timedelta(days=1))
    request = ask_for_either(desk, first, second)
    capture = freeze(desk, request, first)
    with desk.store.begin() as uow:
        captures.report_result(uow, rules, capture.id, CaptureResult("done", 0.0, first.end), first.end)
        report_downlink(uow, rules, capture.id, DownlinkReport("done"), first.end)
    assert desk.read(request).capture_id == capture.id
    for _ in range(2):
        with desk.store.begin() as uow:
            captures.delivery_failed(uow, capture.id, "disk full", first.end)
    back = desk.read(request)
    assert (back.status, back.capture_id) == (RequestStatus.REJECTED, None)
    assert back.reason is not None
    assert "disk full" in back.reason.message
    assert desk.free() == 9


def test_a_retake_that_finds_no_place_gives_the_credit_back_in_the_end(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    first, second = make_chance(start), make_chance(start + timedelta(days=1))
    request = ask_for_either(desk, first, second)
    capture = freeze(desk, request, first)
    with desk.store.begin() as uow:
        captures.report_result(uow, rules, capture.id, CaptureResult("failed", None, first.end), first.end)
    blocker = desk.ask(make_chance(second.start + timedelta(seconds=3), roll_deg=-25), Priority.EMERGENCY)
    assert blocker.status == RequestStatus.ACCEPTED
    plan_again(desk.store, rules, first.end)
    with desk.store.begin() as uow:
        requests.close(uow, request.id, second.uplink_by)
    closed = desk.read(request)
    assert (closed.status, closed.final) == (RequestStatus.REJECTED, True)
    assert desk.free() == 7


def test_another_outcome_than_the_reported_one_is_refused(desk: Desk, rules: Rules, start: datetime) -> None:
    request = desk.ask(make_chance(start))
    with desk.store.begin() as uow:
        requests.freeze(uow, request.id, start - timedelta(hours=3))
        (capture,) = uow.captures_in((CaptureStatus.COMMANDED,))
        captures.report_result(uow, rules, capture.id, CaptureResult("done", 0.0, start), start)
    with pytest.raises(Conflict, match="reported before"), desk.store.begin() as uow:
        captures.report_result(uow, rules, capture.id, CaptureResult("failed", None, start), start)
