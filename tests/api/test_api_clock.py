"""Simulated time moves while callers ask for things: nothing that they cause falls behind it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.api.api_world import Caller, build_service, request_body
from tests.api.conftest import open_copy
from tests.conftest import NOW
from tests.tasking_world import add_plan, make_candidate, make_chance

from swath.api.links import API
from swath.clock import SandboxClock
from swath.jobs.inline import InlineJobs
from swath.oauth.keys import KeyRing
from swath.sandbox.world import World
from swath.store.database import SqlStore
from swath.store.reference import Reference
from swath.store.sandbox import SandboxStore
from swath.tasking import timeline
from swath.tasking.model import Candidate, DueWork
from swath.tasking.rules import Rules

CALLERS, EACH = 4, 25


class Absent:
    """A mission control that does nothing: no capture is ever told of."""

    def next_event_at(self) -> datetime | None: ...
    def run_until(self, now: datetime) -> None: ...


class Busy:
    """A sandbox, callers who ask and take back as fast as they can, and what time it was when work was done."""

    def __init__(self, folder: Path, store: SqlStore, rules: Rules, keys: KeyRing, reference: Reference):
        SandboxStore(store).begin_at(NOW)
        self.store, self.clock = store, SandboxClock(SandboxStore(store))
        self.service = build_service(folder, store, rules, self.clock, keys, reference)
        self.world = World(store, InlineJobs(self._handle), self.clock, Absent())
        self.handlers = timeline.build_handlers(store, rules, {})
        self.done: list[tuple[DueWork, datetime]] = []
        self.requests: list[str] = []

    def live(self) -> None:
        """Move time by minutes, until everybody has asked for everything."""
        callers = [self.service.caller(f"customer {n}", credits=1_000) for n in range(CALLERS)]
        wanted = [self._offer(caller, n) for n, caller in enumerate(callers)]
        with ThreadPoolExecutor(CALLERS) as pool:
            asking = [pool.submit(self._ask, *both) for both in zip(callers, wanted, strict=True)]
            while not all(one.done() for one in asking):
                self.world.advance_by(timedelta(minutes=1))
        for one in asking:
            one.result()

    def _offer(self, caller: Caller, number: int) -> Sequence[Candidate]:
        """Chances every quarter of an hour, whose commands freeze soon."""
        plan = add_plan(self.store, caller.account_id, NOW)
        first = NOW + timedelta(hours=3, minutes=5 + 3 * number)
        chances = [make_chance(first + timedelta(minutes=15 * n)) for n in range(EACH)]
        candidates = [make_candidate(plan, chance, NOW) for chance in chances]
        with self.store.begin() as uow:
            uow.replace_candidates(plan.id, candidates, NOW)
        return candidates

    def _ask(self, caller: Caller, wanted: Sequence[Candidate]) -> None:
        for count, candidate in enumerate(wanted):
            answer = caller.post("requests", request_body(candidate.id))
            if answer.status_code == 201:
                self.requests.append(answer.json()["id"])
                if count % 2:
                    caller.http.post(f"{API}/collections/requests/items/{self.requests[-1]}/cancel")

    def _handle(self, due_id: str) -> None:
        with self.store.read() as reader:
            due = reader.due(due_id)
        assert due is not None
        self.done.append((due, self.clock.now()))
        timeline.handle(self.store, self.handlers, due_id, lambda due: due.due_at)


@pytest.fixture
def busy(
    tmp_path: Path, fresh_database: Path, rules: Rules, keys: KeyRing, reference: Reference
) -> Iterator[Busy]:
    store = open_copy(fresh_database, tmp_path)
    busy = Busy(tmp_path, store, rules, keys, reference)
    busy.live()
    yield busy
    store.close()


def test_nothing_that_is_asked_for_while_time_moves_falls_behind_it(busy: Busy) -> None:
    assert [due for due, now in busy.done if due.due_at != now] == []
    with busy.store.read() as reader:
        histories = [[event.at for event in reader.events_of(request)] for request in busy.requests]
        versions = [schedule.created for schedule in reversed(reader.schedules(10_000))]
    assert len(histories) > EACH
    assert [times for times in histories if times != sorted(times)] == []
    assert versions == sorted(versions)
