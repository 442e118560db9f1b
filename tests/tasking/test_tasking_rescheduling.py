"""Planning again takes a while: what happens meanwhile stays, and the plan holds for the rest."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.tasking_world import Desk, make_chance, plan_again

from swath import scheduling
from swath.tasking.model import DueKind, Priority, Reason, RequestStatus, TaskingRequest
from swath.tasking.requests import freeze
from swath.tasking.rescheduling import reschedule
from swath.tasking.rules import Rules

pytestmark = pytest.mark.usefixtures("one_chance_each", "everything_is_written_down")

Meanwhile = Callable[[], object]


@pytest.fixture
def plan_while(desk: Desk, rules: Rules, monkeypatch: pytest.MonkeyPatch) -> Callable[[Meanwhile], bool]:
    """Plans again while something happens; tells whether planning is due once more."""
    replan = scheduling.replan

    def plan(meanwhile: Meanwhile) -> bool:
        def replan_slowly(*there: Any, **told: Any) -> scheduling.Replanned:
            outcome = replan(*there, **told)
            meanwhile()
            return outcome

        with monkeypatch.context() as patched:
            patched.setattr("swath.tasking.rescheduling.scheduling.replan", replan_slowly)
            plan_again(desk.store, rules, desk.now)
        with desk.store.read() as reader:
            return any(one.kind == DueKind.RESCHEDULE for one in reader.all_due(desk.now))

    return plan


@pytest.fixture
def waiting(desk: Desk, start: datetime) -> TaskingRequest:
    """It was refused at once, and has room now."""
    blocker = desk.ask(make_chance(start, roll_deg=-20))
    refused = desk.ask(make_chance(start + timedelta(seconds=9), roll_deg=20))
    assert refused.status == RequestStatus.PLANNED
    desk.cancel(blocker)
    return refused


def test_what_is_accepted_meanwhile_stays_and_needs_no_more_planning(
    desk: Desk, start: datetime, waiting: TaskingRequest, plan_while: Callable[[Meanwhile], bool]
) -> None:
    asked = list[TaskingRequest]()
    again = plan_while(lambda: asked.append(desk.ask(make_chance(start + timedelta(hours=5)))))
    assert [desk.read(one).status for one in (waiting, *asked)] == [RequestStatus.ACCEPTED] * 2
    assert not again


def test_a_place_that_was_taken_meanwhile_is_left_to_whom_it_was_promised(
    desk: Desk, start: datetime, waiting: TaskingRequest, plan_while: Callable[[Meanwhile], bool]
) -> None:
    asked = list[TaskingRequest]()
    again = plan_while(lambda: asked.append(desk.ask(make_chance(start, roll_deg=-20))))
    assert desk.read(asked[0]).status == RequestStatus.ACCEPTED
    assert desk.read(waiting).status == RequestStatus.PLANNED
    assert again, "who had to wait is told by the next plan"


def test_who_canceled_meanwhile_gets_no_place(
    desk: Desk, waiting: TaskingRequest, plan_while: Callable[[Meanwhile], bool]
) -> None:
    again = plan_while(lambda: desk.cancel(waiting))
    assert desk.read(waiting).status == RequestStatus.CANCELED
    with desk.store.read() as reader:
        assert reader.schedule().line_of(waiting.id) is None
    assert again, "others may have room now"


def test_nobody_leaves_for_an_emergency_that_was_canceled_meanwhile(
    desk: Desk,
    start: datetime,
    plan_while: Callable[[Meanwhile], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    promised = desk.ask(make_chance(start, roll_deg=-20))
    with monkeypatch.context() as patched:
        fault = scheduling.Violation("spacing", (), "the emergency has to wait for the next plan")
        patched.setattr("swath.tasking.schedule.scheduling.verify", lambda *_: (fault,))
        urgent = desk.ask(make_chance(start + timedelta(seconds=9), roll_deg=20), Priority.EMERGENCY)
    assert urgent.status == RequestStatus.PLANNED
    again = plan_while(lambda: desk.cancel(urgent))
    assert desk.read(promised).status == RequestStatus.ACCEPTED
    assert again


@pytest.mark.parametrize("priority", [Priority.NORMAL, Priority.EMERGENCY])
def test_who_was_refused_meanwhile_is_planned_next(
    priority: Priority,
    desk: Desk,
    start: datetime,
    waiting: TaskingRequest,
    plan_while: Callable[[Meanwhile], bool],
) -> None:
    """After an emergency everything is planned again, whatever it was answered."""
    desk.ask(make_chance(start + timedelta(hours=5), roll_deg=-20), priority)
    late = make_chance(start + timedelta(hours=5, seconds=9), roll_deg=20)
    assert plan_while(lambda: desk.ask(late, priority))
    assert desk.read(waiting).status == RequestStatus.ACCEPTED


def test_what_was_commanded_meanwhile_stays_commanded(
    desk: Desk, start: datetime, waiting: TaskingRequest, plan_while: Callable[[Meanwhile], bool]
) -> None:
    accepted = desk.ask(make_chance(start + timedelta(hours=5)))

    def command() -> None:
        with desk.store.begin() as uow:
            freeze(uow, accepted.id, accepted.chances[0].uplink_by)

    plan_while(command)
    with desk.store.read() as reader:
        line = reader.schedule().line_of(accepted.id)
    assert line is not None
    assert line.frozen
    assert desk.read(waiting).status == RequestStatus.ACCEPTED


def test_lines_stay_the_same_objects_of_versions_that_leave_them_alone(
    desk: Desk, rules: Rules, start: datetime, waiting: TaskingRequest
) -> None:
    there = desk.ask(make_chance(start + timedelta(hours=5), satellite="GRUS-1B"))
    with desk.store.read() as reader:
        before = reader.schedule()
    plan_again(desk.store, rules, desk.now)
    with desk.store.read() as reader:
        after = reader.schedule()
    assert after.line_of(waiting.id) is not None
    assert after.line_of(there.id) is before.line_of(there.id)
    assert after.cause == Reason("RESCHEDULED", "The schedule was made again after a change.")


def test_what_a_satellite_was_told_before_it_left_the_fleet_stops_no_planning(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    commanded, planned = desk.ask(make_chance(start)), desk.ask(make_chance(start + timedelta(hours=5)))
    desk.now = commanded.cancel_until or desk.now
    with desk.store.begin() as uow:
        freeze(uow, commanded.id, desk.now)
    others = {name: one for name, one in rules.fleet.satellites.items() if name != "GRUS-1A"}
    fewer = replace(rules, fleet=replace(rules.fleet, satellites=others))
    plan_again(desk.store, fewer, desk.now)
    assert desk.read(commanded).status == RequestStatus.PROCESSING
    assert desk.read(planned).status == RequestStatus.REJECTED
    with desk.store.read() as reader:
        assert [line.request_id for line in reader.schedule().activities] == [commanded.id]
    plan_again(desk.store, fewer, start + timedelta(hours=3))
    with desk.store.read() as reader:
        assert not reader.schedule().activities, "its revolution is over"


def test_a_capture_that_could_not_be_commanded_in_time_is_planned_again_at_once(
    desk: Desk, rules: Rules, start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service was away when it should have been commanded."""
    both = make_chance(start), make_chance(start + timedelta(hours=10))
    monkeypatch.setattr("swath.tasking.requests.find_first_chances", lambda *_: both)
    request = desk.ask(both[0])
    late = start + timedelta(seconds=1)
    with desk.store.begin() as uow:
        freeze(uow, request.id, late)
    missed = desk.read(request)
    assert missed.reason is not None
    assert (missed.status, missed.reason.code) == (RequestStatus.REJECTED, "UPLINK_DEADLINE")
    with desk.store.read() as reader:
        (due,) = reader.all_due(late, [DueKind.RESCHEDULE])
    reschedule(desk.store, rules, due, late)
    assert desk.read(request).planned_start == both[1].start


def test_nobody_is_promised_what_was_to_be_commanded_while_the_schedule_was_made(
    desk: Desk, rules: Rules, waiting: TaskingRequest
) -> None:
    deadline = waiting.cancel_until or desk.now
    began, ended = deadline - timedelta(seconds=5), deadline + timedelta(seconds=15)
    with desk.store.begin() as uow:
        due = uow.add_due(DueKind.RESCHEDULE, "schedule", began)
    reschedule(desk.store, rules, due, began, moment=lambda _: ended)
    late = desk.read(waiting)
    assert late.status == RequestStatus.PLANNED
    with desk.store.read() as reader:
        assert reader.all_due(ended, [DueKind.RESCHEDULE]), "it is told by the next plan"
    plan_again(desk.store, rules, ended)
    refused = desk.read(waiting)
    assert refused.reason is not None
    assert (refused.status, refused.reason.code) == (RequestStatus.REJECTED, "UPLINK_DEADLINE")


def test_a_version_is_made_when_it_is_published(desk: Desk, rules: Rules, waiting: TaskingRequest) -> None:
    ended = desk.now + timedelta(seconds=20)
    with desk.store.begin() as uow:
        due = uow.add_due(DueKind.RESCHEDULE, "schedule", desk.now)
    reschedule(desk.store, rules, due, desk.now, moment=lambda _: ended)
    assert desk.events(waiting)[-1].at == ended
    with desk.store.read() as reader:
        assert reader.schedule().created == ended
