"""What every route over collections needs: who calls, what it accepts, how an answer is made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swath.api.links import API, GEOJSON, JSON, SCHEMA_JSON, Links, links_of
from swath.api.parameters import collect_params, parse_format, refuse_unknown
from swath.clock import Clock, SystemClock
from swath.errors import BadParameter
from swath.oauth.authenticate import Authenticator
from swath.oauth.clients import TASKING
from swath.oauth.tokens import Principal
from swath.tasking.ports import Store

# What belongs to an account may change between two calls; with an ETag asking again costs little.
REVALIDATE = "private, no-cache"
# Who reads one kind of JSON reads them all.
# RFC 9110, sections 8.8.3 and 13.1.1.
_TAG = r'(?:W/)?"[!#-~\x80-\xff]*"'
ENTITY_TAGS = re.compile(rf"\s*(?:\*|{_TAG}(?:\s*,\s*{_TAG})*)\s*")
JSON_FAMILY = (JSON, GEOJSON, SCHEMA_JSON, "application/*", "*/*")


@dataclass(frozen=True)
class Door:
    """The store, the clock and the guard behind the routes. `public_url` None takes addresses from each call.

    `machine` tells real time, for saying when an answer was made; it differs from `clock` in a sandbox. `base` is the
    path below which the door's documents lie, `scope` what its callers need.
    """

    store: Store
    clock: Clock
    authenticator: Authenticator
    public_url: str | None = None
    machine: Clock = field(default_factory=SystemClock)
    base: str = API
    scope: str = TASKING

    def links(self, request: Request) -> Links:
        """The addresses to print in an answer to this call."""
        return links_of(request, self.public_url, self.base)

    def identify(self, request: Request) -> Principal:
        """Who calls, with the scope of this door. Raises Unauthenticated or Forbidden."""
        return self.authenticator.identify(request.headers.getlist("authorization"), self.scope)


@dataclass(frozen=True)
class Text:
    """A document as it is sent, and the tag of its state."""

    body: bytes
    etag: str


def answer(
    request: Request,
    document: Any,
    media_type: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A document with its ETag, as `answer_text` sends it."""
    return answer_text(request, write(document), media_type, status, headers)


def answer_text(
    request: Request,
    text: Text,
    media_type: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    stamp: str | None = None,
) -> Response:
    """A written document with its ETag; 304 without it when the caller has that already.

    `stamp` goes into the document as its `timeStamp` and does not count as a change: the ETag is then a weak one.
    """
    told = {"ETag": f"W/{text.etag}" if stamp else text.etag, "Cache-Control": REVALIDATE, **(headers or {})}
    if request.method == "GET" and not read_tags(request.headers, "if-none-match").isdisjoint(
        (text.etag, "*")
    ):
        return Response(status_code=304, headers=told)
    sent = b"%b,%b" % (text.body[:-1], orjson.dumps({"timeStamp": stamp})[1:]) if stamp else text.body
    return Response(sent, status, told, media_type=media_type)


def write(document: Any) -> Text:
    """A document as JSON."""
    body = orjson.dumps(document)
    return Text(body, compute_etag(body))


def keep_for(seconds: int, *, public: bool = True) -> Mapping[str, str]:
    """The header by which caches keep an answer for so long; without `public` only the caller's own."""
    return {"Cache-Control": f"{'public' if public else 'private'}, max-age={seconds}"}


def compute_etag(body: bytes) -> str:
    """A tag that changes whenever the document does."""
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def check_match(request: Request, document: Any) -> None:
    """Refuse with 412 when If-Match names another state of the document than this one, with 400 when it names none."""
    sent = request.headers.getlist("if-match")
    if sent and ENTITY_TAGS.fullmatch(",".join(sent)) is None:
        raise BadParameter("If-Match", 'If-Match takes *, or ETags in their quotation marks: "a", "b".')
    tags = read_tags(request.headers, "if-match")
    if tags and "*" not in tags and compute_etag(orjson.dumps(document)) not in tags:
        raise HTTPException(412)


def check_accept(request: Request, media_type: str) -> None:
    """Refuse with 406 when the caller wants none of what is here; `f=json` overrules the header."""
    accept = request.headers.get("accept")
    if not accept or "f" in request.query_params:
        return
    ours = {media_type.replace(" ", "").lower(), media_type.partition(";")[0], *JSON_FAMILY}
    if media_type.startswith("text/"):
        ours = {media_type, "text/*", "*/*"}
    if not any(_is_welcome(part, ours) for part in accept.lower().split(",")):
        raise HTTPException(406, f"This is served as {media_type}.")


def answer_plain(
    request: Request, document: Any, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A document that takes no parameter but f."""
    check_plain(request, media_type)
    return answer(request, document, media_type, headers=headers)


def check_plain(request: Request, media_type: str) -> None:
    """For documents that take no parameter but f: refuse any other, and what cannot be accepted."""
    given = collect_params(request.query_params.multi_items())
    refuse_unknown(given, ("f",))
    parse_format(given.get("f", "json"))
    check_accept(request, media_type)


def _is_welcome(part: str, ours: set[str]) -> bool:
    media_range, *parameters = part.replace(" ", "").split(";")
    if any(parameter in ("q=0", "q=0.0", "q=0.00", "q=0.000") for parameter in parameters):
        return False
    full = ";".join([media_range, *(p for p in parameters if not p.startswith("q="))])
    return full in ours or media_range in ours


def read_tags(headers: Headers, name: str) -> set[str]:
    """The entity tags of a header such as If-Match, `*` among them."""
    # Weak and strong tags are compared alike: ours stand for the bytes, whatever a proxy made of them.
    sent = ",".join(headers.getlist(name))
    return {tag.strip().removeprefix("W/") for tag in sent.split(",") if tag.strip()}
