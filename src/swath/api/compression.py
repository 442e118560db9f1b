"""Compresses documents as their readers ask: Brotli where it is installed, gzip anywhere."""

from contextlib import suppress
from functools import lru_cache, partial
from importlib import import_module
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Smaller bodies gain nothing.
LEAST_BYTES = 1024
# On a page of 100 candidates (344 kB) both leave 97 to 101 kB, Brotli in two thirds of the time.
BROTLI_QUALITY, GZIP_LEVEL = 4, 5


class Compress:
    """Compresses answers. Assets stay as they are: programs read byte ranges of them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._brotli = app, load_brotli()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_asset(scope):
            await self._app(scope, receive, send)
        else:
            await self._responder(scope)(scope, receive, send)

    def _responder(self, scope: Scope) -> ASGIApp:
        accepted = ",".join(Headers(scope=scope).getlist("accept-encoding"))
        match choose_coding(accepted, ("br", "gzip") if self._brotli else ("gzip",)):
            case "br":
                return BrotliResponder(self._app, self._brotli)
            case "gzip":
                return GZipResponder(self._app, LEAST_BYTES, GZIP_LEVEL)
            case _:
                return partial(_answer_plainly, self._app)


class BrotliResponder(IdentityResponder):
    """One answer in Brotli (RFC 7932)."""

    content_encoding = "br"

    def __init__(self, app: ASGIApp, brotli: Any) -> None:
        super().__init__(app, LEAST_BYTES)
        self._compressor = brotli.Compressor(quality=BROTLI_QUALITY)

    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        """The next part of the compressed body, and its end when no more comes."""
        begun = self._compressor.process(body)
        return begun + (self._compressor.flush() if more_body else self._compressor.finish())


async def _answer_plainly(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The answer as it is, saying that other readers may get it compressed."""

    async def send_varied(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    await app(scope, receive, send_varied)


def load_brotli() -> Any:
    """The module `brotli`, or None where it is not installed."""
    with suppress(ImportError):
        return import_module("brotli")
    return None


@lru_cache(maxsize=256)
def choose_coding(accepted: str, offered: tuple[str, ...]) -> str | None:
    """The coding that an Accept-Encoding header prefers (RFC 9110 section 12.5.3), the first offered of equals.

    `*` stands for gzip: programs send it that read what everybody reads, as pystac does. None is for sending the body
    as it is.
    """
    weights = dict(_read_weight(part) for part in accepted.lower().split(",") if part.strip())
    any_weight = {"gzip": weights.get("*", 0.0)}
    weighted = [(weights.get(coding, any_weight.get(coding, 0.0)), coding) for coding in offered]
    weight, best = max(weighted, key=lambda pair: pair[0])
    return best if weight > 0 else None


def is_asset(scope: Scope) -> bool:
    """Whether a call is for an image and not for a document."""
    return "/assets/" in scope["path"]


def _read_weight(part: str) -> tuple[str, float]:
    coding, _, parameter = part.replace(" ", "").partition(";")
    name, _, text = parameter.partition("=")
    try:
        weight = float(text) if name == "q" else 1.0
    except ValueError:
        weight = 0.0
    return coding.removeprefix("x-"), weight
