"""Accounts and what they may spend."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from swath.errors import Conflict, Fault, Invalid, NotFound
from swath.tasking.model import Account, ApiClient, Balance, Entry, EntryKind
from swath.tasking.ports import Reader, UnitOfWork
from swath.wire.names import MOST_ACCOUNT_NAME, is_line

# Sums of these stay whole numbers that every database keeps.
MAX_GRANT = 10**9
SINCE_EVER = datetime.min.replace(tzinfo=UTC)


def create_account(uow: UnitOfWork, name: str, credits: int, now: datetime) -> Account:
    """Open an account with a first grant of credits; raises Conflict when the name is taken, Invalid for bad input."""
    name = name.strip()
    if not 1 <= len(name) <= MOST_ACCOUNT_NAME or not is_line(name):
        message = f"An account's name has 1 to {MOST_ACCOUNT_NAME} characters, and no control characters among them."
        raise Invalid(Fault("/name", "name_length", message))
    if uow.account_named(name) is not None:
        raise Conflict(f"There is an account named {name!r} already; choose another name.", code="name_taken")
    account = Account(str(uuid.uuid4()), name, now)
    uow.add_account(account)
    if credits:
        grant(uow, account.id, credits, now)
    return account


def grant(uow: UnitOfWork, account_id: str, amount: int, now: datetime, note: str = "") -> Balance:
    """Add credits to an account and return its new balance; raises Invalid for an amount or a note out of bounds."""
    if not 0 < amount <= MAX_GRANT:
        message = f"Credits to add are 1 to {MAX_GRANT:,} at once, found {amount}."
        raise Invalid(Fault("/credits", "credits_range", message))
    if not is_line(note):
        raise Invalid(Fault("/note", "note_characters", "A note is one line without control characters."))
    uow.add_entry(Entry(account_id, EntryKind.GRANT, amount, now, note=note))
    return uow.balance(account_id)


def grant_once(uow: UnitOfWork, account_id: str, amount: int, now: datetime, note: str, key: str) -> Balance:
    """Like `grant`, but of all calls with one key only the first adds anything.

    Raises Invalid when the key came with another amount or note.
    """
    asked = f"{amount} {note}"
    # No key of a customer's own has a space in it.
    before = uow.answer_for_key(account_id, f"grant {key}", SINCE_EVER)
    if before is None:
        uow.remember_answer(account_id, f"grant {key}", asked, None, now)
        return grant(uow, account_id, amount, now, note)
    if before[0] != asked:
        message = f"The Idempotency-Key {key!r} was used for another grant; choose a new one."
        raise Invalid(Fault("", "idempotency_key_reused", message))
    return uow.balance(account_id)


def find_account(reader: Reader, name: str) -> Account:
    """The account of that name or id; raises NotFound."""
    account = reader.account_named(name) or reader.account(name)
    if account is None:
        raise NotFound(f"There is no account {name[:80]!r}; `swath account list` shows those there are.")
    return account


def find_client(reader: Reader, client_id: str) -> ApiClient:
    """The client of that id, revoked or not; raises NotFound."""
    client = reader.api_client(client_id)
    if client is None:
        raise NotFound(f"There is no client {client_id[:80]!r}.")
    return client


def revoke_client(uow: UnitOfWork, client_id: str, now: datetime) -> ApiClient:
    """Make credentials useless from now on, tokens already given out included; raises NotFound."""
    client = find_client(uow, client_id)
    revoked = replace(client, revoked=client.revoked or now)
    uow.save_api_client(revoked)
    return revoked
