"""Accounts and what they may spend."""

import uuid
from dataclasses import replace
from datetime import datetime

from swath.errors import Conflict, Fault, Invalid, NotFound
from swath.tasking.model import Account, ApiClient, Balance, Entry, EntryKind
from swath.tasking.ports import Reader, UnitOfWork

MAX_NAME = 100


def create_account(uow: UnitOfWork, name: str, credits: int, now: datetime) -> Account:
    """Open an account with a first grant of credits; raises Conflict when the name is taken, Invalid for bad input."""
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise Invalid(Fault("/name", "name_length", f"An account's name has 1 to {MAX_NAME} characters."))
    if uow.account_named(name) is not None:
        raise Conflict(f"There is an account named {name!r} already; choose another name.", code="name_taken")
    account = Account(str(uuid.uuid4()), name, now)
    uow.add_account(account)
    if credits:
        grant(uow, account.id, credits, now)
    return account


def grant(uow: UnitOfWork, account_id: str, amount: int, now: datetime, note: str = "") -> Balance:
    """Add credits to an account and return its new balance; raises Invalid unless `amount` is above zero."""
    if amount <= 0:
        raise Invalid(Fault("/credits", "credits_range", f"Credits to add must be above 0, found {amount}."))
    uow.add_entry(Entry(account_id, EntryKind.GRANT, amount, now, note=note))
    return uow.balance(account_id)


def find_account(reader: Reader, name: str) -> Account:
    """The account of that name or id; raises NotFound."""
    account = reader.account_named(name) or reader.account(name)
    if account is None:
        raise NotFound(f"There is no account {name!r}; `swath account list` shows those there are.")
    return account


def revoke_client(uow: UnitOfWork, client_id: str, now: datetime) -> ApiClient:
    """Make credentials useless from now on, tokens already given out included; raises NotFound."""
    client = uow.api_client(client_id)
    if client is None:
        raise NotFound(f"There is no client {client_id!r}.")
    revoked = replace(client, revoked=client.revoked or now)
    uow.save_api_client(revoked)
    return revoked
