"""Lists, once for all collections: `find_page` answers any Query on any Source, within a time."""

import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, InternalError, OperationalError

from swath.cql2.literals import build_box
from swath.errors import BadParameter, Unavailable
from swath.query import NotAtOnce, Page, Query
from swath.store.extents import Extents
from swath.store.memory import Count, State, read_lapse
from swath.store.source import Source
from swath.store.spatial import boxes, meets_area
from swath.store.statements import ask, build_geometries

TIME_LIMIT_S = 10.0
# What may be asked for where everybody waits meanwhile: so many rows at most, within so long.
MOST_AT_ONCE, MOMENT_S = 20, 0.001
# Steps of SQLite's machine between two looks at the clock: some ten microseconds, or a few calls of a function.
_STEPS = 1_000
_QUERY_CANCELED = "57014"


def find_page(
    connection: Connection,
    source: Source,
    query: Query,
    *,
    now: datetime | None = None,
    limit_s: float = TIME_LIMIT_S,
    state: State | None = None,
) -> Page[Any]:
    """The keys of the rows in the slice that the query asks for, and how many rows match in all.

    `state` may know the count, or the extents of the whole list.

    Raises BadParameter where a filter, Unavailable where anything else makes it take longer than `limit_s` seconds, and
    NotAtOnce for queries that cannot wait.
    """
    if query.interval is not None and source.start is None:
        query = replace(query, interval=None)
    if query.at_once and query.limit > MOST_AT_ONCE:
        raise NotAtOnce
    patience_s = MOMENT_S if query.at_once else limit_s
    with _decidable(query), time_limit(connection, patience_s, _too_slow(query)):
        extents = _find_extents(connection, source, query, now, state)
        if extents is not None:
            return _cut(connection, source, extents, query)
        return _find_page(connection, source, query, now, state)


def _find_extents(
    connection: Connection, source: Source, query: Query, now: datetime | None, state: State | None
) -> Extents | None:
    """The extents of the list, where one is known that the query cuts something out of."""
    placed = query.bbox is not None
    if state is None or not (placed or query.interval is not None):
        return None

    def read(whole: Query) -> Sequence[Any]:
        statements, values = ask(connection.dialect, source, whole, now)
        return (statements.places if placed else statements.times)(connection, values)

    return state.extents(source.table.name, query, now, read)


def _cut(connection: Connection, source: Source, extents: Extents, query: Query) -> Page[Any]:
    if query.bbox is None:
        return extents.find(query, (), lambda _: ())
    area = build_box(*query.bbox)

    def look(keys: Sequence[Any]) -> Sequence[Any]:
        rows = build_geometries(connection.dialect, source)(connection, {"keys": keys})
        met = meets_area(area, [geometry for _, geometry in rows])
        return [key for (key, _), is_met in zip(rows, met, strict=True) if is_met]

    return extents.find(query, boxes(area), look)


def _find_page(
    connection: Connection, source: Source, query: Query, now: datetime | None, state: State | None
) -> Page[Any]:
    statements, values = ask(connection.dialect, source, query, now)
    keys = tuple(row[0] for row in statements.keys(connection, values))
    # A page that is not full is the last one, and tells how many there are.
    if 0 < len(keys) < query.limit or not (keys or query.offset):
        # Nobody has looked when the first of them lapses.
        return Page(keys, query.offset + len(keys), now if source.lapses is not None else None)

    def count() -> Count:
        matched, lapse = statements.count(connection, values)[0]
        return matched, read_lapse(lapse)

    return Page(keys, *(count() if state is None else state.count(source.table.name, query, now, count)))


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
