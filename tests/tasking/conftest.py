"""A desk at which captures are asked for, and a moment far enough ahead to be asked for."""

from datetime import datetime, timedelta

import pytest
from tests.tasking_world import Desk

from swath.store.database import SqlStore
from swath.tasking.model import Account
from swath.tasking.rules import Rules


@pytest.fixture
def desk(store: SqlStore, rules: Rules, account: Account, now: datetime) -> Desk:
    return Desk(store, rules, account, now)


@pytest.fixture
def start(now: datetime) -> datetime:
    return now + timedelta(hours=20)
