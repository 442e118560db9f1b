"""The life of a request: answered at once, planned again, displaced, closed when no chance is left."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from tests.tasking_world import Desk, add_candidate, add_plan, make_chance, plan_again

from swath import scheduling
from swath.errors import Conflict, InsufficientCredit, Invalid, NotFound
from swath.ops.reruns import rerun
from swath.settings import LAST_PLANNING
from swath.store.database import SqlStore
from swath.tasking import requests
from swath.tasking.accounts import create_account
from swath.tasking.bounds import BoundsDraft
from swath.tasking.model import (
    Account,
    Candidate,
    DueKind,
    Priority,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.requests import CREATED, RequestDraft, close
from swath.tasking.rules import Rules
from swath.tasking.steps import note_request, standing_of, step_request

pytestmark = pytest.mark.usefixtures("one_chance_each", "everything_is_written_down")


def test_an_answer_asks_the_database_no_more_when_more_is_planned(desk: Desk, start: datetime) -> None:
    said = list[str]()

    def ask(candidate: Candidate) -> int:
        """How many statements, but for those about the calendar, which may know of the moment already, and boxes."""
        said.clear()
        desk.pick(candidate)
        return sum("due_work" not in one and "_rtree" not in one for one in said)

    chances = [make_chance(start + timedelta(hours=number)) for number in range(8)]
    candidates = [
        add_candidate(desk.store, desk.plan, chance, desk.now, key=f"{number:016d}")
        for number, chance in enumerate(chances)
    ]
    event.listen(desk.store.engine, "checkout", lambda driver, *_: driver.set_trace_callback(said.append))
    without_neighbours, *others = map(ask, candidates)
    assert set(others) == {without_neighbours + 1}


def test_a_request_with_room_is_accepted_at_once_and_holds_its_credit(desk: Desk, start: datetime) -> None:
    request = desk.ask(make_chance(start))
    assert request.status == RequestStatus.ACCEPTED
    assert (request.planned_start, request.cancel_until) == (start, start - timedelta(hours=3))
    assert desk.free() == 9


def test_an_emergency_costs_more(desk: Desk, start: datetime) -> None:
    desk.ask(make_chance(start), Priority.EMERGENCY)
    assert desk.free() == 7


def test_a_request_in_conflict_stays_planned_and_says_why(desk: Desk, start: datetime) -> None:
    desk.ask(make_chance(start, roll_deg=-20))
    second = desk.ask(make_chance(start + timedelta(seconds=9), roll_deg=20))
    assert second.status == RequestStatus.PLANNED
    assert second.reason is not None
    assert second.reason.code == "CONFLICT"


def test_a_refusal_says_how_much_wider_limits_would_give_more_chances(desk: Desk, start: datetime) -> None:
    desk.ask(make_chance(start, roll_deg=-20))
    later = make_chance(start + timedelta(hours=6), roll_deg=20)
    add_candidate(desk.store, desk.plan, later, desk.now)
    refused = desk.ask(make_chance(start + timedelta(seconds=9), roll_deg=20))
    assert refused.reason is not None
    (wider,) = [one for one in refused.reason.evidence["remedies"] if one["do"] == "WIDEN_WINDOW"]
    assert wider["chances"] == 1
    assert 0.0 < wider["hours"] <= 6.0
    assert wider["message"] in refused.reason.message


def test_a_chance_on_another_satellite_that_is_taken_does_not_help(
    desk: Desk, store: SqlStore, account: Account, start: datetime
) -> None:
    desk.plan = add_plan(store, account.id, desk.now, ("GRUS-1A", "GRUS-1B"))
    elsewhere = replace(make_chance(start + timedelta(hours=6)), satellite="GRUS-1B")
    desk.ask(make_chance(start, roll_deg=-20))
    other = add_candidate(store, desk.plan, elsewhere, desk.now)
    near = add_candidate(store, desk.plan, make_chance(start + timedelta(seconds=9), roll_deg=20), desk.now)
    window = BoundsDraft(start, start + timedelta(minutes=10))

    def ask() -> tuple[TaskingRequest, set[str]]:
        refused = desk.pick(near, bounds=window)
        assert refused.reason is not None
        return refused, {one["do"] for one in refused.reason.evidence["remedies"]}

    refused, remedies = ask()
    assert "WIDEN_WINDOW" in remedies
    desk.cancel(refused)
    desk.pick(other)
    assert "WIDEN_WINDOW" not in ask()[1]


def test_a_request_that_has_ended_is_told_nothing_that_would_have_helped(desk: Desk, start: datetime) -> None:
    desk.ask(make_chance(start, roll_deg=-20))
    refused = desk.ask(make_chance(start + timedelta(seconds=9), roll_deg=20))
    assert refused.reason is not None
    assert refused.reason.evidence["remedies"]
    with desk.store.begin() as uow:
        close(uow, refused.id, start)
    ended = desk.read(refused)
    assert ended.reason is not None
    assert (ended.final, ended.reason.code) == (True, "CONFLICT")
    assert ended.reason.evidence["remedies"] == []
    assert "would help" not in ended.reason.message
    assert "settle. No uplink contact is left" in ended.reason.message


def test_a_wish_waits_for_what_is_left_and_delays_nobody(desk: Desk, rules: Rules, start: datetime) -> None:
    wish = desk.ask(make_chance(start), Priority.WISHLIST)
    assert (wish.status, wish.reason and wish.reason.code) == (RequestStatus.PLANNED, "WAITING")
    plan_again(desk.store, rules, desk.now)
    assert desk.read(wish).status == RequestStatus.PLANNED
    normal = desk.ask(make_chance(start + timedelta(seconds=2)))
    assert normal.status == RequestStatus.ACCEPTED
    plan_again(desk.store, rules, start - timedelta(hours=3) - LAST_PLANNING)
    refused = desk.read(wish)
    assert (refused.status, refused.final) == (RequestStatus.REJECTED, False)


def test_a_wish_gets_room_that_is_left_in_the_last_planning(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    wish = desk.ask(make_chance(start), Priority.WISHLIST)
    last = start - timedelta(hours=3) - LAST_PLANNING
    with desk.store.read() as reader:
        due = [one.due_at for one in reader.all_due(start) if one.kind == DueKind.RESCHEDULE]
    assert last in due
    plan_again(desk.store, rules, last)
    assert desk.read(wish).status == RequestStatus.ACCEPTED


def test_a_schedule_that_the_verifier_finds_fault_with_is_not_published(
    desk: Desk,
    rules: Rules,
    start: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither at once, nor when everything is planned again: the last good one stands, and the log says why."""
    there = desk.ask(make_chance(start))
    fault = scheduling.Violation("spacing", (there.id,), "one second is missing")
    monkeypatch.setattr("swath.tasking.schedule.scheduling.verify", lambda *_: (fault,))
    second = desk.ask(make_chance(start + timedelta(hours=5)))
    plan_again(desk.store, rules, desk.now)
    assert (second.status, second.reason and second.reason.code) == (RequestStatus.PLANNED, "UNDECIDED")
    assert (desk.read(second).status, desk.read(there).status) == (
        RequestStatus.PLANNED,
        RequestStatus.ACCEPTED,
    )
    assert "one second is missing" in caplog.text
    monkeypatch.undo()
    plan_again(desk.store, rules, desk.now)
    assert desk.read(second).status == RequestStatus.ACCEPTED


def test_a_version_that_was_solved_can_be_made_again(desk: Desk, rules: Rules, start: datetime) -> None:
    desk.ask(make_chance(start), Priority.WISHLIST)
    plan_again(desk.store, rules, start - timedelta(hours=3) - LAST_PLANNING)
    with desk.store.read() as reader:
        schedule = reader.schedule()
        inputs, before = reader.schedule_inputs(schedule.version), reader.schedule(schedule.version - 1)
    assert inputs is not None
    assert rerun(inputs, before, schedule).differences == []
    assert [line["start_s"] for line in inputs["plan"]] == [start.timestamp()]


def test_an_emergency_takes_the_place_of_normal_work(desk: Desk, start: datetime) -> None:
    normal = desk.ask(make_chance(start))
    emergency = desk.ask(make_chance(start + timedelta(seconds=2)), Priority.EMERGENCY)
    assert emergency.status == RequestStatus.ACCEPTED
    bumped = desk.read(normal)
    assert bumped.status == RequestStatus.REJECTED
    assert bumped.reason is not None
    assert bumped.reason.code == "BUMPED_BY_EMERGENCY"


def test_bumped_work_comes_back_when_the_emergency_is_canceled(
    desk: Desk, rules: Rules, start: datetime
) -> None:
    normal = desk.ask(make_chance(start))
    emergency = desk.ask(make_chance(start + timedelta(seconds=2)), Priority.EMERGENCY)
    with desk.store.begin() as uow:
        requests.cancel(uow, desk.account.id, emergency.id, desk.now)
    plan_again(desk.store, rules, desk.now)
    assert desk.read(normal).status == RequestStatus.ACCEPTED
    assert desk.read(emergency).status == RequestStatus.CANCELED
    assert desk.free() == 9


def test_what_is_commanded_is_not_displaced_by_any_emergency(desk: Desk, start: datetime) -> None:
    first = desk.ask(make_chance(start))
    freeze_at = start - timedelta(hours=3)
    with desk.store.begin() as uow:
        requests.freeze(uow, first.id, freeze_at)
    assert desk.read(first).status == RequestStatus.PROCESSING
    late = make_chance(start + timedelta(seconds=2))
    emergency = desk.ask(late, Priority.EMERGENCY)
    assert emergency.status == RequestStatus.PLANNED
    assert desk.read(first).status == RequestStatus.PROCESSING


def test_a_refused_request_is_closed_and_paid_back_at_its_last_chance(desk: Desk, start: datetime) -> None:
    desk.ask(make_chance(start))
    refused = desk.ask(make_chance(start + timedelta(seconds=3), roll_deg=-25))
    with desk.store.begin() as uow:
        requests.close(uow, refused.id, start - timedelta(hours=2))
    closed = desk.read(refused)
    assert (closed.status, closed.final) == (RequestStatus.REJECTED, True)
    assert desk.free() == 9


def test_canceling_is_possible_until_the_freeze_and_not_after(desk: Desk, start: datetime) -> None:
    request = desk.ask(make_chance(start))
    with pytest.raises(Conflict, match="until"), desk.store.begin() as uow:
        requests.cancel(uow, desk.account.id, request.id, start - timedelta(hours=3))
    for _ in range(2):
        with desk.store.begin() as uow:
            requests.cancel(uow, desk.account.id, request.id, desk.now)
    assert desk.read(request).status == RequestStatus.CANCELED
    assert desk.free() == 10


def test_without_credit_no_request_is_made(
    store: SqlStore, rules: Rules, now: datetime, start: datetime
) -> None:
    with store.begin() as uow:
        poor = create_account(uow, "poor", 2, now)
    desk = Desk(store, rules, poor, now)
    with pytest.raises(InsufficientCredit):
        desk.ask(make_chance(start), Priority.EMERGENCY)
    with store.read() as reader:
        assert reader.requests_of_plan(desk.plan.id) == []


def test_an_expired_candidate_is_refused(desk: Desk, rules: Rules, start: datetime) -> None:
    candidate = add_candidate(desk.store, desk.plan, make_chance(start), desk.now)
    late = candidate.valid_until
    with pytest.raises(Conflict, match="expired") as caught, desk.store.begin() as uow:
        draft = RequestDraft("late", candidate.id, Priority.NORMAL)
        requests.submit(uow, rules, desk.account.id, draft, late)
    assert caught.value.code == "candidate_expired"


def test_a_candidate_is_requested_once(desk: Desk, start: datetime) -> None:
    first = desk.ask(make_chance(start), key="A" * 16)
    with pytest.raises(Conflict) as caught:
        desk.ask(make_chance(start), key="A" * 16)
    assert (caught.value.code, caught.value.see) == ("already_requested", first.id)


def test_anothers_candidate_and_request_do_not_exist(
    desk: Desk, rules: Rules, now: datetime, start: datetime
) -> None:
    request = desk.ask(make_chance(start))
    with desk.store.begin() as uow:
        stranger = create_account(uow, "stranger", 5, now)
    draft = RequestDraft("mine now", request.candidate_id, Priority.NORMAL)
    with pytest.raises(NotFound), desk.store.begin() as uow:
        requests.submit(uow, rules, stranger.id, draft, now)
    with pytest.raises(NotFound), desk.store.begin() as uow:
        requests.cancel(uow, stranger.id, request.id, now)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_names_have_one_to_200_characters(desk: Desk, rules: Rules, start: datetime, name: str) -> None:
    candidate = add_candidate(desk.store, desk.plan, make_chance(start), desk.now)
    with pytest.raises(Invalid, match="1 to 200"), desk.store.begin() as uow:
        requests.submit(
            uow, rules, desk.account.id, RequestDraft(name, candidate.id, Priority.NORMAL), desk.now
        )


def test_an_event_tells_the_planned_capture_before_and_after(desk: Desk, start: datetime) -> None:
    normal = desk.ask(make_chance(start))
    desk.ask(make_chance(start + timedelta(seconds=2)), Priority.EMERGENCY)
    with desk.store.read() as reader:
        bumped = reader.events_of(normal.id)[-1]
    assert bumped.before == standing_of(normal)
    assert bumped.before is not None
    assert (bumped.before.planned_start, bumped.before.planned_satellite) == (start, "GRUS-1A")
    assert (bumped.after.planned_start, bumped.after.planned_satellite) == (None, None)
    assert bumped.reason.code == "BUMPED_BY_EMERGENCY"


def test_a_request_that_has_ended_cannot_change(desk: Desk, start: datetime) -> None:
    request = desk.ask(make_chance(start))
    with desk.store.begin() as uow:
        requests.cancel(uow, desk.account.id, request.id, desk.now)
    for change in (
        lambda uow: step_request(uow, request, RequestStatus.ACCEPTED, CREATED, desk.now),
        lambda uow: note_request(uow, request, CREATED, desk.now),
    ):
        with pytest.raises(Conflict, match="cannot become"), desk.store.begin() as uow:
            change(uow)
