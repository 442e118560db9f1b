"""Tokens: what we issue is let in, and nothing that anyone else can make."""

import hmac
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.oauth.oauth_world import AUDIENCE, ISSUER, LIFE, decode, encode, make_tokens

from swath.clock import FrozenClock
from swath.errors import Unauthenticated
from swath.oauth.keys import KeyRing, open_keys
from swath.oauth.tokens import TYPE, Principal, Tokens


@pytest.fixture
def token(tokens: Tokens) -> str:
    return tokens.issue("client", "account", ["tasking", "catalog"])


def signed(ring: KeyRing, clock: FrozenClock, header: Any = None, **claims: Any) -> str:
    """A token signed with our own key, but with another header or other claims; None takes a claim away."""
    now = int(clock.now().timestamp())
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "client", "account": "account", "jti": "1"}
    told = {**usual, "scope": "tasking", "iat": now, "exp": now + 60, **claims}
    told = {name: value for name, value in told.items() if value is not None}
    kid = ring.current().kid
    return jwt.encode(
        {"alg": "RS256", "kid": kid, "typ": TYPE, **(header or {})}, told, ring.current().rsa, ["RS256"]
    )


def refused(tokens: Tokens, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        tokens.verify(token)
    return caught.value.message


def test_a_token_speaks_for_its_client_and_account(tokens: Tokens, token: str, clock: FrozenClock) -> None:
    ends, token_id = clock.now() + LIFE, decode(token.split(".")[1])["jti"]
    scopes = frozenset({"tasking", "catalog"})
    assert tokens.verify(token) == Principal("account", "client", scopes, token_id, ends)


def test_no_two_tokens_are_one(tokens: Tokens) -> None:
    first, second = (tokens.verify(tokens.issue("client", "account", ["tasking"])) for _ in range(2))
    assert first.token_id != second.token_id


def test_it_says_what_the_contract_says(tokens: Tokens, token: str, ring: KeyRing) -> None:
    header, claims = (decode(part) for part in token.split(".")[:2])
    assert header == {"alg": "RS256", "kid": ring.current().kid, "typ": TYPE}
    assert claims["exp"] - claims["iat"] == 86_400
    assert {"iss", "aud", "sub", "account", "scope", "iat", "exp"} <= set(claims)


def test_it_ends_to_the_second(tokens: Tokens, token: str, clock: FrozenClock) -> None:
    clock.at += timedelta(hours=24) - timedelta(seconds=1)
    tokens.verify(token)
    clock.at += timedelta(seconds=1)
    assert "expired" in refused(tokens, token)


def test_every_changed_character_breaks_it(tokens: Tokens, token: str) -> None:
    for at in range(0, len(token), 23):
        other = "A" if token[at] != "A" else "B"
        # The last character of a part may hold padding bits that mean nothing.
        if token[at] != "." and token[at + 1 : at + 2] not in (".", ""):
            refused(tokens, token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "", "HS256", "RS384", "PS256", "ES256"])
def test_no_other_algorithm_is_listened_to(tokens: Tokens, token: str, alg: str) -> None:
    header, payload, signature = token.split(".")
    forged = encode({**decode(header), "alg": alg})
    for tail in (signature, "", encode(bytes(256)), encode(bytes(64))):
        refused(tokens, f"{forged}.{payload}.{tail}")


def test_the_public_key_is_no_secret_to_sign_with(tokens: Tokens, token: str, ring: KeyRing) -> None:
    rsa, (header, payload) = ring.current().rsa, token.split(".")[:2]
    for secret in (rsa.as_pem(private=False), rsa.as_der(private=False), b""):
        told = f"{encode({**decode(header), 'alg': 'HS256'})}.{payload}"
        refused(tokens, f"{told}.{encode(hmac.digest(secret, told.encode(), 'sha256'))}")


def test_a_key_of_someone_else_is_not_ours_whatever_it_calls_itself(tokens: Tokens, token: str) -> None:
    stranger = RSAKey.generate_key(2048)
    header, claims = (decode(part) for part in token.split(".")[:2])
    refused(tokens, jwt.encode(header, claims, stranger, ["RS256"]))


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "https://evil.test/jwks.json"},
        {"x5u": "https://evil.test/cert.pem"},
        {"x5c": ["MIIB"]},
        {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
        {"kid": "../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"typ": "JWT"},
        {"typ": "id_token+jwt"},
        {"cty": "JWT"},
    ],
)
def test_headers_that_ask_for_more_are_refused_even_if_we_signed_them(
    tokens: Tokens, ring: KeyRing, clock: FrozenClock, header: Any
) -> None:
    refused(tokens, signed(ring, clock, header))


@pytest.mark.parametrize(
    "header", [{"crit": ["exp"], "exp": 1}, {"b64": False, "crit": ["b64"]}, {"kid": 7}, {"kid": None}]
)
def test_rules_we_do_not_know_are_refused(tokens: Tokens, token: str, header: Any) -> None:
    first, payload, signature = token.split(".")
    refused(tokens, f"{encode({**decode(first), **header})}.{payload}.{signature}")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.test/"},
        {"iss": None},
        {"aud": "https://elsewhere.test/"},
        {"aud": None},
        {"aud": []},
        {"aud": {"0": AUDIENCE}},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": 9999999999.5},
        {"exp": True},
        {"exp": -1},
        {"exp": 10**30},
        {"jti": None},
        {"jti": 7},
        {"nbf": 9_999_999_999},
        {"nbf": "soon"},
        {"iat": 9_999_999_999},
        {"sub": None},
        {"sub": 7},
        {"account": None},
        {"scope": ["tasking"]},
    ],
)
def test_claims_that_do_not_hold_are_refused_even_if_we_signed_them(
    tokens: Tokens, ring: KeyRing, clock: FrozenClock, claims: Any
) -> None:
    assert refused(tokens, signed(ring, clock, **claims))


def test_an_audience_may_be_one_of_several(tokens: Tokens, ring: KeyRing, clock: FrozenClock) -> None:
    tokens.verify(signed(ring, clock, aud=["https://elsewhere.test/", AUDIENCE]))


def test_another_service_with_the_same_keys_is_another_service(
    ring: KeyRing, clock: FrozenClock, token: str
) -> None:
    refused(make_tokens(ring, clock, audience="https://other.test/"), token)
    refused(make_tokens(ring, clock, issuer="https://other.test/"), token)


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "....", "x" * 10_000, "e30.e30.e30", "bnVsbA.e30.", "W10.W10.W10",
     encode(b"\xff\xfe") + ".e30.AA", "[" * 4000 + ".e30.AA", encode(b"[" * 4000) + ".e30.AA"],
)  # fmt: skip
def test_shapes_that_are_no_token_are_refused_quietly(tokens: Tokens, text: str) -> None:
    assert "not sound" in refused(tokens, text)


def test_a_token_that_held_is_still_asked_whether_it_does(
    tokens: Tokens, ring: KeyRing, clock: FrozenClock, token: str
) -> None:
    assert tokens.verify(token) == tokens.verify(token)
    # One signature in a thousand ends so by itself.
    other = "BA" if token.endswith("AA") else "AA"
    for forged in (f"{token[:-2]}{other}", f"{token}=", token.swapcase()):
        refused(tokens, forged)
    clock.at += tokens.life
    assert "expired" in refused(tokens, token)


@pytest.mark.usefixtures("quick")
def test_a_token_ends_with_the_key_that_signed_it(tmp_path: Path, clock: FrozenClock) -> None:
    ring = open_keys(tmp_path, LIFE, clock.now())
    tokens = make_tokens(ring, clock)
    token = tokens.issue("client", "account", ["tasking"])
    ring.rotate(clock.now())
    assert tokens.verify(token) == tokens.verify(token)
    ring.rotate(clock.now(), forget=True)
    assert "not sound" in refused(tokens, token)
