"""Lists, once for all collections: `find_page` answers any Query on any Source, within a time."""

import sqlite3
import time
from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, InternalError, OperationalError

from swath.errors import BadParameter, Unavailable
from swath.query import NotAtOnce, Page, Query
from swath.store.source import Source
from swath.store.statements import ask
from swath.store.types import Utc

TIME_LIMIT_S = 10.0
# What may be asked for where everybody waits meanwhile: so many rows at most, within so long.
MOST_AT_ONCE, MOMENT_S = 20, 0.001
# Steps of SQLite's machine between two looks at the clock: some ten microseconds, or a few calls of a function.
_STEPS = 1_000
_QUERY_CANCELED = "57014"
LAPSE = Utc()

# How many rows match, and when the first of them lapses.
Count = tuple[int, datetime | None]
# Gives the count kept under a key, or counts.
Keep = Callable[[Hashable, Callable[[], Count]], Count]


def count_anew(_: Hashable, count: Callable[[], Count]) -> Count:
    """Keeps nothing."""
    return count()


def find_page(
    connection: Connection,
    source: Source,
    query: Query,
    *,
    now: datetime | None = None,
    limit_s: float = TIME_LIMIT_S,
    keep: Keep = count_anew,
) -> Page[Any]:
    """The slice of rows that the query asks for, and how many rows match in all.

    Rows of SQLite are tuples as they lie there, text and bytes: `records.find_records` makes values of them. `keep` may
    know the count already; where rows lapse, until the next one does.

    Raises BadParameter where a filter, Unavailable where anything else makes it take longer than `limit_s` seconds, and
    NotAtOnce for queries that cannot wait.
    """
    if query.at_once and query.limit > MOST_AT_ONCE:
        raise NotAtOnce
    patience_s = MOMENT_S if query.at_once else limit_s
    statements, values = ask(connection.dialect, source, query, now)
    with _decidable(query), time_limit(connection, patience_s, _too_slow(query)):
        found = tuple(statements.rows(connection, values))
        # A page that is not full is the last one, and tells how many there are.
        if 0 < len(found) < query.limit or not (found or query.offset):
            # Nobody has looked when the first of them lapses.
            return Page(found, query.offset + len(found), now if source.lapses is not None else None)
        key = (source.table.name, _wanted(query))

        def count() -> Count:
            matched, lapse = statements.count(connection, values)[0]
            return matched, LAPSE.process_result_value(lapse, connection.dialect)

        matched, until = _count(keep, key, count, now)
    return Page(found, matched, until)


def _count(keep: Keep, key: Hashable, count: Callable[[], Count], now: datetime | None) -> Count:
    """The count that is kept, or after one of its rows has lapsed the one that was kept since then."""
    matched, until = keep(key, count)
    while until is not None and now is not None and until <= now:
        key = (key, until)
        matched, until = keep(key, count)
    return matched, until


def _wanted(query: Query) -> Hashable:
    """What decides how many rows match."""
    return (
        query.account_id,
        query.ids,
        query.collections,
        query.bbox,
        query.intersects,
        query.interval,
        query.where,
        tuple(query.equals.items()),
    )


@contextmanager
def time_limit(connection: Connection, limit_s: float, error: Exception) -> Generator[None]:
    """Stop statements of this block once it has taken `limit_s` seconds, and raise the error.

    SQLite is looked at between steps of its machine, so one call of a function is not cut short; PostgreSQL stops each
    statement by itself.
    """
    limit = _limit_sqlite if connection.dialect.name == "sqlite" else _limit_postgresql
    try:
        with limit(connection, limit_s):
            yield
    except (OperationalError, sqlite3.OperationalError) as failure:
        raise (error if _was_stopped(failure) else failure) from failure


@contextmanager
def _limit_sqlite(connection: Connection, limit_s: float) -> Generator[None]:
    driver: Any = connection.connection.driver_connection
    ends = time.monotonic() + limit_s
    driver.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def _limit_postgresql(connection: Connection, limit_s: float) -> Generator[None]:
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {round(1000 * limit_s)}")
    yield
    connection.exec_driver_sql("SET LOCAL statement_timeout = DEFAULT")


def _was_stopped(failure: Exception) -> bool:
    cause = getattr(failure, "orig", failure)
    return "interrupted" in str(cause) or getattr(cause, "sqlstate", "") == _QUERY_CANCELED


@contextmanager
def _decidable(query: Query) -> Generator[None]:
    """PostgreSQL ends a statement where its functions have no answer, as for the relations of mixed collections."""
    try:
        yield
    except (DataError, InternalError) as failure:
        if query.where is None:
            raise
        reason = "The filter cannot be decided here; use simpler geometries, or smaller numbers."
        raise BadParameter("filter", reason) from failure


def _too_slow(query: Query) -> Exception:
    if query.at_once:
        return NotAtOnce()
    if query.where is not None:
        return BadParameter("filter", "The filter takes too long; narrow it by bbox, datetime or equality.")
    return Unavailable("The list takes too long at the moment; narrow it by bbox or datetime.")
