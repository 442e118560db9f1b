"""All that swath asks of DBOS: one workflow of one step that handles a row, and ways to begin, count and resume it.

DBOS is one to a process and remembers what is registered with it: everything is set up by `launch` and
forgotten by `take_down`, so that nothing happens at import and a process may do both again.
"""

import logging
from collections.abc import Callable
from itertools import count

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, WorkflowHandle

from swath.errors import Unavailable
from swath.jobs.pool import row_key
from swath.tasking.model import DueWork

# Fixed by hand: DBOS resumes only what was begun under the same version, and an upgrade must not strand work.
# Raise it only together with a workflow that could not go on from where the old one stopped.
VERSION = "1"
UNDER_WAY = ("PENDING", "ENQUEUED", "DELAYED")
SUCCEEDED = "SUCCESS"
COUNT_LIMIT = 10_000
# We send DBOS no messages, but its listener for them looks that often whether it should stop.
STOP_WITHIN_S = 0.2

RunDue = Callable[[str], None]


def launch(url: str, engine: sa.Engine, executor_id: str, handle: Callable[[str], None]) -> RunDue:
    """Start DBOS, which takes up what this executor left unfinished, and give the workflow that runs a row.

    Raises Unavailable when DBOS runs in this process already.
    """
    _let_logs_through()
    dbos = DBOS(config=_configure(url, engine, executor_id))
    if getattr(dbos, "_launched", False):
        raise Unavailable("DBOS runs in this process already; stop that job runner first.")
    run_due = _register(handle)
    try:
        DBOS.launch()
    except Exception:
        take_down()
        raise
    return run_due


def take_down() -> None:
    """Stop DBOS and forget what was registered with it."""
    DBOS.destroy(destroy_registry=True)


def begin(run_due: RunDue, due: DueWork, again: bool) -> WorkflowHandle[None]:
    """Start the run of a row, or attach to the one there is.

    A run that failed is not attached to but followed by another, and so is one that succeeded if `again` is
    true.
    """
    with SetWorkflowID(_choose_id(due, again)):
        return DBOS.start_workflow(run_due, due.id)


def count_under_way(executor_id: str | None = None) -> int:
    """How many runs are not over, of one executor or of all; counts no further than 10,000."""
    runs = DBOS.list_workflows(
        status=list(UNDER_WAY),
        executor_id=executor_id,
        limit=COUNT_LIMIT,
        load_input=False,
        load_output=False,
    )
    return len(runs)


def take_over(executor_id: str) -> None:
    """Resume what a dead executor left.

    Safe when two watchers find the same death: DBOS changes a run's state only while it still belongs to the
    dead.
    """
    # DBOS offers this to its own services only; its public `resume_workflow` would also restart a run that
    # somebody else has taken over already.
    DBOS._recover_pending_workflows([executor_id])  # pyright: ignore[reportPrivateUsage]


def _configure(url: str, engine: sa.Engine, executor_id: str) -> DBOSConfig:
    """No telemetry; and for SQLite our engine, because DBOS's own would not use the write-ahead log."""
    config = DBOSConfig(
        name="swath",
        system_database_url=url,
        application_version=VERSION,
        executor_id=executor_id,
        serializer=DBOSPortableJSONSerializer(),
        enable_otlp=False,
        log_level="WARNING",
        notification_listener_polling_interval_sec=STOP_WITHIN_S,
    )
    if engine.dialect.name == "sqlite":
        config["system_database_engine"] = engine
    return config


def _register(handle: Callable[[str], None]) -> RunDue:
    @DBOS.step(name="handle")
    def step(due_id: str) -> None:
        handle(due_id)

    @DBOS.workflow(name="run_due")
    def run_due(due_id: str) -> None:
        step(due_id)

    return run_due


def _let_logs_through() -> None:
    """With a handler in place DBOS adds no console of its own, and its records reach the handlers of the root."""
    log = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _choose_id(due: DueWork, again: bool) -> str:
    """The first id in the row's sequence that is free, or whose run is the one to join."""
    names = (row_key(due) if n == 0 else f"{row_key(due)}:{n}" for n in count())
    return next(name for name in names if _can_join(name, again))


def _can_join(workflow_id: str, again: bool) -> bool:
    found = DBOS.get_workflow_status(workflow_id)
    return found is None or found.status in UNDER_WAY or (found.status == SUCCEEDED and not again)
