"""Durations as they travel: ISO 8601, in days or smaller units."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Strict

# Numbers of days below 90 and below 366.
UNDER_90, UNDER_366 = "[1-8]?[0-9]", "[1-9]?[0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-5]"


def _take_text_only(value: object) -> object:
    # A number would be taken for seconds.
    if not isinstance(value, str | timedelta):
        raise ValueError('a duration is text such as "PT6H"')
    return value


Duration = Annotated[timedelta, BeforeValidator(_take_text_only), Strict(False)]


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
