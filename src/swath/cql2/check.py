"""CQL2 JSON to the checked tree: properties are declared, operators known, operands of the kinds they need.

`_OPERATORS` at the end of the file says what there is and what each takes.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from swath.cql2 import literals
from swath.cql2.guard import MAX_PATTERN, MAX_VALUES, Budget, decode, refuse
from swath.cql2.tree import Call, Filter, Interval, Kind, Literal, Node, Property, Queryable

Raw = Any  # the values of JSON
Nodes = tuple[Node, ...]

# A backslash at the end of a pattern with nothing after it to be taken literally.
_LONE_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")

_INSTANTS = (Kind.TIMESTAMP, Kind.DATE)
_TEMPORAL = (*_INSTANTS, Kind.INTERVAL)
_ORDERED = (Kind.STRING, Kind.NUMBER, *_INSTANTS)
_COMPARABLE = (*_ORDERED, Kind.BOOLEAN)


def check(raw: Raw, queryables: Iterable[Queryable]) -> Filter:
    """The condition in `raw` over these queryables; raises BadParameter with a sentence that names the cure."""
    root = _Checker({queryable.name: queryable for queryable in queryables}).node(raw)
    if root.kind is not Kind.BOOLEAN:
        raise refuse(f"The filter is {_described(root)}, not a condition; compare it with something.")
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
        node = _as_instant(self.node(raw))
        _require("INTERVAL", (node,), _INSTANTS)
        return node

    def operator(self, raw: dict[str, Raw]) -> Node:
        """An operator on its operands."""
        self._budget.spend_operator()
        op = str(raw["op"])
        build = _OPERATORS.get(op.lower())
        if build is None:
            raise refuse(f"There is no operator or function '{op[:40]}'; there are {', '.join(_OPERATORS)}.")
        operands = tuple(self.node(each) for each in _operands(op.lower(), raw.get("args")))
        node = build(op.lower(), operands)
        if op.lower().startswith("s_"):
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


def _as_instant(node: Node) -> Node:
    """A text that stands where an instant is wanted is read as one."""
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        return node
    instant = literals.parse_instant(node.value)
    return Literal(instant, Kind.TIMESTAMP if isinstance(instant, datetime) else Kind.DATE)


def _is_reversed(start: Node | None, end: Node | None) -> bool:
    match start, end:
        case Literal(datetime() as first), Literal(datetime() as last):
            return first > last
        case Literal(date() as first), Literal(date() as last):
            return first.timetuple()[:3] > last.timetuple()[:3]
        case _:
            return False


# Operands


def _require(op: str, nodes: Nodes, kinds: Sequence[Kind], count: int = 0) -> None:
    """Refuse operands of other kinds, or another number of them."""
    if count and len(nodes) != count:
        raise refuse(f"'{op}' takes {count} operand{'s' * (count > 1)}, not {len(nodes)}.")
    for node in nodes:
        if node.kind not in kinds:
            raise refuse(f"'{op}' cannot use {_described(node)}; it takes {' or '.join(kinds)}.")


def _require_alike(op: str, nodes: Nodes, kinds: Sequence[Kind]) -> Nodes:
    """The operands, all of one kind; texts next to instants are read as instants."""
    if any(node.kind in _INSTANTS for node in nodes):
        nodes = tuple(_as_instant(node) for node in nodes)
    _require(op, nodes, kinds)
    odd = next((node for node in nodes if node.kind is not nodes[0].kind), None)
    if odd is not None:
        raise refuse(f"'{op}' compares {_described(nodes[0])} with {_described(odd)}; {_cure(nodes[0], odd)}")
    return nodes


def _cure(first: Node, second: Node) -> str:
    if {first.kind, second.kind} == set(_INSTANTS):
        return "give both as DATE('...') or both as TIMESTAMP('...'), or use T_BEFORE, T_DURING, T_AFTER."
    return "both sides must be of one type (texts stand in single quotes, numbers in none)."


def _described(node: Node) -> str:
    match node:
        case Property(name, kind):
            return f"'{name}' ({kind})"
        case Literal(str() | bool() | float() as value, kind):
            return f"the {kind} {str(value)[:40]!r}"
        case _:
            return f"{'an' if node.kind[0] in 'ai' else 'a'} {node.kind}"


# Operators: each takes its name and operands and gives the checked call


def _combination(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, (Kind.BOOLEAN,))
    if len(nodes) < 2:
        raise refuse(f"'{op}' joins at least two conditions.")
    flat = (node.args if isinstance(node, Call) and node.op == op else (node,) for node in nodes)
    return Call(op, tuple(node for group in flat for node in group), Kind.BOOLEAN)


def _negation(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, (Kind.BOOLEAN,), 1)
    inner = nodes[0]
    return inner.args[0] if isinstance(inner, Call) and inner.op == "not" else Call(op, nodes, Kind.BOOLEAN)


def _equality(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, _COMPARABLE, 2)
    return Call(op, _require_alike(op, nodes, _COMPARABLE), Kind.BOOLEAN)


def _comparison(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, _ORDERED, 2)
    return Call(op, _require_alike(op, nodes, _ORDERED), Kind.BOOLEAN)


def _between(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, _ORDERED, 3)
    return Call(op, _require_alike(op, nodes, _ORDERED), Kind.BOOLEAN)


def _membership(op: str, nodes: Nodes) -> Node:
    return Call(op, _require_alike(op, nodes, _COMPARABLE), Kind.BOOLEAN)


def _like(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, (Kind.STRING,), 2)
    if not _is_pattern(nodes[1]):
        raise refuse(
            f"The pattern of LIKE is a text of at most {MAX_PATTERN} characters in single quotes, perhaps inside"
            " CASEI or ACCENTI; a backslash stands before the character that is meant literally."
        )
    return Call(op, nodes, Kind.BOOLEAN)


def _is_pattern(node: Node) -> bool:
    match node:
        case Call(_, args):
            return all(_is_pattern(arg) for arg in args)
        case Literal(str() as text):
            return len(text) <= MAX_PATTERN and not _LONE_BACKSLASH.search(text)
        case _:
            return False


def _is_null(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, tuple(Kind), 1)
    return Call(op, nodes, Kind.BOOLEAN)


def _folding(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, (Kind.STRING,), 1)
    return Call(op, nodes, Kind.STRING)


def _arithmetic(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, (Kind.NUMBER,), 2)
    return Call(op, nodes, Kind.NUMBER)


def _spatial(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, (Kind.GEOMETRY,), 2)
    return Call(op, nodes, Kind.BOOLEAN)


def _temporal(op: str, nodes: Nodes) -> Node:
    instants = tuple(_as_instant(node) for node in nodes)
    _require(op, instants, _TEMPORAL, 2)
    return Call(op, instants, Kind.BOOLEAN)


def _arrays(op: str, nodes: Nodes) -> Node:
    _require(op, nodes, (Kind.ARRAY,), 2)
    return Call(op, nodes, Kind.BOOLEAN)


SPATIAL = ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains")
TEMPORAL = (
    *("after", "before", "contains", "disjoint", "during", "equals", "finishedby", "finishes"),
    *("intersects", "meets", "metby", "overlappedby", "overlaps", "startedby", "starts"),
)
ARRAYS = ("containedby", "contains", "equals", "overlaps")

_OPERATORS: Mapping[str, Callable[[str, Nodes], Node]] = {
    **dict.fromkeys(("and", "or"), _combination),
    "not": _negation,
    **dict.fromkeys(("=", "<>"), _equality),
    **dict.fromkeys(("<", ">", "<=", ">="), _comparison),
    "between": _between,
    "in": _membership,
    "like": _like,
    "isnull": _is_null,
    **dict.fromkeys(("casei", "accenti"), _folding),
    **dict.fromkeys(("+", "-", "*", "/", "%", "div", "^"), _arithmetic),
    **dict.fromkeys((f"s_{name}" for name in SPATIAL), _spatial),
    **dict.fromkeys((f"t_{name}" for name in TEMPORAL), _temporal),
    **dict.fromkeys((f"a_{name}" for name in ARRAYS), _arrays),
}
_OBJECTS: Mapping[str, Callable[[_Checker, dict[str, Raw]], Node]] = {
    "op": _Checker.operator,
    "property": _Checker.property,
    "timestamp": lambda _, raw: Literal(literals.parse_timestamp(raw["timestamp"]), Kind.TIMESTAMP),
    "date": lambda _, raw: Literal(literals.parse_date(raw["date"]), Kind.DATE),
    "interval": _Checker.interval,
    "bbox": lambda _, raw: Literal(literals.parse_box(raw["bbox"]), Kind.GEOMETRY),
    "type": lambda _, raw: Literal(literals.parse_geometry(raw), Kind.GEOMETRY),
}
