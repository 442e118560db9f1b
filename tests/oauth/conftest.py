"""Keys are made once: making them is slow."""

from itertools import cycle

import pytest
from joserfc.jwk import RSAKey
from tests.oauth.oauth_world import LIFE, REAL_NOW, make_tokens

from swath.clock import FrozenClock
from swath.oauth.keys import KeyRing, open_keys
from swath.oauth.tokens import Tokens


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return open_keys(tmp_path_factory.mktemp("ring"), LIFE, REAL_NOW)


@pytest.fixture(scope="session")
def made_keys() -> list[RSAKey]:
    return [RSAKey.generate_key(2048) for _ in range(4)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, made_keys: list[RSAKey]) -> None:
    """New keys come out of a small stock."""
    stock = cycle(made_keys)
    monkeypatch.setattr("swath.oauth.keys.make_rsa", lambda: next(stock))


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(REAL_NOW)


@pytest.fixture
def tokens(ring: KeyRing, clock: FrozenClock) -> Tokens:
    return make_tokens(ring, clock)
