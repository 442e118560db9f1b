"""What stands on a data folder before anything runs: its store, its clock, its rules.

Commands that only look something up, or keep something, need no more than this; `bootstrap` builds the service on it.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from swath.clock import Clock, SandboxClock, SystemClock, from_seconds, to_seconds
from swath.errors import Conflict
from swath.fleet import load_bundled_elements, load_fleet, read_fleet
from swath.settings import Settings
from swath.store import database
from swath.store.database import SqlStore
from swath.store.sandbox import SandboxStore
from swath.tasking.elements import import_elements
from swath.tasking.rules import Rules

try:
    import fcntl
except ImportError:
    # Not on Windows, where whoever starts a server sees to it that there is one.
    fcntl = None

# Sandboxes live on the bundled elements for as long as anyone likes; their age is shown, not refused.
ANY_AGE = timedelta(days=36_500)


@contextmanager
def served_alone(folder: Path) -> Generator[None]:
    """Be the only server of a folder, which is made where there is none. Raises Conflict while there is another.

    The system lets go of it when the process dies, however it dies.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The file stays: a server that begins as this one ends may have it open.
    with (folder / "server.lock").open("a") as lock:
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                f"Another server serves {folder}; end it, or name another folder. "
                "swath worker adds more workers to the same one."
            ) from error
        yield


def open_store(settings: Settings) -> SqlStore:
    """The database of these settings, its tables up to date."""
    return database.open_store(settings.url)


def build_rules(settings: Settings) -> Rules:
    """The fleet, limits, prices and notices of these settings."""
    limits = replace(settings.limits, max_elements_age=ANY_AGE) if settings.sandbox else settings.limits
    kept = settings.kept_fleet if settings.kept_fleet.exists() else None
    return Rules(load_fleet(settings.fleet_file or kept), limits, settings.prices, settings.notices)


def keep_fleet(settings: Settings) -> Settings:
    """Make a fleet that was given that of the folder, for all who open it: settings that need name none any more.

    Raises Malformed, and keeps what was there, when the file is no fleet's.
    """
    if settings.fleet_file is None:
        return settings
    # Once: it may be a pipe.
    text = read_fleet(settings.fleet_file)
    part = settings.kept_fleet.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(settings.kept_fleet)
    return replace(settings, fleet_file=None)


def build_clock(settings: Settings, store: SqlStore) -> Clock:
    """The machine's clock, or the sandbox's where the store is a sandbox's; a new sandbox's clock is set here."""
    sandbox = SandboxStore(store)
    if settings.sandbox:
        _refuse_to_simulate(settings, store, sandbox)
        newest = max(e.epoch for e in load_bundled_elements())
        sandbox.begin_at(settings.sandbox_start or from_seconds(to_seconds(newest)))
    if sandbox.exists():
        return SandboxClock(sandbox)
    return SystemClock()


def _refuse_to_simulate(settings: Settings, store: SqlStore, sandbox: SandboxStore) -> None:
    """A folder that was served in real time would be a sandbox for good. Raises Conflict."""
    if not sandbox.exists() and _was_served(settings, store):
        raise Conflict(
            f"{settings.data} holds the data of a service in real time; "
            "start it without --sandbox, or name another folder."
        )


def _was_served(settings: Settings, store: SqlStore) -> bool:
    with store.read() as reader:
        return settings.jobs_database.exists() or bool(reader.open_plans())


def take_in_bundled_elements(store: SqlStore, rules: Rules, clock: Clock) -> None:
    """Start a store that has no elements at all with those that come with swath."""
    with store.read() as reader:
        if reader.elements():
            return
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled with swath", clock.now())
