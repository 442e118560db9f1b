"""The token endpoint (RFC 6749 section 4.4), the public keys, and the metadata that lets programs find both."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from swath.oauth.clients import SCOPES, holds
from swath.oauth.grants import GRANT_TYPE, Grant, OAuthError, invalid_client, parse_grant
from swath.oauth.limiter import FailureLimiter
from swath.oauth.tokens import Tokens
from swath.tasking.model import ApiClient
from swath.tasking.ports import Store

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# Per client and address, and per address: far above what anyone mistypes, far below what guessing would need.
CLIENT_FAILURES, ADDRESS_FAILURES, SPAN_S = 30, 120, 60.0


class TokenEndpoint:
    """Gives tokens to clients that prove who they are."""

    def __init__(self, store: Store, tokens: Tokens, digest_key: bytes) -> None:
        self._store, self._tokens, self._digest_key = store, tokens, digest_key
        self._clients = FailureLimiter(CLIENT_FAILURES, SPAN_S)
        self._addresses = FailureLimiter(ADDRESS_FAILURES, SPAN_S)

    def answer(self, grant: Grant, address: str) -> dict[str, Any]:
        """The token answer (RFC 6749 section 5.1). Raises OAuthError."""
        key = f"{address} {grant.client_id[:100]}"
        self._check_pace(key, address)
        client = self._find_client(grant)
        if client is None:
            self._clients.count(key)
            self._addresses.count(address)
            raise invalid_client("There is no such client, or the secret is not its secret.")
        return self._build_answer(client, grant)

    def _check_pace(self, key: str, address: str) -> None:
        wait_s = max(self._clients.wait_s(key), self._addresses.wait_s(address))
        if wait_s:
            message = f"Too many failed tries; try again in {wait_s} seconds."
            raise OAuthError("temporarily_unavailable", message, 429, {"Retry-After": str(wait_s)})

    def _find_client(self, grant: Grant) -> ApiClient | None:
        with self._store.read() as reader:
            client = reader.api_client(grant.client_id)
        return client if holds(self._digest_key, client, grant.client_secret) else None

    def _build_answer(self, client: ApiClient, grant: Grant) -> dict[str, Any]:
        if grant.audience not in (None, self._tokens.audience):
            raise OAuthError("invalid_request", f"The only audience here is {self._tokens.audience!r}.")
        scopes = grant.scope or client.scopes
        beyond = [scope for scope in scopes if scope not in client.scopes]
        if beyond:
            allowed = " ".join(client.scopes)
            raise OAuthError("invalid_scope", f"This client may have the scopes: {allowed}.")
        return {
            "access_token": self._tokens.issue(client.id, client.account_id, scopes),
            "token_type": "Bearer",
            "expires_in": int(self._tokens.life.total_seconds()),
            "scope": " ".join(scopes),
        }


def build_router(endpoint: TokenEndpoint, tokens: Tokens, public_url: str | None) -> APIRouter:
    """The routes /oauth/token and /.well-known/*. `public_url` None takes the address from each call."""
    router = APIRouter(tags=["oauth"])

    @router.post("/oauth/token", summary="An access token for client credentials")
    async def create_token(request: Request) -> Response:
        try:
            grant = await _read_grant(request)
            address = request.client.host if request.client else ""
            return _answer(await run_in_threadpool(endpoint.answer, grant, address))
        except OAuthError as error:
            refusal = {"error": error.code, "error_description": error.message}
            return _answer(refusal, error.status, error.headers)

    @router.get("/.well-known/jwks.json", summary="The public keys that tokens are signed with")
    def read_keys() -> Response:
        document = tokens.keys.build_jwks(tokens.now())
        return _answer(document, headers={"Cache-Control": "public, max-age=300"})

    @router.get("/.well-known/oauth-authorization-server", summary="OAuth metadata (RFC 8414)")
    def read_metadata(request: Request) -> Response:
        base = (public_url or str(request.base_url)).rstrip("/")
        return _answer(build_metadata(base, tokens.issuer), headers={"Cache-Control": "public, max-age=300"})

    return router


def build_metadata(base: str, issuer: str) -> dict[str, Any]:
    """The metadata of RFC 8414 for a service at `base`."""
    return {
        "issuer": issuer,
        "token_endpoint": f"{base}/oauth/token",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "response_types_supported": [],
        "grant_types_supported": [GRANT_TYPE],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "service_documentation": f"{base}/wfs/tasking/v2/docs",
    }


async def _read_grant(request: Request) -> Grant:
    # A secret in an address ends up in logs (RFC 6749 section 2.3.1 forbids it); it is not even looked at.
    if request.query_params:
        raise OAuthError("invalid_request", "Send the parameters in the body, not in the address.")
    headers = request.headers
    return parse_grant(headers.get("content-type", ""), headers.get("authorization"), await request.body())


def _answer(document: Any, status: int = 200, headers: Mapping[str, str] = NO_STORE) -> Response:
    told = NO_STORE | dict(headers)
    return Response(orjson.dumps(document), status, told, media_type="application/json")
