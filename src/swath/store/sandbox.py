"""What only a sandbox keeps: simulated time, and the faults that were asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select, update

from swath.cache import Cache
from swath.clock import ClockState
from swath.store import prepared
from swath.store import tables as t
from swath.store.database import SqlStore

ONLY = 1


class SandboxStore:
    """The sandbox's own rows, beside those of tasking."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._clock = Cache[ClockState](1)

    def begin_at(self, now: datetime) -> None:
        """Set the clock for the first time; a clock that was set before goes on from where it stood."""
        if not self.exists():
            with self._store.write() as connection:
                connection.execute(insert(t.sandbox).values(id=ONLY, now=now, rate=1.0))

    def exists(self) -> bool:
        """Whether this store belongs to a sandbox: its clock was set once."""
        with self._store.engine.connect() as connection:
            return connection.execute(select(t.sandbox.c.id)).one_or_none() is not None

    def load_clock(self) -> ClockState:
        """The stored time and rate, read again only when anything in the store has changed."""
        return self._clock.get(self._store.version(), self._read_clock)

    def _read_clock(self) -> ClockState:
        # Who changes something asks in the middle of it, so that time stands still until that is kept.
        with self._store.connect() as connection:
            row = prepared.CLOCK.one(connection)
        return ClockState(row.now, row.rate)

    def save_now(self, now: datetime) -> bool:
        """Move the clock on, unless open work is due before `now`; says whether it stands there, or stood later."""
        c = t.due_work.c
        missed = exists().where(c.done_at.is_(None), c.due_at < now)
        with self._store.write() as connection:
            connection.execute(update(t.sandbox).where(t.sandbox.c.now < now, ~missed).values(now=now))
            return prepared.CLOCK.one(connection).now >= now

    def save_rate(self, rate: float) -> None:
        """Keep how fast simulated time goes by."""
        with self._store.write() as connection:
            connection.execute(update(t.sandbox).values(rate=rate))

    def add_fault(self, request_id: str, kind: str, hours: float | None, now: datetime) -> None:
        """Remember that this shall go wrong with a request."""
        with self._store.write() as connection:
            connection.execute(
                insert(t.faults).values(request_id=request_id, kind=kind, hours=hours, created=now)
            )

    def faults(self) -> Sequence[dict[str, Any]]:
        """All faults, the oldest first."""
        with self._store.engine.connect() as connection:
            rows = connection.execute(select(t.faults).order_by(t.faults.c.seq)).all()
        return [{"request_id": row.request_id, "kind": row.kind, "hours": row.hours} for row in rows]
