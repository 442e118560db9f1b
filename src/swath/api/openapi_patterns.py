"""Schemas of what calls carry, as far as a schema can tell: the rest the server says when it refuses."""

from swath.api.openapi_schemas import Schema

INSTANT_TEXT = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)"
_OPEN = r"(?:\.\.)?"
_TAG = r'(?:W/)?"[!#-~]*"'

INSTANT: Schema = {"type": "string", "format": "date-time"}
# RFC 3339 as far as a pattern goes: whether the day exists, and the order of the ends, only the server can tell.
INTERVAL: Schema = {
    "type": "string",
    "pattern": f"^(?:{INSTANT_TEXT}(?:/(?:{INSTANT_TEXT}|{_OPEN}))?|{_OPEN}/{INSTANT_TEXT})$",
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
