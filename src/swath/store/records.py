"""Rows of lists: as the database holds them, and what they mean once somebody looks."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Row, Table
from sqlalchemy.engine import result_tuple

from swath.query import Page, Query, Record
from swath.store.pages import Keep, count_anew, find_page
from swath.store.source import Source

T = TypeVar("T")


def find_records(
    connection: Connection,
    source: Source,
    query: Query,
    to_value: Callable[[Row[Any]], T],
    *,
    now: datetime | None = None,
    keep: Keep = count_anew,
) -> Page[Record[T]]:
    """What `pages.find_page` finds, each row made into a value by `to_value` when somebody looks.

    What lies in SQLite is text, numbers and bytes, so the row itself is the key: while the row is the same, so is all
    that follows from it. Rows of other databases hold values already, and each is a key of its own.
    """
    page = find_page(connection, source, query, now=now, keep=keep)
    if connection.dialect.name != "sqlite":
        rows = tuple(Record(object(), partial(to_value, row)) for row in page.rows)
        return Page(rows, page.matched, page.until)
    as_value = _build_reader(source.table, connection.dialect, to_value)
    return Page(tuple(Record(row, partial(as_value, row)) for row in page.rows), page.matched, page.until)


@lru_cache(maxsize=64)
def _build_reader(
    table: Table, dialect: Dialect, to_value: Callable[[Any], T]
) -> Callable[[tuple[Any, ...]], T]:
    readers = [c.type.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is for c in table.c]
    as_row = result_tuple(table.c.keys())
    return lambda row: to_value(as_row(read(held) for read, held in zip(readers, row, strict=True)))


def _as_it_is(value: Any) -> Any:
    return value
