"""Patterns take what the service takes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator

from swath.api.creation import parse_key
from swath.api.openapi_patterns import BOX, ETAGS, FILTER, INTERVAL, KEY
from swath.api.parameters import check_bbox, parse_datetime
from swath.cql2 import LANGUAGES, parse_filter
from swath.errors import BadParameter


def takes(schema: Any, value: Any) -> bool:
    return OAS30Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-22T01:30:00Z",
        "2026-08-22t01:30:00.5+09:00/..",
        "/2024-02-29T23:59:60Z",
        "2026-08-22T01:30:00Z/2026-08-23T01:30:00Z",
        "2026-08-22/P2D",
        "P1W2DT3H4M5S/2026-08-22T01:30:00Z",
        "2026-08-22T01:30:00Z/PT5S",
    ],
)
def test_intervals_that_are_understood_are_taken(text: str) -> None:
    parse_datetime(text)
    assert takes(INTERVAL, text)


@pytest.mark.parametrize(
    "text",
    ["2026-08-22", "../..", "/", "now", "", "2026-08-22T01:30:00", "a/b/c", "2026-08-22/P", "../P2D"],
)
def test_other_text_is_no_interval(text: str) -> None:
    assert not takes(INTERVAL, text)


def digits(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map("{:02}".format)


@given(digits(9999), digits(13), digits(32), digits(25), digits(61), digits(62), digits(25), digits(61))
def test_an_instant_is_taken_exactly_when_it_is_understood(
    year: str, month: str, day: str, hour: str, minute: str, second: str, east_h: str, east_m: str
) -> None:
    text = f"{year:0>4}-{month}-{day}T{hour}:{minute}:{second}+{east_h}:{east_m}"
    assert takes(INTERVAL, text) == is_understood(text)


def is_understood(text: str) -> bool:
    try:
        parse_datetime(text)
    except BadParameter:
        return False
    return True


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
def test_the_filter_of_the_example_is_one_in_both_languages(language: str) -> None:
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


@pytest.mark.parametrize("key", ["", "two words", "0" * 256, "é"])
def test_other_keys_are_not(key: str) -> None:
    assert not takes(KEY, key)


@pytest.mark.parametrize("text", ["*", '"a"', 'W/"a"'])
def test_etags_are_taken(text: str) -> None:
    assert takes(ETAGS, text)


@given(
    st.integers(1, 12), st.sampled_from([1900, 1904, 2000, 2023, 2024, 2100, 9996, 0]), st.integers(28, 31)
)
def test_months_are_as_long_as_they_are(month: int, year: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day}T00:00:00Z"
    assert takes(INTERVAL, text) == is_understood(text)
