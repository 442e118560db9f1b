"""Pools of threads that look for due work and run it, a given number of rows at a time, in the order they are due.

A pool of one keeps strict time order. A pool knows nothing of how work is run, so it can be tested without DBOS.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from swath.tasking.model import DueWork

LOOK_EVERY_S = 1.0
FIRST_REST_S, LONGEST_REST_S = 2.0, 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Rest:
    """A row that is due although its run is over: how long it is left alone, and until when."""

    seconds: float
    until_s: float


class Pool:
    """Looks for due work when nudged and once a second, and runs at most `size` rows at the same time.

    `due` tells what is due now, in time order; `run(row, again)` runs one row and returns when it is over,
    `again` being true if a run of that very attempt is known to have ended without finishing the row.
    Exceptions of either are logged. A row whose run ended but which is still due is run again after 2, 4, 8
    .. 60 seconds; it holds up nobody meanwhile. After each run a thread pauses `pause` times as long as that took.
    """

    def __init__(
        self,
        name: str,
        size: int,
        due: Callable[[], Sequence[DueWork]],
        run: Callable[[DueWork, bool], None],
        pause: float = 0.0,
    ) -> None:
        self._due, self._run, self._pause = due, run, pause
        self._lock, self._wake, self._stopping = threading.Lock(), threading.Event(), threading.Event()
        self._running: set[str] = set()
        self._rests: dict[str, _Rest] = {}
        self._threads = [
            threading.Thread(target=self._work, name=f"swath-{name}-{number}", daemon=True)
            for number in range(size)
        ]

    def start(self) -> None:
        """Begin to look for work."""
        for thread in self._threads:
            thread.start()

    def nudge(self) -> None:
        """Look now. Never blocks."""
        self._wake.set()

    def end(self) -> None:
        """Take no more work. Never blocks."""
        self._stopping.set()
        self._wake.set()

    def stop(self, timeout_s: float) -> bool:
        """Take no more work, wait for what runs; tells whether all of it was over in time."""
        self.end()
        deadline_s = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def alive(self) -> bool:
        """Whether every thread of the pool is at work or looking for it."""
        return all(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while not self._stopping.is_set():
            taken = self._take()
            if taken is None:
                self._wake.wait(LOOK_EVERY_S)
                self._wake.clear()
            else:
                # Where there was one row there may be another: let a neighbour look as well.
                self._wake.set()
                began_s = time.monotonic()
                self._run_and_return(*taken)
                self._stopping.wait(self._pause * (time.monotonic() - began_s))

    def _take(self) -> tuple[DueWork, bool] | None:
        """The first row that nobody of this pool runs and that does not rest; whether it ran before."""
        with self._lock:
            due = self._look()
            if due is None:
                return None
            rows = {row_key(row): row for row in due}
            # Rests are entered under the same lock: a row that rests and is in `rows` really is still due.
            self._rests = {key: rest for key, rest in self._rests.items() if key in rows}
            key = next((key for key in rows if self._is_free(key)), None)
            if key is None:
                return None
            self._running.add(key)
            return rows[key], key in self._rests

    def _look(self) -> Sequence[DueWork] | None:
        try:
            return self._due()
        except Exception:
            log.exception("could not read what is due")
            return None

    def _is_free(self, key: str) -> bool:
        rest = self._rests.get(key)
        return key not in self._running and (rest is None or time.monotonic() >= rest.until_s)

    def _run_and_return(self, row: DueWork, again: bool) -> None:
        if again:
            log.warning("due work is still due after its run; running it again", extra={"due": row.id})
        try:
            self._run(row, again)
        except Exception:
            if not self._stopping.is_set():
                log.exception("a handler of due work raised", extra={"due": row.id, "kind": row.kind})
        with self._lock:
            self._running.discard(row_key(row))
            self._rests[row_key(row)] = self._rest_after(row_key(row))

    def _rest_after(self, key: str) -> _Rest:
        before = self._rests.get(key)
        seconds = min(LONGEST_REST_S, FIRST_REST_S if before is None else 2.0 * before.seconds)
        return _Rest(seconds, time.monotonic() + seconds)


def row_key(row: DueWork) -> str:
    """Names one attempt at a row: a row that failed and is due again is a new piece of work."""
    return f"{row.id}:{row.attempts}"
