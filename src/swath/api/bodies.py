"""Reads bodies: bytes to a draft of the wire, or Malformed (cannot be read) or Invalid (breaks the shape)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from swath.errors import Fault, Invalid, Malformed

M = TypeVar("M", bound=BaseModel)
Path = Sequence[str | int]

MEDIA_TYPES = ("application/geo+json", "application/json")
TOO_DEEP = "The body is nested too deeply."
# What is echoed of a caller's own words.
MOST_ECHOED = 80

NUMBER, WHOLE, OBJECT, ARRAY = (
    f"{{name}} must be {kind}." for kind in ("a number", "a whole number", "an object", "an array")
)
TIME = "{name} must be an RFC 3339 time with a zone, such as 2026-08-22T01:30:00Z."
DURATION = '{name} must be an ISO 8601 duration, such as "PT6H".'
# By the type of a fault that pydantic finds; what stands in braces besides the name is of its context.
SENTENCES: Mapping[str, str] = {
    "missing": "{name} is missing.",
    "extra_forbidden": "There is no property {name} here; misspelt, or set by the service alone?",
    "string_type": "{name} must be text.",
    "string_too_short": "{name} is too short; at least {min_length} characters are needed.",
    "string_too_long": "{name} is too long; at most {max_length} characters are taken.",
    "literal_error": "{name} must be {expected}.",
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": "{name} must be a finite number.",
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "int_parsing_size": "{name} is too large a number.",
    "greater_than": "{name} must be more than {gt:g}.",
    "greater_than_equal": "{name} must be at least {ge:g}.",
    "less_than": "{name} must be less than {lt:g}.",
    "less_than_equal": "{name} must be at most {le:.20g}.",
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "tuple_type": ARRAY,
    "list_type": ARRAY,
    "too_long": "{name} has {actual_length} members; at most {max_length} are taken.",
    "timezone_aware": TIME,
    "datetime_type": TIME,
    "datetime_parsing": TIME,
    "datetime_from_date_parsing": TIME,
    "datetime_object_invalid": TIME,
    "time_delta_type": DURATION,
    "time_delta_parsing": DURATION,
}


def parse_body(model: type[M], body: bytes) -> M:
    """A body as a draft. Raises Malformed, and Invalid with every fault of the shape."""
    parse_json(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            # Of what passed the check above, pydantic's reader refuses nothing but depth.
            raise Malformed(TOO_DEEP) from error
        raise Invalid(*(build_fault(found, found["loc"]) for found in faults)) from error


def parse_json(body: bytes) -> Any:
    """What the body holds. Raises Malformed for JSON that is not strict: bad UTF-8, NaN, a member given twice."""
    try:
        document = orjson.loads(body)
        json.loads(body, object_pairs_hook=_refuse_twins)
    except RecursionError as error:
        raise Malformed(TOO_DEEP) from error
    except ValueError as error:
        raise Malformed(f"The body is not valid JSON: {error}.") from error
    return document


def build_fault(found: Mapping[str, Any], path: Path) -> Fault:
    """What pydantic found at a path, as a sentence for whoever sent it."""
    return Fault(_build_pointer(path), found["type"], _build_sentence(found, _build_name(path)))


def _refuse_twins(pairs: Sequence[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the member {twin[:60]!r} is given twice in one object")


def _build_sentence(found: Mapping[str, Any], name: str) -> str:
    if found["type"] in SENTENCES:
        return SENTENCES[found["type"]].format(name=name, **found.get("ctx", {}))
    message = str(found["msg"]).removeprefix("Value error, ")
    return f"{message}." if message.startswith(name) else f"{name}: {message}."


def _build_name(path: Path) -> str:
    """How a person would call the place: `name`, or `satellites[3]` for a member of an array."""
    names = [part for part in path if isinstance(part, str)]
    name = _shorten(names[-1]) if names else "The body"
    return f"{name}[{path[-1]}]" if path and isinstance(path[-1], int) else name


def _build_pointer(path: Path) -> str:
    return "".join(f"/{_shorten(str(part)).replace('~', '~0').replace('/', '~1')}" for part in path)


def _shorten(text: str) -> str:
    return text if len(text) <= MOST_ECHOED else f"{text[: MOST_ECHOED - 1]}…"
