"""Everything that happens at a time: rows of due work, taken in time order, each done exactly once.

A row is finished in the same transaction as what it causes, so a process may die at any point: the row is either done
with all its effects, or still due with none.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from swath.errors import Unavailable
from swath.scheduling import Solve, solve_verified
from swath.tasking import captures, plans, requests
from swath.tasking.model import DueKind, DueWork
from swath.tasking.ports import Jobs, Store, UnitOfWork
from swath.tasking.rescheduling import reschedule
from swath.tasking.rules import Rules

Handler = Callable[[DueWork, datetime], None]
# What time it is for a row of due work.
Moment = Callable[[DueWork], datetime]
MAX_ATTEMPTS = 5
# Half a minute after the first attempt the fifth has failed. A full disk, or a bucket that does not answer, is nothing
# to give up a paid image for: the twelfth comes after more than an hour.
PATIENT_ATTEMPTS = 12
# What becomes of a thing whose work failed for the last time. Other kinds are never given up: an uplink or a planning
# that is left out would leave a promise, and a credit, hanging.
GIVE_UP: Mapping[DueKind, Callable[[UnitOfWork, str, str, datetime], None]] = {
    DueKind.FIND_CANDIDATES: plans.fail,
    DueKind.DELIVER: captures.delivery_failed,
}

log = logging.getLogger(__name__)


def build_handlers(
    store: Store,
    rules: Rules,
    heavy: Mapping[DueKind, Handler],
    solve: Solve = solve_verified,
    moment: Moment | None = None,
) -> Mapping[DueKind, Handler]:
    """One handler for each kind of due work; `heavy` brings those that compute outside a transaction, `solve` is where
    schedules are solved, `moment` tells the time after that took a while.
    """
    light: Mapping[DueKind, Callable[[UnitOfWork, str, datetime], None]] = {
        DueKind.EXPIRE_PLAN: plans.expire,
        DueKind.UPLINK: requests.freeze,
        DueKind.CLOSE_REQUEST: requests.close,
    }
    planned = {DueKind.RESCHEDULE: partial(reschedule, store, rules, solve=solve, moment=moment)}
    return {
        **{kind: _in_one_transaction(store, change) for kind, change in light.items()},
        **planned,
        **heavy,
    }


def handle(store: Store, handlers: Mapping[DueKind, Handler], due_id: str, moment: Moment) -> None:
    """Do one row of due work now; done rows are left alone. A failure is kept with the row and tried again later, after
    2, 4, 8 .. seconds. What can be given up is tried five times, or twelve while something is Unavailable. Raises only
    where not even the failure can be kept.
    """
    with store.read() as reader:
        due = reader.due(due_id)
    if due is None or due.done_at is not None:
        return
    now = moment(due)
    try:
        handlers[due.kind](due, now)
    except Unavailable as error:
        log.warning("due work has to wait: %s", error, extra={"kind": due.kind, "subject": due.subject})
        _record_failure(store, due, error, now)
    except Exception as error:
        log.exception("due work failed", extra={"kind": due.kind, "subject": due.subject})
        _record_failure(store, due, error, now)


def run_until(store: Store, jobs: Jobs, now: datetime) -> int:
    """Do all that is due until `now`, in time order, one after the other; returns how many rows that were."""
    count = 0
    while (due := _next_due(store, now)) is not None:
        jobs.run(due)
        count += 1
    return count


def _next_due(store: Store, until: datetime) -> DueWork | None:
    with store.read() as reader:
        return reader.next_due(until)


def _in_one_transaction(store: Store, change: Callable[[UnitOfWork, str, datetime], None]) -> Handler:
    def run(due: DueWork, now: datetime) -> None:
        with store.begin() as uow:
            if uow.finish_due(due.id, now):
                change(uow, due.subject, now)

    return run


def _record_failure(store: Store, due: DueWork, error: Exception, now: datetime) -> None:
    attempt = due.attempts + 1
    most = PATIENT_ATTEMPTS if isinstance(error, Unavailable) else MAX_ATTEMPTS
    give_up = GIVE_UP.get(due.kind) if attempt >= most else None
    retry_at = None if give_up else now + timedelta(seconds=2 ** min(attempt, PATIENT_ATTEMPTS - 1))
    with store.begin() as uow:
        uow.fail_due(due.id, f"{type(error).__name__}: {error}", retry_at, now)
        if give_up:
            give_up(uow, due.subject, str(error), now)
