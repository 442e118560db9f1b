"""The database of the job runner: DBOS keeps its own tables there, beside one table of ours with signs of life."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

metadata = sa.MetaData()

executors = sa.Table(
    "swath_executors",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("beats", sa.BigInteger, nullable=False),
)


def open_engine(url: str) -> sa.Engine:
    """An engine for the jobs database, its own table in place: SQLite in WAL mode, or PostgreSQL."""
    engine = _open_sqlite(url) if sa.make_url(url).get_backend_name() == "sqlite" else sa.create_engine(url)
    metadata.create_all(engine)
    return engine


def _open_sqlite(url: str) -> sa.Engine:
    engine = sa.create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # DBOS relies on writers taking turns from the first statement on; several processes share the file.
    connection.isolation_level = "IMMEDIATE"
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA journal_mode=WAL")
    # A power cut may cost the last runs but never consistency, and the rows of due work start them again.
    connection.execute("PRAGMA synchronous=NORMAL")
