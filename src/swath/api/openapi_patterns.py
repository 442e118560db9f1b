"""Schemas of what calls carry, as far as a schema can tell: the rest the server says when it refuses."""

from swath.api.openapi_schemas import Schema
from swath.wire import DURATION, instants

_START = f"(?:{instants.DAY}|{instants.INSTANT})"
_OPEN = r"(?:\.\.)?"
_TAG = r'(?:W/)?"[!#-~]*"'

INSTANT: Schema = {"type": "string", "format": "date-time"}
# RFC 3339; only that the end comes after the start no pattern can tell.
INTERVAL: Schema = {
    "type": "string",
    "pattern": (
        f"^(?:{instants.INSTANT}(?:/(?:{instants.INSTANT}|{_OPEN}))?|{_OPEN}/{instants.INSTANT}"
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
