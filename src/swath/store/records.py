"""Rows of lists: as the database holds them, and what they mean once somebody looks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Row, Table, select

from swath.query import Page, Query, Record
from swath.store.driver import build_reader
from swath.store.memory import State
from swath.store.pages import find_page
from swath.store.source import Source
from swath.store.statements import Run, is_among, prepare

T = TypeVar("T")


def find_records(
    connection: Connection,
    source: Source,
    query: Query,
    to_value: Callable[[Row[Any]], T],
    *,
    now: datetime | None = None,
    state: State | None = None,
) -> Page[Record[T]]:
    """What `pages.find_page` finds, each row made into a value by `to_value` when somebody looks.

    What lies in SQLite is text, numbers and bytes, so the row itself is the key: while the row is the same, so is all
    that follows from it. Rows of other databases hold values already, and each is a key of its own.
    """
    page = find_page(connection, source, query, now=now, state=state)
    rows = _find_rows(connection, source, page.rows, state)
    if connection.dialect.name != "sqlite":
        records = (Record(object(), partial(to_value, row)) for row in rows)
    else:
        as_value = _build_reader(source.table, to_value)
        records = (Record(row, partial(as_value, row)) for row in rows)
    return Page(tuple(records), page.matched, page.until)


def _find_rows(
    connection: Connection, source: Source, keys: Sequence[Any], state: State | None
) -> Sequence[Any]:
    """The rows that have these keys: those that the state knows, and the others from the database."""
    known = {} if state is None else state.rows(source.table.name, keys)
    wanted = [key for key in keys if key not in known]
    if wanted:
        found = _build_finder(source, connection.dialect)(connection, {"keys": wanted})
        at = list(source.table.c).index(source.key)
        known |= {row[at]: row for row in found}
        if state is not None:
            state.keep_rows(source.table.name, known)
    return [known[key] for key in keys if key in known]


@lru_cache(maxsize=64)
def _build_finder(source: Source, dialect: Dialect) -> Run:
    return prepare(select(source.table).where(is_among(dialect, source.key, "keys")), dialect)


@lru_cache(maxsize=64)
def _build_reader(table: Table, to_value: Callable[[Any], T]) -> Callable[[tuple[Any, ...]], T]:
    read = build_reader(table.c)
    return lambda row: to_value(read(row))
