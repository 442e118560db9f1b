"""What every call passes through, whatever room answers it: an id, a size limit, a last net, headers, counting."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from swath.api.compression import is_asset
from swath.api.links import is_host
from swath.api.problems import answer_crash, answer_http

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# As they are sent: no answer sets them itself.
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-frame-options", b"DENY"),
)
# What proxies count calls as whose caller left before the answer; nobody is told it.
HUNG_UP = 499
# Told after every call: method, route as declared, status, seconds.
Observe = Callable[[str, str, int, float], None]
log = logging.getLogger(__name__)


class Envelope:
    """Outermost: gives the call an id, sets headers on the answer, catches what nobody caught, and counts."""

    def __init__(self, app: ASGIApp, observe: Observe) -> None:
        self._app, self._observe = app, observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _read_request_id(Headers(scope=scope))
        began, status = time.perf_counter(), 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", request_id.encode())
                message["headers"] = [*message["headers"], named, *SECURITY_HEADERS]
            await send(message)

        try:
            await self._app(scope, receive, send_dressed)
        except ClientDisconnect:
            log.info("the caller hung up", extra={"request_id": request_id, "path": scope["path"]})
            status = status or HUNG_UP
        except Exception:
            log.exception("unexpected fault", extra={"request_id": request_id, "path": scope["path"]})
            if status:
                raise
            await answer_crash(Request(scope), request_id)(scope, receive, send_dressed)
        finally:
            self._observe(scope["method"], _route_of(scope), status, time.perf_counter() - began)


class HostCheck:
    """Refuses calls without a Host, with two, or with one that is none (RFC 9112 section 3.2).

    It is printed in the addresses of answers, and a proxy before us may have read the other of two.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _names_host(scope):
            await self._app(scope, receive, send)
            return
        refusal = HTTPException(400, "Send one Host header: a host name or address, perhaps with a :port.")
        await answer_http(Request(scope), refusal)(scope, receive, send)


class HeadAsGet:
    """HEAD answers as GET would, without the body. Assets answer HEAD themselves: a GET would read them whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or is_asset(scope):
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


class BodyLimit:
    """Refuses bodies above `most` bytes with 413, by what they announce and by what really comes.

    Paths that match `elsewhere` have limits of their own.
    """

    def __init__(self, app: ASGIApp, most: int, elsewhere: re.Pattern[str]) -> None:
        self._app, self._most, self._elsewhere = app, most, elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._elsewhere.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        came = 0

        async def receive_counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self._most or _exceeds(announced, self._most):
                raise HTTPException(413, f"The body is larger than {self._most} bytes, the most taken here.")
            return message

        await self._app(scope, receive_counted, send)


def _names_host(scope: Scope) -> bool:
    """Whether there is one Host, which may be empty; HTTP/1.0 knows none."""
    sent = Headers(scope=scope).getlist("host")
    if not sent:
        return scope["http_version"] == "1.0"
    return len(sent) == 1 and (not sent[0] or is_host(sent[0]))


def _read_request_id(headers: Headers) -> str:
    """The id that a proxy gave the call, if it is a sane one, or a new one."""
    sent = headers.get("x-request-id", "")
    return sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex


def _exceeds(announced: str, most: int) -> bool:
    return announced.isdecimal() and int(announced) > most


def _route_of(scope: Scope) -> str:
    """The route as declared, so that ids in addresses do not become labels."""
    return getattr(scope.get("route"), "path", "none")
