"""Documents of doors whose routes say themselves what they take and answer: FastAPI reads that, and here it becomes
OpenAPI 3.0 with the refusals and tokens that all doors have in common.

A route adds what else it can refuse with `responses={409: {}}`, and `openapi_extra={"security": []}` says that it
needs no token.
"""

from collections.abc import Mapping, Sequence

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from swath import wire
from swath.api.openapi_parts import (
    ALWAYS,
    GUARDED,
    Face,
    OpenApi,
    build_document,
    describe_documents,
    list_operations,
    refer_refusal,
    require,
)
from swath.api.openapi_schemas import build_schemas, to_openapi

# A body can be too large, of another type, or break rules.
SENDING = (413, 415, 422)


def describe_routes(face: Face, tags: Mapping[str, str], routes: Sequence[BaseRoute]) -> OpenApi:
    """The document of a door. Where the model of a body has an example, that is what is drawn."""
    declared = {route.unique_id: route for route in routes if isinstance(route, APIRoute)}
    read = get_openapi(title="", version="", routes=routes)
    paths = {path.removeprefix(face.base) or "/": methods for path, methods in read["paths"].items()}
    schemas = {name: to_openapi(schema) for name, schema in read["components"]["schemas"].items()}
    for _, _, told in list_operations(paths):
        _complete(told, declared[told["operationId"]], face, schemas)
    schemas |= build_schemas([], [wire.Problem])
    about = {"capabilities": "What this door is"}
    return build_document(face, {**about, **tags}, {**describe_documents(), **paths}, {"schemas": schemas})


def _complete(told: OpenApi, route: APIRoute, face: Face, schemas: Mapping[str, OpenApi]) -> None:
    """Adds to an operation what all have in common, in place."""
    told["operationId"] = _camel(route.name)
    told["description"] = f"{told['summary']}."
    told.setdefault("security", require(*face.scopes))
    told["parameters"] = [_convert_parameter(parameter) for parameter in told.get("parameters", [])]
    body = told.get("requestBody", {}).get("content", {})
    refusals = {
        *(GUARDED if told["security"] else ALWAYS),
        *(SENDING if body else ()),
        *(status for status in map(int, route.responses) if status >= 400),
    }
    answers = {status: answer for status, answer in told["responses"].items() if int(status) < 400}
    told["responses"] = answers | {str(status): refer_refusal(status) for status in sorted(refusals)}
    for media in [*body.values(), *(m for a in answers.values() for m in a.get("content", {}).values())]:
        media["schema"] = to_openapi(media["schema"])
    for media in body.values():
        name = media["schema"].get("$ref", "").rpartition("/")[2]
        if example := schemas.get(name, {}).get("example"):
            media["example"] = example


def _convert_parameter(parameter: OpenApi) -> OpenApi:
    """The parameter in the words of OpenAPI 3.0; what is not given is left out, so none is null."""
    schema = {key: value for key, value in to_openapi(parameter["schema"]).items() if key != "nullable"}
    if "pattern" in schema:
        schema.pop("format", None)
    description = parameter.get("description") or schema.get("title", parameter["name"])
    return {**parameter, "description": description, "schema": schema}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
