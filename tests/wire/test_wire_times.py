"""Times on the wire: RFC 3339 with a zone and nothing looser, whole seconds where there is nothing finer."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swath.wire import format_time, parse_instant, parse_time
from swath.wire.times import EARLIEST, LATEST


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_written_is_read_again(at: datetime) -> None:
    assert parse_time(format_time(at)) == at


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2026-08-22T01:30:00Z", "2026-08-22T01:30:00Z"),
        ("2026-08-22t01:30:00z", "2026-08-22T01:30:00Z"),
        ("2026-08-22T10:30:00+09:00", "2026-08-22T01:30:00Z"),
        ("2026-08-22T01:30:00.5Z", "2026-08-22T01:30:00.500000Z"),
        ("2026-08-22T01:30:00.123456789Z", "2026-08-22T01:30:00.123456Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ],
)
def test_every_form_of_rfc_3339_is_read(text: str, means: str) -> None:
    assert format_time(parse_time(text)) == means


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-08-22",
        "2026-08-22T01:30:00",
        "2026-08-22 01:30:00Z",
        "2026-08-22T01:30Z",
        "2026-08-22T01:30:00+0900",
        "2026-08-22T01:30:00,5Z",
        "2026-13-22T01:30:00Z",
        "2026-02-30T01:30:00Z",
        "2026-08-22T24:30:00Z",
        "2026-08-22T01:30:61Z",
        "2026-08-22T01:30:00+25:00",
        "26-08-22T01:30:00Z",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T00:00:00Z",
        "2200-01-01T00:00:00Z",
        "1899-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "１９９９-01-01T00:00:00Z",
        "now",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("0000-02-29T12:00:00Z", EARLIEST),
        ("0001-01-01T00:00:00+00:01", EARLIEST),
        ("9999-12-31T23:59:00-00:01", LATEST),
        ("9999-12-31T23:59:60Z", LATEST),
    ],
)
def test_instants_that_no_datetime_holds_become_the_first_or_the_last_it_does(
    text: str, means: datetime
) -> None:
    assert parse_instant(text) == means


def test_the_days_of_the_year_0_are_counted_too() -> None:
    with pytest.raises(ValueError, match="exists"):
        parse_instant("0000-02-30T12:00:00Z")


def test_the_year_that_counts_is_the_one_that_is_written() -> None:
    assert parse_time("1900-01-01T00:00:00+01:00") == datetime(1899, 12, 31, 23, tzinfo=UTC)


def test_a_time_without_a_zone_is_never_guessed_at() -> None:
    with pytest.raises(ValueError, match="zone"):
        format_time(datetime(2026, 8, 22))  # noqa: DTZ001


def test_other_zones_are_written_as_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert format_time(datetime(2026, 8, 22, 10, 30, tzinfo=tokyo)) == "2026-08-22T01:30:00Z"
