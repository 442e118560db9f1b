"""Fresh elements shift captures by seconds: what is planned follows, all of it at once, and nothing commanded moves."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.tasking_world import Desk, add_candidate, make_chance

from swath import scheduling
from swath.fleet import load_bundled_elements
from swath.jobs.inline import InlineJobs
from swath.tasking import chances, requests, rescheduling, timeline
from swath.tasking.bounds import BoundsDraft
from swath.tasking.elements import import_elements
from swath.tasking.model import DueKind, Priority, RequestStatus, TaskingRequest

SHIFT = timedelta(seconds=40)


@pytest.fixture(autouse=True)
def elements(desk: Desk) -> None:
    """There are element sets, but not those of these candidates: only what is given here is found."""
    with desk.store.begin() as uow:
        import_elements(uow, desk.rules, load_bundled_elements(), "bundled", desk.now)


class Refresh:
    """What a search with fresh elements does, without the search."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def shift(self, shift: timedelta, *, lost: tuple[str, ...] = ()) -> None:
        """Find the plan's candidates again, all but the lost ones, each as much later."""
        with self.desk.store.begin() as uow:
            found = [
                replace(
                    c,
                    chance=replace(
                        c.chance,
                        start=c.chance.start + shift,
                        end=c.chance.end + shift,
                        uplink_by=c.chance.uplink_by + shift,
                    ),
                    access_start=c.access_start + shift,
                    access_end=c.access_end + shift,
                )
                for c in uow.candidates_of_plan(self.desk.plan.id)
                if c.id not in lost
            ]
            uow.replace_candidates(self.desk.plan.id, found, self.desk.now)
            for request in uow.requests_of_plan(self.desk.plan.id):
                uow.add_due(DueKind.FIND_CHANCES, request.id, self.desk.now)

    def run(self) -> None:
        """Do all work that is due now."""
        desk = self.desk
        heavy = {DueKind.FIND_CHANCES: lambda due, now: chances.find_again(desk.store, desk.rules, due, now)}
        handlers = timeline.build_handlers(desk.store, desk.rules, heavy)
        jobs = InlineJobs(
            lambda due_id: timeline.handle(desk.store, handlers, due_id, lambda due: due.due_at)
        )
        timeline.run_until(desk.store, jobs, desk.now)


@pytest.fixture
def refresh(desk: Desk) -> Refresh:
    return Refresh(desk)


def line_of(desk: Desk, request: TaskingRequest) -> datetime:
    with desk.store.read() as reader:
        activity = reader.schedule().line_of(request.id)
        assert activity is not None
        return activity.chance.start


def test_a_planned_capture_follows_with_everything_that_hangs_on_it(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    request = desk.ask(make_chance(start))
    refresh.shift(SHIFT)
    refresh.run()
    moved = desk.read(request)
    assert moved.status == RequestStatus.ACCEPTED
    assert (moved.planned_start, moved.cancel_until) == (start + SHIFT, request.cancel_until + SHIFT)
    assert (moved.valid_start, moved.valid_end) == (request.valid_start + SHIFT, request.valid_end + SHIFT)
    assert line_of(desk, request) == start + SHIFT
    assert moved.reason is not None
    assert (moved.reason.code, moved.reason.evidence) == ("FRESH_ELEMENTS", {"later_s": 40.0})
    with desk.store.read() as reader:
        freezes = [d for d in reader.all_due(start) if (d.kind, d.subject) == (DueKind.UPLINK, request.id)]
    assert [due.due_at for due in freezes] == [moved.cancel_until]


def test_neighbours_that_shift_together_keep_their_places(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    """One after the other they would collide on the way: there are 30 s between them, and both shift by 40."""
    both = [desk.ask(make_chance(start + timedelta(seconds=s))) for s in (0, 30)]
    refresh.shift(SHIFT)
    refresh.run()
    assert [desk.read(one).status for one in both] == [RequestStatus.ACCEPTED] * 2
    assert [line_of(desk, one) for one in both] == [one.planned_start + SHIFT for one in both]
    assert [event.after.status for event in desk.events(both[1])] == ["PLANNED", "ACCEPTED", "ACCEPTED"]


def test_nothing_is_taken_up_while_a_search_is_still_due(
    desk: Desk, refresh: Refresh, rules, start: datetime
) -> None:
    both = [desk.ask(make_chance(start + timedelta(seconds=s))) for s in (0, 30)]
    refresh.shift(SHIFT)
    with desk.store.read() as reader:
        first = next(d for d in reader.all_due(desk.now) if d.kind == DueKind.FIND_CHANCES)
    chances.find_again(desk.store, desk.rules, first, desk.now)
    late = desk.ask(make_chance(start + timedelta(minutes=5)), key="B" * 16)
    assert late.status == RequestStatus.ACCEPTED
    assert [desk.read(one).planned_start for one in both] == [one.planned_start for one in both]
    refresh.run()
    assert [desk.read(one).planned_start for one in both] == [one.planned_start + SHIFT for one in both]


def test_a_commanded_capture_does_not_move(desk: Desk, refresh: Refresh, start: datetime) -> None:
    request = desk.ask(make_chance(start))
    with desk.store.begin() as uow:
        requests.freeze(uow, request.id, start - timedelta(hours=3))
    refresh.shift(SHIFT)
    refresh.run()
    commanded = desk.read(request)
    assert (commanded.status, commanded.planned_start) == (RequestStatus.PROCESSING, start)
    assert line_of(desk, request) == start
    assert commanded.chances[0].start == start + SHIFT


def test_an_access_that_is_not_found_again_takes_the_promise_with_it(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    request = desk.ask(make_chance(start))
    refresh.shift(SHIFT, lost=(request.candidate_id,))
    refresh.run()
    lost = desk.read(request)
    assert (lost.status, lost.final, lost.chances) == (RequestStatus.REJECTED, True, ())
    assert lost.reason is not None
    assert lost.reason.code == "NO_ACCESS"
    assert desk.free() == 10


def test_a_flexible_request_goes_to_another_access_when_its_own_is_lost(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    add_candidate(desk.store, desk.plan, make_chance(start + timedelta(days=1)), desk.now)
    request = desk.ask(make_chance(start), bounds=BoundsDraft(off_nadir_range=(0.0, 30.0)))
    refresh.shift(SHIFT, lost=(request.candidate_id,))
    refresh.run()
    moved = desk.read(request)
    assert (moved.status, moved.planned_start) == (
        RequestStatus.ACCEPTED,
        start + timedelta(days=1) + SHIFT,
    )


def test_a_request_that_waits_can_be_canceled_until_its_new_last_chance(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    desk.ask(make_chance(start), Priority.EMERGENCY)
    waiting = desk.ask(make_chance(start + timedelta(seconds=3), roll_deg=-25))
    refresh.run()
    refused = desk.read(waiting)
    refresh.shift(SHIFT)
    refresh.run()
    again = desk.read(waiting)
    assert again.cancel_until == waiting.cancel_until + SHIFT
    assert again.reason == refused.reason
    assert desk.events(waiting)[-1].reason.code == "FOUND_AGAIN"


def test_a_request_whose_last_chance_came_later_is_not_closed_before_it(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    desk.ask(make_chance(start), Priority.EMERGENCY)
    waiting = desk.ask(make_chance(start + timedelta(seconds=3), roll_deg=-25))
    refresh.run()
    refresh.shift(SHIFT)
    refresh.run()
    for at, closed in ((waiting.cancel_until, False), (waiting.cancel_until + SHIFT, True)):
        with desk.store.begin() as uow:
            requests.close(uow, waiting.id, at)
        assert desk.read(waiting).final is closed


def test_a_search_that_finds_the_same_again_writes_no_event(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    request = desk.ask(make_chance(start))
    before = desk.events(request)
    refresh.shift(timedelta(0))
    refresh.run()
    assert desk.events(request) == before
    assert desk.read(request) == request


def find_again(desk: Desk, request: TaskingRequest) -> None:
    """What the other threads do meanwhile: the search of this request ends."""
    with desk.store.read() as reader:
        due = next(
            d for d in reader.all_due(desk.now) if (d.kind, d.subject) == (DueKind.FIND_CHANCES, request.id)
        )
    chances.find_again(desk.store, desk.rules, due, desk.now)


def test_what_is_found_again_while_the_schedule_is_made_is_taken_up_next(
    desk: Desk, refresh: Refresh, start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = desk.ask(make_chance(start))
    refresh.run()
    refresh.shift(SHIFT)
    with desk.store.begin() as uow:
        uow.add_due(DueKind.RESCHEDULE, "schedule", desk.now)
    replan, searched = scheduling.replan, list[TaskingRequest]()

    def replan_slowly(*asked, **more):
        if not searched:
            searched.append(request)
            find_again(desk, request)
        return replan(*asked, **more)

    monkeypatch.setattr(scheduling, "replan", replan_slowly)
    with desk.store.read() as reader:
        due = next(d for d in reader.all_due(desk.now) if d.kind == DueKind.RESCHEDULE)
    rescheduling.reschedule(desk.store, desk.rules, due, desk.now)
    assert line_of(desk, request) == start, "by the old elements, as it was planned"
    refresh.run()
    assert line_of(desk, request) == start + SHIFT


def test_it_is_taken_up_also_where_the_last_search_finds_nothing_to_plan(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    request = desk.ask(make_chance(start))
    refresh.shift(SHIFT)
    with desk.store.begin() as uow:
        searching = uow.add_due(DueKind.REFRESH_CANDIDATES, "another plan", desk.now)
    find_again(desk, request)
    with desk.store.read() as reader:
        due = next(d for d in reader.all_due(desk.now) if d.kind == DueKind.RESCHEDULE)
    rescheduling.reschedule(desk.store, desk.rules, due, desk.now)
    assert line_of(desk, request) == start
    with desk.store.begin() as uow:
        uow.finish_due(searching.id, desk.now)
    desk.now += timedelta(seconds=30)
    refresh.run()
    assert line_of(desk, request) == start + SHIFT


def test_chances_that_come_on_top_are_taken_up_whatever_is_still_looked_for(
    desk: Desk, refresh: Refresh, start: datetime
) -> None:
    request = desk.ask(make_chance(start))
    more = add_candidate(desk.store, desk.plan, make_chance(start + timedelta(hours=4)), desk.now)
    with desk.store.begin() as uow:
        uow.save_request(replace(request, fresh=(*request.chances, more.chance)))
        uow.add_due(DueKind.REFRESH_CANDIDATES, "another plan", desk.now)
        due = uow.add_due(DueKind.RESCHEDULE, "schedule", desk.now)
    rescheduling.reschedule(desk.store, desk.rules, due, desk.now)
    assert desk.read(request).chances == (*request.chances, more.chance)
