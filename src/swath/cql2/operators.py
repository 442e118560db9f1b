"""What each operator and function of CQL2 takes: its operands, checked, become a call.

`OPERATORS` at the end of the file says what there is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from swath.cql2 import literals
from swath.cql2.functions import FUNCTIONS
from swath.cql2.guard import MAX_PATTERN, refuse
from swath.cql2.tree import Call, Kind, Literal, Node, Property

Nodes = tuple[Node, ...]

# A backslash at the end of a pattern with nothing after it to be taken literally.
_LONE_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")

INSTANTS = (Kind.TIMESTAMP, Kind.DATE)
_TEMPORAL = (*INSTANTS, Kind.INTERVAL)
_ORDERED = (Kind.STRING, Kind.NUMBER, *INSTANTS)
_COMPARABLE = (*_ORDERED, Kind.BOOLEAN)


def as_instant(node: Node) -> Node:
    """A text that stands where an instant is wanted is read as one."""
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        return node
    instant = literals.parse_instant(node.value)
    return Literal(instant, Kind.TIMESTAMP if isinstance(instant, datetime) else Kind.DATE)


def require(op: str, nodes: Nodes, kinds: Sequence[Kind], count: int = 0) -> None:
    """Refuse operands of other kinds, or another number of them."""
    if count and len(nodes) != count:
        raise refuse(f"'{op}' takes {count} operand{'s' * (count > 1)}, not {len(nodes)}.")
    for node in nodes:
        if node.kind not in kinds:
            raise refuse(f"'{op}' cannot use {describe(node)}; it takes {' or '.join(kinds)}.")


def _require_alike(op: str, nodes: Nodes, kinds: Sequence[Kind]) -> Nodes:
    """The operands, all of one kind; texts next to instants are read as instants."""
    if any(node.kind in INSTANTS for node in nodes):
        nodes = tuple(as_instant(node) for node in nodes)
    require(op, nodes, kinds)
    odd = next((node for node in nodes if node.kind is not nodes[0].kind), None)
    if odd is not None:
        raise refuse(f"'{op}' compares {describe(nodes[0])} with {describe(odd)}; {_cure(nodes[0], odd)}")
    return nodes


def _cure(first: Node, second: Node) -> str:
    if {first.kind, second.kind} == set(INSTANTS):
        return "give both as DATE('...') or both as TIMESTAMP('...'), or use T_BEFORE, T_DURING, T_AFTER."
    return "both sides must be of one type (texts stand in single quotes, numbers in none)."


def describe(node: Node) -> str:
    match node:
        case Property(name, kind):
            return f"'{name}' ({kind})"
        case Literal(str() | bool() | float() as value, kind):
            return f"the {kind} {str(value)[:40]!r}"
        case _:
            return f"{'an' if node.kind[0] in 'ai' else 'a'} {node.kind}"


# Operators: each takes its name and operands and gives the checked call


def _combination(op: str, nodes: Nodes) -> Node:
    require(op, nodes, (Kind.BOOLEAN,))
    if len(nodes) < 2:
        raise refuse(f"'{op}' joins at least two conditions.")
    flat = (node.args if isinstance(node, Call) and node.op == op else (node,) for node in nodes)
    return Call(op, tuple(node for group in flat for node in group), Kind.BOOLEAN)


def _negation(op: str, nodes: Nodes) -> Node:
    require(op, nodes, (Kind.BOOLEAN,), 1)
    inner = nodes[0]
    return inner.args[0] if isinstance(inner, Call) and inner.op == "not" else Call(op, nodes, Kind.BOOLEAN)


def _equality(op: str, nodes: Nodes) -> Node:
    require(op, nodes, _COMPARABLE, 2)
    return Call(op, _require_alike(op, nodes, _COMPARABLE), Kind.BOOLEAN)


def _comparison(op: str, nodes: Nodes) -> Node:
    require(op, nodes, _ORDERED, 2)
    return Call(op, _require_alike(op, nodes, _ORDERED), Kind.BOOLEAN)


def _between(op: str, nodes: Nodes) -> Node:
    require(op, nodes, _ORDERED, 3)
    return Call(op, _require_alike(op, nodes, _ORDERED), Kind.BOOLEAN)


def _membership(op: str, nodes: Nodes) -> Node:
    return Call(op, _require_alike(op, nodes, _COMPARABLE), Kind.BOOLEAN)


def _like(op: str, nodes: Nodes) -> Node:
    require(op, nodes, (Kind.STRING,), 2)
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
    require(op, nodes, tuple(Kind), 1)
    return Call(op, nodes, Kind.BOOLEAN)


def _folding(op: str, nodes: Nodes) -> Node:
    require(op, nodes, (Kind.STRING,), 1)
    return Call(op, nodes, Kind.STRING)


def _arithmetic(op: str, nodes: Nodes) -> Node:
    require(op, nodes, (Kind.NUMBER,), 2)
    return Call(op, nodes, Kind.NUMBER)


def _spatial(op: str, nodes: Nodes) -> Node:
    require(op, nodes, (Kind.GEOMETRY,), 2)
    return Call(op, nodes, Kind.BOOLEAN)


def _temporal(op: str, nodes: Nodes) -> Node:
    instants = tuple(as_instant(node) for node in nodes)
    require(op, instants, _TEMPORAL, 2)
    return Call(op, instants, Kind.BOOLEAN)


def _arrays(op: str, nodes: Nodes) -> Node:
    require(op, nodes, (Kind.ARRAY,), 2)
    return Call(op, nodes, Kind.BOOLEAN)


def _function(name: str, nodes: Nodes) -> Node:
    function = FUNCTIONS[name]
    kinds = function.arguments.values()
    if len(nodes) != len(kinds):
        raise refuse(
            f"'{name}' takes {', '.join(function.arguments)}: {len(kinds)} operands, not {len(nodes)}."
        )
    read = tuple(as_instant(n) if kind in INSTANTS else n for n, kind in zip(nodes, kinds, strict=True))
    for node, kind in zip(read, kinds, strict=True):
        require(name, (node,), (kind,))
    return Call(name, read, function.result)


SPATIAL = ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains")
TEMPORAL = (
    *("after", "before", "contains", "disjoint", "during", "equals", "finishedby", "finishes"),
    *("intersects", "meets", "metby", "overlappedby", "overlaps", "startedby", "starts"),
)
ARRAYS = ("containedby", "contains", "equals", "overlaps")

OPERATORS: Mapping[str, Callable[[str, Nodes], Node]] = {
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
    **dict.fromkeys(FUNCTIONS, _function),
}
