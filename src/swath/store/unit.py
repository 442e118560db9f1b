"""Changes the tables of tasking, in one transaction: hot statements by the driver, others by SQLAlchemy Core."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    and_,
    delete,
    update,
)
from sqlalchemy.dialects import sqlite

from swath.cache import Cache
from swath.store import prepared, rows
from swath.store import tables as t
from swath.store.reader import Made, SqlReader
from swath.store.spatial import delete_boxes, insert_boxes
from swath.tasking.model import (
    Account,
    Acknowledgement,
    Activity,
    ApiClient,
    Candidate,
    Capture,
    CatalogItem,
    DueKind,
    DueWork,
    Entry,
    Event,
    Plan,
    Reason,
    Schedule,
    StoredElements,
    TaskingRequest,
    change_lines,
)


class SqlUnitOfWork(SqlReader):
    """`swath.tasking.ports.UnitOfWork`: changes kept together, seen by others only after the commit.

    Nobody else writes meanwhile: what it has written itself it does not read again.
    """

    def __init__(self, connection: Connection, schedules: Cache[Schedule]) -> None:
        super().__init__(connection, schedules)
        self.added_due = False
        # Nobody else may see these before the commit.
        self.added_schedules: dict[Made, Schedule] = {}
        self._newest: Schedule | None = None
        self._requests: dict[str, TaskingRequest] = {}

    def request(self, request_id: str, account_id: str | None = None) -> TaskingRequest | None:
        written = self._requests.get(request_id)
        if written is None:
            return super().request(request_id, account_id)
        return written if account_id in (None, written.account_id) else None

    def schedule(self, version: int | None = None) -> Schedule:
        if version is not None:
            return super().schedule(version)
        self._newest = self._newest or super().schedule()
        return self._newest

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
        sums = {"account_id": entry.account_id, "kind": entry.kind, "amount": entry.amount}
        prepared.ADD_TO_BALANCE.run(self._connection, sums)

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
        self._requests[request.id] = rows.as_kept(request)

    def save_request(self, request: TaskingRequest) -> None:
        self._change(t.requests, request.id, rows.request_changes(request))
        self._requests[request.id] = rows.as_kept(request)

    def add_schedule(
        self,
        cause: Reason,
        now: datetime,
        *,
        gone: Sequence[Activity] = (),
        added: Sequence[Activity] = (),
        inputs: Mapping[str, Any] | None = None,
    ) -> Schedule:
        before = self.schedule()
        version = before.version + 1
        head = {"version": version, "created": now, "cause": rows.reason_values(cause), "inputs": inputs}
        self._insert(t.schedules, head)
        self._close_lines(version, gone)
        for activity in added:
            self._insert(t.activities, _line_values(activity, version))
        # In the order in which they are read.
        made = Schedule(version, now, cause, change_lines(before.lines, gone, added))
        self.added_schedules[version, now] = self._newest = made
        return made

    def save_capture(self, capture: Capture) -> None:
        self._save(t.captures, rows.capture_values(capture))

    def add_acknowledgement(self, told: Acknowledgement) -> None:
        self._insert(t.acknowledgements, rows.acknowledgement_values(told))

    def add_event(self, event: Event) -> None:
        self._insert(t.events, rows.event_values(event))

    def add_elements(self, elements: StoredElements) -> None:
        adding = sqlite.insert(t.elements).values(
            satellite=elements.satellite,
            norad_id=elements.norad_id,
            epoch=elements.epoch,
            omm=dict(elements.omm),
            source=elements.source,
            imported=elements.imported,
        )
        # Since when its orbit is known tells what older schedules were made from.
        corrected = {name: adding.excluded[name] for name in ("satellite", "omm", "source")}
        known = [t.elements.c.norad_id, t.elements.c.epoch]
        self._connection.execute(adding.on_conflict_do_update(index_elements=known, set_=corrected))

    def save_item(self, item: CatalogItem) -> None:
        self._save(t.items, rows.item_values(item))

    def add_due(self, kind: DueKind, subject: str, due_at: datetime) -> DueWork:
        """A row for this, or the one that is open for the same thing at the same time or earlier."""
        due = DueWork(str(uuid.uuid4()), kind, subject, due_at)
        asked = {"kind": kind, "subject": subject, "due_at": due_at}
        if prepared.ADD_DUE.run(self._connection, {"id": due.id, **asked}).rowcount:
            self.added_due = True
            return due
        return rows.to_due(prepared.OPEN_DUE.one(self._connection, **asked))

    def move_due(self, kind: DueKind, subject: str, due_at: datetime) -> DueWork:
        self.drop_due(kind, subject)
        return self.add_due(kind, subject, due_at)

    def drop_due(self, kind: DueKind, subject: str) -> None:
        prepared.DROP_DUE.run(self._connection, {"kind": kind, "subject": subject})

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
        self, account_id: str, key: str, body_digest: str, document: Mapping[str, Any] | None, now: datetime
    ) -> None:
        values = {
            "account_id": account_id,
            "key": key,
            "body_digest": body_digest,
            "document": document,
            "created": now,
        }
        prepared.REMEMBER_ANSWER.run(self._connection, values)

    def forget_answers(self, until: datetime) -> None:
        prepared.FORGET_ANSWERS.run(self._connection, {"until": until})

    def _close_lines(self, version: int, gone: Sequence[Activity]) -> None:
        c = t.activities.c
        for activity in gone:
            line = and_(c.request_id == activity.request_id, c.until_version.is_(None))
            self._connection.execute(update(t.activities).where(line).values(until_version=version))

    def _insert(self, table: Table, values: rows.Values) -> None:
        added = prepared.insert_into(table, tuple(values)).run(self._connection, values)
        if table.name in t.SPATIAL:
            insert_boxes(self._connection, table.name, added.lastrowid, values["geometry"])

    def _save(self, table: Table, values: rows.Values) -> None:
        """Insert, or overwrite what has the same id."""
        known = prepared.find_seq(table).one(self._connection, id=values["id"])
        if known is None:
            self._insert(table, values)
            return
        self._change(table, values["id"], values)
        if table.name in t.SPATIAL:
            delete_boxes(self._connection, table.name, known.seq)
            insert_boxes(self._connection, table.name, known.seq, values["geometry"])

    def _change(self, table: Table, row_id: str, values: rows.Values) -> None:
        prepared.change_row(table, tuple(values)).run(self._connection, {prepared.WHICH: row_id, **values})


def _line_values(activity: Activity, version: int) -> rows.Values:
    return {
        "request_id": activity.request_id,
        "priority": activity.priority,
        "chance": rows.chance_values(activity.chance),
        "frozen": activity.frozen,
        "from_version": version,
    }
