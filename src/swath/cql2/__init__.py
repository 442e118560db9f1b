"""CQL2 filters: text or JSON in, a checked tree over declared queryables out."""

from swath.cql2.functions import FUNCTIONS, Function
from swath.cql2.parse import LANGUAGES, parse_filter
from swath.cql2.tree import Call, Filter, Interval, Kind, Literal, Node, Place, Property, Queryable, Value

__all__ = [
    "FUNCTIONS",
    "LANGUAGES",
    "Call",
    "Filter",
    "Function",
    "Interval",
    "Kind",
    "Literal",
    "Node",
    "Place",
    "Property",
    "Queryable",
    "Value",
    "parse_filter",
]
