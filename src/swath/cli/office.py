"""What an operator does to a data folder, without going over the network: the heavy half of several commands."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from swath.clock import Clock
from swath.errors import Fault, Invalid, Malformed
from swath.fleet.refresh import CELESTRAK_GP, fetch_elements
from swath.oauth.clients import CUSTOMER, SCOPES, new_client
from swath.oauth.keys import load_digest_key
from swath.orbit.elements import Elements, parse_elements
from swath.premises import build_clock, build_rules, open_store
from swath.settings import Settings
from swath.tasking import accounts
from swath.tasking.elements import import_elements
from swath.tasking.model import Account, ApiClient, StoredElements
from swath.tasking.ports import Reader, Store, UnitOfWork
from swath.tasking.rules import Rules
from swath.wire import format_time

FETCH_TIMEOUT_S = 30.0
Facts = dict[str, Any]


class Office:
    """Accounts, credentials and element sets of one service."""

    def __init__(self, store: Store, rules: Rules, clock: Clock, digest_key: bytes) -> None:
        self._store, self._rules, self._clock, self._digest_key = store, rules, clock, digest_key

    def create_account(self, name: str, credits: int) -> Facts:
        """An account with its first credentials; raises Conflict for a name that is taken, Invalid for a bad one."""
        with self._store.begin() as uow:
            account = accounts.create_account(uow, name, credits, self._clock.now())
            return self._new_client(uow, account, CUSTOMER)

    def list_accounts(self) -> list[Facts]:
        """Every account with its balance and its clients."""
        with self._store.read() as reader:
            return [_account_facts(reader, account) for account in reader.accounts()]

    def add_credits(self, name: str, amount: int, note: str) -> Facts:
        """The balance after a grant; raises NotFound."""
        with self._store.begin() as uow:
            account = accounts.find_account(uow, name)
            accounts.grant(uow, account.id, amount, self._clock.now(), note)
            return _balance_facts(uow, account)

    def add_client(self, name: str, scopes: Sequence[str] | None) -> Facts:
        """More credentials for an account; raises NotFound, and Invalid for a scope that there is not."""
        unknown = sorted(set(scopes or ()) - set(SCOPES))
        if unknown:
            raise Invalid(
                Fault(
                    "/scope",
                    "unknown_scope",
                    f"There is no scope {unknown[0]!r}; there are {', '.join(SCOPES)}.",
                )
            )
        with self._store.begin() as uow:
            return self._new_client(uow, accounts.find_account(uow, name), scopes or CUSTOMER)

    def revoke_client(self, client_id: str) -> None:
        """Make credentials useless; raises NotFound."""
        with self._store.begin() as uow:
            accounts.revoke_client(uow, client_id, self._clock.now())

    def import_elements(self, file: Path) -> list[str]:
        """Satellites that a file held newer elements of; raises Malformed."""
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Malformed(f"{file} cannot be read: {error}.") from error
        return self._take_in(parse_elements(text), f"file {file.name}")

    def refresh_elements(self, url: str | None) -> list[str]:
        """Satellites that the server had newer elements of; raises Unavailable when it cannot be asked."""
        base_url = url or CELESTRAK_GP
        norad_ids = [satellite.norad_id for satellite in self._rules.fleet.satellites.values()]
        with httpx.Client(timeout=FETCH_TIMEOUT_S) as client:
            found = fetch_elements(norad_ids, client=client, base_url=base_url)
        return self._take_in(found, base_url)

    def list_elements(self) -> list[Facts]:
        """The newest elements of each satellite, with their age."""
        with self._store.read() as reader:
            return [self._elements_facts(stored) for stored in reader.elements()]

    def _take_in(self, sets: Sequence[Elements], source: str) -> list[str]:
        with self._store.begin() as uow:
            fresh = import_elements(uow, self._rules, sets, source, self._clock.now())
        return [stored.satellite for stored in fresh]

    def _new_client(self, uow: UnitOfWork, account: Account, scopes: Sequence[str]) -> Facts:
        client, secret = new_client(self._digest_key, account.id, self._clock.now(), scopes)
        uow.save_api_client(client)
        return {"account": account.id, "client_id": client.id, "client_secret": secret}

    def _elements_facts(self, stored: StoredElements) -> Facts:
        age = self._clock.now() - stored.epoch
        return {
            "satellite": stored.satellite,
            "norad_id": stored.norad_id,
            "epoch": format_time(stored.epoch),
            "age_days": round(age.total_seconds() / 86_400, 3),
            "source": stored.source,
        }


@contextmanager
def open_office(settings: Settings) -> Generator[Office]:
    """The office of a data folder, which is made when it is not there."""
    store = open_store(settings)
    try:
        digest_key = load_digest_key(settings.data / "keys")
        yield Office(store, build_rules(settings), build_clock(settings, store), digest_key)
    finally:
        store.close()


def _account_facts(reader: Reader, account: Account) -> Facts:
    clients = [_client_facts(client) for client in reader.api_clients(account.id)]
    return {
        "account": account.id,
        "name": account.name,
        **_balance_facts(reader, account),
        "clients": clients,
    }


def _balance_facts(reader: Reader, account: Account) -> Facts:
    balance = reader.balance(account.id)
    return {
        "free": balance.free,
        "held": balance.held,
        "charged": balance.charged,
        "granted": balance.granted,
    }


def _client_facts(client: ApiClient) -> Facts:
    return {"client_id": client.id, "scopes": list(client.scopes), "revoked": client.revoked is not None}
