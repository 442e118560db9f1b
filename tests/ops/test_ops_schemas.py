"""What hangs together in a body is told by its schema: it takes what the door takes."""

from itertools import product
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from pydantic import BaseModel, ValidationError

from swath.api.openapi_schemas import to_openapi
from swath.ops.captures import Downlink
from swath.ops.uplinks import Acknowledged

AT = "2026-08-22T01:40:00Z"
BODIES: list[tuple[type[BaseModel], dict[str, Any]]] = [
    *((Downlink, {"outcome": outcome}) for outcome in ("done", "late", "lost")),
    *(
        (Downlink, {"outcome": outcome, "expected": expected})
        for outcome, expected in product(("done", "late", "lost"), (AT, None))
    ),
    *(
        (Acknowledged, {"outcome": outcome, "at": AT, "captures": captures})
        for outcome, captures in product(("uplinked", "missed"), (["a"], [], None))
    ),
]


def is_taken(model: type[BaseModel], body: Any) -> bool:
    try:
        model.model_validate(body)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("model", "body"), BODIES, ids=str)
def test_the_schema_takes_what_the_door_takes(model: type[BaseModel], body: Any) -> None:
    schema = to_openapi(model.model_json_schema())
    assert OAS30Validator(schema).is_valid(body) == is_taken(model, body)
