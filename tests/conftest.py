"""What most tests start from: a store on a temporary folder, the bundled fleet, an account with credits."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from swath.fleet import load_fleet
from swath.settings import Limits, Notices, Prices
from swath.store.database import SqlStore, build_engine, open_store
from swath.tasking.accounts import create_account
from swath.tasking.model import Account
from swath.tasking.rules import Rules

# The first call of a kernel loads it, or compiles it: no example is to be judged by its time.
settings.register_profile("swath", deadline=None)
settings.load_profile("swath")

# The epoch around which the bundled element sets lie.
NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)


# Rooms whose tests go through a whole application or job runner; `make unit` leaves them to `make slow`.
DOORS = frozenset({"admin", "api", "cli", "docs", "jobs", "oauth", "ops", "stac_api"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the doors are told apart by their folder."""
    for item in items:
        if DOORS.intersection(item.path.parts):
            item.add_marker(pytest.mark.door)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose tables were made once; tests start from a copy."""
    path = tmp_path_factory.mktemp("empty") / "swath.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Iterator[SqlStore]:
    path = shutil.copy(empty_database, tmp_path / "swath.db")
    opened = SqlStore(build_engine(f"sqlite:///{path}", synchronous="OFF"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules(load_fleet(None), Limits(), Prices(), Notices())


@pytest.fixture
def account(store: SqlStore, now: datetime) -> Account:
    with store.begin() as uow:
        return create_account(uow, "acme", 10, now)
