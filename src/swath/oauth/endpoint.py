"""What the token endpoint does: gives tokens to clients that prove who they are, and ends tokens before their time."""

from typing import Any

from swath.errors import Unauthenticated
from swath.oauth.client_authentication import ClientAuthentication
from swath.oauth.token_requests import OAuthError, Revocation, TokenRequest
from swath.oauth.tokens import Principal, Tokens
from swath.tasking.model import ApiClient
from swath.tasking.ports import Store


class TokenEndpoint:
    """Issues and revokes the access tokens of clients."""

    def __init__(self, store: Store, tokens: Tokens, digest_key: bytes) -> None:
        self._store, self._tokens = store, tokens
        self._clients = ClientAuthentication(store, tokens, digest_key)

    def issue(self, asked: TokenRequest, address: str) -> dict[str, Any]:
        """The token answer (RFC 6749 section 5.1). Raises OAuthError."""
        client = self._clients.authenticate(asked.credentials, address)
        if asked.audience not in (None, self._tokens.audience):
            raise OAuthError("invalid_request", f"The only audience here is {self._tokens.audience!r}.")
        scopes = asked.scope or client.scopes
        if not set(scopes) <= set(client.scopes):
            allowed = " ".join(client.scopes)
            raise OAuthError("invalid_scope", f"This client may have the scopes: {allowed}.")
        answer = {
            "access_token": self._tokens.issue(client.id, client.account_id, scopes),
            "token_type": "Bearer",
            "expires_in": int(self._tokens.life.total_seconds()),
        }
        # Who asked for no scope gets all that the client has, and the three members of the public description:
        # some clients take a scope that they did not ask for as a fault.
        return answer if asked.scope is None else {**answer, "scope": " ".join(scopes)}

    def revoke(self, revocation: Revocation, address: str) -> None:
        """End a token of the calling client (RFC 7009). A token that does not hold is no fault. Raises OAuthError."""
        client = self._clients.authenticate(revocation.credentials, address)
        try:
            principal = self._tokens.read(revocation.token)
        except Unauthenticated:
            return
        self._end(principal, client)

    def _end(self, principal: Principal, client: ApiClient) -> None:
        if principal.client_id != client.id:
            raise OAuthError("invalid_grant", "That token was given to another client.")
        with self._store.begin() as uow:
            uow.revoke_token(principal.token_id, principal.ends, self._tokens.now())
