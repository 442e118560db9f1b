"""Signed links open the files of one item for about a day, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from swath.errors import Unauthenticated
from swath.stac_api.signing import LIFE, LinkSigner

NOW = datetime(2026, 8, 22, 12, 34, tzinfo=UTC)
SIGNER = LinkSigner(b"k" * 32)


def test_a_link_opens_its_item_until_it_ends():
    token = SIGNER.sign("grus-1", "a", NOW)
    SIGNER.check(token, "grus-1", "a", NOW + timedelta(hours=23))
    with pytest.raises(Unauthenticated, match="no longer good"):
        SIGNER.check(token, "grus-1", "a", NOW + LIFE)


def test_links_stay_the_same_within_the_hour():
    assert SIGNER.sign("grus-1", "a", NOW) == SIGNER.sign("grus-1", "a", NOW + timedelta(minutes=20))
    assert SIGNER.sign("grus-1", "a", NOW) != SIGNER.sign("grus-1", "a", NOW + timedelta(hours=1))


def test_it_is_known_when_they_change():
    next_end = SIGNER.next_end(NOW)
    assert SIGNER.sign("grus-1", "a", next_end - timedelta(microseconds=1)) == SIGNER.sign("grus-1", "a", NOW)
    assert SIGNER.sign("grus-1", "a", next_end) != SIGNER.sign("grus-1", "a", NOW)


@pytest.mark.parametrize("collection, item", [("grus-1", "b"), ("grus-3", "a"), ("grus-1\na", "")])
def test_a_link_opens_no_other_item(collection: str, item: str):
    with pytest.raises(Unauthenticated):
        SIGNER.check(SIGNER.sign("grus-1", "a", NOW), collection, item, NOW)


def test_another_servers_key_signs_in_vain():
    with pytest.raises(Unauthenticated):
        SIGNER.check(LinkSigner(b"other").sign("grus-1", "a", NOW), "grus-1", "a", NOW)


def test_the_end_cannot_be_moved():
    ends, _, digest = SIGNER.sign("grus-1", "a", NOW).partition("-")
    with pytest.raises(Unauthenticated, match="not made here"):
        SIGNER.check(f"{int(ends, 16) + 3600:x}-{digest}", "grus-1", "a", NOW)


@pytest.mark.parametrize("token", ["", "-", "x", "ff", "ff-", "-ab", "zz-ab", "ff-é", "1" * 5000 + "-1"])
def test_nonsense_is_refused(token: str):
    with pytest.raises(Unauthenticated):
        SIGNER.check(token, "grus-1", "a", NOW)
