"""The HTTP parser in C, with what it lacks: limits on headers and on waiting, and refusals that read like others."""

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from swath.api.problems import PROBLEM_JSON, write_problem

# As much as h11, the parser in Python, takes.
MOST_HEAD_BYTES = 65_536
# Whoever opens connections and says nothing on them would use up those that there are.
PATIENCE_S = 30.0


class BoundedHttp(HttpToolsProtocol):
    """A connection. Calls that are no HTTP get a problem document, and so do those whose headers do not end.

    A head has to be whole within the patience, and a body must not halt for as long.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._in_head, self._head_bytes = True, 0
        self._waits_since_s = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The patience with this caller begins."""
        super().connection_made(transport)
        self._look_later = self.loop.call_later(PATIENCE_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._look_later.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is not over after so many bytes ends the connection with 431."""
        if not self._in_head or self._head_bytes == 0:
            self._waits_since_s = self.loop.time()
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
            detail = f"Request line and headers are longer than {MOST_HEAD_BYTES} bytes."
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", detail)

    def on_headers_complete(self) -> None:
        """The head is over."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head may come."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is refused like everything else."""
        detail = "The call is no HTTP request that can be read: see its method, its address and its headers."
        self._refuse(HTTPStatus.BAD_REQUEST, "malformed", detail)

    def _look(self) -> None:
        """End the connection of whoever has had his turn for too long; else look again."""
        left_s = self._waits_since_s + PATIENCE_S - self.loop.time()
        if left_s <= 0 and self._is_callers_turn() and not self.transport.is_closing():
            detail = f"The call did not come within {PATIENCE_S:g} seconds."
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "too_slow", detail)
            return
        self._look_later = self.loop.call_later(left_s if left_s > 0 else PATIENCE_S, self._look)

    def _is_callers_turn(self) -> bool:
        """Whether nothing can go on before the caller sends more."""
        if self._in_head:
            return not self.cycle or self.cycle.response_complete
        return not (self.flow.read_paused or self.cycle.waiting_for_100_continue)

    def _refuse(self, status: HTTPStatus, code: str, detail: str) -> None:
        body = write_problem(status, code, detail, {})
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {PROBLEM_JSON}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
