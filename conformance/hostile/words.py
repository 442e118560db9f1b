"""Of what hostile filters are made: words of CQL2, numbers and dates at the edge, and how they are nested."""

import random
from typing import Any

from conformance.cql2_data import load_examples, load_predicates

Dice = random.Random
Raw = Any  # the values of JSON
Written = tuple[str, str]  # language and filter

TEXT, JSON = "cql2-text", "cql2-json"
PREDICATES = [row["filter"] for row in load_predicates()["predicates"]]
PIECES = [
    *PREDICATES,
    *load_examples(TEXT).values(),
    *"()[]{},.;:'\"+-*/%^=<>\\#$&|~`?\t\n\0é\u0301\u202e\ufeff\uffffİﬁ😀",
    *(" NOT ", " AND ", " OR ", " IN ", " LIKE ", " BETWEEN ", " IS NULL", " div ", " CASEI(", " ACCENTI("),
    *("name", "NAME", "pop_other", "start", "geom", "boolean", '"date"', "1", "0", "1e308", "'%_\\'", "true"),
    *(
        "BBOX(",
        "POINT(",
        "POLYGON((",
        "INTERVAL(",
        "TIMESTAMP(",
        "DATE(",
        "A_EQUALS(",
        "S_WITHIN(",
        "T_MEETS(",
    ),
    *("<>", ">=", "--", "/*", "..", "ß" * 50),
]
SPATIAL = ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains")
TEMPORAL = ("after", "before", "contains", "disjoint", "during", "equals", "finishes", "intersects", "meets")
NUMBERS = (
    "0",
    "-1",
    "1e308",
    "-1e308",
    "1e999",
    "1e-400",
    "9" * 400,
    "0.1",
    "1e",
    "0x10",
    "NaN",
    "Infinity",
    "-0",
)
TIMES = (
    *("2022-04-16", "2022-04-16T10:13:19Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
    *("0000-00-00", "2022-02-30", "2022-13-01T00:00:00Z", "2022-04-16T25:00:00Z", "2022-04-16T10:13:60Z"),
    *(
        "10000-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2022-04-16T10:13:19",
        "..",
        "",
    ),
    *(
        "yesterday",
        "٢٠٢٢-٠٤-١٦",
        "2022-W15-6",
        "-2022-04-16",
        "2022-04-16T10:13:19.1234567890123Z",
        "' OR 1=1",
    ),
)
NESTS = (
    ("(", "true", ")"),
    ("NOT ", "boolean", ""),
    ("NOT (pop_min>1 AND ", "pop_max>2", ")"),
    ("(pop_min>1 AND (pop_max>2 OR ", "boolean", "))"),
    ("(1^", "pop_max", ")"),
    ("- ", "pop_max=1", ""),
    ("casei(", "name", ")"),
    ("(true IN (false,", "boolean", "))"),
    ("S_INTERSECTS(geom, GEOMETRYCOLLECTION(", "POINT(1 1)", "))"),
    ("A_EQUALS((", "1", "),(1))"),
    ("INTERVAL(", "'..','..'", ")"),
    ("f(", "", ")"),
    ("((a=1) AND ", "", ")"),
)
JSON_NESTS = (
    ('{"op":"not","args":[', "true", "]}"),
    ('{"op":"and","args":[true,', '{"property":"boolean"}', "]}"),
    ('{"op":"=","args":[1,', "1", "]}"),
    ("[", "", "]"),
    ('{"a":', "1", "}"),
    ('{"type":"GeometryCollection","geometries":[', "", "]}"),
    ('{"op":"s_within","args":[{"property":"geom"},{"type":"Polygon","coordinates":[', "", "]}]}"),
    ('{"date":', '"2022-04-16"', "}"),
)
