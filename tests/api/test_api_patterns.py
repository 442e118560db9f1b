"""Patterns take what the service takes, and what a program draws from them letter by letter is right."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator

from swath.api.creation import parse_key
from swath.api.openapi_patterns import BOX, ETAGS, FILTER, INSTANT, INTERVAL, KEY, NAME, body_such_as
from swath.api.parameters import check_bbox, parse_datetime
from swath.cql2 import LANGUAGES, parse_filter
from swath.wire import parse_time

ODD = settings(max_examples=100, suppress_health_check=list(HealthCheck))


def takes(schema: Any, value: Any) -> bool:
    return OAS30Validator(schema).is_valid(value)


def drawn(schema: Any) -> st.SearchStrategy[str]:
    return st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True).filter(
        lambda text: takes(schema, text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-22T01:30:00Z",
        "2026-08-22t01:30:00.5+09:00/..",
        "/2024-02-29T23:59:60Z",
        "2026-08-22T01:30:00Z/2026-08-23T01:30:00Z",
    ],
)
def test_intervals_that_are_understood_are_taken(text: str) -> None:
    parse_datetime(text)
    assert takes(INTERVAL, text)


@pytest.mark.parametrize("text", ["2026-08-22", "../..", "/", "now", "", "2026-08-22T01:30:00", "a/b/c"])
def test_other_text_is_no_interval(text: str) -> None:
    assert not takes(INTERVAL, text)


@ODD
@given(drawn(INTERVAL))
def test_drawn_intervals_are_understood(text: str) -> None:
    parse_datetime(text)


@ODD
@given(drawn(INSTANT))
def test_drawn_instants_are_understood(text: str) -> None:
    parse_time(text)


@pytest.mark.parametrize(
    "box", [[0, 0, 1, 1], [177.5, -17.25, -178, 16], [1e-7, -89.99999999999999, 0, 180, 90, 9e3]]
)
def test_boxes_are_taken(box: list[float]) -> None:
    check_bbox(box)
    assert takes(BOX, box)


@pytest.mark.parametrize("box", [[], [0, 0, 1], [0, 0, 1, 1, 2], ["0", "0", "1", "1"], [0] * 7])
def test_what_is_no_box_is_not(box: list[Any]) -> None:
    assert not takes(BOX, box)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawn_filter_is_one_in_both_languages(language: str) -> None:
    assert takes(FILTER, "true")
    parse_filter("true", language, ())


@pytest.mark.parametrize(
    "text", ["status = 'ACTIVE'", "s_intersects(geometry, POINT(1 2))", '{"op": "not"}', "名 > 1"]
)
def test_other_filters_are_taken_too(text: str) -> None:
    assert takes(FILTER, text)


@pytest.mark.parametrize("key", ["a", "0" * 255, "7b1d-4c", "~!"])
def test_keys_are_taken(key: str) -> None:
    assert parse_key(key) == key
    assert takes(KEY, key)


def test_an_empty_key_is_none() -> None:
    assert parse_key("") is None
    assert takes(KEY, "")


@pytest.mark.parametrize("key", ["two words", "0" * 256, "é"])
def test_other_keys_are_not(key: str) -> None:
    assert not takes(KEY, key)


@pytest.mark.parametrize("text", ["*", '"a"', 'W/"a"'])
def test_etags_are_taken(text: str) -> None:
    assert takes(ETAGS, text)


@pytest.mark.parametrize(
    "name, right", [("Rice", True), ("稲", True), ("a" * 200, True), ("", False), ("a\tb", False)]
)
def test_names(name: str, right: bool) -> None:
    assert takes({"type": "string", **NAME}, name) == right


def test_a_body_takes_what_its_model_takes_and_the_example() -> None:
    model = {"type": "object", "properties": {"size": {"type": "number"}}, "required": ["size"]}
    schema = {
        **body_such_as("Thing", {"size": 3, "name": "Rice"}),
        "components": {"schemas": {"Thing": model}},
    }
    assert all(
        takes(schema, body)
        for body in ({"size": 3, "name": "Other"}, {"size": 4}, {"size": 3, "name": "rice"})
    )
    assert not any(takes(schema, body) for body in ({}, {"size": "3"}, 5))
