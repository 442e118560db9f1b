"""What can go wrong on the caller's side of the API.

ClientError
 ├─ ApiError       the service answered, and said no
 ├─ Unreachable    no answer came at all
 ├─ BadAnswer      an answer came that is not what the API promises
 └─ WaitedTooLong  what was waited for did not happen in time
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx


class ClientError(Exception):
    """Root of all errors that the SDK raises on purpose; its text is one sentence for people."""


class Unreachable(ClientError):
    """The service did not answer: wrong address, not running, or too slow."""


class BadAnswer(ClientError):
    """The answer cannot be read; most likely the address belongs to something else."""


class WaitedTooLong(ClientError):
    """The time that the caller was ready to wait is over."""


class ApiError(ClientError):
    """The service refused: `problem` is its RFC 9457 document (or RFC 6749 error), the rest is taken from it.

    `errors` lists broken rules of a body as {pointer, code, message}; `retry_after_s` is set when the service said
    when to come back.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after_s: float | None = None) -> None:
        self.status = status
        self.problem = problem
        self.retry_after_s = retry_after_s
        self.code = str(problem.get("code") or problem.get("error") or status)
        self.title = str(problem.get("title") or problem.get("error") or f"HTTP {status}")
        self.detail = str(problem.get("detail") or problem.get("error_description") or "")
        self.errors: Sequence[Mapping[str, Any]] = problem.get("errors") or ()
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        messages = [str(error.get("message", "")) for error in self.errors]
        told = self.detail or " ".join(message for message in messages if message) or self.title
        return (
            f"{told} ({self.status} {self.code})"
            if self.code != str(self.status)
            else f"{told} ({self.status})"
        )


def parse_refusal(response: httpx.Response) -> ApiError:
    """The error an answer of status 400 and above stands for; the body has been read."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {"title": response.reason_phrase or "Error", "detail": response.text[:200].strip()}
    return ApiError(response.status_code, problem, _retry_after_s(response))


def _retry_after_s(response: httpx.Response) -> float | None:
    try:
        return float(response.headers["retry-after"])
    except (KeyError, ValueError):
        return None
