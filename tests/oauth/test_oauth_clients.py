"""Clients and the limit on guessing."""

from dataclasses import replace

import pytest
from tests.oauth.oauth_world import REAL_NOW

from swath.oauth.clients import CUSTOMER, compute_digest, holds, new_client
from swath.oauth.limiter import MAX_KEYS, FailureLimiter

KEY = b"k" * 32


def test_a_secret_holds_for_its_client_and_no_other() -> None:
    client, secret = new_client(KEY, "account", REAL_NOW)
    other, _ = new_client(KEY, "account", REAL_NOW)
    assert holds(KEY, client, secret)
    assert not holds(KEY, other, secret)
    assert not holds(KEY, client, secret + "x")
    assert not holds(KEY, client, "")
    assert not holds(KEY, None, secret)


def test_a_revoked_client_holds_no_more() -> None:
    client, secret = new_client(KEY, "account", REAL_NOW)
    assert not holds(KEY, replace(client, revoked=REAL_NOW), secret)


def test_a_stolen_digest_is_worth_nothing_without_the_key() -> None:
    client, secret = new_client(KEY, "account", REAL_NOW)
    assert client.secret_digest != compute_digest(b"o" * 32, secret)
    assert secret.encode() not in client.secret_digest


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {new_client(KEY, "account", REAL_NOW)[1] for _ in range(50)}
    assert len(secrets) == 50
    assert min(map(len, secrets)) >= 43  # 256 bits in base64url


def test_customers_get_what_customers_need() -> None:
    client, _ = new_client(KEY, "account", REAL_NOW)
    assert client.scopes == CUSTOMER
    assert not {"ops", "admin"} & set(client.scopes)


@pytest.mark.parametrize("secret", ["\ud800", "密", "\x00"])
def test_strange_secrets_are_just_wrong(secret: str) -> None:
    client, _ = new_client(KEY, "account", REAL_NOW)
    assert not holds(KEY, client, secret)


class Watch:
    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_after_so_many_failures_one_has_to_wait() -> None:
    watch = Watch()
    limiter = FailureLimiter(3, 60.0, watch)
    for _ in range(3):
        assert limiter.wait_s("me") == 0
        limiter.count("me")
    assert limiter.wait_s("me") == 20
    assert limiter.wait_s("you") == 0
    watch.at_s += 20
    assert limiter.wait_s("me") == 0


def test_failures_wear_off() -> None:
    watch = Watch()
    limiter = FailureLimiter(3, 60.0, watch)
    for _ in range(30):
        limiter.count("me")
        watch.at_s += 20
        assert limiter.wait_s("me") == 0


def test_the_limiter_does_not_grow_without_end() -> None:
    limiter = FailureLimiter(3, 60.0, Watch())
    for number in range(MAX_KEYS + 5):
        limiter.count(str(number))
    assert len(limiter._weights) == MAX_KEYS  # pyright: ignore[reportPrivateUsage]
