"""Names and durations: the schemas that are published take what the service takes."""

import re
from calendar import isleap
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from swath.wire.durations import UNDER_90, UNDER_366, Duration, describe_duration
from swath.wire.instants import TASKABLE
from swath.wire.names import LINE_PATTERN, NAME_PATTERN, Name, is_line

LINE, TASKABLE_TIME = re.compile(LINE_PATTERN), re.compile(TASKABLE)
NAME = re.compile(NAME_PATTERN)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
BOUNDS = {90: UNDER_90, 366: UNDER_366}


@given(TEXTS)
def test_the_pattern_of_a_line_tells_lines(text: str) -> None:
    assert is_line(text) == (LINE.fullmatch(text) is not None)


@given(TEXTS)
def test_a_name_is_a_line_with_something_to_see(text: str) -> None:
    assert (NAME.fullmatch(text) is not None) == (is_line(text) and text.strip() != "")


@pytest.mark.parametrize("name", ["رایس‌ها", "👩‍🌾 rice", "名 1", "\U0001fae9 of 2024"])
def test_names_of_all_languages_and_years_are_taken(name: str) -> None:
    assert TypeAdapter(Name).validate_python(name) == name
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["a\nb", "a\0b", "a\u202eb", "a\u2028b", "\ufeffa", "a\x85"])
def test_what_is_not_seen_is_not(name: str) -> None:
    with pytest.raises(ValidationError, match="control characters"):
        TypeAdapter(Name).validate_python(name)
    assert not NAME.fullmatch(name)


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


@given(st.datetimes(), st.sampled_from(["Z", "+09:00", "-23:59"]))
def test_a_time_that_may_be_sent_is_one_of_three_centuries(at: datetime, zone: str) -> None:
    text = f"{at:%Y}".zfill(4) + f"{at:-%m-%dT%H:%M:%S}{zone}"
    assert (TASKABLE_TIME.fullmatch(text) is not None) == (1900 <= at.year <= 2199)


@pytest.mark.parametrize("year", [1900, 1904, 2000, 2024, 2023, 2100, 2196])
def test_february_is_as_long_as_it_is(year: int) -> None:
    taken = TASKABLE_TIME.fullmatch(f"{year}-02-29T00:00:00Z") is not None
    assert taken == isleap(year)
