"""The ledger balances whatever happens, and nothing is paid twice."""

import sqlite3
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.test_store_unit import make_request

from swath.errors import Conflict, InsufficientCredit, Invalid
from swath.ids import REQUEST, new_id
from swath.store.database import SqlStore
from swath.tasking import credits
from swath.tasking.accounts import create_account, grant
from swath.tasking.model import Account, Balance, Entry, EntryKind, TaskingRequest


def balance(store: SqlStore, account: Account) -> Balance:
    with store.read() as reader:
        return reader.balance(account.id)


def costing(account: Account, cost: int, now: datetime) -> TaskingRequest:
    return replace(make_request(account, "plan", now), cost=cost)


def test_a_first_grant_is_free_to_spend(store: SqlStore, account: Account) -> None:
    assert balance(store, account) == Balance(granted=10, held=0, charged=0)
    assert balance(store, account).free == 10


def test_a_hold_takes_credit_out_of_reach(store: SqlStore, account: Account, now: datetime) -> None:
    with store.begin() as uow:
        credits.hold(uow, costing(account, 3, now), now)
    assert balance(store, account) == Balance(granted=10, held=3, charged=0)
    assert balance(store, account).free == 7


def test_holding_more_than_is_free_changes_nothing_and_says_both_figures(
    store: SqlStore, account: Account, now: datetime
) -> None:
    with (
        pytest.raises(InsufficientCredit, match="costs 11 credits; the account has 10 free"),
        store.begin() as uow,
    ):
        credits.hold(uow, costing(account, 11, now), now)
    assert balance(store, account).held == 0


def test_credits_added_later_can_be_spent(store: SqlStore, account: Account, now: datetime) -> None:
    with store.begin() as uow:
        assert grant(uow, account.id, 5, now).free == 15


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(EntryKind), st.integers(1, 1000)), max_size=20))
def test_a_balance_is_the_sum_of_the_entries(
    store: SqlStore, now: datetime, entries: list[tuple[EntryKind, int]]
) -> None:
    with store.begin() as uow:
        account, other = (create_account(uow, f"{new_id(REQUEST)}", 3, now) for _ in range(2))
        for kind, amount in entries:
            uow.add_entry(Entry(account.id, kind, amount, now))
    with store.read() as reader:
        written = [(entry.kind, entry.amount) for entry in reader.entries(account.id)]
        found = reader.balance(account.id)
        assert reader.balance(other.id) == Balance(granted=3, held=0, charged=0)
    sums = {kind: sum(amount for one, amount in written if one == kind) for kind in EntryKind}
    assert len(written) == len(entries) + 1
    assert (found.granted, found.charged) == (sums[EntryKind.GRANT], sums[EntryKind.CHARGE])
    assert found.held == sums[EntryKind.HOLD] - sums[EntryKind.CHARGE] - sums[EntryKind.RELEASE]


@pytest.mark.parametrize("amount", [0, -1, 10**9 + 1])
def test_grants_have_bounds(store: SqlStore, account: Account, now: datetime, amount: int) -> None:
    with pytest.raises(Invalid, match="1 to 1,000,000,000"), store.begin() as uow:
        grant(uow, account.id, amount, now)


def test_names_of_accounts_are_taken_once(store: SqlStore, account: Account, now: datetime) -> None:
    with pytest.raises(Conflict, match="choose another"), store.begin() as uow:
        create_account(uow, account.name, 0, now)


def test_the_database_refuses_a_second_hold_of_one_request(
    store: SqlStore, account: Account, now: datetime
) -> None:
    with store.begin() as uow:
        credits.hold(uow, costing(account, 1, now), now)
    with pytest.raises(sqlite3.IntegrityError), store.begin() as uow:
        credits.hold(uow, costing(account, 1, now), now)
    with store.read() as reader:
        assert [e.kind for e in reader.entries_of_request("r1")] == [EntryKind.HOLD]
