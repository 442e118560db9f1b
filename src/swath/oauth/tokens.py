"""Access tokens: JWTs signed with RS256, issued to clients and verified as strictly as they are made.

Tokens live in real time, also where the rest of the service runs on a simulated clock: what guards a door must not
open again because someone moved a hand.
"""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from swath.cache import Cache
from swath.clock import Clock, SystemClock
from swath.errors import Unauthenticated
from swath.oauth.keys import KeyRing, SigningKey, open_keys
from swath.settings import Settings

ALGORITHM = "RS256"
# RFC 9068: the type says what the token is for, so that no other JWT of ours can ever pass for one.
TYPE = "at+jwt"
HEADER = frozenset({"alg", "kid", "typ"})
MAX_TOKEN = 8_192
MOST_KEPT = 1_024
# Clocks of machines that share the keys may differ by this much.
LEEWAY = timedelta(seconds=30)
LAST_SECOND = 253_402_300_799  # of the year 9999, the last that calendars here know


@dataclass(frozen=True)
class Principal:
    """Who is calling: the client, the account it speaks for, what its token allows, and which token that is."""

    account_id: str
    client_id: str
    scopes: frozenset[str]
    token_id: str
    ends: datetime


class Tokens:
    """Issues and verifies the access tokens of one issuer for one audience."""

    def __init__(self, keys: KeyRing, clock: Clock, *, issuer: str, audience: str, life: timedelta) -> None:
        self.keys, self.issuer, self.audience, self.life = keys, issuer, audience, life
        self._clock = clock
        self._claims = Cache[Mapping[str, Any]](MOST_KEPT)

    def now(self) -> datetime:
        """The time that tokens live in."""
        return self._clock.now()

    def issue(self, client_id: str, account_id: str, scopes: Sequence[str]) -> str:
        """A token for that client, good from now for the life of tokens."""
        key = self.keys.current()
        issued = int(self._clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": client_id,
            "client_id": client_id,
            "account": account_id,
            "scope": " ".join(scopes),
            "jti": uuid.uuid4().hex,
            "iat": issued,
            "exp": issued + int(self.life.total_seconds()),
        }
        header = {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}
        return jwt.encode(header, claims, key.rsa, algorithms=[ALGORITHM])

    def verify(self, token: str) -> Principal:
        """Who a token speaks for. Raises Unauthenticated when it does not hold, without telling forgers why."""
        claims = self._read_live(token)
        if claims.get("iss") != self.issuer:
            raise Unauthenticated("The access token was issued by someone else.")
        if not _names(claims.get("aud"), self.audience):
            raise Unauthenticated(f"The access token is not meant for {self.audience}.")
        return _read_principal(claims)

    def read(self, token: str) -> Principal:
        """Who a token of ours speaks for, whatever address it was issued under. Raises Unauthenticated."""
        return _read_principal(self._read_live(token))

    def _read_live(self, token: str) -> Mapping[str, Any]:
        now = self._clock.now()
        key = self._find_key(token, now)
        # Signatures cost the most, and what was signed well stays so; whether it holds at this time is asked each time.
        digest = sha256(token.encode()).digest()
        claims = self._claims.get((key.kid, digest), lambda: _read_claims(token, key))
        self._check_times(claims, now)
        return claims

    def _find_key(self, token: str, now: datetime) -> SigningKey:
        header = _read_header(token)
        # A header may name keys of its own (jku, x5u, jwk) or ask for rules we lack (crit): only ours is read.
        if frozenset(header) != HEADER or header["alg"] != ALGORITHM or header["typ"] != TYPE:
            raise _unsound()
        key = self.keys.verifying(now).get(str(header["kid"]))
        if key is None:
            raise _unsound()
        return key

    def _check_times(self, claims: Mapping[str, Any], now: datetime) -> None:
        # A token of ours holds whole seconds; anything else (a bool, a float, text) was made elsewhere.
        times = [claims.get(name, 0) for name in ("iat", "exp", "nbf")]
        if any(type(at) is not int or at > LAST_SECOND for at in times):
            raise _unsound()
        now_s = now.timestamp()
        if claims.get("exp", 0) <= now_s:
            raise Unauthenticated("The access token has expired; fetch a new one from the token endpoint.")
        if max(claims.get("iat", 0), claims.get("nbf", 0)) > now_s + LEEWAY.total_seconds():
            raise Unauthenticated("The access token is not valid yet.")


def open_tokens(settings: Settings, folder: Path) -> Tokens:
    """The tokens of a service whose keys are in that folder; the first key is made when there is none."""
    clock = SystemClock()
    keys = open_keys(folder, settings.token_life, clock.now())
    return Tokens(keys, clock, issuer=settings.issuer, audience=settings.audience, life=settings.token_life)


def _read_claims(token: str, key: SigningKey) -> Mapping[str, Any]:
    try:
        return dict(jwt.decode(token, key.rsa, algorithms=[ALGORITHM]).claims)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise _unsound() from error


def _read_header(token: str) -> Mapping[str, Any]:
    if len(token) > MAX_TOKEN or not token.isascii() or token.count(".") != 2:
        raise _unsound()
    try:
        header = _decode_header(token.partition(".")[0])
    except (ValueError, RecursionError) as error:
        raise _unsound() from error
    if not isinstance(header, dict):
        raise _unsound()
    return header


# All tokens that a key signs have the same.
@lru_cache(maxsize=64)
def _decode_header(segment: str) -> Any:
    return json.loads(_decode_base64url(segment))


def _decode_base64url(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _names(audience: Any, wanted: str) -> bool:
    return audience == wanted or (isinstance(audience, list) and wanted in audience)


def _read_principal(claims: Mapping[str, Any]) -> Principal:
    told = [claims.get(name) for name in ("account", "sub", "scope", "jti")]
    if not all(isinstance(value, str) for value in told):
        raise _unsound()
    account, client, scope, token_id = map(str, told)
    ends = datetime.fromtimestamp(claims["exp"], UTC)
    return Principal(account, client, frozenset(scope.split()), token_id, ends)


def _unsound() -> Unauthenticated:
    return Unauthenticated("The access token is not sound; fetch one from the token endpoint.")
