"""Client credentials for a token, kept until shortly before it ends, renewed by itself."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

import httpx

from swath.client.errors import BadAnswer, parse_refusal

# Renewed this long before its end, so that no call travels with a token that dies on the way.
MARGIN_S = 60.0
UNAUTHORIZED = 401


@dataclass(frozen=True)
class Credentials:
    """What an account was given to speak for itself. `audience` None leaves the choice to the service."""

    client_id: str
    client_secret: str
    audience: str | None = None

    def as_grant(self) -> dict[str, str]:
        """The body of the token call (RFC 6749 section 4.4, as JSON)."""
        grant = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        return grant | ({"audience": self.audience} if self.audience else {})

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id!r}, client_secret=...)"


class TokenAuth(httpx.Auth):
    """Puts a bearer token on every call; fetches one when there is none, when it ends, and once when it is refused."""

    def __init__(
        self, token_url: str, credentials: Credentials, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._url, self._credentials, self._now_s = token_url, credentials, now_s
        self._token, self._ends_s = "", float("-inf")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._now_s() >= self._ends_s - MARGIN_S:
            self._keep((yield self._token_request()))
        response = yield self._signed(request)
        # A token may be refused before its time: keys were rotated, or the server's clock was moved.
        if response.status_code == UNAUTHORIZED:
            self._keep((yield self._token_request()))
            yield self._signed(request)

    def _token_request(self) -> httpx.Request:
        return httpx.Request("POST", self._url, json=self._credentials.as_grant())

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _keep(self, response: httpx.Response) -> None:
        # Only this body is read here: `requires_response_body` would read whole images into memory as well.
        response.read()
        if response.is_error:
            raise parse_refusal(response)
        try:
            answer = response.json()
            self._token, life_s = str(answer["access_token"]), float(answer.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError) as error:
            raise BadAnswer(f"{self._url} answered without a token; is this a swath server?") from error
        self._ends_s = self._now_s() + life_s
