"""What the doors answer when they say no: one table from error to status, one shape (RFC 9457) for all of it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swath.api.bodies import build_fault, parse_json
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
# A broken file repeats one mistake thousands of times.
MOST_FAULTS = 20
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
    if isinstance(error, Invalid):
        faults = _tell(error.faults)
        return build_problem(request, status, error.code, _sentence(faults), _errors(faults))
    more = _members(error, links_of(request, public_url))
    return build_problem(request, status, error.code, error.message, more, _headers(error))


def answer_http(request: Request, error: HTTPException) -> Response:
    """The answer to a refusal that HTTP makes by itself: no such address, no such method."""
    code, sentence = HTTP_REFUSALS.get(error.status_code, ("error", HTTPStatus(error.status_code).phrase))
    told = error.detail if error.detail and error.detail != HTTPStatus(error.status_code).phrase else sentence
    return build_problem(request, error.status_code, code, str(told), headers=error.headers)


async def answer_validation(request: Request, error: RequestValidationError) -> Response:
    """The answer to a call that FastAPI refused: a body that is not JSON 415 or 400, one that breaks rules 422,
    a parameter 400.
    """
    found = error.errors()
    where, *path = found[0]["loc"]
    if where != "body":
        fault = build_fault(found[0], path)
        return build_problem(request, 400, "bad_parameter", fault.message, {"parameter": str(path[-1])})
    # FastAPI leaves as bytes what does not say that it is JSON.
    if isinstance(error.body, bytes):
        return answer_http(request, HTTPException(415, "Send the body as application/json."))
    try:
        parse_json(await request.body() or b"null")
    except Malformed as malformed:
        return build_problem(request, 400, malformed.code, malformed.message)
    faults = _tell(build_fault(fault, fault["loc"][1:]) for fault in found)
    return build_problem(request, 422, "invalid", _sentence(faults), _errors(faults))


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
    members = {"instance": quote(request.scope["path"]), **(more or {})}
    told = {"Cache-Control": "no-store", **(headers or {})}
    return Response(write_problem(status, code, detail, members), status, told, media_type=PROBLEM_JSON)


def write_problem(status: int, code: str, detail: str, more: Mapping[str, Any]) -> bytes:
    """The document itself."""
    document = {
        "type": f"urn:swath:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "description": detail,
        **more,
    }
    return orjson.dumps(document, default=str)


def _known(error: SwathError) -> bool:
    return any(kind in STATUS for kind in type(error).__mro__)


def _members(error: SwathError, links: Links) -> dict[str, Any]:
    match error:
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


def _tell(found: Iterable[Fault]) -> list[Fault]:
    """As many faults as a person reads, and how many more there are."""
    faults = list(found)
    more = len(faults) - MOST_FAULTS
    told = faults[:MOST_FAULTS]
    return [*told, Fault("", "more", f"There are {more} more faults.")] if more > 0 else told


def _sentence(faults: Sequence[Fault]) -> str:
    return " ".join(fault.message for fault in faults)


def _errors(faults: Sequence[Fault]) -> dict[str, Any]:
    return {"errors": [_member(fault) for fault in faults]}


def _member(fault: Fault) -> dict[str, str]:
    return {"pointer": fault.pointer, "code": fault.code, "message": fault.message}
