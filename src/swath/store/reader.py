"""Reads the tables of tasking on one consistent state: hot statements by the driver, others by SQLAlchemy Core."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Table,
    and_,
    func,
    or_,
    select,
)

from swath.cache import Cache
from swath.query import Page, Query, Record
from swath.store import prepared, rows, sources
from swath.store import tables as t
from swath.store.memory import State
from swath.store.records import find_records
from swath.store.source import Source
from swath.tasking.machine import OPEN_PLANS
from swath.tasking.model import (
    Account,
    Acknowledgement,
    ApiClient,
    Balance,
    Candidate,
    Capture,
    CaptureStatus,
    CatalogItem,
    DueKind,
    DueWork,
    Entry,
    EntryKind,
    Event,
    Plan,
    Reason,
    Schedule,
    StoredElements,
    TaskingRequest,
    group_lines,
)

T = TypeVar("T")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
BEGINNING = Reason("EMPTY", "Nothing has been scheduled yet.")
# Findings name other accounts' work: only `refusals_of` reads them.
EVENT = [column for column in t.events.c if column.name != "findings"]
# A version of the schedule, and when it was made.
Made = tuple[int, datetime]


class SqlReader:
    """`swath.tasking.ports.Reader` on one connection."""

    def __init__(
        self, connection: Connection, schedules: Cache[Schedule], state: State | None = None
    ) -> None:
        self._connection, self._schedules, self._state = connection, schedules, state

    def accounts(self) -> Sequence[Account]:
        return [rows.to_account(row) for row in self._all(select(t.accounts).order_by(t.accounts.c.seq))]

    def account(self, account_id: str) -> Account | None:
        row = self._one(select(t.accounts).where(t.accounts.c.id == account_id))
        return row and rows.to_account(row)

    def account_named(self, name: str) -> Account | None:
        row = self._one(select(t.accounts).where(t.accounts.c.name == name))
        return row and rows.to_account(row)

    def api_client(self, client_id: str) -> ApiClient | None:
        row = self._one(select(t.api_clients).where(t.api_clients.c.id == client_id))
        return row and rows.to_client(row)

    def client_of_token(self, client_id: str, token_id: str) -> ApiClient | None:
        """The client that a token was issued to, unless the token was revoked."""
        row = prepared.CLIENT_OF_TOKEN.one(self._connection, client_id=client_id, token_id=token_id)
        return row and rows.to_client(row)

    def api_clients(self, account_id: str) -> Sequence[ApiClient]:
        found = select(t.api_clients).where(t.api_clients.c.account_id == account_id)
        return [rows.to_client(row) for row in self._all(found.order_by(t.api_clients.c.seq))]

    def balance(self, account_id: str) -> Balance:
        total = dict.fromkeys(EntryKind, 0)
        sums = prepared.BALANCE.all(self._connection, account_id=account_id)
        total |= {EntryKind(kind): amount for kind, amount in sums}
        held = total[EntryKind.HOLD] - total[EntryKind.CHARGE] - total[EntryKind.RELEASE]
        return Balance(granted=total[EntryKind.GRANT], held=held, charged=total[EntryKind.CHARGE])

    def entries(self, account_id: str) -> Sequence[Entry]:
        found = select(t.ledger).where(t.ledger.c.account_id == account_id)
        return [rows.to_entry(row) for row in self._all(found.order_by(t.ledger.c.seq))]

    def entries_of_request(self, request_id: str) -> Sequence[Entry]:
        found = select(t.ledger).where(t.ledger.c.request_id == request_id)
        return [rows.to_entry(row) for row in self._all(found.order_by(t.ledger.c.seq))]

    def plan(self, plan_id: str, account_id: str | None = None) -> Plan | None:
        row = self._owned(t.plans, plan_id, account_id)
        return row and rows.to_plan(row)

    def open_plans(self) -> Sequence[Plan]:
        found = select(t.plans).where(t.plans.c.archived.is_(None), t.plans.c.status.in_(OPEN_PLANS))
        return [rows.to_plan(row) for row in self._all(found.order_by(t.plans.c.seq))]

    def find_plans(self, query: Query) -> Page[Record[Plan]]:
        return self._find(sources.PLANS, rows.to_plan, query)

    def candidate(self, candidate_id: str, account_id: str | None = None) -> Candidate | None:
        row = self._owned(t.candidates, candidate_id, account_id)
        return row and rows.to_candidate(row)

    def candidates_of_plan(self, plan_id: str) -> Sequence[Candidate]:
        found = prepared.CANDIDATES_OF_PLAN.all(self._connection, plan_id=plan_id)
        return [rows.to_candidate(row) for row in found]

    def living_candidates(
        self, plan_id: str, satellites: Sequence[str], start: datetime, end: datetime, now: datetime
    ) -> Sequence[Candidate]:
        asked = {"plan_id": plan_id, "satellites": satellites, "since": start, "until": end, "now": now}
        return list(map(_read_candidate, prepared.LIVING_CANDIDATES.run(self._connection, asked)))

    def find_candidates(self, query: Query, now: datetime) -> Page[Record[Candidate]]:
        return self._find(sources.CANDIDATES, rows.to_candidate, query, now)

    def request(self, request_id: str, account_id: str | None = None) -> TaskingRequest | None:
        row = self._owned(t.requests, request_id, account_id)
        return row and rows.to_request(row)

    def requests_of_plan(self, plan_id: str) -> Sequence[TaskingRequest]:
        found = select(t.requests).where(t.requests.c.plan_id == plan_id)
        return [rows.to_request(row) for row in self._all(found.order_by(t.requests.c.seq))]

    def requests_named(self, ids: Iterable[str]) -> Sequence[TaskingRequest]:
        wanted = sorted(ids)
        found = prepared.find_named(t.requests).run(self._connection, {"ids": wanted}) if wanted else ()
        return list(map(_read_request, found))

    def live_requests(self, *, found_again: bool = False) -> Sequence[TaskingRequest]:
        found = prepared.FOUND_AGAIN if found_again else prepared.LIVE_REQUESTS
        return list(map(_read_request, found.run(self._connection, {})))

    def live_request_for(self, account_id: str, candidate_id: str) -> TaskingRequest | None:
        row = prepared.LIVE_REQUEST.one(self._connection, account_id=account_id, candidate_id=candidate_id)
        return row and rows.to_request(row)

    def find_requests(self, query: Query) -> Page[Record[TaskingRequest]]:
        return self._find(sources.REQUESTS, rows.to_request, query)

    def schedule(self, version: int | None = None) -> Schedule:
        if version is None:
            row = prepared.NEWEST_SCHEDULE.one(self._connection)
        else:
            row = self._one(prepared.SCHEDULES.where(t.schedules.c.version == version))
        if row is None:
            return Schedule(0, NEVER, BEGINNING)
        return self._get_schedule((row.version, row.created), lambda: self._read_schedule(row))

    def _get_schedule(self, made: Made, read: Callable[[], Schedule]) -> Schedule:
        """No version ever changes, so that one that was read need not be read again.

        A database that was restored may count from an earlier version on; then the times tell.
        """
        return self._schedules.get(made, read)

    def _read_schedule(self, row: Any) -> Schedule:
        cause = rows.to_reason(row.cause) or BEGINNING
        lines = self._all(select(t.activities).where(_holds_in(row.version)).order_by(t.activities.c.seq))
        return Schedule(row.version, row.created, cause, group_lines(map(rows.to_activity, lines)))

    def schedules(self, limit: int) -> Sequence[Schedule]:
        found = prepared.SCHEDULES.order_by(t.schedules.c.version.desc()).limit(limit)
        return [
            Schedule(row.version, row.created, rows.to_reason(row.cause) or BEGINNING)
            for row in self._all(found)
        ]

    def schedule_inputs(self, version: int) -> Mapping[str, Any] | None:
        inputs = select(t.schedules.c.inputs).where(t.schedules.c.version == version)
        return self._connection.execute(inputs).scalar_one_or_none()

    def capture(self, capture_id: str, account_id: str | None = None) -> Capture | None:
        row = self._owned(t.captures, capture_id, account_id)
        return row and rows.to_capture(row)

    def captures_in(self, statuses: Iterable[CaptureStatus]) -> Sequence[Capture]:
        found = prepared.CAPTURES_IN.all(self._connection, statuses=list(statuses))
        return [rows.to_capture(row) for row in found]

    def captures_ended(
        self, statuses: Iterable[CaptureStatus], since: datetime, until: datetime
    ) -> Sequence[Capture]:
        asked = {"statuses": list(statuses), "since": since, "until": until}
        return [rows.to_capture(row) for row in prepared.CAPTURES_ENDED.all(self._connection, **asked)]

    def captures_commanded_by(self, since: datetime, until: datetime) -> Sequence[Capture]:
        c = t.captures.c
        found = select(t.captures).where(c.uplink_by >= since, c.uplink_by < until)
        return [rows.to_capture(row) for row in self._all(found.order_by(c.seq))]

    def acknowledgements(self, since: datetime, until: datetime) -> Sequence[Acknowledgement]:
        c = t.acknowledgements.c
        found = select(t.acknowledgements).where(c.start >= since, c.start < until)
        return [rows.to_acknowledgement(row) for row in self._all(found.order_by(c.seq))]

    def events_of(self, subject: str) -> Sequence[Event]:
        found = select(*EVENT).where(t.events.c.subject == subject)
        return [rows.to_event(row) for row in self._all(found.order_by(t.events.c.seq))]

    def refusals_of(self, request_id: str) -> Sequence[Event]:
        c = t.events.c
        found = select(t.events).where(c.subject == request_id, c.findings.is_not(None))
        return [rows.to_refusal(row) for row in self._all(found.order_by(c.seq))]

    def elements(
        self, as_of: datetime | None = None, satellites: Collection[str] | None = None
    ) -> Sequence[StoredElements]:
        limits = {"as_of": as_of, "satellites": None if satellites is None else sorted(satellites)}
        found = prepared.find_elements(as_of is not None, satellites is not None)
        given = {name: limit for name, limit in limits.items() if limit is not None}
        return [rows.to_elements(row) for row in found.all(self._connection, **given)]

    def item(self, collection: str, item_id: str, account_id: str | None = None) -> CatalogItem | None:
        row = self._owned(t.items, item_id, account_id)
        return rows.to_item(row) if row is not None and row.collection == collection else None

    def find_items(self, query: Query) -> Page[Record[CatalogItem]]:
        return self._find(sources.ITEMS, rows.to_item, query)

    def next_due(self, until: datetime) -> DueWork | None:
        row = prepared.NEXT_DUE.one(self._connection, until=until)
        return row and rows.to_due(row)

    def next_due_at(self) -> datetime | None:
        first = select(func.min(t.due_work.c.due_at)).where(t.due_work.c.done_at.is_(None))
        return self._connection.execute(first).scalar_one()

    def all_due(self, until: datetime, kinds: Collection[DueKind] = tuple(DueKind)) -> Sequence[DueWork]:
        """Work of these kinds that is due and not yet done, in the order of time."""
        found = prepared.ALL_DUE.all(self._connection, until=until, kinds=list(kinds))
        return [rows.to_due(row) for row in found]

    def is_due(self, kinds: Iterable[DueKind], until: datetime) -> bool:
        """Whether any work of these kinds is due and not yet done."""
        c = t.due_work.c
        found = select(c.seq).where(c.done_at.is_(None), c.due_at <= until, c.kind.in_(list(kinds)))
        return self._one(found.limit(1)) is not None

    def due(self, due_id: str) -> DueWork | None:
        row = prepared.find_by_id(t.due_work, owned=False).one(self._connection, id=due_id)
        return row and rows.to_due(row)

    def answer_for_key(
        self, account_id: str, key: str, since: datetime
    ) -> tuple[str, Mapping[str, Any] | None] | None:
        row = prepared.ANSWER_FOR_KEY.one(self._connection, account_id=account_id, key=key, since=since)
        return (row.body_digest, row.document) if row else None

    def _find(
        self, source: Source, to_value: Callable[[Any], T], query: Query, now: datetime | None = None
    ) -> Page[Record[T]]:
        return find_records(self._connection, source, query, to_value, now=now, state=self._state)

    def _all(self, statement: Executable) -> Sequence[Any]:
        return self._connection.execute(statement).all()

    def _one(self, statement: Executable) -> Any:
        return self._connection.execute(statement).one_or_none()

    def _owned(self, table: Table, thing_id: str, account_id: str | None) -> Any:
        if account_id is None:
            return prepared.find_by_id(table, owned=False).one(self._connection, id=thing_id)
        found = prepared.find_by_id(table, owned=True)
        return found.one(self._connection, id=thing_id, account_id=account_id)


@lru_cache(maxsize=8_192)
def _read_request(held: tuple[Any, ...]) -> TaskingRequest:
    """A row as it lies there: an answer looks at the same requests as the one before."""
    return rows.to_request(prepared.read_request(held))


@lru_cache(maxsize=8_192)
def _read_candidate(held: tuple[Any, ...]) -> Candidate:
    """A row as it lies there: a refusal looks at the same candidates as the one before of its plan."""
    return rows.to_candidate(prepared.read_candidate(held))


def _holds_in(version: int) -> ColumnElement[bool]:
    c = t.activities.c
    return and_(c.from_version <= version, or_(c.until_version.is_(None), c.until_version > version))
