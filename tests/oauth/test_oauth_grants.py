"""What the token endpoint reads: JSON as the public description has it, forms and Basic as RFC 6749 has them."""

import base64
import json
from typing import Any

import pytest

from swath.oauth.grants import FORM, JSON, Grant, OAuthError, parse_grant

SENT = {"grant_type": "client_credentials", "client_id": "me", "client_secret": "shh"}


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def refused(content_type: str, authorization: str | None, body: bytes) -> OAuthError:
    with pytest.raises(OAuthError) as caught:
        parse_grant(content_type, authorization, body)
    return caught.value


def test_json_form_and_basic_say_the_same() -> None:
    form = b"grant_type=client_credentials&client_id=me&client_secret=shh"
    asked = parse_grant(JSON, None, json.dumps(SENT).encode())
    assert asked == Grant("me", "shh")
    assert parse_grant(f"{FORM}; charset=utf-8", None, form) == asked
    assert parse_grant(FORM, basic("me", "shh"), b"grant_type=client_credentials") == asked


def test_basic_credentials_are_form_encoded_first() -> None:
    grant = parse_grant(FORM, basic("m%3Ae", "s%2Bh+h"), b"grant_type=client_credentials")
    assert (grant.client_id, grant.client_secret) == ("m:e", "s+h h")


def test_audience_and_scope_are_kept() -> None:
    grant = parse_grant(
        JSON, None, json.dumps({**SENT, "audience": "a", "scope": "tasking  catalog"}).encode()
    )
    assert (grant.audience, grant.scope) == ("a", ("tasking", "catalog"))


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
    other = json.dumps({"grant_type": "client_credentials", "client_id": "you"}).encode()
    assert refused(JSON, basic("me", "shh"), other).code == "invalid_request"


def test_a_grant_does_not_print_its_secret() -> None:
    assert "shh" not in repr(Grant("me", "shh"))
