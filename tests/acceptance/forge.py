"""Tokens that look like the owner's and are not, one for each way to forge them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.acceptance.bad_input_world import Json

from swath.clock import FrozenClock
from swath.oauth.tokens import Tokens


def encode(part: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def decode(part: str) -> Json:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def sign_with_hmac(header: Json, claims: Json, key: bytes) -> str:
    text = f"{encode(header)}.{encode(claims)}"
    mac = hmac.digest(key, text.encode(), hashlib.sha256)
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@dataclass(frozen=True)
class Forge:
    """A sound token of the owner's taken apart, the server's public key, and another key of the same kind."""

    sound: str
    header: Json
    claims: Json
    public: RSAKey
    other: RSAKey
    tokens: Tokens

    def sign(self, header: Json | None = None, claims: Json | None = None) -> str:
        """A token with these changes, signed with the other key."""
        algorithm = (header or {}).get("alg", "RS256")
        return jwt.encode(
            {**self.header, **(header or {})},
            {**self.claims, **(claims or {})},
            self.other,
            algorithms=[algorithm],
        )

    def parts(self, header: Json | None = None, claims: Json | None = None) -> str:
        """The sound token with these changes under its old signature."""
        first = encode({**self.header, **(header or {})})
        return f"{first}.{encode({**self.claims, **(claims or {})})}.{self.sound.split('.')[2]}"

    def ours(self, **changes: Any) -> str:
        """A token signed with the server's own key, as of another issuer, audience or time."""
        given = {"issuer": self.tokens.issuer, "audience": self.tokens.audience, "life": self.tokens.life}
        clock = FrozenClock(changes.pop("at", datetime.now(UTC)))
        tokens = Tokens(self.tokens.keys, clock, **{**given, **changes})
        return tokens.issue(self.claims["sub"], self.claims["account"], self.claims["scope"].split())


FORGERIES: dict[str, Callable[[Forge], str]] = {
    "expired": lambda forge: forge.ours(at=datetime.now(UTC) - timedelta(hours=25)),
    "not valid yet": lambda forge: forge.ours(at=datetime.now(UTC) + timedelta(hours=1)),
    "of another issuer": lambda forge: forge.ours(issuer="https://elsewhere.example/"),
    "for another audience": lambda forge: forge.ours(audience="https://elsewhere.example/api"),
    "foreign through and through": lambda forge: forge.sign(
        {"kid": "theirs"}, {"iss": "https://elsewhere.example/", "aud": "https://elsewhere.example/api"}
    ),
    "signed with another key": lambda forge: forge.sign(),
    "signed with another key of another name": lambda forge: forge.sign({"kid": "another"}),
    "signed with a key that it brings along": lambda forge: forge.sign(
        {"jwk": forge.other.as_dict(private=False)}
    ),
    "signed another way": lambda forge: forge.sign({"alg": "RS512"}),
    "not signed, alg none": lambda forge: forge.parts({"alg": "none"}).rpartition(".")[0] + ".",
    "alg none with a signature": lambda forge: forge.parts({"alg": "none"}),
    "HS256 with the public key as PEM": lambda forge: sign_with_hmac(
        {**forge.header, "alg": "HS256"}, forge.claims, forge.public.as_pem(private=False)
    ),
    "HS256 with the public key as DER": lambda forge: sign_with_hmac(
        {**forge.header, "alg": "HS256"}, forge.claims, forge.public.as_der(private=False)
    ),
    "of another account": lambda forge: forge.parts(claims={"account": "another"}),
    "with more scopes": lambda forge: forge.parts(claims={"scope": "tasking catalog sandbox ops admin"}),
    "living longer": lambda forge: forge.parts(claims={"exp": forge.claims["exp"] + 10**6}),
    "without signature": lambda forge: forge.sound.rpartition(".")[0] + ".",
    "cut short": lambda forge: forge.sound[:-4],
    "of another type": lambda forge: forge.sign({"typ": "JWT"}),
    "of two parts": lambda forge: "a.b",
    "of nested brackets": lambda forge: f"{encode({}).replace('e30', 'W1tb' * 1_500)}.e30.e30",
    "too long": lambda forge: "a" * 10_000,
    "not a token": lambda forge: "swordfish",
}
