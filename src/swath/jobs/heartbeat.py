"""Who is alive: every process that runs jobs counts its heartbeats, and watches those of the others.

A process is taken for dead when its count has stood still for a while by the watcher's own clock, so clocks
need not agree. What it left unfinished is then taken over.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from swath.jobs.database import executors

DEAD_AFTER_S = 15.0
# So many beats fit into the silence after which a process is taken for dead: a few may be late.
BEATS_PER_SILENCE = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Seen:
    """The count of another process, and when it was first seen to be that (monotonic seconds)."""

    beats: int
    since_s: float


class Heartbeat:
    """Counts for `executor_id` and calls `take_over(id)` for every other process that fell silent.

    Several watchers may find the same silence at the same time: `take_over` has to be safe to repeat.
    """

    def __init__(
        self,
        engine: sa.Engine,
        executor_id: str,
        take_over: Callable[[str], None],
        dead_after_s: float = DEAD_AFTER_S,
    ) -> None:
        self._engine, self._id, self._take_over = engine, executor_id, take_over
        self._dead_after_s = dead_after_s
        self._seen: dict[str, _Seen] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="swath-heartbeat", daemon=True)

    def enter(self) -> None:
        """Become known; do it before taking any work, so that nothing can be left behind unseen."""
        self._beat()

    def start(self) -> None:
        """Beat and watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Neither beat nor watch any more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def leave(self) -> None:
        """Say goodbye: nothing is left for others to take over."""
        self._forget(self._id)

    def others(self) -> int:
        """How many other processes are known, the silent ones included until they are taken over."""
        return len(self._read_others())

    def look_around(self) -> None:
        """Take over from every process that has been silent for too long, then forget it."""
        now_s = time.monotonic()
        counts = self._read_others()
        self._seen = {other: self._update(other, beats, now_s) for other, beats in counts.items()}
        for other, seen in self._seen.items():
            if now_s - seen.since_s >= self._dead_after_s:
                log.warning("a process fell silent; taking over its work", extra={"executor": other})
                self._take_over(other)
                self._forget(other, seen.beats)

    def _run(self) -> None:
        while not self._stopping.wait(self._dead_after_s / BEATS_PER_SILENCE):
            try:
                self._beat()
                self.look_around()
            except Exception:
                log.exception("heartbeat failed; trying again")

    def _update(self, other: str, beats: int, now_s: float) -> _Seen:
        before = self._seen.get(other)
        return before if before is not None and before.beats == beats else _Seen(beats, now_s)

    def _beat(self) -> None:
        with self._engine.begin() as connection:
            more = sa.update(executors).where(executors.c.id == self._id).values(beats=executors.c.beats + 1)
            if connection.execute(more).rowcount == 0:
                connection.execute(sa.insert(executors).values(id=self._id, beats=1))

    def _read_others(self) -> Mapping[str, int]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(executors).where(executors.c.id != self._id))
            return {row.id: row.beats for row in rows}

    def _forget(self, executor_id: str, beats: int | None = None) -> None:
        """Strike a process off, unless it has beaten again since it was seen with this count."""
        gone = sa.delete(executors).where(executors.c.id == executor_id)
        if beats is not None:
            gone = gone.where(executors.c.beats == beats)
        with self._engine.begin() as connection:
            connection.execute(gone)
