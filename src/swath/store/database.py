"""Opens the database: one engine, its transactions, its schema brought up to date.

SQLite runs in WAL mode with full synchronisation: what was answered 201 survives a power cut. A unit of work takes
the write lock when it begins (BEGIN IMMEDIATE), so two of them never fail against each other half way.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url

from swath.store import spatial
from swath.store.unit import SqlReader, SqlUnitOfWork

BUSY_TIMEOUT_MS = 30_000


class SqlStore:
    """`swath.tasking.ports.Store` over an engine; `nudge` is called after every commit that added due work."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.nudge: Callable[[], None] = lambda: None
        self._writing = engine.execution_options(swath_writes=True)

    @contextmanager
    def read(self) -> Generator[SqlReader]:
        """A consistent state to read from."""
        with self.engine.connect() as connection:
            yield SqlReader(connection)

    @contextmanager
    def begin(self) -> Generator[SqlUnitOfWork]:
        """One writing transaction: commits when the block is left, rolls back when it raises."""
        with self.write() as connection:
            uow = SqlUnitOfWork(connection)
            yield uow
        if uow.added_due:
            self.nudge()

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A bare writing transaction, for what is not tasking's."""
        with self._writing.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str) -> SqlStore:
    """Open the database at `url`, creating and upgrading its tables as needed."""
    engine = build_engine(url)
    migrate(engine)
    return SqlStore(engine)


def build_engine(url: str) -> Engine:
    """An engine with the transactions, pragmas and spatial functions that the store relies on."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    spatial.install(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables up to date; does nothing when they are."""
    config = Config()
    config.set_main_option("script_location", "swath.store:migrations")
    with engine.execution_options(swath_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare(connection: Any, _: Any) -> None:
    # The driver's own transaction handling is switched off: ours begins where the engine says so.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("swath_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
