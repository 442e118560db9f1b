"""Hostile filters, all the way to the database: each is answered or refused, and the process lives."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.natural_earth import PLACES, QUERYABLES, load_dataset, load_examples, load_predicates

from swath.cql2 import parse_filter
from swath.errors import BadParameter
from swath.query import Query
from swath.store.pages import find_page

pytestmark = pytest.mark.slow

ENGINE, SOURCES = load_dataset()
PREDICATES = [row["filter"] for row in load_predicates()["predicates"] if row["collection"] == PLACES]
PIECES = [
    *PREDICATES,
    *load_examples()["text"].values(),
    *(
        "(",
        ")",
        ",",
        "'",
        '"',
        "NOT ",
        " AND ",
        " OR ",
        " IN ",
        "-",
        "+",
        "*",
        "/",
        "%",
        "^",
        " div ",
        "=",
        "<>",
    ),
    *(
        "name",
        "pop_other",
        "start",
        "geom",
        "boolean",
        '"date"',
        "1",
        "0",
        "1e308",
        "'%_\\'",
        "..",
        ";",
        "--",
        "/*",
    ),
    *(
        "BBOX(",
        "POINT(",
        "POLYGON((",
        "INTERVAL(",
        "TIMESTAMP(",
        "CASEI(",
        "A_EQUALS(",
        "\0",
        "\ud800",
        "é",
        "\u0301",
    ),
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(
        ["", "..", "x", "2022-04-16", "2022-04-16T10:13:19Z", "\ud800", "\0", "'; DROP TABLE plans; --"]
    ),
)
NAMES = st.sampled_from([queryable.name for queryable in QUERYABLES[PLACES]] + ["nothing", ""])
OPERATORS = st.sampled_from(
    [
        *("and", "or", "not", "=", "<", "in", "like", "between", "isNull", "casei", "+", "/", "^"),
        *("s_intersects", "s_within", "t_during", "t_after", "a_contains", "a_equals", "drop", ""),
    ]
)
GEOMETRY_TYPES = st.sampled_from(
    ["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Feature"]
)


def _composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=4)
    return st.one_of(
        lists,
        st.builds(lambda op, args: {"op": op, "args": args}, OPERATORS, lists),
        st.builds(lambda name: {"property": name}, NAMES),
        st.builds(
            lambda key, value: {key: value}, st.sampled_from(["date", "timestamp", "bbox", "interval"]), inner
        ),
        st.builds(lambda kind, value: {"type": kind, "coordinates": value}, GEOMETRY_TYPES, inner),
    )


FILTERS = st.recursive(SCALARS, _composed, max_leaves=12)


def answer(text: Any, lang: str) -> int | None:
    """How many rows match; None where the filter is refused."""
    try:
        where = parse_filter(text, lang, QUERYABLES[PLACES])
        with ENGINE.connect() as connection:
            return find_page(connection, SOURCES[PLACES], Query(where=where)).matched
    except BadParameter:
        return None


def test_text_of_shuffled_pieces() -> None:
    dice = random.Random(2)
    found = [answer("".join(dice.choices(PIECES, k=dice.randint(1, 8))), "cql2-text") for _ in range(400)]
    assert any(found)
    assert None in found


def test_standard_predicates_with_one_letter_changed() -> None:
    dice = random.Random(3)
    for predicate in PREDICATES:
        at = dice.randrange(len(predicate))
        answer(predicate[:at] + dice.choice("()'\"=<,.0-\\ \0é") + predicate[at + 1 :], "cql2-text")


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(FILTERS)
def test_json_of_any_shape(raw: Any) -> None:
    answer(json.dumps(raw), "cql2-json")
    if isinstance(raw, dict):
        answer(raw, "cql2-json")


@pytest.mark.parametrize(
    "form",
    [
        lambda n: "NOT (pop_min>1 AND " * n + "pop_max>2" + ")" * n,
        lambda n: "(pop_min>1 AND (pop_max>2 OR " * n + "boolean" + "))" * n,
        lambda n: "(1^" * n + "pop_max" + ")" * n + ">2",
        lambda n: "casei(" * n + "name" + ")" * n + " LIKE 'x'",
        lambda n: "(true IN (false," * n + "boolean" + "))" * n,
        lambda n: "pop_min IN (1,2," + "(1^" * n + "pop_max" + ")" * n + ")",
        lambda n: "pop_min NOT BETWEEN 1 AND " + "(1^" * n + "pop_max" + ")" * n,
        lambda n: " AND ".join(["pop_min > 1"] * n * 12),
        lambda n: f"pop_min IN ({','.join('1' * n * 30)})",
    ],
)
def test_the_deepest_that_is_taken_is_answered(form: Any) -> None:
    """Between a filter that is answered and one that is refused there is none that breaks the database's parser."""
    found = [
        answer(form(n), "cql2-text") for n in (1, 2, 4, 6, 8, 12, 15, 16, 17, 18, 20, 24, 32, 40, 48, 64)
    ]
    assert found[3] is not None
    assert None in found
    assert found == sorted(found, key=lambda count: count is None)


@pytest.mark.parametrize(
    "text",
    [
        "name = 'x'' OR 1=1 --'",
        "name LIKE '%''); DROP TABLE ne_110m_populated_places_simple; --'",
        '"name"" OR 1=1 --" = \'x\'',
        "name = 'x' UNION SELECT * FROM sqlite_master",
        "randomblob(1000000000) = 'x'",
        "load_extension('x') = 'x'",
        "sqlite_master = 'x'",
        "seq > 0",
    ],
)
def test_injection_finds_nothing(text: str) -> None:
    assert not answer(text, "cql2-text")
    assert answer("true", "cql2-text") == 243
