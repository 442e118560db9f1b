"""Who is calling, and may they: the guard that every door puts before its routes."""

from collections.abc import Callable

from fastapi import Request

from swath.cache import Cache
from swath.errors import Forbidden, Unauthenticated
from swath.oauth.tokens import Principal, Tokens
from swath.tasking.model import ApiClient
from swath.tasking.ports import Store

MOST_KEPT = 1_024
Guard = Callable[[Request], Principal]


class Authenticator:
    """Turns the Authorization header of a call into a Principal.

    Looks at the store, and again after every change of it, so revoking works at once.
    """

    def __init__(self, store: Store, tokens: Tokens) -> None:
        self._store, self._tokens = store, tokens
        self._clients = Cache[ApiClient | None](MOST_KEPT)

    def require(self, scope: str) -> Guard:
        """A FastAPI dependency that lets pass who holds a sound token with that scope, and gives the Principal.

        It raises Unauthenticated or Forbidden.
        """

        def guard(request: Request) -> Principal:
            return self.identify(request.headers.getlist("authorization"), scope)

        return guard

    def identify(self, headers: list[str], *scopes: str) -> Principal:
        """The Principal behind Authorization headers, who must hold one of the scopes."""
        principal = self._tokens.verify(_read_bearer(headers))
        client = self._clients.get((self._store.version(), principal), lambda: self._find_client(principal))
        if client is None or client.revoked is not None or client.account_id != principal.account_id:
            raise Unauthenticated("This access token, or the client it was given to, was revoked.")
        # What was taken from a client after the token was issued is gone from the token too.
        if not principal.scopes & set(client.scopes) & set(scopes):
            needed = " or ".join(scopes)
            raise Forbidden(f"This needs the scope {needed}, which the access token lacks.", scope=scopes[0])
        return principal

    def _find_client(self, principal: Principal) -> ApiClient | None:
        with self._store.read() as reader:
            return reader.client_of_token(principal.client_id, principal.token_id)


def _read_bearer(headers: list[str]) -> str:
    """The token of the one Bearer header (RFC 6750 section 2.1)."""
    if not headers:
        raise Unauthenticated("This needs an access token: Authorization: Bearer <token>.", presented=False)
    scheme, _, token = headers[0].strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer":
        raise Unauthenticated("This needs the Bearer scheme: Authorization: Bearer <token>.", presented=False)
    if len(headers) > 1 or not token or not token.isascii() or " " in token:
        raise Unauthenticated("The Authorization header is malformed; send it once, as: Bearer <token>.")
    return token
