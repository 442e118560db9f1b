"""Lists, once for all collections: a Source says what a table offers, `find_page` answers any Query on it."""

import time
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    null,
    select,
    true,
    type_coerce,
)
from sqlalchemy.exc import DataError, InternalError, OperationalError
from sqlalchemy.types import NullType

from swath.cql2 import Call, Kind, Literal, Node, Property
from swath.cql2.literals import build_box
from swath.errors import BadParameter, SwathError, Unavailable
from swath.query import Page, Query
from swath.recall import Recall
from swath.store.filters import compile_filter, compile_intersects, compile_interval
from swath.store.spatial import boxes, rtree_clause
from swath.store.types import Utc

Expression = ColumnElement[Any]
Condition = ColumnElement[bool]

TIME_LIMIT_S = 10.0
# Steps of SQLite's machine between two looks at the clock: some ten microseconds, or a few calls of a function.
_STEPS = 1_000
# Operators of a filter whose statement is kept for the next call.
_MOST_CACHED = 10
_QUERY_CANCELED = "57014"
# Relations that can only hold where bounding boxes meet.
_NEAR = frozenset(
    ("s_intersects", "s_equals", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains")
)


@dataclass(frozen=True, eq=False)
class Source:
    """A table that is listed, and its columns under the names that filters, equalities and orders use.

    `columns` has the id as "id" and, where a Query may choose collections, the collection as "collection". `order`
    must be total, so that pages neither repeat nor lose a row. What a Query says about a column that is None here
    does not narrow the list. `rtree` tells that the table has its companion of boxes, keyed by `seq`; `always` holds
    for every list, and a row is listed only before it `lapses`.
    """

    table: Table
    columns: Mapping[str, Expression]
    order: tuple[Expression, ...]
    account: Expression | None = None
    geometry: Expression | None = None
    start: Expression | None = None
    end: Expression | None = None
    rtree: bool = False
    always: Condition | None = None
    lapses: Expression | None = None


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
    *also: Condition,
    now: datetime | None = None,
    limit_s: float = TIME_LIMIT_S,
    keep: Keep = count_anew,
) -> Page[Row[Any]]:
    """The slice of rows that the query asks for, under further conditions, and how many rows match in all.

    Rows of SQLite are as they lie there, text and bytes: `records.find_records` makes values of them. `keep` may know
    the count already, where it does not hang on further conditions; where rows lapse, until the next one does.

    Raises BadParameter where a filter, Unavailable where anything else makes it take longer than `limit_s` seconds.
    """
    statements = _find_statements(connection, source, query, also)
    values = _values(query, now)
    execute = partial(connection.execute, execution_options=_execution_options(query))
    with _decidable(query), time_limit(connection, limit_s, _too_slow(query)):
        found = execute(statements.rows, values).all()
        # A page that is not full is the last one, and tells how many there are.
        if 0 < len(found) < query.limit or not (found or query.offset):
            # Nobody has looked when the first of them lapses.
            return Page(tuple(found), query.offset + len(found), now if source.lapses is not None else None)
        look = count_anew if also else keep
        key = (source.table.name, _wanted(query))
        matched, until = _count(look, key, lambda: tuple(execute(statements.count, values).one()), now)
    return Page(tuple(found), matched, until)


def _count(keep: Keep, key: Hashable, count: Callable[[], Count], now: datetime | None) -> Count:
    """The count that is kept, or after one of its rows has lapsed the one that was kept since then."""
    matched, until = keep(key, count)
    while until is not None and now is not None and until <= now:
        key = (key, until)
        matched, until = keep(key, count)
    return matched, until


@dataclass(frozen=True)
class _Statements:
    """One finds the rows of a page, the other counts all and tells when the first lapses, where rows do.

    Plain values are parameters of both.
    """

    rows: Select[Any]
    count: Select[Any, Any]


# Building a statement, and finding out whether it is one that was compiled before, take longer than running it.
_KEPT = Recall[_Statements](512)


def _find_statements(
    connection: Connection, source: Source, query: Query, also: Sequence[Condition]
) -> _Statements:
    is_sqlite = connection.dialect.name == "sqlite"

    def build() -> _Statements:
        return _build_statements(is_sqlite, source, query, also)

    if also or query.bbox is not None or query.intersects is not None or _is_large(query):
        return build()
    return _KEPT.get((is_sqlite, source, _asked(query)), build)


def _asked(query: Query) -> Hashable:
    """Which plain conditions a query sets, without what it sets them to; a filter counts with its constants."""
    start, end = query.interval or (None, None)
    set_or_not = (query.account_id, query.ids, query.collections, start, end)
    return (*(value is None for value in set_or_not), tuple(query.equals), query.sort, query.where)


def _build_statements(
    is_sqlite: bool, source: Source, query: Query, also: Sequence[Condition]
) -> _Statements:
    near = _near(source, query) if is_sqlite else ()
    matches = and_(true(), *_conditions(source, query), *near, *also)
    columns = (
        [type_coerce(c, NullType()).label(c.name) for c in source.table.c] if is_sqlite else [source.table]
    )
    lapse = null() if source.lapses is None else func.min(source.lapses)
    rows = select(*columns).select_from(source.table).where(matches).order_by(*_order(source, query))
    return _Statements(
        rows.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer)),
        select(func.count(), lapse).select_from(source.table).where(matches),
    )


def _execution_options(query: Query) -> Mapping[str, Any]:
    return {"compiled_cache": None} if _is_large(query) else {}


def _is_large(query: Query) -> bool:
    """Large filters seldom come twice, and hundreds of their statements are a burden to keep."""
    return query.where is not None and query.where.size > _MOST_CACHED


def _values(query: Query, now: datetime | None) -> Mapping[str, Any]:
    start, end = query.interval or (None, None)
    named = {
        "account": query.account_id,
        "ids": query.ids,
        "collections": query.collections,
        "start": start,
        "end": end,
        "now": now,
    }
    equals = {f"equal_{index}": value for index, value in enumerate(query.equals.values())}
    set_ones = {name: value for name, value in named.items() if value is not None}
    return {**set_ones, **equals, "limit": query.limit, "offset": query.offset}


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
def time_limit(connection: Connection, limit_s: float, error: SwathError) -> Generator[None]:
    """Stop statements of this block once it has taken `limit_s` seconds, and raise the error.

    SQLite is looked at between steps of its machine, so one call of a function is not cut short; PostgreSQL stops each
    statement by itself.
    """
    limit = _limit_sqlite if connection.dialect.name == "sqlite" else _limit_postgresql
    try:
        with limit(connection, limit_s):
            yield
    except OperationalError as failure:
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


def _was_stopped(failure: OperationalError) -> bool:
    return "interrupted" in str(failure.orig) or getattr(failure.orig, "sqlstate", "") == _QUERY_CANCELED


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


def _too_slow(query: Query) -> SwathError:
    if query.where is not None:
        return BadParameter("filter", "The filter takes too long; narrow it by bbox, datetime or equality.")
    return Unavailable("The list takes too long at the moment; narrow it by bbox or datetime.")


def _conditions(source: Source, query: Query) -> Iterator[Condition]:
    if source.always is not None:
        yield source.always
    if source.lapses is not None:
        yield source.lapses > bindparam("now", type_=Utc())
    if query.account_id is not None and source.account is not None:
        yield source.account == bindparam("account", type_=source.account.type)
    if query.ids is not None:
        yield source.columns["id"].in_(bindparam("ids", expanding=True))
    if query.collections is not None:
        yield source.columns["collection"].in_(bindparam("collections", expanding=True))
    if query.interval is not None and source.start is not None and source.end is not None:
        yield compile_interval(_bind_ends(*query.interval), source.start, source.end)
    for index, name in enumerate(query.equals):
        column = _column(source, name, name)
        yield column == bindparam(f"equal_{index}", type_=column.type)
    if query.where is not None:
        yield compile_filter(query.where, source.columns)
    if source.geometry is not None:
        yield from (compile_intersects(area, source.geometry) for area in _asked_areas(query))


def _bind_ends(start: datetime | None, end: datetime | None) -> tuple[Any, Any]:
    first, last = (bindparam(name, type_=Utc()) for name in ("start", "end"))
    return None if start is None else first, None if end is None else last


def _asked_areas(query: Query) -> list[BaseGeometry]:
    asked = (query.bbox and build_box(*query.bbox), query.intersects)
    return [area for area in asked if area is not None]


def _near(source: Source, query: Query) -> Iterator[Condition]:
    """Follows from the conditions, and lets SQLite find the rows by their boxes."""
    if source.rtree:
        for area in (*_asked_areas(query), *_areas_of(source, query)):
            yield rtree_clause(source.table.c.seq, source.table.name, boxes(area))


def _areas_of(source: Source, query: Query) -> Iterator[BaseGeometry]:
    """Constant areas of the filter that a match must be near to."""
    for node in query.where.conjuncts if query.where else ():
        if isinstance(node, Call) and node.op in _NEAR:
            yield from _constant_beside(node.args, source)


def _constant_beside(args: tuple[Node, ...], source: Source) -> Iterator[BaseGeometry]:
    for one, other in (args, args[::-1]):
        match one, other:
            case Property(name), Literal(BaseGeometry() as area, Kind.GEOMETRY):
                if source.columns[name] is source.geometry:
                    yield area
            case _:
                pass


def _order(source: Source, query: Query) -> Iterator[Expression]:
    for name, descending in query.sort:
        column = _column(source, name, "sortby")
        yield (column.desc() if descending else column.asc()).nulls_last()
    yield from source.order


def _column(source: Source, name: str, parameter: str) -> Expression:
    if name not in source.columns:
        raise BadParameter(
            parameter, f"'{name}' is not known; there are {', '.join(sorted(source.columns))}."
        )
    return source.columns[name]
