"""A door that the tests of a module share, and a request of its own for each of them."""

from collections.abc import Iterator

import pytest
from tests.conftest import NOW
from tests.ops.ops_world import Door, capture_of, command, open_door

from swath.query import Query
from swath.store.database import open_store
from swath.tasking.accounts import create_account
from swath.tasking.model import TaskingRequest
from swath.tasking.rules import Rules


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Iterator[tuple[Door, str]]:
    """One door for all tests, and an account with credit for all; each test brings a request of its own."""
    folder = tmp_path_factory.mktemp("ops")
    store = open_store(f"sqlite:///{folder / 'swath.db'}")
    with store.begin() as uow:
        account = create_account(uow, "acme", 1_000, NOW)
    yield open_door(store, rules, NOW, folder), account.id
    store.close()


@pytest.fixture
def door(shared: tuple[Door, str]) -> Door:
    return shared[0]


@pytest.fixture
def request_(shared: tuple[Door, str]) -> TaskingRequest:
    """A request whose capture is commanded, at a time that no other test uses."""
    with shared[0].store.read() as reader:
        before = reader.find_requests(Query()).matched
    return command(*shared, hours=10 + before / 3)


@pytest.fixture
def capture_id(request_: TaskingRequest) -> str:
    return capture_of(request_)
