"""Schemas of what calls carry, as far as a schema can tell: the rest the server says when it refuses."""

from swath.api.openapi_schemas import Schema
from swath.wire import DURATION

_HOUR, _SIXTY = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_LEAP = r"(?:\d{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = (
    rf"(?:\d{{4}}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    rf"|02-(?:0[1-9]|1\d|2[0-8]))|{_LEAP}-02-29)"
)
INSTANT_TEXT = rf"{_DAY}[Tt]{_HOUR}:{_SIXTY}:(?:{_SIXTY}|60)(?:\.\d+)?(?:[Zz]|[+-]{_HOUR}:{_SIXTY})"
_START = rf"(?:{_DAY}|{INSTANT_TEXT})"
_OPEN = r"(?:\.\.)?"
_TAG = r'(?:W/)?"[!#-~]*"'

INSTANT: Schema = {"type": "string", "format": "date-time"}
# RFC 3339; only that the end comes after the start no pattern can tell.
INTERVAL: Schema = {
    "type": "string",
    "pattern": (
        f"^(?:{INSTANT_TEXT}(?:/(?:{INSTANT_TEXT}|{_OPEN}))?|{_OPEN}/{INSTANT_TEXT}"
        f"|{_START}/{DURATION}|{DURATION}/{_START})$"
    ),
    "example": "2026-08-22T00:00:00Z/..",
}
KEY: Schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
ETAGS: Schema = {"type": "string", "pattern": rf"^(?:\*|{_TAG}(?: *, *{_TAG})*)$", "example": "*"}
FILTER: Schema = {"type": "string", "minLength": 1, "example": "true"}
# That latitudes rise, which OGC API Features has no words for either, is left to the description.
BOX: Schema = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 4,
    "maxItems": 6,
    "not": {"type": "array", "items": {}, "minItems": 5, "maxItems": 5},
}
