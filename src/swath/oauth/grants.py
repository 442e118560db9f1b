"""Reads what a client sends to the token endpoint: JSON as the public description has it, or the form of RFC 6749."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import orjson

GRANT_TYPE = "client_credentials"
PARAMETERS = ("grant_type", "client_id", "client_secret", "audience", "scope")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class OAuthError(Exception):
    """A refusal of RFC 6749 section 5.2: `code` is its error, the text its error_description."""

    def __init__(
        self, code: str, message: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.headers = code, message, status, dict(headers or {})


@dataclass(frozen=True)
class Grant:
    """A call for a token. None was not sent."""

    client_id: str
    client_secret: str = field(repr=False)
    audience: str | None = None
    scope: tuple[str, ...] | None = None


def parse_grant(content_type: str, authorization: str | None, body: bytes) -> Grant:
    """The grant in a body, or in a body and a Basic header. Raises OAuthError."""
    sent = _read_body(content_type.partition(";")[0].strip().lower(), body)
    grant_type = sent.get("grant_type")
    if grant_type is None:
        raise OAuthError("invalid_request", f"grant_type is missing; send {GRANT_TYPE!r}.")
    if grant_type != GRANT_TYPE:
        raise OAuthError("unsupported_grant_type", f"The only grant type here is {GRANT_TYPE!r}.")
    client_id, client_secret = _read_credentials(sent, authorization)
    scope = sent.get("scope")
    return Grant(client_id, client_secret, sent.get("audience"), tuple(scope.split()) if scope else None)


def _read_body(content_type: str, body: bytes) -> dict[str, str]:
    if content_type == JSON:
        sent = _read_json(body)
    elif content_type == FORM:
        sent = _read_form(body)
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
        sent: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise OAuthError("invalid_request", "The body is not valid JSON.") from error
    if not isinstance(sent, dict):
        raise OAuthError("invalid_request", "The body must be a JSON object.")
    wrong = [name for name in PARAMETERS if not isinstance(sent.get(name), str | None)]
    if wrong:
        raise OAuthError("invalid_request", f"{wrong[0]} must be text.")
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def _read_credentials(sent: Mapping[str, str], authorization: str | None) -> tuple[str, str]:
    if authorization is None:
        client_id, secret = sent.get("client_id"), sent.get("client_secret")
        if client_id is None or secret is None:
            raise invalid_client("Send client_id and client_secret, in the body or as HTTP Basic.")
        return client_id, secret
    if "client_secret" in sent:
        raise OAuthError("invalid_request", "Send the secret in one way only: in the body or as HTTP Basic.")
    client_id, secret = _read_basic(authorization)
    if sent.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_request", "client_id in the body differs from the one in the header.")
    return client_id, secret


def _read_basic(authorization: str) -> tuple[str, str]:
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
    return unquote_plus(user), unquote_plus(password)


def invalid_client(message: str) -> OAuthError:
    """The refusal of a client that did not prove who it is, with the challenge that HTTP asks for."""
    challenge = {"WWW-Authenticate": 'Basic realm="swath", charset="UTF-8"'}
    return OAuthError("invalid_client", message, 401, challenge)
