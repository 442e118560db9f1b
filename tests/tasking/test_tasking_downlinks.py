"""Scenes on their way to the ground: here, later than expected, lost, or too late for anybody."""

from datetime import datetime, timedelta

import pytest
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.errors import Conflict, Invalid
from swath.fleet import load_bundled_elements
from swath.store.database import SqlStore
from swath.tasking import captures, requests
from swath.tasking.captures import CaptureResult
from swath.tasking.downlinks import DownlinkReport, report_downlink
from swath.tasking.elements import import_elements
from swath.tasking.model import (
    Account,
    Capture,
    CaptureStatus,
    DueKind,
    Event,
    Priority,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.requests import RequestDraft
from swath.tasking.rules import Rules

HOUR = timedelta(hours=1)


class Ground:
    """A request whose capture was commanded, and its result reported unless that is None."""

    def __init__(
        self, store: SqlStore, rules: Rules, account: Account, now: datetime, result: str | None = "done"
    ) -> None:
        self.store, self.rules = store, rules
        plan = add_plan(store, account.id, now)
        candidate = add_candidate(store, plan, make_chance(now + 10 * HOUR), now)
        with store.begin() as uow:
            import_elements(uow, rules, load_bundled_elements(), "bundled", now)
            draft = RequestDraft("harbour", candidate.id, Priority.NORMAL)
            self.asked = requests.submit(uow, rules, account.id, draft, now)
            chance = self.asked.chances[0]
            requests.freeze(uow, self.asked.id, chance.uplink_by)
        self.capture_id, self.made = captures.capture_id_of(self.asked.id, chance), chance.end
        if result is not None:
            told = CaptureResult(result, 3.0, self.made)  # type: ignore[arg-type]
            with store.begin() as uow:
                captures.report_result(uow, rules, self.capture_id, told, self.made)

    def say(self, outcome: str, expected: datetime | None = None, at: datetime | None = None) -> Capture:
        report = DownlinkReport(outcome, expected)  # type: ignore[arg-type]
        with self.store.begin() as uow:
            return report_downlink(uow, self.rules, self.capture_id, report, at or self.expected)

    @property
    def request(self) -> TaskingRequest:
        with self.store.read() as reader:
            return requests.find_request(reader, self.asked.id, None)

    @property
    def expected(self) -> datetime:
        found = self.request.expected_delivery
        assert found is not None
        return found

    @property
    def events(self) -> list[Event]:
        with self.store.read() as reader:
            return list(reader.events_of(self.asked.id))

    @property
    def processing(self) -> timedelta:
        return timedelta(seconds=self.rules.fleet.limits.processing_s)


@pytest.fixture
def ground(store: SqlStore, rules: Rules, account: Account, now: datetime) -> Ground:
    return Ground(store, rules, account, now)


def test_once_captured_a_request_says_by_when_its_images_are_expected(ground: Ground) -> None:
    """A day holds some ten contacts with each station: the first is never far."""
    assert ground.made < ground.expected - ground.processing < ground.made + 6 * HOUR
    assert ground.events[-1].before is not None
    assert ground.events[-1].before.expected_delivery is None
    assert ground.events[-1].after.expected_delivery == ground.expected


def test_a_scene_that_comes_as_expected_is_delivered_and_nothing_moves(ground: Ground) -> None:
    expected = ground.expected
    capture = ground.say("done", at=expected - ground.processing)
    assert (capture.status, capture.expected) == (CaptureStatus.DOWNLINKED, expected)
    assert ground.expected == expected
    assert ground.events[-1].reason.evidence == {}
    with ground.store.read() as reader:
        assert [d.kind for d in reader.all_due(expected) if d.subject == ground.capture_id] == [
            DueKind.DELIVER
        ]


def test_a_scene_that_will_come_later_moves_the_expected_delivery_and_the_history_says_so(
    ground: Ground,
) -> None:
    before = ground.expected
    later = before + 5 * HOUR
    capture = ground.say("late", later)
    assert (capture.status, capture.expected) == (CaptureStatus.CAPTURED, later + ground.processing)
    assert ground.expected == later + ground.processing
    event = ground.events[-1]
    assert event.before is not None
    assert (event.before.expected_delivery, event.after.expected_delivery) == (before, ground.expected)
    assert event.reason.code == "DELIVERY_DELAYED"
    assert event.reason.evidence["late_by_s"] == (ground.expected - before).total_seconds()
    assert ground.request.status == RequestStatus.PROCESSING


def test_a_scene_that_comes_late_without_a_word_is_taken_and_the_delay_noted(ground: Ground) -> None:
    before = ground.expected
    capture = ground.say("done", at=before + 3 * HOUR)
    assert capture.status == CaptureStatus.DOWNLINKED
    assert ground.expected == before + 3 * HOUR + ground.processing
    late_by = timedelta(seconds=ground.events[-1].reason.evidence["late_by_s"])
    assert late_by == 3 * HOUR + ground.processing


def test_a_scene_that_is_lost_ends_the_request_and_gives_the_credit_back(
    ground: Ground, account: Account
) -> None:
    capture = ground.say("lost")
    assert capture.reason is not None
    assert (capture.status, capture.reason.code) == (CaptureStatus.FAILED, "SCENE_LOST")
    assert (ground.request.status, ground.request.final) == (RequestStatus.FAILED, True)
    with ground.store.read() as reader:
        assert reader.balance(account.id).free == 10
        assert ground.asked.id not in [a.request_id for a in reader.schedule().activities]


@pytest.mark.parametrize("outcome", ["done", "late", "lost"])
def test_the_same_report_again_changes_nothing(ground: Ground, outcome: str) -> None:
    expected = ground.expected + HOUR if outcome == "late" else None
    first = ground.say(outcome, expected, ground.made)
    told = len(ground.events)
    assert ground.say(outcome, expected, ground.made + HOUR) == first
    assert len(ground.events) == told


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        ("done", "late", "downlink_differs"),
        ("done", "lost", "downlink_differs"),
        ("lost", "done", "given_up"),
        ("lost", "late", "given_up"),
    ],
)
def test_a_report_that_contradicts_the_first_is_refused(
    ground: Ground, first: str, then: str, code: str
) -> None:
    ground.say(first, at=ground.made)
    with pytest.raises(Conflict) as refused:
        ground.say(then, ground.made + HOUR if then == "late" else None, ground.made)
    assert refused.value.code == code


def test_another_delay_may_be_reported(ground: Ground) -> None:
    for hours in (5, 9, 2):
        ground.say("late", ground.made + hours * HOUR, ground.made)
        assert ground.expected == ground.made + hours * HOUR + ground.processing


def test_a_scene_is_not_expected_before_its_capture(ground: Ground) -> None:
    with pytest.raises(Invalid, match="the capture itself ends at"):
        ground.say("late", ground.made - HOUR)


def test_a_capture_without_a_result_has_no_scene(
    store: SqlStore, rules: Rules, account: Account, now: datetime
) -> None:
    ground = Ground(store, rules, account, now, result=None)
    with pytest.raises(Conflict, match="once its result was reported as done"):
        ground.say("done", at=ground.made)


def test_data_that_comes_after_the_request_was_given_up_is_refused(
    store: SqlStore, rules: Rules, account: Account, now: datetime
) -> None:
    ground = Ground(store, rules, account, now, result="failed")
    with pytest.raises(Conflict, match="given up \\(CAPTURE_FAILED\\)") as refused:
        ground.say("done", at=ground.made)
    assert refused.value.code == "given_up"


def test_without_an_orbit_nobody_knows_when_to_expect_images(
    store: SqlStore, rules: Rules, account: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.load_bundled_elements", list)
    ground = Ground(store, rules, account, now)
    assert ground.request.expected_delivery is None
    ground.say("done", at=ground.made)
    assert ground.expected == ground.made + ground.processing
