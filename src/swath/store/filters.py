"""Checked filters, boxes and intervals as SQLAlchemy expressions: only bound parameters, never text of a caller's.

What SQL leaves open goes through functions by name: `ST_*` as PostGIS calls them, and `swath_*` (`words.FUNCTIONS`).
`spatial.install` gives both to SQLite, `postgres.install` the second kind to PostgreSQL; nothing else here differs.
NULL is neither true nor false all the way through, so NOT of it finds nothing either.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Float,
    String,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    true,
)
from sqlalchemy.types import TypeEngine

from swath.cql2 import FUNCTIONS, Call, Filter, Interval, Kind, Literal, Node, Place, Property, Value
from swath.errors import BadParameter
from swath.store.types import Json, Utc, Wkb

Expression = ColumnElement[Any]
Condition = ColumnElement[bool]
Columns = Mapping[str, Expression]

_TYPES: Mapping[Kind, TypeEngine[Any]] = {
    Kind.STRING: String(),
    Kind.NUMBER: Float(),
    Kind.BOOLEAN: Boolean(),
    Kind.TIMESTAMP: Utc(),
    Kind.DATE: Date(),
    Kind.GEOMETRY: Wkb(),
    Kind.ARRAY: Json(),
}
# SQLite's parser has a stack of 100 and spends up to 5 on an operator: it gave up at 20 in the worst case.
MAX_HEIGHT = 16

# SQLite has it; `postgres.install` gives PostgreSQL one of this name.
CODE_POINTS = "BINARY"

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


def compile_filter(where: Filter, columns: Columns) -> Condition:
    """The filter as a condition on columns, which are named as the queryables are.

    Where its constants were lifted out it has parameters, and `name_constants` gives their values. Columns of times are
    `Utc`, of days `Date`, of geometries `Wkb`, of arrays `Json`. Raises BadParameter for more than `MAX_HEIGHT`
    operators inside each other.
    """
    if where.height > MAX_HEIGHT:
        raise BadParameter(
            "filter", f"More than {MAX_HEIGHT} operators stand inside each other; write it flatter."
        )
    return _compile(where.root, columns)


def name_constants(constants: Iterable[Value]) -> Mapping[str, Value]:
    """The values of the parameters of a filter that had these constants."""
    return {_name(index): value for index, value in enumerate(constants)}


def compile_intersects(area: BaseGeometry | Expression, geometry: Expression) -> Condition:
    """Geometries that meet the area."""
    wanted = literal(area, Wkb()) if isinstance(area, BaseGeometry) else area
    return func.ST_Intersects(geometry, wanted, type_=Boolean)


def compile_interval(
    interval: tuple[datetime | Expression | None, datetime | Expression | None],
    start: Expression,
    end: Expression,
) -> Condition:
    """Rows whose time from `start` to `end` meets the interval, ends included; None is open."""
    first, last = interval
    ends = [start <= last] if last is not None else []
    starts = [end >= first] if first is not None else []
    return and_(true(), *ends, *starts)


def _compile(node: Node, columns: Columns) -> Expression:
    match node:
        case Property(name):
            return columns[name]
        case Literal(value, kind):
            return literal(value, _TYPES[kind])
        case Place(index, kind):
            return bindparam(_name(index), type_=_TYPES[kind])
        case Call(op, args) if op.startswith("t_"):
            return _temporal(op, args, columns)
        case Call(op, args):
            return _OPERATORS[op](*(_compile(arg, columns) for arg in args))
        case Interval():
            raise TypeError("An interval has no value of its own; only temporal functions take one.")


def _name(index: int) -> str:
    return f"constant_{index}"


def _is_in(value: Expression, *options: Expression) -> Condition:
    return value.in_(options)


def by_code_point(value: Expression) -> Expression:
    """The value so that texts are ordered letter by letter, whatever language the database was made for."""
    return value.collate(CODE_POINTS) if isinstance(value.type, String) else value


def _ordered(compare: Callable[[Expression, Expression], Condition]) -> Callable[..., Condition]:
    def call(left: Expression, right: Expression) -> Condition:
        return compare(by_code_point(left), right)

    return call


def _is_between(value: Expression, low: Expression, high: Expression) -> Condition:
    return by_code_point(value).between(low, high)


def _is_null(value: Expression) -> Condition:
    return value.is_(None)


def _function(name: str, result: type[TypeEngine[Any]] | TypeEngine[Any]) -> Callable[..., Expression]:
    def call(*args: Expression) -> Expression:
        return getattr(func, name)(*args, type_=result)

    return call


def _spatial(name: str, turned: str) -> Callable[[Expression, Expression], Condition]:
    def call(left: Expression, right: Expression) -> Condition:
        # A constant goes to the right, where it is prepared once for all rows.
        if isinstance(left, BindParameter):
            return getattr(func, turned)(right, left, type_=Boolean)
        return getattr(func, name)(left, right, type_=Boolean)

    return call


_OPERATORS: Mapping[str, Callable[..., Expression]] = {
    "and": and_,
    "or": or_,
    "not": not_,
    "=": operator.eq,
    "<>": operator.ne,
    "<": _ordered(operator.lt),
    ">": _ordered(operator.gt),
    "<=": _ordered(operator.le),
    ">=": _ordered(operator.ge),
    "between": _is_between,
    "in": _is_in,
    "isnull": _is_null,
    "like": _function("swath_like", Boolean),
    "casei": _function("swath_fold_case", String),
    "accenti": _function("swath_strip_accents", String),
    "+": _function("swath_add", Float),
    "-": _function("swath_subtract", Float),
    "*": _function("swath_multiply", Float),
    "/": _function("swath_divide", Float),
    "%": _function("swath_mod", Float),
    "div": _function("swath_div", Float),
    "^": _function("swath_power", Float),
    "s_intersects": _spatial("ST_Intersects", "ST_Intersects"),
    "s_disjoint": _spatial("ST_Disjoint", "ST_Disjoint"),
    "s_equals": _spatial("ST_Equals", "ST_Equals"),
    "s_touches": _spatial("ST_Touches", "ST_Touches"),
    "s_overlaps": _spatial("ST_Overlaps", "ST_Overlaps"),
    "s_crosses": _spatial("ST_Crosses", "ST_Crosses"),
    "s_within": _spatial("ST_Within", "ST_Contains"),
    "s_contains": _spatial("ST_Contains", "ST_Within"),
    "a_contains": _function("swath_array_contains", Boolean),
    "a_containedby": _function("swath_array_containedby", Boolean),
    "a_equals": _function("swath_array_equals", Boolean),
    "a_overlaps": _function("swath_array_overlaps", Boolean),
    **{name: _function(f"swath_{name}", _TYPES[function.result]) for name, function in FUNCTIONS.items()},
}


# Time


class _Span(NamedTuple):
    """A closed interval of time; an instant is one whose ends are the same."""

    start: Expression
    end: Expression


def _temporal(op: str, args: tuple[Node, ...], columns: Columns) -> Condition:
    by_day = all(_is_by_day(arg) for arg in args)
    one, other = (_span(arg, columns, by_day) for arg in args)
    return _RELATIONS[op](one, other)


def _is_by_day(node: Node | None) -> bool:
    if isinstance(node, Interval):
        return _is_by_day(node.start) and _is_by_day(node.end)
    return node is None or node.kind is Kind.DATE


def _span(node: Node, columns: Columns, by_day: bool) -> _Span:
    """Start and end as days, or as times once one operand has a time: a day is then all of its 24 hours."""
    start, end = (node.start, node.end) if isinstance(node, Interval) else (node, node)
    return _Span(_edge(start, columns, by_day, is_end=False), _edge(end, columns, by_day, is_end=True))


def _edge(node: Node | None, columns: Columns, by_day: bool, *, is_end: bool) -> Expression:
    match node:
        case None if by_day:
            return literal(date.max if is_end else date.min, Date())
        case None:
            return literal(END if is_end else BEGINNING, Utc())
        case Literal(value, Kind.DATE) if not by_day and isinstance(value, date):
            return literal(datetime.combine(value, time.max if is_end else time.min, UTC), Utc())
        case Property(_, Kind.DATE) if not by_day:
            name = "swath_end_of_day" if is_end else "swath_start_of_day"
            return getattr(func, name)(_compile(node, columns), type_=Utc)
        case _:
            return _compile(node, columns)


def _turned(relation: Callable[[_Span, _Span], Condition]) -> Callable[[_Span, _Span], Condition]:
    return lambda one, other: relation(other, one)


def _before(a: _Span, b: _Span) -> Condition:
    return a.end < b.start


def _intersects(a: _Span, b: _Span) -> Condition:
    return and_(a.start <= b.end, a.end >= b.start)


def _disjoint(a: _Span, b: _Span) -> Condition:
    return or_(a.end < b.start, a.start > b.end)


def _equals(a: _Span, b: _Span) -> Condition:
    return and_(a.start == b.start, a.end == b.end)


def _during(a: _Span, b: _Span) -> Condition:
    return and_(a.start > b.start, a.end < b.end)


def _finishes(a: _Span, b: _Span) -> Condition:
    return and_(a.start > b.start, a.end == b.end)


def _starts(a: _Span, b: _Span) -> Condition:
    return and_(a.start == b.start, a.end < b.end)


def _meets(a: _Span, b: _Span) -> Condition:
    return a.end == b.start


def _overlaps(a: _Span, b: _Span) -> Condition:
    return and_(a.start < b.start, a.end > b.start, a.end < b.end)


# The relations of OGC 21-065, section 7.4, after Allen.
_RELATIONS: Mapping[str, Callable[[_Span, _Span], Condition]] = {
    "t_before": _before,
    "t_after": _turned(_before),
    "t_intersects": _intersects,
    "t_disjoint": _disjoint,
    "t_equals": _equals,
    "t_during": _during,
    "t_contains": _turned(_during),
    "t_finishes": _finishes,
    "t_finishedby": _turned(_finishes),
    "t_starts": _starts,
    "t_startedby": _turned(_starts),
    "t_meets": _meets,
    "t_metby": _turned(_meets),
    "t_overlaps": _overlaps,
    "t_overlappedby": _turned(_overlaps),
}
