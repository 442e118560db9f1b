"""CQL2 text is read as the standard's grammar says, and as another parser reads it."""

import json
import time

import pytest

import cql2
from conformance.cql2_data import load_examples, load_predicates, read_queryables
from swath.cql2 import Queryable, parse_filter
from swath.cql2.text import parse_text
from swath.errors import BadParameter

EXAMPLES = load_examples("cql2-text")


def _plain(raw: object) -> object:
    """Spelling that two parsers may choose freely: letter case of operators, zeros at the end of a second."""
    match raw:
        case {"op": str(op), "args": args}:
            return {"op": op.lower(), "args": _plain(args)}
        case dict():
            return {key: _plain(value) for key, value in raw.items()}
        case list():
            return [_plain(each) for each in raw]
        case str():
            return raw.replace(".000000Z", "Z")
        case _:
            return raw


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_of_the_standard_read_as_another_parser_reads_them(name: str) -> None:
    text = EXAMPLES[name]
    assert _plain(parse_text(text)) == _plain(cql2.parse_text(text).to_json())


def test_text_and_json_give_the_same_tree() -> None:
    for row in load_predicates()["predicates"]:
        queryables = read_queryables(row["collection"])
        written = json.dumps(cql2.parse_text(row["filter"]).to_json())
        assert parse_filter(row["filter"], "cql2-text", queryables) == parse_filter(
            written, "cql2-json", queryables
        )


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a=1 OR b=2 AND c=3", "a=1 OR (b=2 AND c=3)"),
        ("NOT a=1 AND b=2", "(NOT (a=1)) AND b=2"),
        ("1+2*3^2=a", "(1+(2*(3^2)))=a"),
        ("8-4-2=a", "((8-4)-2)=a"),
        ("-2^2=a", "(-2)^2=a"),
        ("a NOT BETWEEN 1 AND 2 AND b=3", "(NOT (a BETWEEN 1 AND 2)) AND b=3"),
        ("a is Not nUlL", "NOT (a IS NULL)"),
        ("a != 1", "a <> 1"),
        ("- - a = 1", "a = 1"),
        ("a=1 AND b=2 AND c=3", "(a=1 AND b=2) AND c=3"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    queryables = [Queryable(name, "number") for name in "abc"]
    assert parse_filter(text, "cql2-text", queryables) == parse_filter(same, "cql2-text", queryables)


def test_names_with_colons_and_dots_stand_bare_or_quoted() -> None:
    for name in ("ag:capture_id", "view:off_nadir", "a.b", "Zürich", "date", "point", "like this", "and"):
        assert parse_text(f"\"{name}\" = 'x'")["args"][0] == {"property": name}
    for name in ("ag:capture_id", "view:off_nadir", "a.b", "Zürich", "date", "point", "bbox", "z"):
        assert parse_text(f"{name} = 'x'")["args"][0] == {"property": name}


def test_quotes_are_doubled_inside() -> None:
    assert parse_text("a = 'it''s' ")["args"][1] == "it's"
    assert parse_text('"a""b" = 1')["args"][0] == {"property": 'a"b'}


def test_brackets_in_array_functions_are_arrays() -> None:
    assert parse_text("A_CONTAINS(a, ('x'))")["args"][1] == ["x"]
    assert parse_text("A_EQUALS(a, ())")["args"][1] == []


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("", "Line 1, column 1", "the end"),
        ("a = ", "Line 1, column 5", "the end"),
        ("a = 1\nAND OR", "Line 2, column 5", "'OR'"),
        ("a NOT 5", "Line 1, column 7", "'5'"),
        ("a = 1 b", "Line 1, column 7", "'b'"),
        ("(a = 1", "Line 1, column 7", "the end"),
        ("a IS 5", "Line 1, column 6", "'5'"),
        ("a = 1;DROP TABLE plans", "Line 1, column 6", "';DROP TABLE plans'"),
        ("a = 'x", "Line 1, column 5", "'x"),
        ("S_INTERSECTS(a, POINT(1))", "Line 1, column 24", "')'"),
        ("S_INTERSECTS(a, GEOMETRYCOLLECTION(5))", "Line 1, column 36", "'5'"),
        ("a = DATE(string)", "Line 1, column 10", "'string'"),
        ("x = NULL", "Line 1, column 5", "'NULL'"),
    ],
)
def test_what_does_not_fit_is_shown_with_its_place(text: str, place: str, found: str) -> None:
    with pytest.raises(BadParameter) as refused:
        parse_text(text)
    assert refused.value.message.startswith(place)
    assert found in refused.value.message


@pytest.mark.parametrize(
    "unit", ["(", "NOT ", "- ", "a=1 AND ", "1+", "f(", "a IN (", "((a=1) AND ", "(1+(", "a=(", "'"]
)
def test_time_stays_linear(unit: str) -> None:
    """Twenty levels of these keep a parser that looks back busy for minutes; thousands overflow the stack of others."""
    start = time.thread_time()
    for text in (unit * 40, unit * 40 + ")" * 40, unit * (90_000 // len(unit))):
        with pytest.raises(BadParameter):
            parse_filter(text, "cql2-text", [Queryable("a", "number")])
    assert time.thread_time() - start < 1
