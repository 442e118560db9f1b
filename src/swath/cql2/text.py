"""CQL2 text to the structure of CQL2 JSON, by a parser that never looks back.

One token decides what comes next, so time is linear in the text; the depth of recursion is bounded. Precedence, from
loose to tight: OR, AND, NOT, comparisons, + -, * / % div, ^, sign. Names and types are not looked at here.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from swath.cql2.guard import MAX_DEPTH, refuse

Raw = Any  # the values of JSON

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<name>(?:[^\W\d]|:)[\w.:]*)
    | (?P<symbol><>|!=|<=|>=|[-=<>+*/%^(),])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _POWER = range(1, 8)
_BINDING = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("=", "<>", "!=", "<", ">", "<=", ">=", "like", "between", "in", "is", "not"), _COMPARISON),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/", "%", "div"), _PRODUCT),
    "^": _POWER,
}
# Geometry literals: the name in GeoJSON, and how many lists stand around a position.
_GEOMETRIES = {
    "point": ("Point", 0),
    "linestring": ("LineString", 1),
    "polygon": ("Polygon", 2),
    "multipoint": ("MultiPoint", 1),
    "multilinestring": ("MultiLineString", 2),
    "multipolygon": ("MultiPolygon", 3),
}
_INSTANTS = ("date", "timestamp")
# A bracket costs one call of `expression`; the operators around it cost some more.
_MAX_CALLS = 2 * MAX_DEPTH


class _Token(NamedTuple):
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """How keywords and operators are compared; quoted names and strings are never keywords."""
        return self.text.lower() if self.kind in ("name", "symbol") else ""


def parse_text(text: str) -> Raw:
    """CQL2 text as CQL2 JSON; raises BadParameter with the place of the first token that does not fit."""
    parser = _Parser(text)
    parsed = parser.expression(0)
    parser.expect_end()
    return parsed


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while True:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise refuse(f"{_place(text, at)}: cannot read {text[at : at + 20].strip()!r}.")
        yield _Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))
        if found.lastgroup == "end":
            return
        at = found.end()


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"Line {line}, column {at - (text.rfind('\n', 0, at))}" if False else f"Line {line}, column {_column(text, at)}"


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at)
