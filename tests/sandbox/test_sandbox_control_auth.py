"""The simulated mission control comes in with a client of its own, which no revocation keeps out."""

from pathlib import Path

import httpx
import pytest

from swath.bootstrap import House, open_house
from swath.sandbox.control_auth import SCOPES, SIMULATOR, ControlAuth
from swath.settings import Settings
from swath.tasking.accounts import revoke_client


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(Settings(data=tmp_path, sandbox=True))


def call(house: House) -> str:
    """The client that a call comes from, as the doors read it."""
    auth = ControlAuth(house.store, house.clock, house.tokens, house.digest_key)
    request = next(auth.auth_flow(httpx.Request("GET", "http://localhost/ops/v1/captures")))
    principal = house.tokens.read(request.headers["Authorization"].removeprefix("Bearer "))
    assert set(principal.scopes) == set(SCOPES)
    return principal.client_id


def test_it_keeps_its_client(house: House) -> None:
    assert call(house) == call(house)


def test_it_gets_another_one_when_somebody_revoked_it(house: House) -> None:
    first = call(house)
    with house.store.begin() as uow:
        revoke_client(uow, first, house.tokens.now())
    second = call(house)
    assert second != first
    with house.store.read() as reader:
        account = reader.account_named(SIMULATOR)
        assert account is not None
        assert {client.id for client in reader.api_clients(account.id)} == {first, second}
