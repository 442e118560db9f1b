"""A stand-in for the store's rows of due work, in memory or, shared between processes, in an SQLite file."""

import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from swath.tasking.model import DueKind, DueWork

START = datetime(2026, 8, 22, 12, tzinfo=UTC)


def row(name: str, kind: DueKind = DueKind.UPLINK, minute: int = 0) -> DueWork:
    """A row that is due so many minutes after the start."""
    return DueWork(name, kind, "subject", START + timedelta(minutes=minute))


class Rows:
    """Rows in memory: `handle` notes who was handled, in which thread, and finishes the row."""

    def __init__(self, *rows: DueWork) -> None:
        self._lock = threading.Lock()
        self._open = {r.id: r for r in rows}
        self.handled: list[str] = []
        self.at_once, self.most_at_once = 0, 0
        self.act: Callable[[str], None] = lambda _: None

    def add(self, *rows: DueWork) -> None:
        with self._lock:
            self._open.update({r.id: r for r in rows})

    def due(self, kinds: Collection[DueKind] = tuple(DueKind)) -> Sequence[DueWork]:
        with self._lock:
            open_ = [r for r in self._open.values() if r.kind in kinds]
        return sorted(open_, key=lambda r: (r.due_at, r.id))

    def handle(self, due_id: str) -> None:
        """What the timeline does with a row: act, then finish it; raises what `act` raises."""
        with self._lock:
            self.handled.append(due_id)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.act(due_id)
            self.finish(due_id)
        finally:
            with self._lock:
                self.at_once -= 1

    def finish(self, due_id: str) -> None:
        with self._lock:
            self._open.pop(due_id, None)

    def fail(self, due_id: str) -> None:
        """What the timeline does when an attempt failed: the row stays due, with one more attempt counted."""
        with self._lock:
            self._open[due_id] = replace(self._open[due_id], attempts=self._open[due_id].attempts + 1)


class SharedRows:
    """Rows in an SQLite file that several processes work on; a row is finished at most once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "rows.db"
        self._execute("CREATE TABLE IF NOT EXISTS due (id TEXT PRIMARY KEY, kind TEXT, done_by TEXT)")
        self._execute("CREATE TABLE IF NOT EXISTS log (id TEXT, executor TEXT, what TEXT)")

    def add(self, *rows: DueWork) -> None:
        for r in rows:
            self._execute("INSERT INTO due VALUES (?, ?, NULL)", r.id, r.kind)

    def due(self, kinds: Collection[DueKind] = tuple(DueKind)) -> Sequence[DueWork]:
        found = self._execute("SELECT id, kind FROM due WHERE done_by IS NULL ORDER BY id")
        return [row(name, DueKind(kind)) for name, kind in found if kind in kinds]

    def note(self, due_id: str, executor: str, what: str) -> None:
        self._execute("INSERT INTO log VALUES (?, ?, ?)", due_id, executor, what)

    def finish(self, due_id: str, executor: str) -> None:
        self._execute("UPDATE due SET done_by = ? WHERE id = ? AND done_by IS NULL", executor, due_id)

    def noted(self, what: str) -> list[tuple[str, str]]:
        return self._execute("SELECT id, executor FROM log WHERE what = ? ORDER BY rowid", what)

    def done_by(self) -> dict[str, str]:
        return dict(self._execute("SELECT id, done_by FROM due WHERE done_by IS NOT NULL"))

    def _execute(self, sql: str, *values: str) -> list[tuple[str, str]]:
        connection = sqlite3.connect(self._path, timeout=30.0)
        try:
            with connection:
                return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


def wait_for(true: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Return as soon as it is true; fails after the timeout."""
    deadline_s = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline_s, "waited in vain"
        time.sleep(0.005)
