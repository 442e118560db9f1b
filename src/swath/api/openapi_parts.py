"""The parts that every door describes itself with: OpenAPI 3.0.3, one document a door, nothing outside referred to.

An operation names the refusals that it can really answer; their bodies, headers and texts are the same everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from swath import __version__
from swath.api.links import HTML, JSON, OPENAPI_JSON
from swath.api.openapi_schemas import Schema
from swath.api.problems import PROBLEM_JSON

OpenApi = dict[str, Any]

REFUSALS: Mapping[int, str] = {
    400: "The call cannot be read, or a parameter is wrong",
    401: "No access token was sent, or it does not hold",
    402: "The account has too few free credits",
    403: "The access token lacks the scope",
    404: "There is no such thing, or it is not yours",
    406: "Nothing that the Accept header asks for is served",
    409: "The state of things does not allow it; a link may say what stands in the way",
    412: "The feature is no longer the one in If-Match",
    413: "The body is larger than this address takes",
    415: "The body is of another Content-Type",
    416: "The range lies outside the file; Content-Range says how long it is",
    422: "The body breaks rules, each of which is listed",
    428: "If-Match is missing: say which state of the feature is meant",
    429: "Too many calls; Retry-After says when to come back",
    500: "A fault of ours, noted under the request id",
    503: "Not possible at the moment; Retry-After says when to come back",
}
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TIME: Schema = {"type": "string", "format": "date-time"}


def header(description: str, schema: Schema = TEXT) -> OpenApi:
    """One header of an answer."""
    return {"description": description, "schema": schema}


ETAG = {"ETag": header("The state it is in")}
# What refusals carry beside their body (RFC 6750 section 3, RFC 9110 sections 10.2.3 and 14.4).
REFUSAL_HEADERS: Mapping[int, OpenApi] = {
    401: {"WWW-Authenticate": header("What is needed")},
    403: {"WWW-Authenticate": header("The scope that is missing")},
    416: {"Content-Range": header("How many bytes there are")},
    429: {"Retry-After": header("Seconds to wait", COUNT)},
    503: {"Retry-After": header("Seconds to wait", COUNT)},
}
# A Host header that is none is refused everywhere, and faults of ours can meet every call.
ALWAYS = (400, 500)
# What reads the store behind a token can be refused in these ways besides.
GUARDED = (*ALWAYS, 401, 403, 503)


@dataclass(frozen=True)
class Face:
    """How a door introduces itself: what it is, where it lies, and the scopes that its callers need."""

    title: str
    description: str
    root: str
    base: str
    scopes: Mapping[str, str]
    docs: str = "/docs"


def build_document(
    face: Face, tags: Mapping[str, str], paths: OpenApi, components: Mapping[str, Mapping[str, Any]]
) -> OpenApi:
    """A whole document; of the components it holds what the paths lead to, and the refusals and tokens they name."""
    more = components.get("securitySchemes", {})
    schemes = {**_keep_named(paths, _build_schemes(face)), **more}
    known = {**components, "responses": {f"Problem{status}": _build_problem(status) for status in REFUSALS}}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": face.title,
            "description": face.description,
            "version": __version__,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "contact": {
                "name": "The operator of this service",
                "url": f"{face.root}{face.base}{face.docs}",
            },
        },
        "servers": [{"url": f"{face.root}{face.base}", "description": face.title}],
        "tags": [{"name": name, "description": text} for name, text in tags.items()],
        "paths": paths,
        "components": {**keep_used(paths, known), "securitySchemes": schemes},
    }


def operation(
    operation_id: str,
    summary: str,
    tag: str,
    *,
    answers: Mapping[str, Any],
    refusals: Iterable[int] = ALWAYS,
    parameters: Sequence[Any] = (),
    security: Sequence[Any] = (),
    description: str = "",
    body: OpenApi | None = None,
) -> OpenApi:
    """One operation; every one says what it is for, whom it lets in, and how it can fail."""
    told = {str(status): refer_refusal(status) for status in sorted(set(refusals))}
    return {
        "operationId": operation_id,
        "summary": summary,
        "description": f"{summary}. {description}".strip(),
        "tags": [tag],
        "parameters": list(parameters),
        **({"requestBody": body} if body else {}),
        "security": list(security),
        "responses": {**answers, **told},
    }


def content(
    description: str, media_type: str, schema: Schema, *, headers: OpenApi | None = None, **more: Any
) -> OpenApi:
    """An answer with a body; `more` are its example or its links."""
    body = {"schema": schema, **({"example": more.pop("example")} if "example" in more else {})}
    return {
        "description": description,
        **({"headers": headers} if headers else {}),
        "content": {media_type: body},
        **more,
    }


def require(*scopes: str) -> list[Any]:
    """A token with one of these scopes is needed: from the token endpoint, or had otherwise."""
    return [*({"oauth": [scope]} for scope in scopes), {"bearer": []}]


def query(name: str, description: str, schema: Schema, **more: Any) -> OpenApi:
    """An optional query parameter; a list has commas."""
    told = _parameter(name, "query", description, schema, required=False)
    return {**told, "style": "form", "explode": False, **more}


def query_json(name: str, description: str, schema: Schema) -> OpenApi:
    """An optional query parameter that is JSON."""
    told = _parameter(name, "query", description, schema, required=False)
    return {
        **{key: value for key, value in told.items() if key != "schema"},
        "content": {JSON: {"schema": schema}},
    }


def sent_header(name: str, description: str, schema: Schema = TEXT) -> OpenApi:
    """An optional header of a call."""
    return _parameter(name, "header", description, schema, required=False)


def part(name: str, description: str, **more: Any) -> OpenApi:
    """A part of the path; what is empty is another path."""
    return _parameter(name, "path", description, {**TEXT, "minLength": 1, **more}, required=True)


def refer_to(kind: str, name: str) -> OpenApi:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def refer_refusal(status: int) -> OpenApi:
    """What is answered with that status."""
    return refer_to("responses", f"Problem{status}")


def list_operations(paths: OpenApi) -> Iterable[tuple[str, str, OpenApi]]:
    """Path, method and operation of everything that is described."""
    for path, methods in paths.items():
        for method, told in methods.items():
            yield path, method, told


def keep_used(paths: OpenApi, components: Mapping[str, Mapping[str, Any]]) -> OpenApi:
    """The components that paths lead to, directly or through others."""
    found: dict[tuple[str, str], Any] = {}
    waiting = list(_find_references(paths))
    while waiting:
        kind, name = key = waiting.pop()
        if key not in found:
            found[key] = components[kind][name]
            waiting += _find_references(found[key])
    kept: OpenApi = {}
    for kind, name in sorted(found):
        kept.setdefault(kind, {})[name] = found[kind, name]
    return kept


def _find_references(value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            _, _, kind, name = value["$ref"].split("/", 3)
            yield kind, name
        for inner in value.values():
            yield from _find_references(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _find_references(inner)


def _keep_named(paths: OpenApi, schemes: OpenApi) -> OpenApi:
    named = {name for _, _, told in list_operations(paths) for way in told["security"] for name in way}
    return {name: scheme for name, scheme in schemes.items() if name in named}


def _build_schemes(face: Face) -> OpenApi:
    flow = {"tokenUrl": f"{face.root}/oauth/token", "scopes": dict(face.scopes)}
    return {
        "oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}},
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }


def _build_problem(status: int) -> OpenApi:
    headers = REFUSAL_HEADERS.get(status)
    return content(REFUSALS[status], PROBLEM_JSON, refer_to("schemas", "Problem"), headers=headers)


def _parameter(name: str, place: str, description: str, schema: Schema, *, required: bool) -> OpenApi:
    return {"name": name, "in": place, "description": description, "required": required, "schema": schema}


def build_body(media_types: Iterable[str], schema: Schema, example: Any = None) -> OpenApi:
    """A body that is needed, in any of these media types."""
    told = {"schema": schema, **({"example": example} if example is not None else {})}
    return {"required": True, "content": dict.fromkeys(media_types, told)}


def describe_documents(path: str = "/docs") -> OpenApi:
    """The paths of a door that tell of itself: this document, and the page for people."""
    members = {"openapi": TEXT, "info": {"type": "object"}, "paths": {"type": "object"}}
    anything: Schema = {"type": "object", "properties": members, "required": [*members]}
    return {
        "/api": {
            "get": operation(
                "readDefinition",
                "This document",
                "capabilities",
                answers={"200": content("OpenAPI 3.0", OPENAPI_JSON, anything, headers=ETAG)},
                refusals=(*ALWAYS, 406),
            )
        },
        path: {
            "get": operation(
                "readDocs",
                "This document, for people: a page on which every operation can be tried",
                "capabilities",
                answers={"200": content("The page", HTML, TEXT)},
                refusals=(*ALWAYS, 406),
            )
        },
    }
