"""Keys: made once whoever starts first, readable by their owner only, rotated without cutting anyone off."""

import json
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from tests.oauth.oauth_world import LIFE, REAL_NOW, make_tokens

from swath.clock import FrozenClock
from swath.errors import Unauthenticated
from swath.oauth import keys
from swath.oauth.keys import GRACE, load_digest_key, open_keys

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
    assert tokens.verify(old).client_id == tokens.verify(new).client_id
    assert len(ring.build_jwks(clock.now())["keys"]) == 2
    clock.at = REAL_NOW + timedelta(hours=25) + GRACE
    assert len(ring.build_jwks(clock.now())["keys"]) == 1
    with pytest.raises(Unauthenticated):
        tokens.verify(old)


def test_other_processes_notice_a_rotation(tmp_path: Path) -> None:
    here, there = open_keys(tmp_path, LIFE, REAL_NOW), open_keys(tmp_path, LIFE, REAL_NOW)
    before = there.current().kid
    rotated = here.rotate(REAL_NOW + timedelta(hours=1))
    assert there.current().kid == rotated.kid != before


def test_a_token_signed_by_a_process_that_had_not_noticed_lives_to_its_end(tmp_path: Path) -> None:
    ring, late = open_keys(tmp_path, LIFE, REAL_NOW), open_keys(tmp_path, LIFE, REAL_NOW)
    signing, clock = late.current(), FrozenClock(REAL_NOW + timedelta(seconds=10))
    late.current = lambda: signing
    ring.rotate(REAL_NOW)
    token = make_tokens(late, clock).issue("client", "account", ["tasking"])
    clock.at += LIFE - timedelta(seconds=1)
    assert make_tokens(ring, clock).verify(token)


def test_a_stolen_key_is_forgotten_with_every_token_it_signed(tmp_path: Path) -> None:
    ring, elsewhere = open_keys(tmp_path, LIFE, REAL_NOW), open_keys(tmp_path, LIFE, REAL_NOW)
    clock = FrozenClock(REAL_NOW)
    token = make_tokens(elsewhere, clock).issue("client", "account", ["tasking"])
    ring.rotate(REAL_NOW, forget=True)
    for seen in (ring, elsewhere):
        with pytest.raises(Unauthenticated):
            make_tokens(seen, clock).verify(token)
    assert len(list(tmp_path.glob("signing-*.json"))) == 1


def test_a_rotation_in_the_same_tick_of_the_file_system_is_noticed(tmp_path: Path) -> None:
    here, there = open_keys(tmp_path, LIFE, REAL_NOW), open_keys(tmp_path, LIFE, REAL_NOW)
    tick = tmp_path.stat().st_mtime_ns
    assert there.current().kid == here.current().kid
    rotated = here.rotate(REAL_NOW)
    os.utime(tmp_path, ns=(tick, tick))
    assert there.current().kid == rotated.kid


def test_tokens_hold_while_keys_are_rotated(tmp_path: Path) -> None:
    """Eight callers issue and verify without a pause while another process rotates."""
    here, there = (make_tokens(open_keys(tmp_path, LIFE, REAL_NOW), FrozenClock(REAL_NOW)) for _ in range(2))
    over = threading.Event()

    def call(_: int) -> int:
        held = 0
        while not over.is_set():
            held += there.verify(here.issue("client", "account", ["tasking"])).client_id == "client"
        return held

    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(call, number) for number in range(8)]
        for _ in range(10):
            here.keys.rotate(REAL_NOW)
            there.keys.rotate(REAL_NOW)
        over.set()
    assert all(one.result() > 0 for one in calls)


def test_a_rotation_throws_away_keys_that_no_token_needs(tmp_path: Path) -> None:
    ring = open_keys(tmp_path, LIFE, REAL_NOW)
    for days in (1, 5, 9):
        ring.rotate(REAL_NOW + timedelta(days=days))
    created = {json.loads(path.read_text())["created"] for path in tmp_path.glob("signing-*.json")}
    assert created == {(REAL_NOW + timedelta(days=days)).isoformat() for days in (5, 9)}


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    open_keys(tmp_path, LIFE, REAL_NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["signing-000000.json"]
