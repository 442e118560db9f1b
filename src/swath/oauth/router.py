"""The routes under /oauth (RFC 6749 section 4.4, RFC 7009), the public keys, and the metadata that leads to both."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from swath.oauth.clients import SCOPES
from swath.oauth.endpoint import TokenEndpoint
from swath.oauth.token_requests import GRANT_TYPE, OAuthError, parse_revocation, parse_token_request
from swath.oauth.tokens import Tokens

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FOR_MINUTES = {"Cache-Control": "public, max-age=300"}
METHODS = ["client_secret_basic", "client_secret_post"]

T = TypeVar("T")
Parser = Callable[[str, list[str], bytes], T]


def build_router(endpoint: TokenEndpoint, tokens: Tokens, public_url: str | None) -> APIRouter:
    """The routes /oauth/* and /.well-known/*. `public_url` None takes the address from each call."""
    router = APIRouter(tags=["oauth"])

    @router.post("/oauth/token", summary="An access token for client credentials")
    async def create_token(request: Request) -> Response:
        return await _answer_call(request, parse_token_request, endpoint.issue)

    @router.post("/oauth/revoke", summary="End an access token before its time (RFC 7009)")
    async def revoke_token(request: Request) -> Response:
        return await _answer_call(request, parse_revocation, endpoint.revoke)

    @router.get("/.well-known/jwks.json", summary="The public keys that tokens are signed with")
    def read_keys() -> Response:
        return _answer(tokens.keys.build_jwks(tokens.now()), headers=FOR_MINUTES)

    @router.get("/.well-known/oauth-authorization-server", summary="OAuth metadata (RFC 8414)")
    def read_metadata(request: Request) -> Response:
        base = (public_url or str(request.base_url)).rstrip("/")
        return _answer(build_metadata(base, tokens.issuer), headers=FOR_MINUTES)

    return router


def build_metadata(base: str, issuer: str) -> dict[str, Any]:
    """The metadata of RFC 8414 for a service at `base`."""
    return {
        "issuer": issuer,
        "token_endpoint": f"{base}/oauth/token",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "response_types_supported": [],
        "grant_types_supported": [GRANT_TYPE],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "service_documentation": f"{base}/wfs/tasking/v2/docs",
    }


async def _answer_call(request: Request, parse: Parser[T], act: Callable[[T, str], Any]) -> Response:
    """What came of a call by a client, or its refusal in the shape of RFC 6749 section 5.2."""
    try:
        asked = parse(*await _read(request))
        address = request.client.host if request.client else ""
        return _answer(await run_in_threadpool(act, asked, address))
    except OAuthError as error:
        refusal = {"error": error.code, "error_description": error.message}
        return _answer(refusal, error.status, error.headers)


async def _read(request: Request) -> tuple[str, list[str], bytes]:
    # A secret in an address ends up in logs (RFC 6749 section 2.3.1 forbids it); it is not even looked at.
    if request.query_params:
        raise OAuthError("invalid_request", "Send the parameters in the body, not in the address.")
    headers = request.headers
    return headers.get("content-type", ""), headers.getlist("authorization"), await request.body()


def _answer(document: Any, status: int = 200, headers: Mapping[str, str] = NO_STORE) -> Response:
    told = NO_STORE | dict(headers)
    if document is None:
        return Response(status_code=status, headers=told)
    return Response(orjson.dumps(document), status, told, media_type="application/json")
