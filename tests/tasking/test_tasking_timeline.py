"""Due work is done once, in time order, and what fails for good does not leave its customer waiting."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.store.test_store_unit import make_request
from tests.tasking_world import add_plan

from swath.errors import Unavailable
from swath.jobs.inline import InlineJobs
from swath.store.database import SqlStore
from swath.tasking import credits, timeline
from swath.tasking.model import (
    Account,
    Capture,
    CaptureStatus,
    DueKind,
    DueWork,
    PlanStatus,
    RequestStatus,
)
from swath.tasking.rules import Rules


class Calendar:
    """A timeline whose heavy work writes down when it ran, and fails when told to."""

    def __init__(self, store: SqlStore, rules: Rules) -> None:
        self.store, self.ran = store, []
        self.broken: Exception | None = None
        handlers = timeline.build_handlers(store, rules, dict.fromkeys(DueKind, self._work))
        self.jobs = InlineJobs(
            lambda due_id: timeline.handle(store, handlers, due_id, lambda due: due.due_at)
        )

    def _work(self, due: DueWork, now: datetime) -> None:
        self.ran.append((due.subject, now))
        if self.broken is not None:
            raise self.broken
        with self.store.begin() as uow:
            uow.finish_due(due.id, now)

    def add(self, kind: DueKind, subject: str, at: datetime) -> DueWork:
        with self.store.begin() as uow:
            return uow.add_due(kind, subject, at)

    def run_until(self, now: datetime) -> int:
        return timeline.run_until(self.store, self.jobs, now)


@pytest.fixture
def calendar(store: SqlStore, rules: Rules) -> Calendar:
    return Calendar(store, rules)


MINUTE = timedelta(minutes=1)


def test_due_work_runs_in_time_order_and_not_before(calendar: Calendar, now: datetime) -> None:
    for subject, minutes in (("late", 3), ("early", 1), ("later", 9)):
        calendar.add(DueKind.DELIVER, subject, now + minutes * MINUTE)
    assert calendar.run_until(now + 5 * MINUTE) == 2
    assert calendar.ran == [("early", now + MINUTE), ("late", now + 3 * MINUTE)]


def test_due_work_that_is_done_is_not_done_again(calendar: Calendar, now: datetime) -> None:
    due = calendar.add(DueKind.DELIVER, "once", now)
    calendar.jobs.run(due)
    calendar.jobs.run(due)
    assert calendar.ran == [("once", now)]


def test_due_work_that_fails_is_tried_five_times_with_growing_waits(
    calendar: Calendar, now: datetime
) -> None:
    calendar.broken = OSError("disk full")
    due = calendar.add(DueKind.FIND_CANDIDATES, "unknown plan", now)
    calendar.run_until(now + 60 * MINUTE)
    waits = [at - now for _, at in calendar.ran]
    assert waits == [timedelta(seconds=s) for s in (0, 2, 6, 14, 30)]
    with calendar.store.read() as reader:
        ended = reader.due(due.id)
        assert ended is not None
        assert ended.error == "OSError: disk full"


def test_what_cannot_be_given_up_is_tried_for_as_long_as_it_fails(calendar: Calendar, now: datetime) -> None:
    calendar.broken = OSError("broken")
    due = calendar.add(DueKind.RESCHEDULE, "schedule", now)
    calendar.run_until(now + timedelta(hours=12))
    last, before = calendar.ran[-1][1], calendar.ran[-2][1]
    assert last - before == timedelta(seconds=2048)
    calendar.broken = None
    calendar.run_until(now + timedelta(hours=13))
    with calendar.store.read() as reader:
        done = reader.due(due.id)
    assert done is not None
    assert done.done_at is not None


def test_due_work_waits_longer_for_what_is_unavailable(calendar: Calendar, now: datetime) -> None:
    calendar.broken = Unavailable("no room")
    due = calendar.add(DueKind.DELIVER, "unknown capture", now)
    calendar.run_until(now + 30 * MINUTE)
    calendar.broken = None
    calendar.run_until(now + 90 * MINUTE)
    with calendar.store.read() as reader:
        done = reader.due(due.id)
    assert done is not None
    assert (done.attempts, done.done_at) == (11, now + timedelta(seconds=2**11 - 2))


def test_a_plan_whose_search_fails_for_good_says_so(
    calendar: Calendar, store: SqlStore, account: Account, now: datetime
) -> None:
    plan = replace(add_plan(store, account.id, now), status=PlanStatus.PROCESSING)
    with store.begin() as uow:
        uow.save_plan(plan)
    calendar.broken = OSError("disk full")
    calendar.add(DueKind.FIND_CANDIDATES, plan.id, now)
    calendar.run_until(now + 60 * MINUTE)
    with store.read() as reader:
        failed = reader.plan(plan.id)
        assert failed is not None
        assert failed.status == PlanStatus.FAILED
        assert failed.reason is not None
        assert "disk full" in failed.reason.message


def test_a_delivery_that_fails_for_good_gives_the_credit_back(
    calendar: Calendar, store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    request = replace(make_request(account, plan.id, now), status=RequestStatus.PROCESSING)
    capture = Capture(
        id="cap",
        request_id=request.id,
        account_id=account.id,
        chance=request.chances[0],
        footprint=request.footprint,
        status=CaptureStatus.DOWNLINKED,
        commanded=now,
    )
    with store.begin() as uow:
        credits.hold(uow, request, now)
        uow.add_request(request)
        uow.save_capture(capture)
    calendar.broken = OSError("disk full")
    calendar.add(DueKind.DELIVER, capture.id, capture.chance.end)
    calendar.run_until(capture.chance.end + 60 * MINUTE)
    with store.read() as reader:
        failed = reader.request(request.id)
        assert failed is not None
        assert (failed.status, failed.final) == (RequestStatus.FAILED, True)
        assert reader.balance(account.id).free == 10
