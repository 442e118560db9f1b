"""The statements behind lists: one pair for all queries that set the same conditions, whatever they set them to.

Building one takes half a millisecond, running it a tenth of that. So the values of a query are parameters, the
statement hangs on the rest alone and is kept, and SQLite's driver runs it without anybody in between.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Connection,
    Dialect,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    false,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.sql.expression import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from swath.cache import Cache
from swath.cql2 import Call, Filter, Kind, Literal, Node, Property
from swath.cql2.literals import build_box
from swath.errors import BadParameter
from swath.query import Query
from swath.store.driver import Prepared, Values, is_listed
from swath.store.filters import compile_filter, compile_intersects, compile_interval, name_constants
from swath.store.source import Condition, Expression, Source
from swath.store.spatial import Box, Relation, Sides, boxes, lies_in, meets, rtree_clause
from swath.store.types import Utc, Wkb

Run = Callable[[Connection, Values], Sequence[Any]]

# Operators of a filter whose statement is kept for the next call.
_MOST_KEPT_SIZE = 10
# Relations that can only hold where bounding boxes meet.
_NEAR = frozenset(
    ("s_intersects", "s_equals", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains")
)


@dataclass(frozen=True)
class Asked:
    """What of a query decides its statements: which conditions it sets, and a filter without its constants.

    `near` tells of each area that a match must be near to how many boxes it has, where SQLite looks for those.
    """

    conditions: frozenset[str]
    equals: tuple[str, ...]
    where: Filter | None
    near: tuple[int, ...]
    sort: tuple[tuple[str, bool], ...]


class Statements:
    """What is asked of a source, as statements that are made when they are run for the first time."""

    def __init__(self, dialect: Dialect, source: Source, asked: Asked, options: Values) -> None:
        self._dialect, self._source, self._asked, self._options = dialect, source, asked, options

    @cached_property
    def keys(self) -> Run:
        """The keys of a page."""
        order = _order(self._source, self._asked)
        return self._prepare(self._narrow(select(self._source.key)).order_by(*order), is_cut=True)

    @cached_property
    def count(self) -> Run:
        """How many rows match in all and, where rows lapse, when the first of them does."""
        return self._prepare(self._narrow(select(func.count(), self._first_lapse()), counts=True))

    @cached_property
    def times(self) -> Run:
        """The extents of rows in order, without where they are: key, start, end, lapse and NULL."""
        return self._extents(null())

    @cached_property
    def places(self) -> Run:
        """The extents of rows in order, with their geometry."""
        return self._extents(self._source.geometry)

    def _extents(self, geometry: Expression | None) -> Run:
        source = self._source
        told = (source.start, source.end, source.lapses, geometry)
        columns = (null() if column is None else column for column in told)
        order = _order(source, self._asked)
        return self._prepare(self._narrow(select(source.key, *columns)).order_by(*order), is_cut=True)

    def _first_lapse(self) -> Expression:
        return null() if self._source.lapses is None else func.min(self._source.lapses)

    def _narrow(
        self, statement: Select[*tuple[Any, ...]], *, counts: bool = False
    ) -> Select[*tuple[Any, ...]]:
        conditions = _conditions(self._dialect, self._source, self._asked, counts=counts)
        return statement.select_from(self._source.table).where(and_(true(), *conditions))

    def _prepare(self, statement: Select[*tuple[Any, ...]], *, is_cut: bool = False) -> Run:
        if is_cut:
            limit, offset = (bindparam(name, type_=Integer) for name in ("limit", "offset"))
            statement = statement.limit(limit).offset(offset)
        return prepare(statement, self._dialect, self._options)


_KEPT = Cache[Statements](512)


def ask(dialect: Dialect, source: Source, query: Query, now: datetime | None) -> tuple[Statements, Values]:
    """The statements for a query, and the values to run them with."""
    asked, values = _part(dialect, source, query)
    values = {**values, "now": now, "limit": query.limit, "offset": query.offset}
    if query.where is not None and query.where.size > _MOST_KEPT_SIZE:
        # Large filters seldom come twice, and hundreds of their statements are a burden to keep.
        return Statements(dialect, source, asked, {"compiled_cache": None}), values
    key = (dialect.name, source, asked)
    return _KEPT.get(key, lambda: Statements(dialect, source, asked, {})), values


def _part(dialect: Dialect, source: Source, query: Query) -> tuple[Asked, Values]:
    """What a query asks, apart from the values in it."""
    start, end = query.interval or (None, None)
    bbox = build_box(*query.bbox) if query.bbox is not None else None
    where, constants = query.where.lifted if query.where is not None else (None, ())
    plain = {
        "account": query.account_id,
        "ids": query.ids,
        "collections": query.collections,
        "start": start,
        "end": end,
        "bbox": bbox,
        "intersects": query.intersects,
    }
    given = {name: value for name, value in plain.items() if value is not None}
    has_boxes = source.rtree and dialect.name == "sqlite"
    near = [boxes(area) for area in _find_areas(source, query, bbox)] if has_boxes else []
    asked = Asked(
        frozenset(given), tuple(query.equals), where, tuple(len(found) for found in near), query.sort
    )
    equals = {f"equal_{index}": value for index, value in enumerate(query.equals.values())}
    return asked, {**given, **equals, **name_constants(constants), **_name_sides(near)}


def prepare(statement: Select[*tuple[Any, ...]], dialect: Dialect, options: Values | None = None) -> Run:
    """How to run a statement. What SQLite gives are plain tuples as they lie there, text, numbers and bytes."""
    if dialect.name != "sqlite":
        return lambda connection, values: connection.execute(
            statement, values, execution_options=options or {}
        ).all()
    prepared = Prepared(statement)
    return lambda connection, values: prepared.run(connection, values).fetchall()


def _conditions(dialect: Dialect, source: Source, asked: Asked, *, counts: bool) -> Iterator[Condition]:
    given = asked.conditions
    if source.always is not None:
        yield source.always
    if source.lapses is not None:
        yield source.lapses > bindparam("now", type_=Utc())
    if "account" in given and source.account is not None:
        # Walked in its order a page is soon full; all are counted quicker by their boxes than by their account.
        account = _unindexed(source.account) if counts and asked.near else source.account
        yield account == bindparam("account", type_=source.account.type)
    if "ids" in given:
        yield is_among(dialect, source.columns["id"], "ids")
    if "collections" in given:
        yield is_among(dialect, source.columns["collection"], "collections")
    if source.start is not None and source.end is not None:
        start, end = (bindparam(name, type_=Utc()) if name in given else None for name in ("start", "end"))
        yield compile_interval((start, end), source.start, source.end)
    for index, name in enumerate(asked.equals):
        column = _find_column(source, name, name)
        yield column == bindparam(f"equal_{index}", type_=column.type)
    if asked.where is not None:
        yield compile_filter(asked.where, source.columns)
    yield from _meet_areas(source, asked, counts=counts)


def is_among(dialect: Dialect, column: Expression, name: str) -> Condition:
    """One of a list of values, however many there are."""
    if dialect.name != "sqlite":
        return column.in_(bindparam(name, expanding=True))
    return is_listed(column, name)


def _find_column(source: Source, name: str, parameter: str) -> Expression:
    """The column of that name. Raises BadParameter for the parameter that named it."""
    if name not in source.columns:
        raise BadParameter(
            parameter, f"'{name}' is not known; there are {', '.join(sorted(source.columns))}."
        )
    return source.columns[name]


def _order(source: Source, asked: Asked) -> Iterator[Expression]:
    for name, descending in asked.sort:
        column = _find_column(source, name, "sortby")
        yield (column.desc() if descending else column.asc()).nulls_last()
    yield from source.order


def _unindexed(column: Expression) -> Expression:
    """The column, so that SQLite does not look for its values in an index."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


# Areas


def _meet_areas(source: Source, asked: Asked, *, counts: bool) -> Iterator[Condition]:
    """What is near is found by boxes, and then looked at; where many are counted, not those that surely meet."""
    near = [_bind_sides(index, count) for index, count in enumerate(asked.near)]
    yield from (_by_boxes(source, sides, meets) for sides in near)
    if source.geometry is None:
        return
    if "bbox" in asked.conditions:
        looked_at = compile_intersects(bindparam("bbox", type_=Wkb()), source.geometry)
        surely = _by_boxes(source, near[0], lies_in) if near and counts else false()
        yield or_(surely, looked_at)
    if "intersects" in asked.conditions:
        yield compile_intersects(bindparam("intersects", type_=Wkb()), source.geometry)


def _by_boxes(source: Source, wanted: Sequence[Sides], holds: Relation) -> Condition:
    return rtree_clause(source.table.c["seq"], source.table.name, wanted, holds)


def _find_areas(source: Source, query: Query, bbox: BaseGeometry | None) -> Iterator[BaseGeometry]:
    """Areas that a match must be near to, that of `bbox` first."""
    yield from (area for area in (bbox, query.intersects) if area is not None)
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


def _name_sides(near: Sequence[Sequence[Box]]) -> Values:
    return {
        f"near_{area}_{box}_{side}": value
        for area, found in enumerate(near)
        for box, sides in enumerate(found)
        for side, value in enumerate(sides)
    }


def _bind_sides(area: int, count: int) -> Sequence[Sides]:
    return [
        [bindparam(f"near_{area}_{box}_{side}", type_=Float()) for side in range(4)] for box in range(count)
    ]


@lru_cache(maxsize=64)
def build_geometries(dialect: Dialect, source: Source) -> Run:
    """Finds key and geometry of the rows that have these `keys`."""
    geometry = null() if source.geometry is None else source.geometry
    return prepare(select(source.key, geometry).where(is_among(dialect, source.key, "keys")), dialect)
