"""A service for each test, with an account that calls it and another that must not see anything of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.api.api_world import LIFE, Caller, Service, build_service

from swath.clock import FrozenClock
from swath.fleet import load_bundled_elements
from swath.oauth.keys import KeyRing, open_keys
from swath.store.database import SqlStore
from swath.tasking.elements import import_elements
from swath.tasking.rules import Rules


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return open_keys(tmp_path_factory.mktemp("keys"), LIFE, datetime.now(UTC) - timedelta(days=1))


@pytest.fixture
def service(tmp_path: Path, store: SqlStore, rules: Rules, now: datetime, keys: KeyRing) -> Service:
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", now)
    return build_service(tmp_path, store, rules, FrozenClock(now), keys)


@pytest.fixture
def acme(service: Service) -> Caller:
    return service.caller("acme")


@pytest.fixture
def rival(service: Service) -> Caller:
    return service.caller("rival")
