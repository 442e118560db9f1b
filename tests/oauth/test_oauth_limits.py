"""The limits at the token endpoint: far above honest use, and of bounded size."""

from dataclasses import dataclass

import pytest
from tests.oauth.oauth_world import REAL_NOW

from swath.oauth.client_authentication import (
    CLIENT_FAILURES,
    CLIENT_SUCCESSES,
    NETWORK_FAILURES,
    SPAN_S,
    ClientAuthentication,
)
from swath.oauth.clients import new_client
from swath.oauth.limiter import MAX_KEYS, Limiter, find_network
from swath.oauth.token_requests import Credentials, OAuthError
from swath.oauth.tokens import Tokens
from swath.store.database import SqlStore
from swath.tasking.model import Account

KEY = b"k" * 32


class Watch:
    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_after_so_many_one_has_to_wait() -> None:
    watch = Watch()
    limiter = Limiter(3, 60.0, watch)
    for _ in range(3):
        assert limiter.wait_s("me") == 0
        limiter.count("me")
    assert limiter.wait_s("me") == 20
    assert limiter.wait_s("you") == 0
    watch.at_s += 20
    assert limiter.wait_s("me") == 0


def test_counts_wear_off() -> None:
    watch = Watch()
    limiter = Limiter(3, 60.0, watch)
    for _ in range(30):
        limiter.count("me")
        watch.at_s += 20
        assert limiter.wait_s("me") == 0


def test_the_limiter_does_not_grow_without_end() -> None:
    limiter = Limiter(3, 60.0, Watch())
    for number in range(MAX_KEYS + 5):
        limiter.count(str(number))
    assert len(limiter._weights) == MAX_KEYS  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_all_addresses_of_one_caller_are_one(address: str, network: str) -> None:
    assert find_network(address) == network


@dataclass
class Gate:
    """A client that tries to prove itself, at a time that stands still unless it is moved."""

    clients: ClientAuthentication
    watch: Watch
    client_id: str
    secret: str

    def try_in(
        self, secret: str | None = None, client_id: str | None = None, address: str = "192.0.2.1"
    ) -> int:
        """200, or the status of the refusal."""
        credentials = Credentials(client_id or self.client_id, self.secret if secret is None else secret)
        try:
            self.clients.authenticate(credentials, address)
        except OAuthError as refusal:
            return refusal.status
        return 200


@pytest.fixture
def gate(store: SqlStore, tokens: Tokens, account: Account) -> Gate:
    client, secret = new_client(KEY, account.id, REAL_NOW)
    with store.begin() as uow:
        uow.save_api_client(client)
    watch = Watch()
    return Gate(ClientAuthentication(store, tokens, KEY, watch), watch, client.id, secret)


def test_a_client_that_fails_too_often_waits_and_others_beside_it_do_not(gate: Gate) -> None:
    assert {gate.try_in("wrong") for _ in range(CLIENT_FAILURES)} == {401}
    assert (gate.try_in("wrong"), gate.try_in()) == (429, 429)
    assert gate.try_in("wrong", client_id="another") == 401
    gate.watch.at_s += SPAN_S
    assert gate.try_in() == 200


def test_nobody_locks_a_client_out_from_somewhere_else(gate: Gate) -> None:
    for number in range(1000):
        gate.try_in("wrong", address=f"203.0.113.{number % 256}")
    assert gate.try_in(address="192.0.2.1") == 200


def test_one_network_guesses_no_faster_by_trying_many_clients(gate: Gate) -> None:
    answers = [gate.try_in("wrong", client_id=f"c{n}", address=f"2001:db8::{n:x}") for n in range(1000)]
    assert answers.count(401) == NETWORK_FAILURES
    assert gate.try_in(address="2001:db8:1::") == 200


def test_a_client_that_fetches_and_fetches_is_told_to_wait(gate: Gate) -> None:
    answers = [gate.try_in(address=f"192.0.2.{n % 200}") for n in range(CLIENT_SUCCESSES + 5)]
    assert answers == [200] * CLIENT_SUCCESSES + [429] * 5
    gate.watch.at_s += 1
    assert gate.try_in() == 200


def test_memory_stays_bounded_whatever_is_tried(gate: Gate) -> None:
    for number in range(MAX_KEYS + 100):
        gate.try_in("wrong", client_id=f"{number}" * 40, address=f"2001:db8:{number % 65536:x}::1")
    held = [
        vars(limiter)["_weights"] for limiter in vars(gate.clients).values() if isinstance(limiter, Limiter)
    ]
    assert len(held) == 3
    assert all(len(weights) <= MAX_KEYS for weights in held)
    assert max(len(key) for weights in held for key in weights) < 200
