"""What most tests start from: a store on a temporary folder, the bundled fleet, an account with credits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from swath.fleet import load_fleet
from swath.settings import Limits, Prices
from swath.store.database import SqlStore, open_store
from swath.tasking.accounts import create_account
from swath.tasking.model import Account
from swath.tasking.rules import Rules

# The epoch around which the bundled element sets lie.
NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'swath.db'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules(load_fleet(None), Limits(), Prices())


@pytest.fixture
def account(store: SqlStore, now: datetime) -> Account:
    with store.begin() as uow:
        return create_account(uow, "acme", 10, now)
