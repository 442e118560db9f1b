"""The sandbox's world: moves simulated time, with everything that happens on the way in time order.

Two calendars are followed together: the due work of tasking, and what the simulated mission control has to do.
"""

import logging
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from swath.clock import SandboxClock
from swath.errors import SwathError, Unavailable
from swath.tasking import timeline
from swath.tasking.ports import Jobs, Store

TICK_S = 1.0
PATIENCE_S = 5.0

log = logging.getLogger(__name__)


class MissionControl(Protocol):
    """What the sandbox needs of the simulator: when it will act next, and to act."""

    def next_event_at(self) -> datetime | None: ...
    def run_until(self, now: datetime) -> None: ...


class World:
    """One simulated world; only one thread moves it at a time, and none once the service is `stopping`."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        clock: SandboxClock,
        control: MissionControl,
        stopping: threading.Event | None = None,
    ) -> None:
        self._store, self._jobs, self._clock, self._control = store, jobs, clock, control
        self._moving = threading.Lock()
        self._stopping = stopping or threading.Event()

    def advance_to(self, target: datetime) -> None:
        """Let everything due until `target` happen, each thing at its own time, then stand at `target`.

        Raises Unavailable when someone else has been moving time for seconds: waiting longer would hold up the very
        calls that mission control makes meanwhile. Also when the service stops: time then stands at what happened last.
        """
        with self._alone():
            self._move(target)

    def advance_by(self, step: timedelta) -> None:
        """The same, by a duration from whatever time it is when nobody else moves the clock. Raises Unavailable."""
        with self._alone():
            self._move(self._clock.now() + step)

    def run(self) -> None:
        """Let simulated time go by at the clock's rate until `stop`, in whole milliseconds; for a thread of its own."""
        seen = time.monotonic()
        while not self._stopping.wait(TICK_S):
            passed, seen = time.monotonic() - seen, time.monotonic()
            rate = self._clock.rate
            if rate > 0:
                self._tick(timedelta(milliseconds=round(passed * rate * 1000)))

    @contextmanager
    def _alone(self) -> Generator[None]:
        if not self._moving.acquire(timeout=PATIENCE_S):
            raise Unavailable("The clock is being moved by another call; try again when it is done.")
        try:
            yield
        finally:
            self._moving.release()

    def _tick(self, step: timedelta) -> None:
        if not self._moving.acquire(blocking=False):
            return
        try:
            self._move(self._clock.now() + step)
        except SwathError as error:
            # Time stands still until the next tick; whatever was to happen is still to happen then.
            log.warning("simulated time stands still: %s", error.message)
        except Exception:
            log.exception("simulated time could not be moved")
        finally:
            self._moving.release()

    def _move(self, target: datetime) -> None:
        while (at := self._next_event(target)) is not None or not self._clock.move_to(target):
            if self._stopping.is_set():
                raise Unavailable("The service is about to stop; time goes on when it is started again.")
            # Where the clock does not move, something that is due before has come since the look.
            if at is not None and self._clock.move_to(at):
                self._happen(at)

    def stop(self) -> None:
        """End `run` soon."""
        self._stopping.set()

    def _next_event(self, target: datetime) -> datetime | None:
        times = [at for at in (self._next_due(), self._control.next_event_at()) if at is not None]
        first = min(times, default=None)
        return first if first is not None and first <= target else None

    def _next_due(self) -> datetime | None:
        with self._store.read() as reader:
            return reader.next_due_at()

    def _happen(self, at: datetime) -> None:
        if timeline.run_until(self._store, self._jobs, at):
            return
        self._control.run_until(at)
        still = self._control.next_event_at()
        if still is not None and still <= at and self._next_due_after(at):
            raise RuntimeError(f"Mission control does not move on from its event at {still.isoformat()}.")

    def _next_due_after(self, at: datetime) -> bool:
        """Nothing of ours is due until `at` either: the next look would find the same again."""
        due = self._next_due()
        return due is None or due > at
