"""What an operator does to accounts and credentials, on a real store."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.oauth.oauth_world import LIFE, REAL_NOW, make_tokens

from swath.clock import FrozenClock
from swath.errors import Conflict, Invalid, NotFound, Unauthenticated
from swath.oauth.authenticate import Authenticator
from swath.oauth.keys import open_keys
from swath.oauth.registry import Registry
from swath.oauth.tokens import Tokens
from swath.store.database import SqlStore
from swath.wire import Issued

KEY = b"k" * 32


@pytest.fixture
def registry(store: SqlStore, tokens: Tokens) -> Registry:
    return Registry(store, FrozenClock(NOW), tokens, KEY)


@pytest.fixture
def issued(registry: Registry) -> Issued:
    return registry.create_account("acme", 10)


def enter(store: SqlStore, tokens: Tokens, token: str, *scopes: str) -> str:
    """Who the token lets in."""
    return Authenticator(store, tokens).identify([f"Bearer {token}"], *(scopes or ("tasking",))).client_id


def token_of(tokens: Tokens, issued: Issued, scopes: Sequence[str] = ("tasking",)) -> str:
    return tokens.issue(issued.client_id, issued.account, scopes)


def test_an_account_starts_with_credits_and_one_client(registry: Registry, issued: Issued) -> None:
    (record,) = registry.list_accounts()
    assert (record.account, record.name, record.free) == (issued.account, "acme", 10)
    (client,) = record.clients
    assert (client.client_id, client.revoked, client.created) == (issued.client_id, False, REAL_NOW)
    assert registry.read_account(issued.account) == registry.read_account("acme") == record


def test_secrets_are_never_shown_again(registry: Registry, issued: Issued) -> None:
    assert issued.client_secret not in registry.read_account("acme").model_dump_json()


def test_a_rotated_client_shows_both_secrets_with_their_ends(registry: Registry, issued: Issued) -> None:
    rotated = registry.rotate_secret(issued.client_id, timedelta(hours=2))
    assert rotated.client_id == issued.client_id
    assert rotated.client_secret != issued.client_secret
    (client,) = registry.read_account("acme").clients
    assert [secret.ends for secret in client.secrets] == [REAL_NOW + timedelta(hours=2), None]


def test_a_running_token_ends_with_its_client(
    registry: Registry, issued: Issued, store: SqlStore, tokens: Tokens
) -> None:
    token = token_of(tokens, issued)
    assert enter(store, tokens, token) == issued.client_id
    registry.revoke_client(issued.client_id)
    with pytest.raises(Unauthenticated, match="revoked"):
        enter(store, tokens, token)


def test_one_token_ends_and_the_others_of_its_client_do_not(
    registry: Registry, issued: Issued, store: SqlStore, tokens: Tokens
) -> None:
    lost, kept = token_of(tokens, issued), token_of(tokens, issued)
    registry.revoke_token(lost)
    with pytest.raises(Unauthenticated, match="revoked"):
        enter(store, tokens, lost)
    assert enter(store, tokens, kept) == issued.client_id


def test_a_token_is_revoked_whatever_address_it_was_issued_under(
    registry: Registry, issued: Issued, store: SqlStore, tokens: Tokens, clock: FrozenClock
) -> None:
    public = make_tokens(tokens.keys, clock, issuer="https://tasking.example.org")
    token = token_of(public, issued)
    registry.revoke_token(token)
    with pytest.raises(Unauthenticated, match="revoked"):
        enter(store, public, token)


def test_tokens_that_have_ended_are_forgotten(
    registry: Registry, issued: Issued, store: SqlStore, tokens: Tokens, clock: FrozenClock
) -> None:
    first = token_of(tokens, issued)
    registry.revoke_token(first)
    clock.at += LIFE
    registry.revoke_token(token_of(tokens, issued))
    with store.read() as reader:
        assert reader.client_of_token(issued.client_id, _id_of(tokens, clock, first)) is not None


def _id_of(tokens: Tokens, clock: FrozenClock, token: str) -> str:
    clock.at -= LIFE
    token_id = tokens.read(token).token_id
    clock.at += LIFE
    return token_id


def test_what_no_longer_holds_need_not_be_revoked(registry: Registry) -> None:
    with pytest.raises(Unauthenticated):
        registry.revoke_token("garbage")


def test_a_token_never_reaches_further_than_its_client(
    issued: Issued, store: SqlStore, tokens: Tokens
) -> None:
    token = token_of(tokens, issued, ("tasking", "admin", "ops"))
    assert enter(store, tokens, token) == issued.client_id
    for scope in ("admin", "ops"):
        with pytest.raises(Exception, match=f"needs the scope {scope}"):
            enter(store, tokens, token, scope)


def test_a_token_of_another_account_s_client_is_none(
    registry: Registry, issued: Issued, store: SqlStore, tokens: Tokens
) -> None:
    other = registry.create_account("rival", 0)
    with pytest.raises(Unauthenticated):
        enter(store, tokens, tokens.issue(issued.client_id, other.account, ["tasking"]))


def test_one_key_grants_once(registry: Registry, issued: Issued) -> None:
    assert registry.add_credits("acme", 5, "", "invoice-7").free == 15
    assert registry.add_credits("acme", 5, "", "invoice-7").free == 15
    assert registry.add_credits("acme", 5, "", "invoice-8").free == 20
    assert registry.add_credits("acme", 5, "").free == 25
    with pytest.raises(Invalid, match="invoice-7"):
        registry.add_credits("acme", 6, "", "invoice-7")


def test_simulated_time_moves_no_credential(
    registry: Registry, issued: Issued, store: SqlStore, tokens: Tokens
) -> None:
    """The service's clock stands at `NOW`, months away from the time that tokens live in."""
    rotated = registry.rotate_secret(issued.client_id, timedelta(hours=1))
    (client,) = registry.read_account("acme").clients
    assert {secret.created for secret in client.secrets} == {REAL_NOW}
    assert enter(store, tokens, token_of(tokens, rotated)) == issued.client_id


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=91), timedelta.max])
def test_an_overlap_has_bounds(registry: Registry, issued: Issued, overlap: timedelta) -> None:
    with pytest.raises(Invalid, match="PT0S to P90D"):
        registry.rotate_secret(issued.client_id, overlap)


def test_what_is_not_there_is_said(registry: Registry, issued: Issued) -> None:
    with pytest.raises(NotFound, match="no account 'nobody'"):
        registry.add_credits("nobody", 1, "")
    with pytest.raises(NotFound, match="no client 'nobody'"):
        registry.rotate_secret("nobody", timedelta(0))
    with pytest.raises(Invalid, match="tasking, catalog"):
        registry.add_client("acme", ["everything"])
    registry.revoke_client(issued.client_id)
    with pytest.raises(Conflict, match="revoked"):
        registry.rotate_secret(issued.client_id, timedelta(0))


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", "a\nb"])
def test_names_that_no_list_could_show_are_refused(registry: Registry, name: str) -> None:
    with pytest.raises(Invalid, match="1 to 100"):
        registry.create_account(name, 0)


@pytest.mark.parametrize(("amount", "note"), [(0, ""), (-1, ""), (10**9 + 1, ""), (1, "a\x00b")])
def test_grants_out_of_bounds_change_nothing(
    registry: Registry, issued: Issued, amount: int, note: str
) -> None:
    with pytest.raises(Invalid):
        registry.add_credits("acme", amount, note)
    assert registry.read_account("acme").free == 10


@pytest.mark.usefixtures("quick")
def test_keys_are_listed_with_their_ends(store: SqlStore, tmp_path: Path, clock: FrozenClock) -> None:
    tokens = make_tokens(open_keys(tmp_path / "keys", LIFE, REAL_NOW), clock)
    registry = Registry(store, FrozenClock(NOW), tokens, KEY)
    (first,) = registry.list_keys()
    assert (first.created, first.ends) == (REAL_NOW, None)
    old, new = registry.rotate_key()
    assert (old.kid, new.ends) == (first.kid, None)
    assert old.ends is not None
    assert old.ends >= REAL_NOW + LIFE
    (only,) = registry.rotate_key(forget=True)
    assert only.kid not in (old.kid, new.kid)
