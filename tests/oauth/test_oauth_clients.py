"""Clients and their secrets: hard to steal, easy to replace."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.oauth.oauth_world import REAL_NOW

from swath.oauth.clients import (
    CUSTOMER,
    compute_digest,
    find_live_secrets,
    holds,
    new_client,
    rotate_secret,
)
from swath.tasking.model import ApiClient

KEY = b"k" * 32
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def made() -> tuple[ApiClient, str]:
    return new_client(KEY, "account", REAL_NOW)


def fits(client: ApiClient | None, secret: str, later: timedelta = timedelta(0)) -> bool:
    return holds(KEY, client, secret, REAL_NOW + later)


def test_a_secret_holds_for_its_client_and_no_other(made: tuple[ApiClient, str]) -> None:
    client, secret = made
    other, _ = new_client(KEY, "account", REAL_NOW)
    assert fits(client, secret)
    assert not fits(other, secret)
    assert not fits(client, secret + "x")
    assert not fits(client, "")
    assert not fits(None, secret)


def test_a_revoked_client_holds_no_more(made: tuple[ApiClient, str]) -> None:
    client, secret = made
    assert not fits(replace(client, revoked=REAL_NOW), secret)


def test_a_stolen_digest_is_worth_nothing_without_the_key(made: tuple[ApiClient, str]) -> None:
    client, secret = made
    (kept,) = client.secrets
    assert kept.digest != compute_digest(b"o" * 32, secret)
    assert secret.encode() not in kept.digest


def test_what_a_client_lacks_is_no_secret(made: tuple[ApiClient, str]) -> None:
    client, secret = made
    assert not fits(replace(client, secrets=()), secret)
    assert not fits(replace(client, secrets=()), "")


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {new_client(KEY, "account", REAL_NOW)[1] for _ in range(50)}
    assert len(secrets) == 50
    assert min(map(len, secrets)) >= 43  # 256 bits in base64url


def test_customers_get_what_customers_need(made: tuple[ApiClient, str]) -> None:
    client, _ = made
    assert client.scopes == CUSTOMER
    assert not {"ops", "admin"} & set(client.scopes)


@pytest.mark.parametrize("secret", ["\ud800", "密", "\x00", "x" * 1_000_000])
def test_strange_secrets_are_just_wrong(made: tuple[ApiClient, str], secret: str) -> None:
    assert not fits(made[0], secret)


class TestRotation:
    def test_both_secrets_hold_until_the_overlap_is_over(self, made: tuple[ApiClient, str]) -> None:
        client, old = made
        client, new = rotate_secret(KEY, client, REAL_NOW, DAY)
        assert fits(client, new)
        assert fits(client, old, DAY - timedelta(seconds=1))
        assert not fits(client, old, DAY)
        assert fits(client, new, 1000 * DAY)

    def test_there_are_never_more_than_two(self, made: tuple[ApiClient, str]) -> None:
        client, first = made
        client, second = rotate_secret(KEY, client, REAL_NOW, DAY)
        client, third = rotate_secret(KEY, client, REAL_NOW + HOUR, DAY)
        assert len(client.secrets) == 2
        assert [fits(client, secret, HOUR) for secret in (first, second, third)] == [False, True, True]

    def test_without_overlap_the_last_one_ends_at_once(self, made: tuple[ApiClient, str]) -> None:
        client, old = made
        client, new = rotate_secret(KEY, client, REAL_NOW, timedelta(0))
        assert (fits(client, old), fits(client, new)) == (False, True)

    def test_a_secret_that_is_over_is_not_listed(self, made: tuple[ApiClient, str]) -> None:
        client, _ = rotate_secret(KEY, made[0], REAL_NOW, DAY)
        assert [one.ends for one in find_live_secrets(client, REAL_NOW)] == [REAL_NOW + DAY, None]
        assert [one.ends for one in find_live_secrets(client, REAL_NOW + DAY)] == [None]

    def test_a_revoked_client_has_no_way_back(self, made: tuple[ApiClient, str]) -> None:
        client, new = rotate_secret(KEY, replace(made[0], revoked=REAL_NOW), REAL_NOW, DAY)
        assert not fits(client, new)
