"""What the doors answer when they say no: one table from error to status, one shape (RFC 9457) for all of it."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swath.api.links import Links, build_link, links_of
from swath.errors import (
    BadParameter,
    Conflict,
    Fault,
    Forbidden,
    InsufficientCredit,
    Invalid,
    Malformed,
    NotFound,
    SwathError,
    TooMany,
    Unauthenticated,
    Unavailable,
)

PROBLEM_JSON = "application/problem+json"
REALM = 'Bearer realm="swath"'
log = logging.getLogger(__name__)

STATUS: Mapping[type[SwathError], int] = {
    Malformed: 400,
    BadParameter: 400,
    Invalid: 422,
    Unauthenticated: 401,
    InsufficientCredit: 402,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
}
# Codes and sentences for refusals that come from HTTP itself and not from our rules.
HTTP_REFUSALS: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "The call cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method; Allow lists those it takes."),
    406: ("not_acceptable", "Nothing that the Accept header asks for is served here."),
    412: ("precondition_failed", "The feature has changed: its ETag is no longer the one in If-Match."),
    413: ("body_too_large", "The body is larger than this address takes."),
    415: ("unsupported_media_type", "This address does not take a body of that Content-Type."),
}


def answer_error(request: Request, error: SwathError, public_url: str | None) -> Response:
    """The answer to an error that was raised on purpose."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS) if _known(error) else 500
    more = _members(error, links_of(request, public_url))
    return build_problem(request, status, error.code, error.message, more, _headers(error))


def answer_http(request: Request, error: HTTPException) -> Response:
    """The answer to a refusal that HTTP makes by itself: no such address, no such method."""
    code, sentence = HTTP_REFUSALS.get(error.status_code, ("error", HTTPStatus(error.status_code).phrase))
    told = error.detail if error.detail and error.detail != HTTPStatus(error.status_code).phrase else sentence
    return build_problem(request, error.status_code, code, str(told), headers=error.headers)


def answer_validation(request: Request, error: RequestValidationError) -> Response:
    """The answer to a call that FastAPI refused: in a body 422, in an address or query string 400."""
    faults = error.errors()
    where = faults[0]["loc"][0] if faults else "body"
    if any(fault["type"] == "json_invalid" for fault in faults):
        return build_problem(request, 400, "malformed", "The body is not valid JSON.")
    if where != "body":
        name, message = str(faults[0]["loc"][-1]), f"{faults[0]['loc'][-1]}: {faults[0]['msg']}."
        return build_problem(request, 400, "bad_parameter", message, {"parameter": name})
    errors = [
        _member(Fault(_pointer(fault["loc"][1:]), fault["type"], f"{fault['msg']}.")) for fault in faults
    ]
    detail = " ".join(f"{fault['pointer']}: {fault['message']}" for fault in errors)
    return build_problem(request, 422, "invalid", detail, {"errors": errors})


def answer_crash(request: Request, request_id: str) -> Response:
    """The answer to a fault of ours: the id under which the log tells all, and nothing else."""
    detail = "Something went wrong on our side; it has been noted under this request id."
    return build_problem(request, 500, "internal_error", detail, {"request_id": request_id})


def build_problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; `code` and `description` are the members that OGC API names."""
    document = {
        "type": f"urn:swath:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "code": code,
        "description": detail,
        **(more or {}),
    }
    told = {"Cache-Control": "no-store", **(headers or {})}
    body = orjson.dumps(document, default=str)
    return Response(body, status, told, media_type=PROBLEM_JSON)


def _known(error: SwathError) -> bool:
    return any(kind in STATUS for kind in type(error).__mro__)


def _members(error: SwathError, links: Links) -> dict[str, Any]:
    match error:
        case Invalid(faults=faults):
            return {"errors": [_member(fault) for fault in faults]}
        case BadParameter(parameter=parameter):
            return {"parameter": parameter}
        case Conflict(see=str(see)):
            href = links.thing(see)
            link = build_link(
                href or links.api(), "related", "application/geo+json", "What stands in the way"
            )
            return {"links": [link]} if href else {}
        case _:
            return {}


def _headers(error: SwathError) -> dict[str, str]:
    match error:
        case Unauthenticated(presented=False):
            # RFC 6750 section 3.1: who sent no token is told no error code.
            return {"WWW-Authenticate": REALM}
        case Unauthenticated(code=code, message=message):
            return {"WWW-Authenticate": f'{REALM}, error="{code}", error_description="{_quotable(message)}"'}
        case Forbidden(scope=scope, code=code):
            return {"WWW-Authenticate": f'{REALM}, error="{code}", scope="{scope}"'}
        case TooMany(retry_after_s=wait_s) | Unavailable(retry_after_s=wait_s):
            return {"Retry-After": str(wait_s)}
        case _:
            return {}


def _quotable(text: str) -> str:
    return "".join(c for c in text if " " <= c <= "~" and c not in '"\\')


def _member(fault: Fault) -> dict[str, str]:
    return {"pointer": fault.pointer, "code": fault.code, "message": fault.message}


def _pointer(path: Sequence[Any]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
