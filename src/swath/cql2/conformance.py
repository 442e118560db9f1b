"""The conformance classes of CQL2 that hold wherever these filters are read and compiled (OGC 21-065, Annex A).

Tests and `make conformance` run the tables of the standard, which tell whether they do.
"""

_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"

CONFORMS_TO = tuple(
    f"{_CQL2}/{name}"
    for name in (
        "cql2-text",
        "cql2-json",
        "basic-cql2",
        "advanced-comparison-operators",
        "case-insensitive-comparison",
        "accent-insensitive-comparison",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "spatial-functions",
        "temporal-functions",
        "array-functions",
        "property-property",
        "functions",
        "arithmetic",
    )
)
