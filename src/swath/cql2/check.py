"""CQL2 JSON to the checked tree: properties are declared, operators known, operands of the kinds they need.

`operators.OPERATORS` says what there is and what each takes.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from swath.cql2 import literals
from swath.cql2.guard import MAX_VALUES, Budget, decode, refuse
from swath.cql2.operators import INSTANTS, OPERATORS, as_instant, describe, require
from swath.cql2.tree import Filter, Interval, Kind, Literal, Node, Property, Queryable

Raw = Any  # the values of JSON


def check(raw: Raw, queryables: Iterable[Queryable]) -> Filter:
    """The condition in `raw` over these queryables; raises BadParameter with a sentence that names the cure."""
    root = _Checker({queryable.name: queryable for queryable in queryables}).node(raw)
    if root.kind is not Kind.BOOLEAN:
        raise refuse(f"The filter is {describe(root)}, not a condition; compare it with something.")
    return Filter(root)


class _Checker:
    def __init__(self, queryables: Mapping[str, Queryable]) -> None:
        self._queryables = queryables
        self._budget = Budget()

    def node(self, raw: Raw) -> Node:
        """A constant, property or operator with all that is below it."""
        with self._budget.level():
            return self._object(raw) if isinstance(raw, dict) else _constant(raw)

    def _object(self, raw: dict[str, Raw]) -> Node:
        for key, read in _OBJECTS.items():
            if key in raw:
                return read(self, raw)
        raise refuse(f"An object with {sorted(raw)[:5]} is no operator, property or constant of CQL2 JSON.")

    def property(self, raw: dict[str, Raw]) -> Node:
        name = raw["property"]
        if not isinstance(name, str) or name not in self._queryables:
            raise refuse(self._unknown(str(name)[:60]))
        return Property(name, self._queryables[name].kind)

    def _unknown(self, name: str) -> str:
        close = difflib.get_close_matches(name, self._queryables, 1)
        hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(sorted(self._queryables))}."
        return f"There is no queryable '{name}'; {hint}"

    def interval(self, raw: dict[str, Raw]) -> Node:
        ends = raw["interval"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise refuse("INTERVAL takes two instants; '..' is an open end.")
        start, end = (self._end(each) for each in ends)
        if _is_reversed(start, end):
            raise refuse("An INTERVAL ends before it starts; swap its ends.")
        return Interval(start, end)

    def _end(self, raw: Raw) -> Node | None:
        if raw in ("..", ""):
            return None
        node = as_instant(self.node(raw))
        require("INTERVAL", (node,), INSTANTS)
        return node

    def operator(self, raw: dict[str, Raw]) -> Node:
        """An operator on its operands."""
        self._budget.spend_operator()
        op = str(raw["op"])
        build = OPERATORS.get(op.lower())
        if build is None:
            there_are = ", ".join(OPERATORS)
            raise refuse(f"There is no operator or function '{op[:40]}'; there are {there_are}.")
        operands = tuple(self.node(each) for each in _operands(op.lower(), raw.get("args")))
        node = build(op.lower(), operands)
        if any(operand.kind is Kind.GEOMETRY for operand in operands) and op.lower() != "isnull":
            self._budget.spend_corners(sum(map(_count_corners, operands)))
        return node


def _count_corners(node: Node) -> int:
    match node:
        case Literal(BaseGeometry() as geometry):
            return int(shapely.get_num_coordinates(geometry))
        case _:
            return 0


def _operands(op: str, args: Raw) -> list[Raw]:
    if not isinstance(args, list):
        raise refuse(f"The args of '{op}' are not a list.")
    if op == "between" and len(args) == 2 and isinstance(args[1], list):
        # Drafts of CQL2 had the two limits in a list, and clients still send them so.
        return [args[0], *_few(args[1])]
    if op != "in":
        return args
    # IN has its options in a list of their own; in the tree they follow the value.
    if len(args) != 2 or not isinstance(args[1], list) or not args[1]:
        raise refuse("IN takes a value and a list of at least one option.")
    return [args[0], *_few(args[1])]


# Constants


def _constant(raw: Raw) -> Node:
    if isinstance(raw, bool):
        return Literal(raw, Kind.BOOLEAN)
    if literals.is_number(raw):
        return Literal(float(raw), Kind.NUMBER)
    if isinstance(raw, str):
        return Literal(decode(raw), Kind.STRING)  # JSON can escape what plain text cannot hold
    if isinstance(raw, list):
        return Literal(tuple(_member(each) for each in _few(raw)), Kind.ARRAY)
    raise refuse("null is nothing to compare with; ask IS NULL." if raw is None else "A number is too large.")


def _member(raw: Raw) -> str | float | bool:
    """A member of an array as JSON holds it; instants are text there."""
    match raw:
        case {"date": text}:
            return literals.parse_date(text).isoformat()
        case {"timestamp": text}:
            return literals.parse_timestamp(text).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case str():
            return decode(raw)
        case bool():
            return raw
        case _ if literals.is_number(raw):
            return float(raw)
        case _:
            raise refuse("Arrays are made of constants: texts, numbers, true, false, dates and timestamps.")


def _few(values: list[Raw]) -> list[Raw]:
    if len(values) > MAX_VALUES:
        raise refuse(f"A list of {len(values)} values is too long; at most {MAX_VALUES} are taken.")
    return values


def _is_reversed(start: Node | None, end: Node | None) -> bool:
    match start, end:
        case Literal(datetime() as first), Literal(datetime() as last):
            return first > last
        case Literal(date() as first), Literal(date() as last):
            return first.timetuple()[:3] > last.timetuple()[:3]
        case _:
            return False


_OBJECTS: Mapping[str, Callable[[_Checker, dict[str, Raw]], Node]] = {
    "op": _Checker.operator,
    "property": _Checker.property,
    "timestamp": lambda _, raw: Literal(literals.parse_timestamp(raw["timestamp"]), Kind.TIMESTAMP),
    "date": lambda _, raw: Literal(literals.parse_date(raw["date"]), Kind.DATE),
    "interval": _Checker.interval,
    "bbox": lambda _, raw: Literal(literals.parse_box(raw["bbox"]), Kind.GEOMETRY),
    "type": lambda _, raw: Literal(literals.parse_geometry(raw), Kind.GEOMETRY),
}
