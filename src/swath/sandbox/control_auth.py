"""The tokens that the simulated mission control calls with: a client of its own, and a fresh token for each call."""

from collections.abc import Generator
from dataclasses import dataclass

import httpx

from swath.clock import Clock
from swath.oauth.clients import OPS, SANDBOX, new_client
from swath.oauth.tokens import Tokens
from swath.tasking import accounts
from swath.tasking.model import ApiClient
from swath.tasking.ports import Reader, Store

SIMULATOR = "simulated mission control"
SCOPES = (OPS, SANDBOX)


@dataclass(frozen=True)
class ControlAuth(httpx.Auth):
    """Puts a token on a call; making one costs a millisecond, so none is kept until it lapses.

    The client is looked for each time: whoever may revoke clients can revoke this one, and time has to go on.
    """

    store: Store
    clock: Clock
    tokens: Tokens
    digest_key: bytes

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        with self.store.read() as reader:
            client = _find_client(reader)
        client = client or self._add_client()
        token = self.tokens.issue(client.id, client.account_id, client.scopes)
        request.headers["Authorization"] = f"Bearer {token}"
        yield request

    def _add_client(self) -> ApiClient:
        with self.store.begin() as uow:
            account = uow.account_named(SIMULATOR)
            if account is None:
                account = accounts.create_account(uow, SIMULATOR, 0, self.clock.now())
            client, _ = new_client(self.digest_key, account.id, self.tokens.now(), SCOPES)
            uow.save_api_client(client)
        return client


def _find_client(reader: Reader) -> ApiClient | None:
    account = reader.account_named(SIMULATOR)
    clients = () if account is None else reader.api_clients(account.id)
    return next((c for c in clients if c.revoked is None and set(SCOPES) <= set(c.scopes)), None)
