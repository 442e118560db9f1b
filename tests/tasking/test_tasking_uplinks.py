"""Uplinks: what goes up with which contact, and what becomes of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from tests.tasking_world import add_candidate, add_plan, make_chance, plan_again, read_requests

from swath.errors import Conflict, Invalid, NotFound
from swath.store.database import SqlStore
from swath.tasking import captures, requests, uplinks
from swath.tasking.captures import CaptureResult, capture_id_of
from swath.tasking.model import (
    Account,
    Capture,
    CaptureStatus,
    Chance,
    Priority,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.replay import replay
from swath.tasking.requests import RequestDraft
from swath.tasking.rules import Rules
from swath.tasking.steps import standing_of
from swath.tasking.uplinks import Uplink, UplinkReport, UplinkStatus

HOUR = timedelta(hours=1)


class Control:
    """A mission control beside an account that asks for captures; all of them fit."""

    def __init__(self, store: SqlStore, rules: Rules, account: Account, now: datetime) -> None:
        self.store, self.rules, self.account, self.now = store, rules, account, now
        self.plan = add_plan(store, account.id, now)
        self.numbers = count()
        self.lead = timedelta(seconds=rules.fleet.limits.command_lead_s)

    def ask(self, *chances: Chance) -> TaskingRequest:
        """A request that may be captured in any of these ways."""
        key = f"{next(self.numbers):016d}"
        candidate = add_candidate(self.store, self.plan, chances[0], self.now, key=key)
        with self.store.begin() as uow:
            draft = RequestDraft("harbour", candidate.id, Priority.NORMAL)
            made = requests.submit(uow, self.rules, self.account.id, draft, self.now)
            asked = replace(made, chances=(*made.chances, *chances[1:]))
            uow.save_request(asked)
        return asked

    def freeze(self, *asked: TaskingRequest) -> list[str]:
        """Command their first chances, and tell the captures' ids."""
        with self.store.begin() as uow:
            for request in asked:
                requests.freeze(uow, request.id, request.chances[0].uplink_by)
        return [capture_id_of(request.id, request.chances[0]) for request in asked]

    def list(self, start: datetime | None = None, end: datetime | None = None) -> list[Uplink]:
        with self.store.read() as reader:
            return list(uplinks.find_uplinks(reader, self.rules, start or self.now, end))

    def say(
        self, outcome: str, *carried: str, at: datetime | None = None, uplink: Uplink | None = None
    ) -> Uplink:
        """Acknowledge the only uplink there is, or that one."""
        (it,) = self.list() if uplink is None else (uplink,)
        report = UplinkReport(outcome, at or it.start, frozenset(carried) if carried else None)  # type: ignore[arg-type]
        with self.store.begin() as uow:
            return uplinks.acknowledge(uow, self.rules, it.id, report, it.start)

    def capture(self, capture_id: str) -> Capture:
        with self.store.read() as reader:
            return captures.find_capture(reader, capture_id)

    def request(self, asked: TaskingRequest) -> TaskingRequest:
        with self.store.read() as reader:
            return requests.find_request(reader, asked.id, None)


@pytest.fixture
def control(store: SqlStore, rules: Rules, account: Account, now: datetime) -> Iterator[Control]:
    made = Control(store, rules, account, now)
    yield made
    with store.read() as reader:
        for request in read_requests(reader):
            assert replay(reader.events_of(request.id)) == standing_of(request)
        for capture in reader.captures_in(CaptureStatus):
            standing = replay(reader.events_of(capture.id))
            assert standing is not None
            assert standing.status == capture.status


@pytest.fixture
def contact(now: datetime) -> datetime:
    """When the commands of both captures freeze."""
    return now + 7 * HOUR


@pytest.fixture
def pair(control: Control, contact: datetime) -> list[TaskingRequest]:
    """Two requests whose commands go up with one contact, the later one first."""
    chances = [make_chance(contact + later * HOUR, seconds=8) for later in (3, 2)]
    return [control.ask(replace(chance, uplink_by=contact)) for chance in chances]


def test_what_goes_up_together_is_listed_together_in_order(
    control: Control, pair: list[TaskingRequest], contact: datetime
) -> None:
    other = control.ask(make_chance(contact + 9 * HOUR))
    elsewhere = control.ask(replace(make_chance(contact + 2 * HOUR, satellite="GRUS-1B"), uplink_by=contact))
    found = control.list()
    assert [(u.satellite, u.start, u.freezes) for u in found] == [
        ("GRUS-1A", contact + control.lead, contact),
        ("GRUS-1B", contact + control.lead, contact),
        ("GRUS-1A", contact + 6 * HOUR + control.lead, contact + 6 * HOUR),
    ]
    lines = [[line.request_id for line in uplink.provisional] for uplink in found]
    assert lines == [[pair[1].id, pair[0].id], [elsewhere.id], [other.id]]


def test_an_uplink_is_provisional_until_its_last_capture_is_frozen(
    control: Control, pair: list[TaskingRequest]
) -> None:
    seen = [control.list()[0].status]
    for request in pair:
        control.freeze(request)
        seen.append(control.list()[0].status)
    assert seen == [UplinkStatus.PROVISIONAL, UplinkStatus.PROVISIONAL, UplinkStatus.FROZEN]


def test_an_uplink_that_nobody_acknowledged_stays_listed(
    control: Control, pair: list[TaskingRequest]
) -> None:
    control.freeze(*pair)
    week = timedelta(days=7)
    assert [u.status for u in control.list(control.now + week)] == [UplinkStatus.FROZEN]
    control.say("uplinked")
    assert control.list(control.now + week) == []
    assert [u.status for u in control.list(control.now, control.now + week)] == [UplinkStatus.UPLINKED]


def test_commands_that_went_up_are_on_board(
    control: Control, pair: list[TaskingRequest], contact: datetime
) -> None:
    ids = control.freeze(*pair)
    told = control.say("uplinked", at=contact + HOUR)
    assert told.status == UplinkStatus.UPLINKED
    assert {c.id for c in told.captures} == set(ids)
    for request, capture_id in zip(pair, ids, strict=True):
        capture, now = control.capture(capture_id), control.request(request)
        assert (capture.status, capture.uplinked) == (CaptureStatus.COMMANDED, contact + HOUR)
        assert now.reason is not None
        assert (now.status, now.reason.code) == (RequestStatus.PROCESSING, "UPLINKED")


def test_captures_whose_commands_did_not_go_up_go_back_to_planning(
    control: Control, pair: list[TaskingRequest]
) -> None:
    first, second = control.freeze(*pair)
    told = control.say("uplinked", second)
    assert told.status == UplinkStatus.PARTIAL
    lost, carried = control.capture(first), control.capture(second)
    assert lost.reason is not None
    assert (lost.status, lost.reason.code, lost.uplinked) == (CaptureStatus.FAILED, "NOT_UPLINKED", None)
    assert carried.uplinked is not None
    assert control.request(pair[0]).status == RequestStatus.REJECTED
    assert control.request(pair[1]).status == RequestStatus.PROCESSING


def test_a_missed_contact_takes_all_back_and_other_chances_are_used(
    control: Control, contact: datetime
) -> None:
    again = make_chance(contact + 20 * HOUR)
    request = control.ask(replace(make_chance(contact + 2 * HOUR), uplink_by=contact), again)
    without = control.ask(replace(make_chance(contact + 3 * HOUR), uplink_by=contact))
    control.freeze(request, without)
    told = control.say("missed")
    assert told.status == UplinkStatus.MISSED
    plan_again(control.store, control.rules, told.start)
    with control.store.begin() as uow:
        requests.close(uow, without.id, told.start)
    placed, ended = control.request(request), control.request(without)
    assert (placed.status, placed.planned_start) == (RequestStatus.ACCEPTED, again.start)
    assert (ended.status, ended.final) == (RequestStatus.REJECTED, True)
    with control.store.read() as reader:
        assert reader.balance(control.account.id).held == 1


@pytest.mark.parametrize("said", ["uplinked", "part", "missed"])
def test_the_same_acknowledgement_again_changes_nothing(
    control: Control, pair: list[TaskingRequest], said: str
) -> None:
    first, second = control.freeze(*pair)
    words = {"uplinked": ("uplinked", first, second), "part": ("uplinked", first), "missed": ("missed",)}[
        said
    ]
    told = control.say(*words)
    with control.store.read() as reader:
        before = [len(reader.events_of(request.id)) for request in pair]
    again = control.say(*words, uplink=told, at=told.start + HOUR)
    assert again == told
    with control.store.read() as reader:
        assert [len(reader.events_of(request.id)) for request in pair] == before


@pytest.mark.parametrize("words", [("missed",), ("uplinked", "first"), ("uplinked",)])
def test_another_acknowledgement_is_refused(
    control: Control, pair: list[TaskingRequest], words: tuple[str, ...]
) -> None:
    first, second = control.freeze(*pair)
    told = control.say("uplinked", second)
    words = tuple(first if word == "first" else word for word in words)
    with pytest.raises(Conflict, match="acknowledged before as PARTIAL, with 1 of 2"):
        control.say(*words, uplink=told)
    assert control.list(control.now, told.start + HOUR) == [told]


def test_an_uplink_that_may_still_change_cannot_be_acknowledged(
    control: Control, pair: list[TaskingRequest]
) -> None:
    control.freeze(pair[0])
    with pytest.raises(Conflict, match="freeze at"):
        control.say("uplinked")


def test_captures_of_another_contact_are_refused_by_name(
    control: Control, pair: list[TaskingRequest]
) -> None:
    control.freeze(*pair)
    with pytest.raises(Invalid, match="elsewhere does not go up with this contact"):
        control.say("uplinked", "elsewhere")


def test_an_acknowledgement_from_before_the_freeze_is_refused(
    control: Control, pair: list[TaskingRequest], contact: datetime
) -> None:
    control.freeze(*pair)
    with pytest.raises(Invalid, match="commands froze at"):
        control.say("uplinked", at=contact - HOUR)


@pytest.mark.parametrize("words", [("missed",), ("uplinked", "second")])
def test_a_capture_that_was_made_cannot_be_said_not_to_have_gone_up(
    control: Control, pair: list[TaskingRequest], words: tuple[str, ...]
) -> None:
    first, second = control.freeze(*pair)
    made = pair[0].chances[0].end
    with control.store.begin() as uow:
        captures.report_result(uow, control.rules, first, CaptureResult("done", 1.0, made), made)
    with pytest.raises(Conflict, match="so its command went up"):
        control.say(*(second if word == "second" else word for word in words))
    assert control.say("uplinked").status == UplinkStatus.UPLINKED
    assert control.request(pair[0]).reason.code == "CAPTURED"  # type: ignore[union-attr]


@pytest.mark.parametrize("late", [timedelta(seconds=-90), timedelta(0), timedelta(seconds=90)])
def test_a_contact_that_fresher_elements_have_moved_is_still_found(
    control: Control, pair: list[TaskingRequest], late: timedelta
) -> None:
    control.freeze(*pair)
    (known,) = control.list()
    moved = replace(known, start=known.start + late)
    with control.store.read() as reader:
        assert uplinks.find_uplink(reader, control.rules, moved.id) == known


@pytest.mark.parametrize(
    "text",
    ["", "x", "GRUS-1A", "GRUS-1A.20261399T000000Z", "GRUS-1A.99991231T235959Z", "GRUS-1B.20260822T190000Z"],
)
def test_an_unknown_uplink_is_not_found(control: Control, text: str) -> None:
    with control.store.read() as reader, pytest.raises(NotFound):
        uplinks.find_uplink(reader, control.rules, text)
