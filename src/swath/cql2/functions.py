"""The functions that filters may call besides those of the standard, as `GET /functions` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

from swath.cql2.tree import Kind


@dataclass(frozen=True)
class Function:
    """A function by its name in a filter: what it takes, one kind an argument, and what it gives.

    Where an argument is NULL so is the result. Both databases have it under the name `swath_<name>`.
    """

    name: str
    description: str
    arguments: Mapping[str, Kind]
    result: Kind


_VALUE = {"value": Kind.NUMBER}

FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        Function("abs", "The value without its sign.", _VALUE, Kind.NUMBER),
        Function("floor", "The greatest whole number that is not above the value.", _VALUE, Kind.NUMBER),
        Function("ceil", "The least whole number that is not below the value.", _VALUE, Kind.NUMBER),
        Function("length", "How many characters a text has.", {"text": Kind.STRING}, Kind.NUMBER),
        Function(
            "duration_s",
            "Seconds from one time to another; less than 0 where the second comes first.",
            {"start": Kind.TIMESTAMP, "end": Kind.TIMESTAMP},
            Kind.NUMBER,
        ),
        Function(
            "area_km2",
            "Square kilometres on the ellipsoid that the areas of a geometry cover; points and lines cover none.",
            {"geometry": Kind.GEOMETRY},
            Kind.NUMBER,
        ),
    )
}
