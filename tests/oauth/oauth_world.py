"""A token endpoint over a real store, and JWTs made by hand to try it with."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from swath.clock import FrozenClock
from swath.oauth.keys import KeyRing
from swath.oauth.tokens import Tokens

ISSUER, AUDIENCE = "https://swath.test/", "https://swath.test/api"
LIFE = timedelta(hours=24)
REAL_NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def make_tokens(keys: KeyRing, clock: FrozenClock, **changes: Any) -> Tokens:
    return Tokens(keys, clock, **{"issuer": ISSUER, "audience": AUDIENCE, "life": LIFE, **changes})


def encode(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
