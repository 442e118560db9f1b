"""The bench of the scheduler: its days are those of the public generator, and its checker misses nothing."""

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

import pytest

from benchmarks.schedule.agile import make_instance
from benchmarks.schedule.checker import check_plan, weigh_plan
from benchmarks.schedule.days import Day, build_selection, read_day
from benchmarks.schedule.entries import run_cp_sat, run_greedy, run_highs
from benchmarks.schedule.greedy import Room
from benchmarks.schedule.posts import measure_all
from swath.scheduling.selections.exact import select

META = {
    "settle": 6.0,
    "rate": 1.5,
    "period": 6000.0,
    "max_captures_orbit": 3,
    "max_seconds_orbit": 100,
    "gb_per_s": 0.8,
    "memory_gb": 40.0,
    "downlink_gb_s": 0.1,
}


@cache
def small_day() -> Day:
    """Crowded: 60 requests for two satellites within seven hours."""
    return read_day(make_instance(satellites=2, requests=60, seed=5, hours=7))


def make_day_of(
    *captures: tuple[float, float, float], contacts: list[list[float]] | None = None
) -> Mapping[str, Any]:
    """One satellite; captures of (start, seconds, roll), each of a request of its own."""
    return {
        "meta": META,
        "contacts": [contacts or []],
        "requests": [{"cls": 0} for _ in captures],
        "candidates": [
            [n, 0, start, dur, roll, 0.0, 10, 0.0] for n, (start, dur, roll) in enumerate(captures)
        ],
    }


@pytest.mark.slow
def test_the_days_are_those_of_the_public_generator():
    """Its own script gave 1,333 candidates, this one among them, and HiGHS an optimum of 90,483 once."""
    instance = make_instance(requests=200, seed=1)
    assert len(instance["candidates"]) == 1333
    assert [0, 0, 3219.0, 34, -30.94, 2.86, 278, 1860.0] in instance["candidates"]
    found = run_highs(read_day(instance), False, 60, 0)
    assert (sum(weigh_plan(instance, found.selected, False)), found.status) == (90_483, "optimal")


@pytest.mark.parametrize(
    "captures, contacts, fault",
    [
        ([(0, 10, 0), (18.9, 10, 0)], None, None),
        ([(0, 10, 0), (15.9, 10, 0)], None, "5.900 s between 0 and 1, needed 6.000 s"),
        ([(0, 10, 0), (25.9, 10, 15)], None, "15.900 s between 0 and 1, needed 16.000 s"),
        ([(n * 20, 10, 0) for n in range(4)], None, "4 captures in orbit 0"),
        ([(0, 39, 0), (1500, 39, 0), (3000, 39, 0)], [[0, 6000]], "117.000 s of imaging in orbit 0"),
        ([(0, 40, 0), (5990, 20, 0)], None, "48.000 GB on board at 6010"),
        ([(0, 40, 0), (5990, 20, 0)], [[100, 180]], None),
        ([(0, 40, 0), (5990, 20, 0)], [[100, 179]], "40.100 GB on board"),
        ([(100, 55, 0)], [[90, 150]], None),
        ([(100, 57.6, 0)], [[90, 150]], "41.080 GB on board"),
    ],
)
def test_every_rule_is_checked(captures: list[Any], contacts: list[Any] | None, fault: str | None):
    faults = check_plan(make_day_of(*captures, contacts=contacts), range(len(captures)))
    assert [fault in found for found in faults] == [True] if fault else faults == []


def test_a_request_is_served_once_by_what_can_be_commanded():
    day = make_day_of((0, 10, 0), (1000, 10, 0))
    day["candidates"][1][0] = 0
    day["candidates"][1][7] = -1.0
    assert check_plan(day, [0, 1]) == ["request 0 is served 2 times", "1 cannot be commanded"]
    assert check_plan(day, [0, 2]) == ["there is no candidate 2"]


def test_a_selection_allows_what_the_checker_does():
    """Random choices, and plans with one more put in: two descriptions of the same rules, written apart."""
    day, dice = small_day(), Random(1)
    problem = build_selection(day)
    best = list(select(problem).chosen)
    allowed = 0
    for _ in range(400):
        rows = dice.sample(best, dice.randint(0, len(best))) + dice.sample(
            range(len(day)), dice.randint(0, 3)
        )
        rows = sorted(set(rows))
        sound = not check_plan(day.instance, day.number[rows].tolist())
        assert problem.allows(rows) == sound
        allowed += sound
    assert 50 < allowed < 350


@pytest.mark.parametrize("flat", [False, True])
def test_peers_agree_where_they_prove(flat: bool):
    day = read_day(small_day().instance, flat)
    greedy, highs, cp_sat = (run(day, flat, 60, 0) for run in (run_greedy, run_highs, run_cp_sat))
    values = [sum(weigh_plan(day.instance, found.selected, flat)) for found in (greedy, highs, cp_sat)]
    assert values[0] < values[1]
    assert values[1] == pytest.approx(values[2], abs=0.01)
    assert highs.status == cp_sat.status == "optimal"
    assert highs.bound == pytest.approx(values[1], abs=1e-3)
    assert not any(check_plan(day.instance, found.selected) for found in (greedy, highs, cp_sat))


def test_plans_are_weighed_by_class():
    instance = small_day().instance
    kinds = [instance["requests"][one[0]]["cls"] for one in instance["candidates"]]
    urgent, value = kinds.index(2), instance["candidates"][kinds.index(2)][6]
    assert weigh_plan(instance, [urgent], flat=False) == [0, 0, value]
    assert weigh_plan(instance, [urgent], flat=True) == [0, 0, pytest.approx(value * 3 / 50)]


def test_greedy_sees_the_room_that_the_checker_does():
    """With little memory, so that it counts; one capture after another is put in if there is room."""
    instance = small_day().instance
    day, dice = read_day({**instance, "meta": {**instance["meta"], "memory_gb": 40.0}}), Random(2)
    full = 0
    for _ in range(20):
        room, rows = Room(day), list[int]()
        for row in dice.sample(range(len(day)), 40):
            sound = not check_plan(day.instance, day.number[[*rows, row]].tolist())
            assert room.has_room(row) == sound
            full += room.compute_peak_gb([*room.lanes[int(day.satellite[row])], row]) > 40.0
            if sound:
                room.add(row)
                rows.append(row)
    assert full > 50


def test_posts_are_answered_by_the_live_functions_and_kept() -> None:
    measured = measure_all(3, asked=4)
    assert measured["planned"] == 3
    for way, figures in measured["answers"].items():
        assert sum(figures["answers"].values()) == 4
        assert way.endswith(("submit", "rivals")) == (figures["place"]["p50_ms"] == 0)
        assert figures["place"]["p50_ms"] < figures["whole"]["p50_ms"]
