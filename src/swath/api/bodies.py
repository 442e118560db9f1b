"""Reads bodies: bytes to a draft of the wire, or Malformed (cannot be read) or Invalid (breaks the shape)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from swath.errors import Fault, Invalid, Malformed

M = TypeVar("M", bound=BaseModel)

MEDIA_TYPES = ("application/geo+json", "application/json")
SENTENCES: Mapping[str, str] = {
    "missing": "{name} is missing.",
    "string_type": "{name} must be text.",
    "float_type": "{name} must be a number.",
    "dict_type": "{name} must be an object.",
    "model_type": "{name} must be an object.",
    "tuple_type": "{name} must be an array.",
    "list_type": "{name} must be an array.",
    "extra_forbidden": "There is no property {name} here; misspelt, or set by the service alone?",
    "finite_number": "{name} must be a finite number.",
}


def parse_body(model: type[M], body: bytes) -> M:
    """A body as a draft. Raises Malformed, and Invalid with every fault of the shape."""
    check_json(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Invalid(*(_fault(found) for found in error.errors(include_url=False))) from error


def check_json(body: bytes) -> None:
    """Raises Malformed for what is not strict JSON: bad UTF-8, NaN, endless numbers, a member given twice."""
    try:
        orjson.loads(body)
        json.loads(body, object_pairs_hook=_refuse_twins)
    except RecursionError as error:
        raise Malformed("The body is nested too deeply.") from error
    except ValueError as error:
        raise Malformed(f"The body is not valid JSON: {error}.") from error


def _refuse_twins(pairs: Sequence[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the member {twin[:60]!r} is given twice in one object")


def _fault(found: Any) -> Fault:
    path = found["loc"]
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    name = str(path[-1]) if path else "The body"
    sentence = SENTENCES.get(found["type"], "{name}: {message}.")
    message = str(found["msg"]).removeprefix("Value error, ")
    return Fault(pointer, found["type"], sentence.format(name=name, message=message))
