"""The jobs port over DBOS: every row of due work becomes one workflow that survives the end of its process.

Our own rows are the outbox. A row is handed to DBOS under an id made of its own, so handing it over twice,
from whichever process, is one run; and a crash before the hand-over loses nothing, for the row is still due
afterwards.
"""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from dbos import WorkflowHandle
from sqlalchemy.exc import OperationalError

from swath.errors import Unavailable
from swath.jobs import workflow
from swath.jobs.database import open_engine
from swath.jobs.heartbeat import DEAD_AFTER_S, Heartbeat
from swath.jobs.pool import Pool
from swath.tasking.model import DueKind, DueWork

EMBEDDED = "embedded"
HEAVY_KINDS = frozenset(
    {DueKind.FIND_CANDIDATES, DueKind.REFRESH_CANDIDATES, DueKind.FIND_CHANCES, DueKind.DELIVER}
)
HEAVY_AT_A_TIME = 2
# To plan again may take seconds: commands are not to be late for it, nor those who ask while there is much to refuse.
PLANNING_KINDS = frozenset({DueKind.RESCHEDULE})
PLANNING_PAUSE = 2.0
ORDERED_KINDS = frozenset(DueKind) - HEAVY_KINDS - PLANNING_KINDS
POLL_S = 0.05

Due = Callable[[Collection[DueKind]], Sequence[DueWork]]


@dataclass(frozen=True)
class JobsStatus:
    """How the runner is: `running` tells whether all its threads live, `outstanding` how many runs are not
    over, in all processes together, and `executors` how many processes share the work.
    """

    running: bool
    outstanding: int
    executors: int


class DbosJobs:
    """Runs due work durably: kinds that change the timeline one after the other, planning beside them at most a third
    of the time, heavy ones two at a time.

    `handle(due_id)` does one row and is safe to repeat: after a crash the same row may be handled again.
    `due(kinds)` tells what of these kinds is due now, in time order. `executor_id` is EMBEDDED for the server,
    something unique for each worker.
    """

    def __init__(
        self,
        url: str,
        handle: Callable[[str], None],
        due: Due,
        executor_id: str = EMBEDDED,
        *,
        dead_after_s: float = DEAD_AFTER_S,
    ) -> None:
        self._url, self._handle, self._due, self._id = url, handle, due, executor_id
        self._dead_after_s = dead_after_s
        self._session: _Session | None = None

    def start(self) -> None:
        """Set up DBOS, take up what this executor left unfinished, and begin to look for due work.

        Raises Unavailable when another runner is started in this process: DBOS is one to a process.
        """
        if self._session is None:
            self._session = _Session(self._url, self._handle, self._due, self._id, self._dead_after_s)

    def stop(self, timeout_s: float = 10.0) -> None:
        """Take no more work, wait up to `timeout_s` for what runs, and take DBOS down. Safe to call twice."""
        session, self._session = self._session, None
        if session is not None:
            session.close(timeout_s)

    def nudge(self) -> None:
        """Look for due work now. Never blocks and never fails, not even when stopped."""
        # Once: it may be stopped meanwhile, by another thread.
        session = self._session
        if session is not None:
            session.nudge()

    def run(self, due: DueWork) -> None:
        """Run this row, or join the run of it that is under way, and wait until it is over.

        Raises what the handler raised; Unavailable when the runner is not started or stops meanwhile, or nothing can
        be kept. Call it from a thread of its own, not from within an event loop.
        """
        self._running().run(due, again=False)

    def status(self) -> JobsStatus:
        """For readiness and metrics; not running and nothing known when stopped. Not from within an event loop."""
        session = self._session
        return JobsStatus(False, 0, 0) if session is None else session.status()

    def _running(self) -> "_Session":
        session = self._session
        if session is None:
            raise Unavailable("The job runner is not started; call start() first.")
        return session


class _Session:
    """All that lives between one start and the stop that follows it."""

    def __init__(
        self, url: str, handle: Callable[[str], None], due: Due, executor_id: str, dead_after_s: float
    ) -> None:
        self._id = executor_id
        self._stopping = threading.Event()
        self._engine = open_engine(url)
        self._heartbeat = Heartbeat(self._engine, executor_id, workflow.take_over, dead_after_s)
        self._pools = (
            Pool("ordered", 1, partial(due, ORDERED_KINDS), self.run),
            Pool("planning", 1, partial(due, PLANNING_KINDS), self.run, PLANNING_PAUSE),
            Pool("heavy", HEAVY_AT_A_TIME, partial(due, HEAVY_KINDS), self.run),
        )
        self._heartbeat.enter()
        try:
            self._run_due = workflow.launch(url, self._engine, executor_id, handle)
        except Exception:
            self._engine.dispose()
            raise
        self._heartbeat.start()
        for pool in self._pools:
            pool.start()

    def nudge(self) -> None:
        for pool in self._pools:
            pool.nudge()

    def run(self, due: DueWork, again: bool) -> None:
        try:
            self._wait(workflow.begin(self._run_due, due, again))
        except OperationalError as error:
            raise Unavailable(
                "The work cannot be noted at the moment; it stays due.", retry_after_s=60
            ) from error

    def status(self) -> JobsStatus:
        alive = all(pool.alive for pool in self._pools)
        return JobsStatus(alive, workflow.count_under_way(), 1 + self._heartbeat.others())

    def close(self, timeout_s: float) -> None:
        deadline_s = time.monotonic() + timeout_s
        self._stopping.set()
        for pool in self._pools:
            pool.end()
        for pool in self._pools:
            pool.stop(deadline_s - time.monotonic())
        idle = self._drain(deadline_s)
        self._heartbeat.stop()
        if idle:
            self._heartbeat.leave()
        workflow.take_down()
        self._engine.dispose()

    def _drain(self, deadline_s: float) -> bool:
        """Wait until no run of this executor is under way; tells whether that came in time."""
        while workflow.count_under_way(self._id) > 0:
            if time.monotonic() >= deadline_s:
                return False
            time.sleep(POLL_S)
        return True

    def _wait(self, handle: WorkflowHandle[None]) -> None:
        future = getattr(handle, "future", None)
        if isinstance(future, Future):
            future.result()
            return
        # The run is another process's, or one that was taken up again.
        while not self._stopping.wait(POLL_S):
            status = handle.get_status()
            if status.status == workflow.SUCCEEDED:
                return
            if status.status not in workflow.UNDER_WAY:
                raise status.error or Unavailable(f"The run {status.workflow_id} ended as {status.status}.")
        raise Unavailable("The job runner stops; the work goes on when it is started again.")
