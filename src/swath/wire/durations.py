"""Durations as they travel: ISO 8601, in weeks or smaller units."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Strict, TypeAdapter

# Numbers of days below 90 and below 366.
UNDER_90, UNDER_366 = "[1-8]?[0-9]", "[1-9]?[0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-5]"

# ISO 8601 without years and months, which have no length of their own.
_DAYS = r"(?:\d{1,4}W(?:\d{1,5}D)?|\d{1,5}D)"
_HOURS = r"T(?:\d{1,6}H(?:\d{1,8}M)?(?:\d{1,9}S)?|\d{1,8}M(?:\d{1,9}S)?|\d{1,9}S)"
DURATION = f"P(?:{_DAYS}(?:{_HOURS})?|{_HOURS})"
_READ_DURATION = TypeAdapter(timedelta)


def _take_text_only(value: object) -> object:
    # A number would be taken for seconds.
    if not isinstance(value, str | timedelta):
        raise ValueError('a duration is text such as "PT6H"')
    return value


Duration = Annotated[timedelta, BeforeValidator(_take_text_only), Strict(False)]


def parse_duration(text: str) -> timedelta:
    """An ISO 8601 duration in weeks, days, hours, minutes and whole seconds (`P2D`, `P1DT12H`). Raises ValueError."""
    if re.fullmatch(DURATION, text, re.ASCII) is None:
        raise ValueError(
            f"{text[:60]!r} is no duration of weeks, days, hours, minutes and seconds, such as P2D or PT6H"
        )
    return _READ_DURATION.validate_strings(text)


def describe_duration(under: str, most: int) -> dict[str, Any]:
    """The JSON Schema of durations of `most` days at most, of which the pattern `under` says what is less.

    Other spellings of ISO 8601 are taken, too, but no pattern can add them up.
    """
    units = "T[0-9]{1,3}H(?:[1-5]?[0-9]M)?|T[0-9]{1,5}M|T[0-9]{1,6}(?:[.][0-9]{1,6})?S"
    return {
        "type": "string",
        "pattern": f"^P(?:(?:{under})D(?:T(?:1?[0-9]|2[0-3])H)?|{most}D|{units})$",
        "example": "PT6H",
    }
