"""Times as they travel: RFC 3339 with a zone, nothing looser, on the way in; UTC with a `Z` on the way out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from swath.wire.instants import TASKABLE

# RFC 3339 section 5.6; a second of 60 is taken as the first moment of the next minute.
RFC3339 = re.compile(
    r"(?P<minute>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?P<zone>[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
# Long before and after anything that can be tasked.
FIRST_YEAR, LAST_YEAR = 1900, 2199
# What a datetime holds; wide enough for searches that mean "since ever".
EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
EXAMPLE = "2026-08-22T01:30:00Z"


def parse_time(text: str) -> datetime:
    """An RFC 3339 time of the years 1900 to 2199, as `parse_instant` reads it. Raises ValueError."""
    at = parse_instant(text)
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError(f"{text[:60]!r} is no time of the years {FIRST_YEAR} to {LAST_YEAR}")
    return at


def parse_instant(text: str) -> datetime:
    """An RFC 3339 time as an aware UTC datetime; digits beyond the microsecond are cut off.

    What lies outside the years 1 to 9999, as the year 0 does, becomes their first or their last moment. Raises
    ValueError with a sentence that says what would be right.
    """
    match = RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} is not an RFC 3339 time with a zone, such as {EXAMPLE}")
    leap = match["second"] == "60"
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    zone = match["zone"].upper().replace("Z", "+00:00")
    second = "59" if leap else match["second"]
    # No datetime holds the year 0, which has the days of 2000.
    minute = match["minute"].upper().replace("0000-", "2000-")
    try:
        at = datetime.fromisoformat(f"{minute}:{second}.{fraction}{zone}")
    except ValueError as error:
        raise ValueError(f"{text[:60]!r} is not a time that exists") from error
    return EARLIEST if text.startswith("0000") else _to_utc(at, timedelta(seconds=leap))


def _to_utc(at: datetime, later: timedelta) -> datetime:
    try:
        return at.astimezone(UTC) + later
    except OverflowError:
        return EARLIEST if at.year == EARLIEST.year else LATEST


def format_time(at: datetime) -> str:
    """An aware datetime as RFC 3339 in UTC: whole seconds, with microseconds only where there are any."""
    # A naive time would be taken for local time, so it is refused rather than guessed at.
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError(f"a time is text such as {EXAMPLE!r}")
    return parse_time(value)


Time = Annotated[
    datetime,
    BeforeValidator(_read, json_schema_input_type=str),
    PlainSerializer(format_time, return_type=str, when_used="json"),
    # Generators of clients that see a format and a pattern match the pattern against what they made of the format.
    WithJsonSchema({"type": "string", "pattern": f"^{TASKABLE}$"}, mode="validation"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
