"""Names and durations: the schemas that are published take what the service takes."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator
from pydantic import TypeAdapter, ValidationError

from swath.wire.durations import UNDER_90, UNDER_366, Duration, describe_duration
from swath.wire.names import LINE_PATTERN, MOST_NAME, Name, describe_name, is_line

LINE = re.compile(LINE_PATTERN)
NAME = OAS30Validator(describe_name(MOST_NAME))
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
BOUNDS = {90: UNDER_90, 366: UNDER_366}


@given(TEXTS)
def test_the_pattern_of_a_line_tells_lines(text: str) -> None:
    assert is_line(text) == (LINE.match(text) is not None)


@given(TEXTS)
def test_a_name_is_a_line_with_something_to_see(text: str) -> None:
    assert NAME.is_valid(text) == (is_line(text) and text.strip() != "")


@pytest.mark.parametrize("name", ["رایس‌ها", "👩‍🌾 rice", "名 1", "\U0001fae9 of 2024"])
def test_names_of_all_languages_and_years_are_taken(name: str) -> None:
    assert TypeAdapter(Name).validate_python(name) == name
    assert NAME.is_valid(name)


@pytest.mark.parametrize("name", ["a\nb", "a\0b", "a\u202eb", "a\u2028b", "\ufeffa", "a\x85"])
def test_what_is_not_seen_is_not(name: str) -> None:
    with pytest.raises(ValidationError, match="control characters"):
        TypeAdapter(Name).validate_python(name)
    assert not NAME.is_valid(name)


def test_half_a_character_is_no_line() -> None:
    assert not is_line("a\udcff")


@pytest.mark.parametrize("most", BOUNDS)
@given(text=st.data())
def test_a_duration_that_the_pattern_takes_is_within_the_bound(most: int, text: st.DataObject) -> None:
    pattern = describe_duration(BOUNDS[most], most)["pattern"]
    drawn = text.draw(st.from_regex(pattern, fullmatch=True)).strip("\n")
    assert timedelta(0) <= TypeAdapter(Duration).validate_python(drawn) <= timedelta(days=most)


@pytest.mark.parametrize("most", BOUNDS)
def test_every_number_of_days_up_to_the_bound_is_taken(most: int) -> None:
    pattern = re.compile(describe_duration(BOUNDS[most], most)["pattern"])
    assert [days for days in range(1_000) if pattern.match(f"P{days}D")] == [*range(most + 1)]
