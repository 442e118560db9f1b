"""What the token endpoint reads: JSON as the public description has it, forms and Basic as RFC 6749 has them."""

import base64
import json
from typing import Any

import pytest

from swath.oauth.token_requests import (
    FORM,
    JSON,
    Credentials,
    OAuthError,
    TokenRequest,
    parse_revocation,
    parse_token_request,
)

SENT = {"grant_type": "client_credentials", "client_id": "me", "client_secret": "shh"}


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def parse(content_type: str, authorization: str | None, body: bytes) -> TokenRequest:
    return parse_token_request(content_type, [] if authorization is None else [authorization], body)


def refused(content_type: str, authorization: str | None, body: bytes) -> OAuthError:
    with pytest.raises(OAuthError) as caught:
        parse(content_type, authorization, body)
    return caught.value


def test_json_form_and_basic_say_the_same() -> None:
    form = b"grant_type=client_credentials&client_id=me&client_secret=shh"
    asked = parse(JSON, None, json.dumps(SENT).encode())
    assert asked == TokenRequest(Credentials("me", "shh"))
    assert parse(f"{FORM}; charset=utf-8", None, form) == asked
    assert parse(FORM, basic("me", "shh"), b"grant_type=client_credentials") == asked


def test_basic_credentials_are_form_encoded_first() -> None:
    asked = parse(FORM, basic("m%3Ae", "s%2Bh+h"), b"grant_type=client_credentials")
    assert asked.credentials == Credentials("m:e", "s+h h")


def test_audience_and_scope_are_kept() -> None:
    asked = parse(JSON, None, json.dumps({**SENT, "audience": "a", "scope": "tasking  catalog"}).encode())
    assert (asked.audience, asked.scope) == ("a", ("tasking", "catalog"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_request"),
        ({**SENT, "grant_type": "password"}, "unsupported_grant_type"),
        ({**SENT, "grant_type": 7}, "invalid_request"),
        ({**SENT, "grant_type": ""}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({**SENT, "client_secret": ["shh"]}, "invalid_request"),
        ([], "invalid_request"),
        ("text", "invalid_request"),
    ],
)
def test_what_is_wrong_has_its_code(body: Any, code: str) -> None:
    assert refused(JSON, None, json.dumps(body).encode()).code == code


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, b"{"),
        (JSON, b"\xff"),
        (JSON, b'{"grant_type": "\\ud800"}'),
        (JSON, json.dumps(SENT).encode("utf-16")),
        (JSON, b'{"grant_type": "client_credentials", "grant_type": "client_credentials"}'),
        (JSON, b"[" * 100_000),
        (JSON, b'{"a":' * 100_000),
        (FORM, b"grant_type=%ff"),
        (FORM, b"grant_type=client_credentials&grant_type=client_credentials&client_id=me&client_secret=shh"),
        (FORM, b"&".join(b"a=1" for _ in range(100))),
        ("", b""),
        ("text/plain", b"grant_type=client_credentials"),
        ("multipart/form-data; boundary=x", b"--x--"),
    ],
)
def test_what_cannot_be_read_is_an_invalid_request(content_type: str, body: bytes) -> None:
    assert refused(content_type, None, body).code == "invalid_request"


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer abc", "Basic /w=="])
def test_a_basic_header_that_cannot_be_read_is_challenged(header: str) -> None:
    error = refused(FORM, header, b"grant_type=client_credentials")
    assert (error.code, error.status) == ("invalid_client", 401)
    assert error.headers["WWW-Authenticate"].startswith("Basic ")


def test_credentials_come_in_one_way_only() -> None:
    body = json.dumps(SENT).encode()
    assert refused(JSON, basic("me", "shh"), body).code == "invalid_request"
    form = b"grant_type=client_credentials&client_id="
    assert refused(FORM, basic("me", "shh"), form + b"me&client_secret=shh").code == "invalid_request"
    assert refused(FORM, basic("me", "shh"), form + b"you").code == "invalid_request"
    assert parse(FORM, basic("me", "shh"), form + b"me").credentials == Credentials("me", "shh")


def test_a_json_body_has_its_credentials_in_it() -> None:
    """The public description sends it so; beside Basic only the form of RFC 6749 is read."""
    body = b'{"grant_type": "client_credentials"}'
    assert "form" in refused(JSON, basic("me", "shh"), body).message


def test_two_headers_are_one_too_many() -> None:
    with pytest.raises(OAuthError, match="one Authorization"):
        parse_token_request(FORM, [basic("me", "shh")] * 2, b"grant_type=client_credentials")


@pytest.mark.parametrize("scope", ["%20", "a%09b", "a%22b", "%C3%A9", "a%0Ab"])
def test_a_scope_that_is_no_list_of_names_is_refused(scope: str) -> None:
    form = f"grant_type=client_credentials&client_id=me&client_secret=shh&scope={scope}".encode()
    assert refused(FORM, None, form).code == "invalid_scope"


def test_a_parameter_without_a_value_counts_as_not_sent() -> None:
    """RFC 6749 section 3.2."""
    form = b"grant_type=client_credentials&client_id=me&client_secret=shh&scope=&audience="
    assert parse(FORM, None, form) == TokenRequest(Credentials("me", "shh"))


def test_a_revocation_names_a_token() -> None:
    form = b"token=abc&token_type_hint=access_token"
    revocation = parse_revocation(FORM, [basic("me", "shh")], form)
    assert (revocation.credentials.client_id, revocation.token) == ("me", "abc")
    assert "abc" not in repr(revocation)
    with pytest.raises(OAuthError, match="token is missing"):
        parse_revocation(FORM, [basic("me", "shh")], b"token=")
    with pytest.raises(OAuthError, match="more than once"):
        parse_revocation(FORM, [basic("me", "shh")], b"token=abc&token=abc")


def test_a_token_request_does_not_print_its_secret() -> None:
    assert "shh" not in repr(TokenRequest(Credentials("me", "shh")))
