"""Reads what clients send to the token endpoint: the form of RFC 6749, or JSON as the public description has it."""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import orjson

GRANT_TYPE = "client_credentials"
PARAMETERS = ("grant_type", "client_id", "client_secret", "audience", "scope", "token", "token_type_hint")
# RFC 6749 appendix A.4.
SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class OAuthError(Exception):
    """A refusal of RFC 6749 section 5.2: `code` is its error, the text its error_description."""

    def __init__(
        self, code: str, message: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.headers = code, message, status, dict(headers or {})


@dataclass(frozen=True)
class Credentials:
    """Who a client says it is, and the secret that shows it."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class TokenRequest:
    """A call for a token. None was not sent."""

    credentials: Credentials
    audience: str | None = None
    scope: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Revocation:
    """A call to end a token before its time (RFC 7009)."""

    credentials: Credentials
    token: str = field(repr=False)


def parse_token_request(content_type: str, authorizations: Sequence[str], body: bytes) -> TokenRequest:
    """The request in a body, or in a form and a Basic header. Raises OAuthError."""
    sent = _read_body(content_type, authorizations, body)
    grant_type = sent.get("grant_type")
    if grant_type is None:
        raise OAuthError("invalid_request", f"grant_type is missing; send {GRANT_TYPE!r}.")
    if grant_type != GRANT_TYPE:
        raise OAuthError("unsupported_grant_type", f"The only grant type here is {GRANT_TYPE!r}.")
    return TokenRequest(
        _read_credentials(sent, authorizations), sent.get("audience"), _read_scope(sent.get("scope"))
    )


def parse_revocation(content_type: str, authorizations: Sequence[str], body: bytes) -> Revocation:
    """The token to revoke, and who wants it so. Raises OAuthError."""
    sent = _read_body(content_type, authorizations, body)
    token = sent.get("token")
    if token is None:
        raise OAuthError("invalid_request", "token is missing; send the access token that shall end.")
    return Revocation(_read_credentials(sent, authorizations), token)


def _read_scope(sent: str | None) -> tuple[str, ...] | None:
    """The scopes, each once (RFC 6749 section 3.3)."""
    if sent is None:
        return None
    scopes = tuple(dict.fromkeys(scope for scope in sent.split(" ") if scope))
    if not scopes or not all(SCOPE_TOKEN.fullmatch(scope) for scope in scopes):
        raise OAuthError("invalid_scope", "scope is a list of names with spaces between them.")
    return scopes


def _read_body(content_type: str, authorizations: Sequence[str], body: bytes) -> dict[str, str]:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == FORM:
        sent = _read_form(body)
    elif media_type == JSON:
        # The public description has a JSON body with the credentials in it; RFC 6749 has no JSON body at all.
        if any(sent.strip().lower().startswith("basic") for sent in authorizations):
            raise OAuthError("invalid_request", f"With HTTP Basic, send the body as {FORM}.")
        sent = _read_json(body)
    else:
        raise OAuthError("invalid_request", f"Send the body as {FORM} or {JSON}.")
    return {name: value for name, value in sent.items() if name in PARAMETERS and value != ""}


def _read_form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as error:
        raise OAuthError(
            "invalid_request", "The form cannot be read; it must be UTF-8, percent-encoded."
        ) from error
    names = [name for name, _ in pairs if name in PARAMETERS]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise OAuthError("invalid_request", f"{repeated[0]} was sent more than once.")
    return dict(pairs)


def _read_json(body: bytes) -> dict[str, str]:
    try:
        orjson.loads(body)  # stricter: no NaN, no half of a surrogate pair
        sent: Any = json.loads(body, object_pairs_hook=_refuse_twins)
    except (ValueError, RecursionError) as error:
        raise OAuthError("invalid_request", "The body is not valid JSON.") from error
    if not isinstance(sent, dict):
        raise OAuthError("invalid_request", "The body must be a JSON object.")
    wrong = [name for name in PARAMETERS if not isinstance(sent.get(name), str | None)]
    if wrong:
        raise OAuthError("invalid_request", f"{wrong[0]} must be text.")
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def _refuse_twins(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise OAuthError("invalid_request", "A member of the JSON body was sent more than once.")
    return members


def _read_credentials(sent: Mapping[str, str], authorizations: Sequence[str]) -> Credentials:
    if not authorizations:
        client_id, secret = sent.get("client_id"), sent.get("client_secret")
        if client_id is None or secret is None:
            raise invalid_client("Send client_id and client_secret, in the body or as HTTP Basic.")
        return Credentials(client_id, secret)
    if len(authorizations) > 1:
        raise OAuthError("invalid_request", "Send one Authorization header.")
    if "client_secret" in sent:
        raise OAuthError("invalid_request", "Send the secret in one way only: in the body or as HTTP Basic.")
    credentials = _read_basic(authorizations[0])
    if sent.get("client_id", credentials.client_id) != credentials.client_id:
        raise OAuthError("invalid_request", "client_id in the body differs from the one in the header.")
    return credentials


def _read_basic(authorization: str) -> Credentials:
    """Client id and secret of HTTP Basic; RFC 6749 section 2.3.1 has them form-encoded first."""
    scheme, _, encoded = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        raise invalid_client("The token endpoint takes HTTP Basic only.")
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise invalid_client("The Basic credentials cannot be read.") from error
    if not colon:
        raise invalid_client("The Basic credentials have no colon between id and secret.")
    return Credentials(unquote_plus(user), unquote_plus(password))


def invalid_client(message: str) -> OAuthError:
    """The refusal of a client that did not prove who it is, with the challenge that HTTP asks for."""
    challenge = {"WWW-Authenticate": 'Basic realm="swath", charset="UTF-8"'}
    return OAuthError("invalid_client", message, 401, challenge)
