"""Opens the database: one engine, its transactions, its schema brought up to date.

SQLite runs in WAL mode with full synchronisation: what was answered 201 survives a power cut. A unit of work takes
the write lock when it begins (BEGIN IMMEDIATE), so two of them never fail against each other half way.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from swath.cache import Cache
from swath.errors import Malformed, Unavailable
from swath.store import spatial
from swath.store.memory import Memory, State
from swath.store.reader import SqlReader
from swath.store.unit import SqlUnitOfWork
from swath.tasking.model import Schedule

BUSY_TIMEOUT_MS = 30_000
# The web server answers in 40 threads, and jobs and the sandbox have some of their own.
POOL_SIZE = 40
# Ours are fewer; more would only be other people's filters, and each full garbage collection looks at all of them.
KEPT_STATEMENTS = 200
# Read in place out of the system's own cache: counting what a filter leaves of 10,000 items takes a third of the time.
MAPPED_BYTES = 1 << 28
# Of thousands of lines each, most of them the same; the newest is asked for with every request.
MOST_SCHEDULES = 16
SERVED = "The store is SQLite for now: give an address such as sqlite:////srv/swath/swath.db."

log = logging.getLogger(__name__)


class SqlStore:
    """`swath.tasking.ports.Store` over an engine; `nudge` is called after every commit that added due work."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.nudge: Callable[[], None] = lambda: None
        self._writing = engine.execution_options(swath_writes=True)
        self._writer = threading.Lock()
        self._own = _Own()
        self._memory = Memory()
        self._schedules = Cache[Schedule](MOST_SCHEDULES)
        self._watch = Watch(engine) if engine.dialect.name == "sqlite" else None
        self._keeps = True

    def version(self) -> Hashable:
        """Another one after every change by any process; see `swath.tasking.ports.Store`."""
        return self._watch.look() if self._watch is not None else object()

    @property
    def local(self) -> bool:
        """SQLite is a file; its readers wait for no writer."""
        return self._watch is not None

    @contextmanager
    def read(self) -> Generator[SqlReader]:
        """A consistent state to read from. Raises Unavailable when no connection comes free."""
        # Before the state that is read: what is remembered of it is asked for no later.
        state = State(self._memory, self.version()) if self.local else None
        try:
            connection = self.engine.connect()
        except PoolTimeout as error:
            raise _busy() from error
        with connection:
            yield SqlReader(connection, self._schedules, state)

    @contextmanager
    def begin(self) -> Generator[SqlUnitOfWork]:
        """One writing transaction: commits when the block is left, rolls back when it raises."""
        with self.write() as connection:
            uow = SqlUnitOfWork(connection, self._schedules)
            yield uow
        for key, made in uow.added_schedules.items():
            self._schedules.keep(key, made)
        if uow.added_due:
            self.nudge()

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A bare writing transaction, for what is not tasking's."""
        # Writers of this process wait for each other here, not inside SQLite with a connection in their hands.
        if not self._writer.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise _busy()
        try:
            with self._writing.begin() as connection:
                self._own.connection = connection
                yield connection
            self._keeps = True
        except PoolTimeout as error:
            raise _busy() from error
        except (OperationalError, sqlite3.OperationalError) as error:
            self._keeps = self._keeps and not _is_broken(getattr(error, "orig", error))
            raise (_find_refusal(getattr(error, "orig", error)) or error) from error
        finally:
            self._own.connection = None
            self._writer.release()

    @contextmanager
    def connect(self) -> Generator[Connection]:
        """A bare connection to read by: that of the change which this thread is making, or else one for the while.

        A second one for each change, and as many changes at once as there are connections would wait for ever.
        """
        if self._own.connection is not None:
            yield self._own.connection
            return
        with self.engine.connect() as connection:
            yield connection

    def check_keeping(self) -> None:
        """Raises Unavailable if nothing can be kept. Nothing is written to find out, unless the last change failed."""
        if not self._keeps:
            with self.write() as connection:
                # The smallest change there is: the same number again.
                number = connection.exec_driver_sql("PRAGMA user_version").scalar()
                connection.exec_driver_sql(f"PRAGMA user_version = {number}")

    def close(self) -> None:
        """Give all connections back."""
        if self._watch is not None:
            self._watch.close()
        self.engine.dispose()


class _Own(threading.local):
    """The connection that a thread is changing something by."""

    connection: Connection | None = None


class Watch:
    """Sees every commit to a SQLite file, whoever makes it, by a connection of its own that never writes.

    SQLite counts the commits of others for each connection (`PRAGMA data_version`). Looking takes three microseconds,
    where any query through SQLAlchemy takes forty and more.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._looking = threading.Lock()
        self._connection: PoolProxiedConnection | None = None

    def look(self) -> int:
        """The count as of now."""
        with self._looking:
            if self._connection is None:
                self._connection = self._engine.raw_connection()
                # It is kept for good and must not count as one that somebody forgot to give back.
                self._connection.detach()
            driver: Any = self._connection.dbapi_connection
            return driver.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Let the connection go; looking again opens another."""
        with self._looking:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def open_store(url: str) -> SqlStore:
    """Open the database at `url`, creating and upgrading its tables as needed."""
    engine = build_engine(url)
    try:
        migrate(engine)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if _name(getattr(error, "orig", error)) != "SQLITE_NOTADB":
            raise
        raise Malformed(
            f"{engine.url.database} is no database; move it away, or name another folder."
        ) from error
    return SqlStore(engine)


def build_engine(url: str, *, synchronous: str = "FULL") -> Engine:
    """An engine with the transactions, pragmas and spatial functions that the store relies on.

    `synchronous` is SQLite's; anything but FULL may lose what was answered when the power goes: for stores that are
    thrown away. Raises Malformed for the address of another database.
    """
    file = _find_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        query_cache_size=KEPT_STATEMENTS,
    )
    event.listen(engine, "connect", partial(_prepare, synchronous))
    event.listen(engine, "begin", _begin)
    spatial.install(engine)
    return engine


def _find_file(url: str) -> Path | None:
    """Where the database lies; None for one in memory."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Malformed(f"The database's address cannot be read. {SERVED}") from error
    if parsed.get_backend_name() != "sqlite":
        raise Malformed(f"The database's address begins with {parsed.drivername}:. {SERVED}")
    return Path(parsed.database) if parsed.database else None


def migrate(engine: Engine) -> None:
    """Bring the tables up to date; does nothing when they are."""
    config = Config()
    config.set_main_option("script_location", "swath.store:migrations")
    with engine.execution_options(swath_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _busy() -> Unavailable:
    return Unavailable("The database is busy with other changes; try again in a moment.", retry_after_s=2)


def _find_refusal(error: object) -> Unavailable | None:
    """What to tell of a change that came to nothing through no fault of its own; None for anything else."""
    name = _name(error)
    if _is_broken(error):
        log.error("nothing can be kept: %s (%s)", error, name)
        return Unavailable("Nothing can be kept at the moment; what was kept is safe.", retry_after_s=60)
    return _busy() if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) else None


def _is_broken(error: object) -> bool:
    return _name(error).startswith(("SQLITE_FULL", "SQLITE_IOERR"))


def _name(error: object) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _prepare(synchronous: str, connection: Any, _: Any) -> None:
    # The driver's own transaction handling is switched off: ours begins where the engine says so.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"mmap_size={MAPPED_BYTES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("swath_writes", False)
    driver: Any = connection.connection.driver_connection
    # A list may have begun to read by the driver alone.
    if not driver.in_transaction:
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
