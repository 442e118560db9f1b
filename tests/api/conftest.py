"""A service with an account that calls it, and another that must not see anything of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest
from tests.api.api_world import LIFE, Caller, Service, build_service
from tests.conftest import NOW

from swath.clock import FrozenClock
from swath.fleet import load_bundled_elements
from swath.oauth.keys import KeyRing, open_keys
from swath.store.database import SqlStore, build_engine, open_store
from swath.store.reference import Reference
from swath.tasking.elements import import_elements
from swath.tasking.rules import Rules


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return open_keys(tmp_path_factory.mktemp("keys"), LIFE, datetime.now(UTC) - timedelta(days=1))


@pytest.fixture(scope="session")
def reference(rules: Rules) -> Reference:
    return Reference(rules.fleet, timedelta(days=7))


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Path:
    """A database with its tables and elements, to be copied: making one takes longer than most tests."""
    path = tmp_path_factory.mktemp("fresh") / "swath.db"
    store = open_store(f"sqlite:///{path}")
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", NOW)
    store.close()
    return path


def open_copy(fresh_database: Path, folder: Path) -> SqlStore:
    return SqlStore(build_engine(f"sqlite:///{copy(fresh_database, folder)}"))


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory,
    fresh_database: Path,
    rules: Rules,
    keys: KeyRing,
    reference: Reference,
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    store = open_copy(fresh_database, folder)
    yield build_service(folder, store, rules, FrozenClock(NOW), keys, reference)
    store.close()


@pytest.fixture
def service(shared: Service) -> Service:
    """A service that the tests of a module share: its time is set back, and every test has accounts of its own."""
    shared.clock.at = NOW
    return shared


@pytest.fixture
def fresh(
    tmp_path: Path, fresh_database: Path, rules: Rules, keys: KeyRing, reference: Reference
) -> Iterator[Service]:
    """A service that nobody has used."""
    store = open_copy(fresh_database, tmp_path)
    yield build_service(tmp_path, store, rules, FrozenClock(NOW), keys, reference)
    store.close()


@pytest.fixture
def acme(service: Service) -> Caller:
    return service.caller("acme")


@pytest.fixture
def rival(service: Service) -> Caller:
    return service.caller("rival")
