"""A desk at which captures are asked for, and a moment far enough ahead to be asked for."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from tests.tasking_world import Desk, read_requests

from swath.store.database import SqlStore
from swath.tasking.machine import CREDIT_AT_END
from swath.tasking.model import (
    Account,
    EntryKind,
)
from swath.tasking.replay import replay
from swath.tasking.rules import Rules
from swath.tasking.steps import standing_of


@pytest.fixture
def desk(store: SqlStore, rules: Rules, account: Account, now: datetime) -> Desk:
    return Desk(store, rules, account, now)


@pytest.fixture
def start(now: datetime) -> datetime:
    return now + timedelta(hours=20)


@pytest.fixture
def one_chance_each():
    """Other pitches of an access need an orbit; here a request has the one chance of its candidate."""
    with patch("swath.tasking.requests.find_first_chances", lambda *a: (a[3].chance,)):
        yield


@pytest.fixture
def everything_is_written_down(store: SqlStore):
    """However a test ends, the events and entries of every request tell how it stands and where its credit is."""
    yield
    with store.read() as reader:
        for request in read_requests(reader):
            assert replay(reader.events_of(request.id)) == standing_of(request)
            kinds = [entry.kind for entry in reader.entries_of_request(request.id)]
            ended = [CREDIT_AT_END[request.status]] if request.final else []
            assert kinds == [EntryKind.HOLD, *ended]
