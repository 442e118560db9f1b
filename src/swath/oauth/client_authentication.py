"""Whether a client is the one it says it is, asked no faster than an honest one would be."""

import time
from collections.abc import Callable

from swath.oauth.clients import holds
from swath.oauth.limiter import Limiter, find_network
from swath.oauth.token_requests import Credentials, OAuthError, invalid_client
from swath.oauth.tokens import Tokens
from swath.tasking.model import ApiClient
from swath.tasking.ports import Store

# Failures of a client from one network, failures of a network, and its successes: far above what anyone mistypes
# or needs, far below what guessing or hammering would be. There is no limit on the failures of a client from
# everywhere: whoever knows its id could lock it out, and 256 bits are not guessed at any pace.
CLIENT_FAILURES, NETWORK_FAILURES, CLIENT_SUCCESSES, SPAN_S = 30, 120, 600, 60.0
# RFC 6749 appendix A.1 has visible characters only; ours are much shorter.
MAX_ID = 100


class ClientAuthentication:
    """Client authentication (RFC 6749 section 2.3) against the store; every process counts tries for itself."""

    def __init__(
        self, store: Store, tokens: Tokens, digest_key: bytes, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._tokens, self._digest_key = store, tokens, digest_key
        self._client_failures = Limiter(CLIENT_FAILURES, SPAN_S, now_s)
        self._network_failures = Limiter(NETWORK_FAILURES, SPAN_S, now_s)
        self._successes = Limiter(CLIENT_SUCCESSES, SPAN_S, now_s)

    def authenticate(self, credentials: Credentials, address: str) -> ApiClient:
        """The client behind credentials that hold. Raises OAuthError: 401 if they do not, 429 if tried too often."""
        network = find_network(address)
        key = f"{network} {credentials.client_id[:MAX_ID]}"
        _wait(max(self._client_failures.wait_s(key), self._network_failures.wait_s(network)), "failed tries")
        client = self._find(credentials)
        if client is None:
            self._client_failures.count(key)
            self._network_failures.count(network)
            raise invalid_client("There is no such client, or the secret is not its secret.")
        _wait(self._successes.wait_s(client.id), "calls of this client; a token is good until its end")
        self._successes.count(client.id)
        return client

    def _find(self, credentials: Credentials) -> ApiClient | None:
        client_id = credentials.client_id
        client = None
        if len(client_id) <= MAX_ID and client_id.isascii() and client_id.isprintable():
            with self._store.read() as reader:
                client = reader.api_client(client_id)
        return client if holds(self._digest_key, client, credentials.secret, self._tokens.now()) else None


def _wait(seconds: int, what: str) -> None:
    if seconds:
        message = f"Too many {what}; try again in {seconds} seconds."
        raise OAuthError("temporarily_unavailable", message, 429, {"Retry-After": str(seconds)})
