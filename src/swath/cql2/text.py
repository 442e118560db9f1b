"""CQL2 text to the structure of CQL2 JSON, by a parser that never looks back.

One token decides what comes next, so time is linear in the text, and the depth of recursion is bounded. Precedence
from loose to tight: OR, AND, NOT, comparisons, + -, * / % div, ^, sign. What names and types mean is not looked at.
"""

from collections.abc import Callable, Mapping
from typing import Any

from swath.cql2.guard import MAX_DEPTH, refuse
from swath.cql2.tokens import TokenReader, place

Raw = Any  # the values of JSON

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _POWER = range(1, 8)
_BINDING = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(
        ("=", "<>", "!=", "<", ">", "<=", ">=", "like", "between", "in", "is", "not"), _COMPARISON
    ),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/", "%", "div"), _PRODUCT),
    "^": _POWER,
}
_RESERVED = frozenset(("and", "or", "like", "between", "in", "is", "null", "div"))

# Geometry literals: the type in GeoJSON, and how many lists stand around a position.
_GEOMETRIES = {
    "point": ("Point", 0),
    "linestring": ("LineString", 1),
    "polygon": ("Polygon", 2),
    "multipoint": ("MultiPoint", 1),
    "multilinestring": ("MultiLineString", 2),
    "multipolygon": ("MultiPolygon", 3),
}
_COLLECTION = "geometrycollection"
_GEOMETRY_WORDS = frozenset((*_GEOMETRIES, _COLLECTION))

# A bracket costs one call of `expression`, an operator to its left another one.
_MAX_CALLS = 2 * MAX_DEPTH


def parse_text(text: str) -> Raw:
    """CQL2 text as CQL2 JSON; raises BadParameter with the place of the first token that does not fit."""
    parser = _Parser(text)
    parsed = parser.expression()
    parser.expect_kind("end", "an operator or the end")
    return parsed


class _Parser(TokenReader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._calls = 0

    def expression(self, floor: int = 0) -> Raw:
        """An operand and what follows it, as far as the operators bind tighter than `floor`."""
        self._calls += 1
        if self._calls > _MAX_CALLS:
            raise refuse(f"The filter is nested deeper than {MAX_DEPTH} levels; write it flatter.")
        left = self._operand()
        while (binding := _BINDING.get(self.token.word, 0)) > floor:
            left = self._infix(left, binding)
        self._calls -= 1
        return left

    # Operators

    def _infix(self, left: Raw, binding: int) -> Raw:
        word = self.take().word
        if word in _TAILS:
            return _TAILS[word](self, left)
        right = self.expression(binding)
        if binding in (_OR, _AND) and isinstance(left, dict) and left.get("op") == word:
            left["args"].append(right)  # a chain stays flat however long it is
            return left
        return _call("<>" if word == "!=" else word, left, right)

    def negated(self, left: Raw) -> Raw:
        if self.token.word not in ("like", "between", "in"):
            raise self.surprise("LIKE, BETWEEN or IN")
        return _call("not", self._infix(left, _COMPARISON))

    def like(self, left: Raw) -> Raw:
        return _call("like", left, self.expression(_COMPARISON))

    def between(self, left: Raw) -> Raw:
        low = self.expression(_COMPARISON)
        self.expect("and")
        return _call("between", left, low, self.expression(_COMPARISON))

    def membership(self, left: Raw) -> Raw:
        return _call("in", left, self.listed(self.expression))

    def nullness(self, left: Raw) -> Raw:
        negated = self.takes("not")
        self.expect("null")
        null = _call("isNull", left)
        return _call("not", null) if negated else null

    # Operands

    def _operand(self) -> Raw:
        if self.takes("not"):
            return _call("not", self.expression(_NOT))
        negative = False
        while self.token.word in ("-", "+"):
            negative ^= self.take().word == "-"
        operand = self._primary()
        if not negative:
            return operand
        return -operand if isinstance(operand, float) else _call("*", -1.0, operand)

    def _primary(self) -> Raw:
        if self.token.word == "(":
            return self._bracket()
        if self.token.kind not in _READERS or self.token.word in _RESERVED:
            raise self.surprise("a value or a property")
        return _READERS[self.token.kind](self)

    def _bracket(self) -> Raw:
        values = self.listed(self.expression)
        return values[0] if len(values) == 1 else values

    def number(self) -> float:
        token = self.expect_kind("number", "a number")
        value = float(token.text)
        if value == float("inf"):
            raise refuse(f"{place(self.text, token.at)}: the number {token.text[:40]} is too large.")
        return value

    def string(self) -> str:
        return self.expect_kind("string", "a text in single quotes").text[1:-1].replace("''", "'")

    def quoted(self) -> Raw:
        return {"property": self.take().text[1:-1].replace('""', '"')}

    def name(self) -> Raw:
        word = self.token.word
        if word in ("true", "false"):
            return self.take().word == "true"
        if self._is_geometry(word):
            return self._geometry()
        return self._function() if self.word_ahead(1) == "(" else {"property": self.take().text}

    def _function(self) -> Raw:
        name = self.take()
        if name.word in _LITERALS:
            return {name.word: _LITERALS[name.word](self)}
        argument = self._array_or_value if name.word.startswith("a_") else self.expression
        return _call(name.text, *self.listed(argument, allow_empty=True))

    def _array_or_value(self) -> Raw:
        """In array functions a bracket always makes an array, also around one member or none."""
        if self.token.word == "(":
            return self.listed(self.expression, allow_empty=True)
        return self.expression()

    def instant(self) -> str:
        self.expect("(")
        text = self.string()
        self.expect(")")
        return text

    def values(self) -> list[Raw]:
        return self.listed(self.expression)

    # Geometry literals

    def _is_geometry(self, word: str) -> bool:
        if _flat(word) not in _GEOMETRY_WORDS:
            return False
        return self.word_ahead(2 if self.word_ahead(1) == "z" else 1) == "("

    def _geometry(self) -> Raw:
        name = _flat(self.take().word)
        self.takes("z")
        if name == _COLLECTION:
            return {"type": "GeometryCollection", "geometries": self.listed(self._member)}
        kind, depth = _GEOMETRIES[name]
        return {"type": kind, "coordinates": self._coordinates(depth)}

    def _member(self) -> Raw:
        if _flat(self.token.word) not in _GEOMETRIES:
            raise self.surprise("a geometry other than a collection")
        return self._geometry()

    def _coordinates(self, depth: int) -> list[Raw]:
        if depth == 0:
            return self._bracketed_position()
        return self.listed(self._bare_position if depth == 1 else lambda: self._coordinates(depth - 1))

    def _bracketed_position(self) -> list[float]:
        self.expect("(")
        position = self._position()
        self.expect(")")
        return position

    def _bare_position(self) -> list[float]:
        # The points of a MULTIPOINT may stand in brackets of their own.
        return self._bracketed_position() if self.token.word == "(" else self._position()

    def _position(self) -> list[float]:
        position = [self._coordinate(), self._coordinate()]
        while self.token.word not in (",", ")") and len(position) < 4:
            position.append(self._coordinate())
        return position

    def _coordinate(self) -> float:
        sign = -1.0 if self.takes("-") else 1.0
        return sign * self.number()


def _call(op: str, *args: Raw) -> Raw:
    return {"op": op, "args": list(args)}


def _flat(word: str) -> str:
    """POINTZ and POINT Z are POINT: a height is read and later dropped."""
    return word.removesuffix("z")


_READERS: Mapping[str, Callable[[_Parser], Raw]] = {
    "number": _Parser.number,
    "string": _Parser.string,
    "quoted": _Parser.quoted,
    "name": _Parser.name,
}
_TAILS: Mapping[str, Callable[[_Parser, Raw], Raw]] = {
    "like": _Parser.like,
    "between": _Parser.between,
    "in": _Parser.membership,
    "is": _Parser.nullness,
    "not": _Parser.negated,
}
_LITERALS: Mapping[str, Callable[[_Parser], Raw]] = {
    "date": _Parser.instant,
    "timestamp": _Parser.instant,
    "interval": _Parser.values,
    "bbox": _Parser.values,
}
