"""Accounts, their credits and their credentials, as an operator keeps them: at the machine or through the admin door.

Credentials live in real time and accounts in the service's: in a sandbox the two differ.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from swath.clock import Clock
from swath.errors import Conflict, Fault, Invalid
from swath.oauth.clients import CUSTOMER, SCOPES, find_live_secrets, new_client, rotate_secret
from swath.oauth.tokens import Tokens
from swath.tasking import accounts
from swath.tasking.model import Account, ApiClient
from swath.tasking.ports import Reader, Store, UnitOfWork
from swath.wire import AccountRecord, ClientRecord, Funds, Issued, KeyRecord, LiveSecret

# Longer than it takes to bring a new secret to every machine that uses the client.
MAX_OVERLAP = timedelta(days=90)


class Registry:
    """What an operator does; `clock` is the service's."""

    def __init__(self, store: Store, clock: Clock, tokens: Tokens, digest_key: bytes) -> None:
        self._store, self._clock, self._tokens, self._digest_key = store, clock, tokens, digest_key

    def create_account(self, name: str, credits: int) -> Issued:
        """An account with its first credentials; raises Conflict for a name that is taken, Invalid for a bad one."""
        with self._store.begin() as uow:
            account = accounts.create_account(uow, name, credits, self._clock.now())
            return self._issue(uow, account, CUSTOMER)

    def list_accounts(self) -> Sequence[AccountRecord]:
        """Every account with its balance and its clients."""
        with self._store.read() as reader:
            return [self._record(reader, account) for account in reader.accounts()]

    def read_account(self, name: str) -> AccountRecord:
        """The account of that name or id; raises NotFound."""
        with self._store.read() as reader:
            return self._record(reader, accounts.find_account(reader, name))

    def add_credits(self, name: str, amount: int, note: str, key: str | None = None) -> Funds:
        """The balance after a grant, which one key makes only once; raises NotFound and Invalid."""
        with self._store.begin() as uow:
            now = self._clock.now()
            account = accounts.find_account(uow, name)
            if key is None:
                accounts.grant(uow, account.id, amount, now, note)
            else:
                accounts.grant_once(uow, account.id, amount, now, note, key)
            return read_funds(uow, account.id)

    def add_client(self, name: str, scopes: Sequence[str] | None) -> Issued:
        """More credentials for an account; raises NotFound, and Invalid for a scope that there is not."""
        check_scopes(scopes or CUSTOMER)
        with self._store.begin() as uow:
            return self._issue(uow, accounts.find_account(uow, name), scopes or CUSTOMER)

    def revoke_client(self, client_id: str) -> ClientRecord:
        """Make credentials useless at once, tokens already given out included; raises NotFound."""
        with self._store.begin() as uow:
            return _record_client(accounts.revoke_client(uow, client_id, self._now()), self._now())

    def rotate_secret(self, client_id: str, overlap: timedelta) -> Issued:
        """A new secret; the last one holds for `overlap` more, 0 to 90 days.

        Raises NotFound, Conflict for a revoked client, Invalid for another overlap.
        """
        if not timedelta(0) <= overlap <= MAX_OVERLAP:
            message = f"The last secret may hold for PT0S to P{MAX_OVERLAP.days}D more."
            raise Invalid(Fault("/overlap", "overlap_range", message))
        with self._store.begin() as uow:
            client = accounts.find_client(uow, client_id)
            if client.revoked is not None:
                raise Conflict(
                    f"The client {client_id!r} is revoked; add another one.", code="client_revoked"
                )
            rotated, secret = rotate_secret(self._digest_key, client, self._now(), overlap)
            uow.save_api_client(rotated)
        return _build_issued(rotated, secret)

    def revoke_token(self, token: str) -> None:
        """End one access token before its time; raises Unauthenticated for one that does not hold anyway."""
        principal = self._tokens.read(token)
        with self._store.begin() as uow:
            uow.revoke_token(principal.token_id, principal.ends, self._now())

    def list_keys(self) -> Sequence[KeyRecord]:
        """The keys that tokens are signed with, the oldest first."""
        keys = self._tokens.keys.list_keys()
        return [KeyRecord(kid=key.kid, created=key.created, ends=end) for key, end in keys]

    def rotate_key(self, *, forget: bool = False) -> Sequence[KeyRecord]:
        """Sign with a new key from now on; with `forget` every token given out so far ends at once."""
        self._tokens.keys.rotate(self._now(), forget=forget)
        return self.list_keys()

    def _now(self) -> datetime:
        return self._tokens.now()

    def _issue(self, uow: UnitOfWork, account: Account, scopes: Sequence[str]) -> Issued:
        client, secret = new_client(self._digest_key, account.id, self._now(), tuple(dict.fromkeys(scopes)))
        uow.save_api_client(client)
        return _build_issued(client, secret)

    def _record(self, reader: Reader, account: Account) -> AccountRecord:
        clients = [_record_client(client, self._now()) for client in reader.api_clients(account.id)]
        funds = read_funds(reader, account.id).model_dump()
        return AccountRecord(account=account.id, name=account.name, **funds, clients=clients)


def read_funds(reader: Reader, account_id: str) -> Funds:
    """The balance of an account as it travels."""
    balance = reader.balance(account_id)
    return Funds(free=balance.free, held=balance.held, charged=balance.charged, granted=balance.granted)


def check_scopes(scopes: Sequence[str], allowed: Sequence[str] = SCOPES) -> None:
    """Raises Invalid, naming those there are, when a scope is not among those allowed."""
    unknown = sorted(set(scopes) - set(allowed))
    if unknown:
        message = f"There is no scope {unknown[0][:80]!r} to be given here; there are {', '.join(allowed)}."
        raise Invalid(Fault("/scopes", "unknown_scope", message))


def _build_issued(client: ApiClient, secret: str) -> Issued:
    return Issued(account=client.account_id, client_id=client.id, client_secret=secret)


def _record_client(client: ApiClient, now: datetime) -> ClientRecord:
    live = find_live_secrets(client, now) if client.revoked is None else ()
    return ClientRecord(
        client_id=client.id,
        scopes=client.scopes,
        revoked=client.revoked is not None,
        created=client.created,
        secrets=[LiveSecret(created=one.created, ends=one.ends) for one in live],
    )
