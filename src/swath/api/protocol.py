"""The HTTP parser in C, with what it lacks: a limit on headers, and refusals that read like all others."""

from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from swath.api.problems import PROBLEM_JSON, write_problem

# As much as h11, the parser in Python, takes.
MOST_HEAD_BYTES = 65_536


class BoundedHttp(HttpToolsProtocol):
    """A connection. Calls that are no HTTP get a problem document, and so do those whose headers do not end."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._in_head, self._head_bytes = True, 0

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is not over after so many bytes ends the connection with 431."""
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

    def _refuse(self, status: HTTPStatus, code: str, detail: str) -> None:
        body = write_problem(status, code, detail, {})
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {PROBLEM_JSON}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
