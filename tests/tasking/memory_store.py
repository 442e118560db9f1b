"""A store in plain dictionaries: what tasking asks of a store and nothing else, a hundred times as fast as a database.

A unit of work changes a copy that takes the place of the state when it ends well. Values are frozen, so copying the
dictionaries is enough. That lives come out the same over it and over SQLite is a test.
"""

import copy
import json
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from swath.tasking.model import (
    Acknowledgement,
    Activity,
    Balance,
    Candidate,
    Capture,
    CaptureStatus,
    DueKind,
    DueWork,
    Entry,
    EntryKind,
    Event,
    Plan,
    Reason,
    RequestStatus,
    Schedule,
    StoredElements,
    TaskingRequest,
    change_lines,
)

NOTHING = Schedule(0, datetime(1970, 1, 1, tzinfo=UTC), Reason("EMPTY", ""))
OVER = (RequestStatus.CANCELED, RequestStatus.FAILED, RequestStatus.DATA_AVAILABLE)


@dataclass
class State:
    """Everything that is kept, by id; `due` in the order in which it was added."""

    accounts: dict[str, Any] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    requests: dict[str, TaskingRequest] = field(default_factory=dict)
    captures: dict[str, Capture] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)
    sets: dict[str, StoredElements] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    events: tuple[Event, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    due: dict[str, DueWork] = field(default_factory=dict)
    schedules: dict[int, Schedule] = field(default_factory=dict)
    inputs: dict[int, Any] = field(default_factory=dict)

    def clone(self) -> "State":
        return State(**{name: copy.copy(value) for name, value in vars(self).items()})


class MemoryStore:
    """`swath.tasking.ports.Store`."""

    def __init__(self, state: State | None = None) -> None:
        self._state = state or State()
        self._numbers = count()

    def copy(self) -> "MemoryStore":
        """Another store that starts from what is in this one."""
        return MemoryStore(self._state.clone())

    @contextmanager
    def read(self) -> Generator[Any]:
        yield MemoryUnit(self._state, self._numbers)

    def check_keeping(self) -> None:
        """Memory keeps all that it is given."""

    @contextmanager
    def begin(self) -> Generator[Any]:
        changed = self._state.clone()
        yield MemoryUnit(changed, self._numbers)
        self._state = changed


class MemoryUnit:
    """The part of `swath.tasking.ports.UnitOfWork` that lives of requests need."""

    def __init__(self, state: State, numbers: "count[int]") -> None:
        self._state, self._numbers = state, numbers

    # Reading

    def account_named(self, name: str) -> Any:
        return next((a for a in self._state.accounts.values() if a.name == name), None)

    def balance(self, account_id: str) -> Balance:
        mine = [e for e in self._state.entries if e.account_id == account_id]
        total = {kind: sum(e.amount for e in mine if e.kind == kind) for kind in EntryKind}
        held = total[EntryKind.HOLD] - total[EntryKind.CHARGE] - total[EntryKind.RELEASE]
        return Balance(total[EntryKind.GRANT], held, total[EntryKind.CHARGE])

    def entries_of_request(self, request_id: str) -> Sequence[Entry]:
        return [e for e in self._state.entries if e.request_id == request_id]

    def plan(self, plan_id: str, account_id: str | None = None) -> Plan | None:
        return _owned(self._state.plans, plan_id, account_id)

    def candidate(self, candidate_id: str, account_id: str | None = None) -> Candidate | None:
        return _owned(self._state.candidates, candidate_id, account_id)

    def candidates_of_plan(self, plan_id: str) -> Sequence[Candidate]:
        mine = [c for c in self._state.candidates.values() if c.plan_id == plan_id]
        return sorted(mine, key=lambda c: c.chance.start)

    def living_candidates(
        self, plan_id: str, satellites: Sequence[str], start: datetime, end: datetime, now: datetime
    ) -> Sequence[Candidate]:
        return [
            one
            for one in self.candidates_of_plan(plan_id)
            if one.chance.satellite in satellites
            and start <= one.chance.start
            and one.chance.end <= end
            and one.valid_until > now
        ]

    def request(self, request_id: str, account_id: str | None = None) -> TaskingRequest | None:
        return _owned(self._state.requests, request_id, account_id)

    def requests_of_plan(self, plan_id: str) -> Sequence[TaskingRequest]:
        return [r for r in self._state.requests.values() if r.plan_id == plan_id]

    def requests_named(self, ids: Iterable[str]) -> Sequence[TaskingRequest]:
        return [self._state.requests[one] for one in sorted(ids)]

    def live_requests(self, *, found_again: bool = False) -> Sequence[TaskingRequest]:
        live = (r for r in self._state.requests.values() if not r.final)
        return [r for r in live if r.fresh is not None or not found_again]

    def live_request_for(self, account_id: str, candidate_id: str) -> TaskingRequest | None:
        asked = (r for r in self._state.requests.values() if r.candidate_id == candidate_id)
        live = (r for r in asked if r.account_id == account_id and r.status not in OVER)
        return next((r for r in live if not (r.status == RequestStatus.REJECTED and r.final)), None)

    def schedule(self, version: int | None = None) -> Schedule:
        known = self._state.schedules
        return known.get(len(known) if version is None else version) or NOTHING

    def schedule_inputs(self, version: int) -> Any:
        """As a database would give it back."""
        return json.loads(json.dumps(self._state.inputs[version]))

    def capture(self, capture_id: str, account_id: str | None = None) -> Capture | None:
        return _owned(self._state.captures, capture_id, account_id)

    def captures_in(self, statuses: Iterable[CaptureStatus]) -> Sequence[Capture]:
        wanted = set(statuses)
        return [c for c in self._state.captures.values() if c.status in wanted]

    def captures_ended(
        self, statuses: Iterable[CaptureStatus], since: datetime, until: datetime
    ) -> Sequence[Capture]:
        return [one for one in self.captures_in(statuses) if since < one.chance.end <= until]

    def captures_commanded_by(self, since: datetime, until: datetime) -> Sequence[Capture]:
        return [c for c in self._state.captures.values() if since <= c.chance.uplink_by < until]

    def acknowledgements(self, since: datetime, until: datetime) -> Sequence[Acknowledgement]:
        return [a for a in self._state.acknowledgements if since <= a.start < until]

    def events_of(self, subject: str) -> Sequence[Event]:
        return [e for e in self._state.events if e.subject == subject]

    def elements(self, as_of: Any = None, satellites: Any = None) -> Sequence[StoredElements]:
        return list(self._state.sets.values())

    def next_due(self, until: datetime) -> DueWork | None:
        open_rows = [d for d in self._state.due.values() if d.due_at <= until]
        return min(open_rows, key=lambda d: d.due_at, default=None)

    def all_due(self, until: datetime, kinds: Collection[DueKind] = tuple(DueKind)) -> Sequence[DueWork]:
        open_rows = [d for d in self._state.due.values() if d.due_at <= until and d.kind in kinds]
        return sorted(open_rows, key=lambda d: d.due_at)

    def is_due(self, kinds: Iterable[DueKind], until: datetime) -> bool:
        wanted = set(kinds)
        return any(d.kind in wanted and d.due_at <= until for d in self._state.due.values())

    # Writing

    def add_account(self, account: Any) -> None:
        self._state.accounts[account.id] = account

    def add_entry(self, entry: Entry) -> None:
        assert all(
            entry.request_id is None or (e.request_id, e.kind) != (entry.request_id, entry.kind)
            for e in self._state.entries
        )
        self._state.entries += (entry,)

    def add_plan(self, plan: Plan) -> None:
        self._state.plans[plan.id] = plan

    def replace_candidates(self, plan_id: str, candidates: Sequence[Candidate], now: datetime) -> None:
        found = {c.id: c for c in candidates}
        for candidate in self.candidates_of_plan(plan_id):
            if candidate.id not in found and candidate.valid_until > now:
                self._state.candidates[candidate.id] = replace(candidate, valid_until=now)
        self._state.candidates.update(found)

    def add_request(self, request: TaskingRequest) -> None:
        assert request.id not in self._state.requests
        self._state.requests[request.id] = request

    def save_request(self, request: TaskingRequest) -> None:
        assert request.id in self._state.requests
        self._state.requests[request.id] = request

    def add_schedule(
        self,
        cause: Reason,
        now: datetime,
        *,
        gone: Sequence[Activity] = (),
        added: Sequence[Activity] = (),
        inputs: Any = None,
    ) -> Schedule:
        before = self.schedule()
        made = Schedule(before.version + 1, now, cause, change_lines(before.lines, gone, added))
        self._state.schedules[made.version], self._state.inputs[made.version] = made, inputs
        return made

    def add_acknowledgement(self, told: Acknowledgement) -> None:
        self._state.acknowledgements += (told,)

    def save_capture(self, capture: Capture) -> None:
        self._state.captures[capture.id] = capture

    def add_event(self, event: Event) -> None:
        self._state.events += (event,)

    def add_elements(self, elements: StoredElements) -> None:
        self._state.sets[elements.satellite] = elements

    def open_plans(self) -> Sequence[Plan]:
        return ()

    def save_item(self, item: Any) -> None:
        self._state.items[item.id] = item

    def add_due(self, kind: DueKind, subject: str, due_at: datetime) -> DueWork:
        for row in self._state.due.values():
            if (row.kind, row.subject) == (kind, subject) and row.due_at <= due_at:
                return row
        row = DueWork(f"due-{next(self._numbers)}", kind, subject, due_at)
        self._state.due[row.id] = row
        return row

    def move_due(self, kind: DueKind, subject: str, due_at: datetime) -> DueWork:
        self.drop_due(kind, subject)
        return self.add_due(kind, subject, due_at)

    def drop_due(self, kind: DueKind, subject: str) -> None:
        for row in [d for d in self._state.due.values() if (d.kind, d.subject) == (kind, subject)]:
            del self._state.due[row.id]

    def finish_due(self, due_id: str, now: datetime) -> bool:
        return self._state.due.pop(due_id, None) is not None


def _owned(things: dict[str, Any], thing_id: str, account_id: str | None) -> Any:
    thing = things.get(thing_id)
    return thing if thing is not None and account_id in (None, thing.account_id) else None
