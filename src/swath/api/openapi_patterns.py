"""Schemas that lead whoever makes values up: what they take is the whole truth, what is drawn from them is right.

A schema cannot say that an interval ends after it starts, that a filter names properties that exist, that a key was not
used before or that an area is no wider than 250 km. A program that fills a form from the schema alone is then refused
where it did nothing wrong. So what cannot be told is kept behind a lookahead that is always true: programs that spell
patterns out (Hypothesis, and with it Schemathesis) write it down as text, fail, and draw from the rest. For everybody
else the lookahead changes nothing. See docs/decisions/0018.
"""

from collections.abc import Mapping
from typing import Any

from swath.api.openapi_schemas import Schema

# True before every text without NUL, as no text of ours has one.
TAKEN = r"(?=(?:\x00\x00|\x00!|[^\x00]|$){40})"
# The same for headers, in which spaces come alone.
TAKEN_HEADER = r"(?=(?:  |! |[!-~]|$){40})"
_DAY = r"(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
_DRAWN = rf"{_DAY}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{{1,6}})?Z"
INSTANT_TEXT = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)"
_OPEN = r"(?:\.\.)?"

# Without a format, for what is drawn of that are times of years that nobody lives in.
INSTANT: Schema = {
    "type": "string",
    "pattern": f"^(?:{_DRAWN}|{TAKEN}{INSTANT_TEXT})$",
}
# RFC 3339 as far as a pattern goes: whether the day exists, and the order of the ends, only the server can tell.
INTERVAL: Schema = {
    "type": "string",
    "pattern": (
        f"^(?:{_DRAWN}(?:/{_OPEN})?|{_OPEN}/{_DRAWN}"
        f"|{TAKEN}(?:{INSTANT_TEXT}(?:/(?:{INSTANT_TEXT}|{_OPEN}))?|{_OPEN}/{INSTANT_TEXT}))$"
    ),
    "example": "2026-08-22T00:00:00Z/..",
}
# A header without a value counts as none.
KEY: Schema = {"type": "string", "pattern": f"^(?:{TAKEN_HEADER}[!-~]{{1,255}})?$"}
_TAG = r'(?:W/)?"[!#-~]*"'
ETAGS: Schema = {
    "type": "string",
    "pattern": rf"^(?:\*|{TAKEN_HEADER}{_TAG}(?: *, *{_TAG})*)?$",
    "example": "*",
}
# `true` is an expression in both languages.
FILTER: Schema = {"type": "string", "minLength": 1, "pattern": rf"^(?:true|{TAKEN}[^\x00]+)$"}
NAME: Schema = {"minLength": 1, "maxLength": 200, "pattern": rf"^{TAKEN}[^\x00-\x1f\x7f]+$"}
# That latitudes rise, which OGC API Features has no words for either, is left to the description.
BOX: Schema = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 4,
    "maxItems": 6,
    "not": {"type": "array", "items": {}, "minItems": 5, "maxItems": 5},
}


def body_such_as(model: str, example: Mapping[str, Any]) -> Schema:
    """A body of the model; of the example is known that it breaks no rule."""
    return {"anyOf": [_just(example), {"$ref": f"#/components/schemas/{model}"}], "description": f"A {model}"}


def lead_drafts(schemas: Mapping[str, Schema], *bodies: str) -> dict[str, Schema]:
    """The schemas, of which drafts and bodies are drawn from the example of a whole body alone."""
    led = {name for name in schemas if name.startswith("New")} | set(bodies)
    return {name: _lead(schema) if name in led else schema for name, schema in schemas.items()}


def _lead(draft: Schema) -> Schema:
    return {
        **draft,
        "properties": {name: _lead_member(name, told) for name, told in draft["properties"].items()},
    }


def _lead_member(name: str, schema: Schema) -> Schema:
    told = {key: value for key, value in schema.items() if key != "example"}
    if name == "name":
        return {**NAME, **told}
    match told.get("format"):
        case "date-time":
            return {
                **{key: value for key, value in told.items() if key != "format"},
                "pattern": INSTANT["pattern"],
            }
        case "duration":
            return {**told, "pattern": rf"^{TAKEN}[^\x00]+$"}
        case _:
            return told


def _just(value: Any) -> Schema:
    """A schema of this value and hardly any other: names may be others."""
    if isinstance(value, Mapping) and "coordinates" not in value:
        members = {name: _just(inner) for name, inner in value.items()}
        named = {"name": {"type": "string", "pattern": "^[A-Z][a-z]{0,19}$"}} if "name" in members else {}
        return {
            "type": "object",
            "properties": {**members, **named},
            "required": list(members),
            "additionalProperties": False,
        }
    return {"enum": [value]}
