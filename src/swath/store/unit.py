"""The store of tasking over SQLAlchemy Core: a reader on one consistent state, a unit of work in one transaction."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from swath.cache import Cache
from swath.query import Page, Query, Record
from swath.store import rows, sources
from swath.store import tables as t
from swath.store.memory import State
from swath.store.records import find_records
from swath.store.source import Source
from swath.store.spatial import delete_boxes, insert_boxes
from swath.tasking.model import (
    Account,
    Acknowledgement,
    Activity,
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
    PlanStatus,
    Reason,
    RequestStatus,
    Schedule,
    StoredElements,
    TaskingRequest,
)

T = TypeVar("T")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
BEGINNING = Reason("EMPTY", "Nothing has been scheduled yet.")
# Findings name other accounts' work: only `refusals_of` reads them.
EVENT = [column for column in t.events.c if column.name != "findings"]
# Databases take only so many parameters at once.
MOST_NAMED = 500
# A version of the schedule, and when it was made.
Made = tuple[int, datetime]
OPEN_PLANS = (PlanStatus.PROCESSING, PlanStatus.ACTIVE, PlanStatus.FAILED)
OVER = (RequestStatus.CANCELED, RequestStatus.FAILED, RequestStatus.DATA_AVAILABLE)


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
        revoked = exists().where(t.revoked_tokens.c.id == token_id)
        row = self._one(select(t.api_clients).where(t.api_clients.c.id == client_id, ~revoked))
        return row and rows.to_client(row)

    def api_clients(self, account_id: str) -> Sequence[ApiClient]:
        found = select(t.api_clients).where(t.api_clients.c.account_id == account_id)
        return [rows.to_client(row) for row in self._all(found.order_by(t.api_clients.c.seq))]

    def balance(self, account_id: str) -> Balance:
        sums = select(t.ledger.c.kind, func.sum(t.ledger.c.amount)).where(t.ledger.c.account_id == account_id)
        total = dict.fromkeys(EntryKind, 0)
        total |= {EntryKind(kind): amount for kind, amount in self._all(sums.group_by(t.ledger.c.kind))}
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
        found = select(t.candidates).where(t.candidates.c.plan_id == plan_id)
        return [rows.to_candidate(row) for row in self._all(found.order_by(t.candidates.c.start))]

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
        parts = (wanted[i : i + MOST_NAMED] for i in range(0, len(wanted), MOST_NAMED))
        found = (self._all(select(t.requests).where(t.requests.c.id.in_(part))) for part in parts)
        return [rows.to_request(row) for part in found for row in part]

    def requests_in(self, statuses: Iterable[RequestStatus]) -> Sequence[TaskingRequest]:
        found = select(t.requests).where(t.requests.c.status.in_(list(statuses)))
        return [rows.to_request(row) for row in self._all(found.order_by(t.requests.c.seq))]

    def live_request_for(self, account_id: str, candidate_id: str) -> TaskingRequest | None:
        c = t.requests.c
        over = or_(c.status.in_(OVER), and_(c.status == RequestStatus.REJECTED, c.final))
        found = select(t.requests).where(c.account_id == account_id, c.candidate_id == candidate_id, ~over)
        row = self._one(found.limit(1))
        return row and rows.to_request(row)

    def find_requests(self, query: Query) -> Page[Record[TaskingRequest]]:
        return self._find(sources.REQUESTS, rows.to_request, query)

    def schedule(self, version: int | None = None) -> Schedule:
        c = t.schedules.c
        head = select(c.version, c.created, c.cause)
        latest = head.order_by(c.version.desc()).limit(1)
        row = self._one(latest if version is None else head.where(c.version == version))
        if row is None:
            return Schedule(0, NEVER, BEGINNING, ())
        return self._get_schedule((row.version, row.created), lambda: self._read_schedule(row))

    def _get_schedule(self, made: Made, read: Callable[[], Schedule]) -> Schedule:
        """No version ever changes, so that one that was read need not be read again.

        A database that was restored may count from an earlier version on; then the times tell.
        """
        return self._schedules.get(made, read)

    def _read_schedule(self, row: Any) -> Schedule:
        cause = rows.to_reason(row.cause) or BEGINNING
        lines = self._all(select(t.activities).where(_holds_in(row.version)).order_by(t.activities.c.seq))
        return Schedule(row.version, row.created, cause, tuple(rows.to_activity(line) for line in lines))

    def schedules(self, limit: int) -> Sequence[Schedule]:
        c = t.schedules.c
        found = select(c.version, c.created, c.cause).order_by(c.version.desc()).limit(limit)
        return [
            Schedule(row.version, row.created, rows.to_reason(row.cause) or BEGINNING, ())
            for row in self._all(found)
        ]

    def schedule_inputs(self, version: int) -> Mapping[str, Any] | None:
        inputs = select(t.schedules.c.inputs).where(t.schedules.c.version == version)
        return self._connection.execute(inputs).scalar_one_or_none()

    def capture(self, capture_id: str, account_id: str | None = None) -> Capture | None:
        row = self._owned(t.captures, capture_id, account_id)
        return row and rows.to_capture(row)

    def captures_in(self, statuses: Iterable[CaptureStatus]) -> Sequence[Capture]:
        found = select(t.captures).where(t.captures.c.status.in_(list(statuses)))
        return [rows.to_capture(row) for row in self._all(found.order_by(t.captures.c.seq))]

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

    def elements(self, as_of: datetime | None = None) -> Sequence[StoredElements]:
        c = t.elements.c
        newest = select(c.norad_id, func.max(c.epoch).label("epoch")).group_by(c.norad_id)
        newest = (newest if as_of is None else newest.where(c.imported <= as_of)).subquery()
        same = and_(c.norad_id == newest.c.norad_id, c.epoch == newest.c.epoch)
        return [rows.to_elements(row) for row in self._all(select(t.elements).join(newest, same))]

    def item(self, collection: str, item_id: str, account_id: str | None = None) -> CatalogItem | None:
        row = self._owned(t.items, item_id, account_id)
        return rows.to_item(row) if row is not None and row.collection == collection else None

    def find_items(self, query: Query) -> Page[Record[CatalogItem]]:
        return self._find(sources.ITEMS, rows.to_item, query)

    def next_due(self, until: datetime) -> DueWork | None:
        c = t.due_work.c
        found = select(t.due_work).where(c.done_at.is_(None), c.due_at <= until)
        row = self._one(found.order_by(c.due_at, c.seq).limit(1))
        return row and rows.to_due(row)

    def next_due_at(self) -> datetime | None:
        first = select(func.min(t.due_work.c.due_at)).where(t.due_work.c.done_at.is_(None))
        return self._connection.execute(first).scalar_one()

    def all_due(self, until: datetime) -> Sequence[DueWork]:
        c = t.due_work.c
        found = select(t.due_work).where(c.done_at.is_(None), c.due_at <= until)
        return [rows.to_due(row) for row in self._all(found.order_by(c.due_at, c.seq))]

    def is_due(self, kinds: Iterable[DueKind], until: datetime) -> bool:
        """Whether any work of these kinds is due and not yet done."""
        c = t.due_work.c
        found = select(c.seq).where(c.done_at.is_(None), c.due_at <= until, c.kind.in_(list(kinds)))
        return self._one(found.limit(1)) is not None

    def due(self, due_id: str) -> DueWork | None:
        row = self._one(select(t.due_work).where(t.due_work.c.id == due_id))
        return row and rows.to_due(row)

    def answer_for_key(self, account_id: str, key: str, since: datetime) -> tuple[str, str] | None:
        c = t.answers.c
        found = select(c.body_digest, c.subject).where(
            c.account_id == account_id, c.key == key, c.created > since
        )
        row = self._one(found)
        return (row.body_digest, row.subject) if row else None

    def _find(
        self, source: Source, to_value: Callable[[Any], T], query: Query, now: datetime | None = None
    ) -> Page[Record[T]]:
        return find_records(self._connection, source, query, to_value, now=now, state=self._state)

    def _all(self, statement: Executable) -> Sequence[Any]:
        return self._connection.execute(statement).all()

    def _one(self, statement: Executable) -> Any:
        return self._connection.execute(statement).one_or_none()

    def _owned(self, table: Table, thing_id: str, account_id: str | None) -> Any:
        found = select(table).where(table.c.id == thing_id)
        if account_id is not None:
            found = found.where(table.c.account_id == account_id)
        return self._one(found)


class SqlUnitOfWork(SqlReader):
    """`swath.tasking.ports.UnitOfWork`: changes kept together, seen by others only after the commit."""

    def __init__(self, connection: Connection, schedules: Cache[Schedule]) -> None:
        super().__init__(connection, schedules)
        self.added_due = False
        # Nobody else may see these before the commit.
        self.added_schedules: dict[Made, Schedule] = {}

    def _get_schedule(self, made: Made, read: Callable[[], Schedule]) -> Schedule:
        return self.added_schedules.get(made) or super()._get_schedule(made, read)

    def add_account(self, account: Account) -> None:
        self._insert(t.accounts, {"id": account.id, "name": account.name, "created": account.created})

    def save_api_client(self, client: ApiClient) -> None:
        self._save(t.api_clients, rows.client_values(client))

    def revoke_token(self, token_id: str, ends: datetime, now: datetime) -> None:
        """Remember a token as revoked until it ends, and forget those that have ended."""
        c = t.revoked_tokens.c
        self._connection.execute(delete(t.revoked_tokens).where(c.ends <= now))
        self._save(t.revoked_tokens, {"id": token_id, "ends": ends})

    def add_entry(self, entry: Entry) -> None:
        self._insert(
            t.ledger,
            {
                "account_id": entry.account_id,
                "kind": entry.kind,
                "amount": entry.amount,
                "at": entry.at,
                "request_id": entry.request_id,
                "note": entry.note,
            },
        )

    def add_plan(self, plan: Plan) -> None:
        self._insert(t.plans, rows.plan_values(plan))

    def save_plan(self, plan: Plan) -> None:
        self._save(t.plans, rows.plan_values(plan))

    def replace_candidates(self, plan_id: str, candidates: Sequence[Candidate], now: datetime) -> None:
        c = t.candidates.c
        lapsed = and_(c.plan_id == plan_id, c.valid_until > now, c.id.not_in([x.id for x in candidates]))
        self._connection.execute(update(t.candidates).where(lapsed).values(valid_until=now))
        for candidate in candidates:
            self._save(t.candidates, rows.candidate_values(candidate))

    def add_request(self, request: TaskingRequest) -> None:
        self._insert(t.requests, rows.request_values(request))

    def save_request(self, request: TaskingRequest) -> None:
        self._save(t.requests, rows.request_values(request))

    def add_schedule(
        self,
        cause: Reason,
        activities: Sequence[Activity],
        now: datetime,
        inputs: Mapping[str, Any] | None = None,
    ) -> Schedule:
        before = self.schedule()
        version = before.version + 1
        head = {"version": version, "created": now, "cause": rows.reason_values(cause), "inputs": inputs}
        self._insert(t.schedules, head)
        kept, gone, added = _compare(before.activities, activities)
        self._close_lines(version, gone)
        for activity in added:
            self._insert(t.activities, _line_values(activity, version))
        # In the order in which they are read.
        made = Schedule(version, now, cause, (*kept, *added))
        self.added_schedules[version, now] = made
        return made

    def save_capture(self, capture: Capture) -> None:
        self._save(t.captures, rows.capture_values(capture))

    def add_acknowledgement(self, told: Acknowledgement) -> None:
        self._insert(t.acknowledgements, rows.acknowledgement_values(told))

    def add_event(self, event: Event) -> None:
        self._insert(t.events, rows.event_values(event))

    def add_elements(self, elements: StoredElements) -> None:
        c = t.elements.c
        known = and_(c.norad_id == elements.norad_id, c.epoch == elements.epoch)
        self._connection.execute(delete(t.elements).where(known))
        self._insert(
            t.elements,
            {
                "satellite": elements.satellite,
                "norad_id": elements.norad_id,
                "epoch": elements.epoch,
                "omm": dict(elements.omm),
                "source": elements.source,
                "imported": elements.imported,
            },
        )

    def save_item(self, item: CatalogItem) -> None:
        self._save(t.items, rows.item_values(item))

    def add_due(self, kind: DueKind, subject: str, due_at: datetime) -> DueWork:
        """A row for this, or the one that is open for the same thing at the same time or earlier."""
        c = t.due_work.c
        same = and_(c.kind == kind, c.subject == subject, c.done_at.is_(None), c.due_at <= due_at)
        row = self._one(select(t.due_work).where(same).limit(1))
        if row is not None:
            return rows.to_due(row)
        due = DueWork(str(uuid.uuid4()), kind, subject, due_at)
        self._insert(
            t.due_work,
            {"id": due.id, "kind": kind, "subject": subject, "due_at": due_at, "attempts": 0},
        )
        self.added_due = True
        return due

    def drop_due(self, kind: DueKind, subject: str) -> None:
        c = t.due_work.c
        open_rows = and_(c.kind == kind, c.subject == subject, c.done_at.is_(None))
        self._connection.execute(delete(t.due_work).where(open_rows))

    def finish_due(self, due_id: str, now: datetime) -> bool:
        c = t.due_work.c
        open_row = and_(c.id == due_id, c.done_at.is_(None))
        done = self._connection.execute(
            update(t.due_work).where(open_row).values(done_at=now, attempts=c.attempts + 1)
        )
        return done.rowcount == 1

    def fail_due(self, due_id: str, error: str, retry_at: datetime | None, now: datetime) -> None:
        c = t.due_work.c
        times = {"done_at": now} if retry_at is None else {"due_at": retry_at}
        open_row = and_(c.id == due_id, c.done_at.is_(None))
        self._connection.execute(
            update(t.due_work).where(open_row).values(error=error, attempts=c.attempts + 1, **times)
        )

    def remember_answer(
        self, account_id: str, key: str, body_digest: str, subject: str, now: datetime
    ) -> None:
        c = t.answers.c
        self._connection.execute(delete(t.answers).where(c.account_id == account_id, c.key == key))
        self._insert(
            t.answers,
            {
                "account_id": account_id,
                "key": key,
                "body_digest": body_digest,
                "subject": subject,
                "created": now,
            },
        )

    def _close_lines(self, version: int, gone: Sequence[Activity]) -> None:
        c = t.activities.c
        for activity in gone:
            line = and_(c.request_id == activity.request_id, c.until_version.is_(None))
            self._connection.execute(update(t.activities).where(line).values(until_version=version))

    def _insert(self, table: Table, values: rows.Values) -> None:
        # As parameters: a statement that holds its values is built anew each time, which takes longer than running it.
        seq = self._connection.execute(insert(table), values).inserted_primary_key
        if table.name in t.SPATIAL and seq is not None:
            insert_boxes(self._connection, table.name, seq[0], values["geometry"])

    def _save(self, table: Table, values: rows.Values) -> None:
        """Insert, or overwrite what has the same id."""
        seq = self._one(select(table.c.seq).where(table.c.id == values["id"]))
        if seq is None:
            self._insert(table, values)
            return
        self._connection.execute(update(table).where(table.c.seq == seq.seq), values)
        if table.name in t.SPATIAL:
            delete_boxes(self._connection, table.name, seq.seq)
            insert_boxes(self._connection, table.name, seq.seq, values["geometry"])


def _holds_in(version: int) -> ColumnElement[bool]:
    c = t.activities.c
    return and_(c.from_version <= version, or_(c.until_version.is_(None), c.until_version > version))


def _line_values(activity: Activity, version: int) -> rows.Values:
    return {
        "request_id": activity.request_id,
        "priority": activity.priority,
        "chance": rows.chance_values(activity.chance),
        "frozen": activity.frozen,
        "from_version": version,
    }


def _compare(before: Sequence[Activity], after: Sequence[Activity]) -> tuple[Sequence[Activity], ...]:
    """Lines that stay, those that are gone, and those that are new; what changed is both gone and new."""
    wanted = {line.request_id: line for line in after}
    kept, gone = list[Activity](), list[Activity]()
    for line in before:
        same = wanted.get(line.request_id)
        (kept if same is line or same == line else gone).append(line)
    stay = {line.request_id for line in kept}
    return kept, gone, [line for line in wanted.values() if line.request_id not in stay]
