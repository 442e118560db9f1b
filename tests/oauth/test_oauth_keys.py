"""Keys: made once whoever starts first, readable by their owner only, rotated without cutting anyone off."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from tests.oauth.oauth_world import LIFE, REAL_NOW, make_tokens

from swath.clock import FrozenClock
from swath.errors import Unauthenticated
from swath.oauth import keys
from swath.oauth.keys import load_digest_key, open_keys

pytestmark = pytest.mark.usefixtures("quick")


def test_files_and_folder_are_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    open_keys(folder, LIFE, REAL_NOW)
    load_digest_key(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_starting_again_signs_with_the_same_key(tmp_path: Path) -> None:
    first = open_keys(tmp_path, LIFE, REAL_NOW).current()
    again = open_keys(tmp_path, LIFE, REAL_NOW + timedelta(days=3)).current()
    assert (again.kid, again.created) == (first.kid, REAL_NOW)


def test_many_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    def start(_: int) -> tuple[str, bytes]:
        return open_keys(tmp_path, LIFE, REAL_NOW).current().kid, load_digest_key(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


def test_public_keys_hold_nothing_private(ring: keys.KeyRing) -> None:
    (public,) = ring.build_jwks(REAL_NOW)["keys"]
    assert set(public) == {"kty", "n", "e", "kid", "use", "alg"}
    assert public["alg"] == "RS256"
    assert len(public["n"]) >= 342  # 2048 bits in base64url


def test_after_a_rotation_old_tokens_live_to_their_end_and_no_longer(tmp_path: Path) -> None:
    ring, clock = open_keys(tmp_path, LIFE, REAL_NOW), FrozenClock(REAL_NOW)
    tokens = make_tokens(ring, clock)
    old = tokens.issue("client", "account", ["tasking"])
    clock.at += timedelta(hours=1)
    ring.rotate(clock.now())
    new = tokens.issue("client", "account", ["tasking"])
    assert tokens.verify(old) == tokens.verify(new)
    assert len(ring.build_jwks(clock.now())["keys"]) == 2
    clock.at = REAL_NOW + timedelta(hours=25, seconds=1)
    assert len(ring.build_jwks(clock.now())["keys"]) == 1
    with pytest.raises(Unauthenticated):
        tokens.verify(old)


def test_other_processes_notice_a_rotation(tmp_path: Path) -> None:
    here, there = open_keys(tmp_path, LIFE, REAL_NOW), open_keys(tmp_path, LIFE, REAL_NOW)
    before = there.current().kid
    rotated = here.rotate(REAL_NOW + timedelta(hours=1))
    assert there.current().kid == rotated.kid != before


def test_a_rotation_throws_away_keys_that_no_token_needs(tmp_path: Path) -> None:
    ring = open_keys(tmp_path, LIFE, REAL_NOW)
    for days in (1, 5, 9):
        ring.rotate(REAL_NOW + timedelta(days=days))
    created = {json.loads(path.read_text())["created"] for path in tmp_path.glob("signing-*.json")}
    assert created == {(REAL_NOW + timedelta(days=days)).isoformat() for days in (5, 9)}


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    open_keys(tmp_path, LIFE, REAL_NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["signing-000000.json"]
