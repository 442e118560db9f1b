"""One way through to the service: signs calls, tries again where that is safe, turns refusals into errors."""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import httpx

from swath.client.errors import ApiError, BadAnswer, Unreachable, parse_refusal

TRIES = 4
LONGEST_PAUSE_S = 30.0
# Moving a simulated clock by days answers only when everything due on the way has happened.
TIMEOUT_S = 300.0
CONNECT_TIMEOUT_S = 10.0
BUSY = frozenset({429, 503})

Json = dict[str, Any]


class Http:
    """Calls against one service. `base_url` is its root; paths are relative to it, links may be absolute."""

    def __init__(
        self,
        base_url: str,
        auth: httpx.Auth | None = None,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = httpx.URL(base_url.rstrip("/"))
        self._auth, self._pause = auth, pause
        timeout = httpx.Timeout(TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        self._client = httpx.Client(transport=transport, timeout=timeout, follow_redirects=False)

    def get(self, link: str, params: Mapping[str, Any] | None = None) -> Json:
        """Read a document; raises ApiError, Unreachable, BadAnswer."""
        return _read_document(self._send("GET", link, params=params, again=True))

    def post(self, link: str, body: Json, *, key: str | None = None, again: bool = False) -> Json:
        """Send a document. With an idempotency `key` (or `again`) a busy service is asked again, else not."""
        headers = {"Idempotency-Key": key} if key else None
        return _read_document(
            self._send("POST", link, json=body, headers=headers, again=again or key is not None)
        )

    def delete(self, link: str) -> None:
        """Remove what is there."""
        self._send("DELETE", link, again=False)

    @contextmanager
    def stream(self, link: str) -> Generator[httpx.Response]:
        """Read something large piece by piece. The token goes to the service's own host and nowhere else."""
        url = self.base_url.join(link)
        auth = self._auth if _origin(url) == _origin(self.base_url) else None
        try:
            with self._client.stream("GET", url, auth=auth, follow_redirects=True) as response:
                if response.is_error:
                    response.read()
                    raise parse_refusal(response)
                yield response
        except httpx.HTTPError as error:
            raise _unreachable(url, error) from error

    def close(self) -> None:
        """Give up the connections."""
        self._client.close()

    def __enter__(self) -> "Http":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, method: str, link: str, *, again: bool, **parts: Any) -> httpx.Response:
        url = self._own(link)
        for left in reversed(range(TRIES if again else 1)):
            response = self._send_once(method, url, **parts)
            if not response.is_error:
                return response
            refusal = parse_refusal(response)
            if left == 0 or not _is_worth_waiting(refusal):
                raise refusal
            self._pause(refusal.retry_after_s or 1.0)
        raise AssertionError("the last try returns or raises")

    def _send_once(self, method: str, url: httpx.URL, **parts: Any) -> httpx.Response:
        try:
            return self._client.request(method, url, auth=self._auth, **parts)
        except httpx.HTTPError as error:
            raise _unreachable(url, error) from error

    def _own(self, link: str) -> httpx.URL:
        """The link on the host we were given: links may name a public address that cannot be reached from here."""
        url = httpx.URL(link)
        if url.is_relative_url:
            return httpx.URL(str(self.base_url) + link)
        return url.copy_with(scheme=self.base_url.scheme, host=self.base_url.host, port=self.base_url.port)


def _read_document(response: httpx.Response) -> Json:
    try:
        document = response.json()
    except ValueError as error:
        raise BadAnswer(f"{response.url} did not answer with JSON; is this a swath server?") from error
    if not isinstance(document, dict):
        raise BadAnswer(f"{response.url} answered with a {type(document).__name__} instead of an object.")
    return document


def _is_worth_waiting(refusal: ApiError) -> bool:
    return refusal.status in BUSY and (refusal.retry_after_s or 0.0) <= LONGEST_PAUSE_S


def _unreachable(url: httpx.URL, error: httpx.HTTPError) -> Unreachable:
    where = f"{url.scheme}://{url.netloc.decode()}"
    cause = str(error) or type(error).__name__
    return Unreachable(f"No answer from {where}: {cause}. Is a server running there? (`swath serve`)")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    default = {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, url.port or default
