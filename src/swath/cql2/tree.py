"""A checked filter as a small tree of frozen values: every property is declared, every operator's operands fit."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal as OneOf

from shapely.geometry.base import BaseGeometry

ValueType = OneOf["string", "number", "integer", "boolean", "timestamp", "date", "geometry", "array"]


class Kind(StrEnum):
    """What a node of the tree evaluates to; numbers and integers are one kind."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    DATE = "date"
    INTERVAL = "interval"
    GEOMETRY = "geometry"
    ARRAY = "array"


@dataclass(frozen=True, eq=False)
class Queryable:
    """A property that filters may name, as the queryables document describes it.

    Each is declared once and equal to itself alone. `geometry` narrows a geometry's type (`polygon`, `multilinestring`,
    ... as in the format `geometry-polygon`); `items` is the type of an array's members.
    """

    name: str
    type: ValueType
    title: str = ""
    description: str = ""
    enum: tuple[str, ...] = ()
    geometry: str = "any"
    items: ValueType = "string"

    @property
    def kind(self) -> Kind:
        """The kind that operators see."""
        return Kind.NUMBER if self.type == "integer" else Kind(self.type)


# What a literal holds; the members of an array are JSON scalars, instants among them as text.
Scalar = str | float | bool
Value = Scalar | datetime | date | BaseGeometry | tuple[Scalar, ...]


@dataclass(frozen=True)
class Property:
    """A declared property."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Literal:
    """A constant: numbers are floats, timestamps aware UTC datetimes, geometries shapely in CRS84."""

    value: Value
    kind: Kind
    # To Python 1 equals True; of two filters with one of them each, neither stands for the other.
    types: tuple[type, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        members = self.value if isinstance(self.value, tuple) else (self.value,)
        object.__setattr__(self, "types", tuple(map(type, members)))


@dataclass(frozen=True)
class Place:
    """Where a constant stood that was lifted out: filters that differ only there are one and the same."""

    index: int
    kind: Kind


@dataclass(frozen=True)
class Interval:
    """A closed interval between two instants; None is an open end."""

    start: "Node | None"
    end: "Node | None"
    kind: Kind = Kind.INTERVAL


@dataclass(frozen=True)
class Call:
    """An operator or function, by its CQL2 JSON name in lower case, on its operands.

    `in` holds the value and then the options, `and` and `or` any number of conditions.
    """

    op: str
    args: "tuple[Node, ...]"
    kind: Kind


Node = Property | Literal | Place | Interval | Call


@dataclass(frozen=True)
class Filter:
    """A condition that has been parsed and checked against declared queryables."""

    root: Node

    @property
    def conjuncts(self) -> tuple[Node, ...]:
        """The conditions that all must hold for the filter to hold."""
        return self.root.args if isinstance(self.root, Call) and self.root.op == "and" else (self.root,)

    @cached_property
    def lifted(self) -> "tuple[Filter, tuple[Value, ...]]":
        """The filter with places for its constants, and the constants in their order.

        Days stay where they are: beside a time they stand for all of its hours.
        """
        constants: list[Value] = []
        return Filter(_lift(self.root, constants)), tuple(constants)

    @property
    def height(self) -> int:
        """How many operators stand inside each other at most."""
        return _height(self.root)

    @property
    def size(self) -> int:
        """How many operators there are."""
        return _size(self.root)


def _lift(node: Node, constants: list[Value]) -> Node:
    match node:
        case Literal(value, kind) if kind is not Kind.DATE:
            constants.append(value)
            return Place(len(constants) - 1, kind)
        case Interval(start, end):
            return Interval(start and _lift(start, constants), end and _lift(end, constants))
        case Call(op, args, kind):
            return Call(op, tuple(_lift(each, constants) for each in args), kind)
        case _:
            return node


def _height(node: Node) -> int:
    return 1 + max(map(_height, node.args), default=0) if isinstance(node, Call) else 0


def _size(node: Node) -> int:
    return 1 + sum(map(_size, node.args)) if isinstance(node, Call) else 0
