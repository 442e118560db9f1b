"""Simulated time moves from event to event, in order, whoever causes them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from swath.clock import SandboxClock
from swath.errors import Unavailable
from swath.sandbox.world import World
from swath.store.database import SqlStore
from swath.store.sandbox import SandboxStore
from swath.tasking.model import DueKind, DueWork


class Diary:
    """Writes down what happened and what time it was then; plays mission control and the job runner."""

    def __init__(self, store: SqlStore, now: datetime) -> None:
        sandbox = SandboxStore(store)
        sandbox.begin_at(now)
        self.clock = SandboxClock(sandbox)
        self.store = store
        self.lines: list[tuple[str, datetime]] = []
        self.control_events: list[datetime] = []
        self.on_due: Callable[[DueWork], None] = lambda due: None
        self.world = World(store, self, self.clock, self)

    def nudge(self) -> None: ...

    def run(self, due: DueWork) -> None:
        self.lines.append((due.subject, self.clock.now()))
        with self.store.begin() as uow:
            uow.finish_due(due.id, self.clock.now())
        self.on_due(due)

    def next_event_at(self) -> datetime | None:
        return min(self.control_events, default=None)

    def run_until(self, now: datetime) -> None:
        for at in [at for at in self.control_events if at <= now]:
            self.control_events.remove(at)
            self.lines.append(("control", self.clock.now()))

    def due(self, subject: str, at: datetime) -> None:
        with self.store.begin() as uow:
            uow.add_due(DueKind.EXPIRE_PLAN, subject, at)


@pytest.fixture
def diary(store: SqlStore, now: datetime) -> Diary:
    return Diary(store, now)


def hours(now: datetime, count: float) -> datetime:
    return now + timedelta(hours=count)


def test_things_happen_in_time_order_each_at_its_own_time(diary: Diary, now: datetime) -> None:
    diary.due("late", hours(now, 3))
    diary.due("early", hours(now, 1))
    diary.control_events = [hours(now, 2)]
    diary.world.advance_to(hours(now, 4))
    assert diary.lines == [
        ("early", hours(now, 1)),
        ("control", hours(now, 2)),
        ("late", hours(now, 3)),
    ]
    assert diary.clock.now() == hours(now, 4)


def test_what_is_due_later_does_not_happen(diary: Diary, now: datetime) -> None:
    diary.due("tomorrow", hours(now, 24))
    diary.world.advance_to(hours(now, 23))
    assert diary.lines == []


def test_what_an_event_causes_happens_on_the_same_way(diary: Diary, now: datetime) -> None:
    diary.due("first", hours(now, 1))
    diary.on_due = lambda due: diary.due("second", hours(now, 2)) if due.subject == "first" else None
    diary.world.advance_to(hours(now, 4))
    assert [subject for subject, _ in diary.lines] == ["first", "second"]


def test_overdue_work_happens_now_and_time_does_not_go_back(diary: Diary, now: datetime) -> None:
    diary.due("overdue", hours(now, -5))
    diary.world.advance_to(hours(now, 1))
    assert diary.lines == [("overdue", now)]


def test_the_rate_is_kept_when_time_is_moved(diary: Diary, now: datetime) -> None:
    diary.clock.set_rate(60)
    diary.world.advance_to(hours(now, 1))
    assert diary.clock.rate == 60


def test_events_that_do_not_go_away_are_reported_not_repeated_for_ever(diary: Diary, now: datetime) -> None:
    diary.control_events = [hours(now, 1)]
    diary.run_until = lambda now: None  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="does not move on"):
        diary.world.advance_to(hours(now, 2))


@pytest.mark.parametrize("later", [[], [("later", 2.0)]])
def test_what_comes_after_the_last_look_happens_before_the_clock_goes_by(
    diary: Diary, now: datetime, monkeypatch: pytest.MonkeyPatch, later: list[tuple[str, float]]
) -> None:
    move, coming = diary.clock.move_to, [("between", 1.0)]

    def move_late(at: datetime) -> bool:
        while coming:
            subject, hour = coming.pop()
            diary.due(subject, hours(now, hour))
        return move(at)

    for subject, hour in later:
        diary.due(subject, hours(now, hour))
    monkeypatch.setattr(diary.clock, "move_to", move_late)
    diary.world.advance_to(hours(now, 4))
    assert diary.lines == [(subject, hours(now, hour)) for subject, hour in [("between", 1.0), *later]]
    assert diary.clock.now() == hours(now, 4)


def test_the_clock_says_whether_it_moved(diary: Diary, now: datetime) -> None:
    diary.due("work", hours(now, 1))
    assert not diary.clock.move_to(hours(now, 2))
    assert diary.clock.now() == now
    assert diary.clock.move_to(hours(now, 1))
    assert diary.clock.move_to(now)
    assert diary.clock.now() == hours(now, 1)


def test_time_stands_still_while_something_is_changed(diary: Diary, now: datetime) -> None:
    """Nobody can move the clock before what was written at its time is kept."""
    with ThreadPoolExecutor(1) as pool:
        with diary.store.begin() as uow:
            moving = pool.submit(diary.world.advance_to, hours(now, 2))
            uow.add_due(DueKind.EXPIRE_PLAN, "work", diary.clock.now())
        moving.result()
    assert diary.lines == [("work", now)]


def test_parallel_moves_add_up(diary: Diary, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: diary.world.advance_by(timedelta(hours=1)), range(8)))
    assert diary.clock.now() == hours(now, 8)


def test_a_change_of_rate_does_not_put_time_back(diary: Diary, now: datetime) -> None:
    diary.world.advance_to(hours(now, 2))
    diary.clock.set_rate(3.0)
    diary.clock.move_to(hours(now, 1))
    assert (diary.clock.now(), diary.clock.rate) == (hours(now, 2), 3.0)


def test_when_the_service_stops_time_stands_at_what_happened_last(diary: Diary, now: datetime) -> None:
    """A long way is not gone to its end: a service that is told to stop would be ended in the middle of it."""
    diary.due("first", hours(now, 1))
    diary.due("second", hours(now, 2))
    diary.on_due = lambda _: diary.world.stop()
    with pytest.raises(Unavailable, match="about to stop"):
        diary.world.advance_to(hours(now, 3))
    assert (diary.lines, diary.clock.now()) == ([("first", hours(now, 1))], hours(now, 1))
    again = World(diary.store, diary, diary.clock, diary)
    again.advance_to(hours(now, 3))
    assert [name for name, _ in diary.lines] == ["first", "second"]
