"""Keys are made once: making them is slow."""

import pytest
from tests.oauth.oauth_world import LIFE, REAL_NOW, make_tokens

from swath.clock import FrozenClock
from swath.oauth.keys import KeyRing, open_keys
from swath.oauth.tokens import Tokens


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return open_keys(tmp_path_factory.mktemp("ring"), LIFE, REAL_NOW)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(REAL_NOW)


@pytest.fixture
def tokens(ring: KeyRing, clock: FrozenClock) -> Tokens:
    return make_tokens(ring, clock)
