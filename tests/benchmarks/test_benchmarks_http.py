"""What the HTTP benchmark rests on: its world, its caller, and that it stops at an answer that is not the one meant."""

import os
import random
import socket
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from benchmarks.http import world
from benchmarks.http.calls import Call, Connection, check, read_cpu_s

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_the_world_is_as_large_as_it_says_and_hangs_together() -> None:
    plans = world.build_plans("account", NOW)
    candidates = world.build_candidates(plans, NOW)
    requests = world.build_requests(plans, candidates, NOW)
    assert (len(plans), len(candidates), len(requests)) == (200, 2_000, 60)
    assert {c.plan_id for c in candidates} <= {plan.id for plan in plans}
    assert {r.candidate_id for r in requests} <= {c.id for c in candidates}
    for things in (plans, candidates, requests):
        assert len({thing.id for thing in things}) == len(things)


def test_it_is_the_same_at_every_run() -> None:
    assert world.build_plans("account", NOW) == world.build_plans("account", NOW)


def test_areas_are_valid_and_some_ten_kilometres_wide() -> None:
    dice = random.Random(1)
    for area in (world.draw_area(dice, corners, 0.1) for corners in range(5, 20)):
        _, south, _, north = area.bounds
        assert area.is_valid
        assert 0.05 < north - south < 0.2


@pytest.mark.parametrize(
    ("status", "body"), [(401, b""), (200, b'{"features":[]}'), (200, b'{"type":"Feature"}' * 11)]
)
def test_another_answer_than_the_one_meant_is_not_measured(status: int, body: bytes) -> None:
    with pytest.raises(SystemExit):
        check(Call("plans", "/plans", features=10), status, body)


def test_a_call_that_is_asked_anew_is_another_each_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Connection(server.getsockname()[1], []) as caller:
        same, anew = (caller.prepare(Call("a call", path)) for path in ("/a", "/a?at={n:06}"))
        assert [next(same) for _ in range(2)] == [b"GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"] * 2
        assert [next(anew).split()[1] for _ in range(2)] == [b"/a?at=000000", b"/a?at=000001"]


def test_processor_time_only_grows() -> None:
    looks = []
    for _ in range(3):
        sum(range(3_000_000))
        looks.append(read_cpu_s(os.getpid()))
    assert all(before < after for before, after in pairwise(looks))
