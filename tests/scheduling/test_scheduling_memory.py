"""Memory on board: by hand, against a simulation, and against sums over all intervals of passes."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scheduling.memory_judge import simulate_gb, sum_gb
from tests.scheduling.scheduling_world import RULES, chance, emergency, placed, work

from swath.fleet.model import Duty, Memory
from swath.scheduling import insert, merge_passes, replan
from swath.scheduling.answers.memory import build_tally

NOW = 0.0
# 1 GB a second of imaging, so that seconds can be read as gigabytes; two passes of 20 s that drain 10 GB each.
MEMORY = Memory(capacity_gb=30.0, fill_gb_s=1.0, drain_gb_s=0.5)
PASSES = ((14_000.0, 14_020.0), (17_000.0, 17_020.0))


def rules(memory: Memory = MEMORY, passes=PASSES, on_board_gb: float = 0.0):
    return replace(RULES, memory={"A": memory}, passes={"A": passes}, on_board_gb={"A": on_board_gb})


def find_overflow(there, new, some):
    tally = build_tally(there, some.memory["A"], some.passes["A"], some.on_board_gb["A"])
    overflow = tally.find_overflow(new)
    assert tally.fits(new) == (overflow is None)
    return overflow


def over_gb(there, new, some=None):
    overflow = find_overflow(there, new, some or rules())
    return None if overflow is None else pytest.approx(overflow.over_gb)


def test_all_that_fits_is_no_overflow():
    assert over_gb([chance(13_000, seconds=20)], chance(13_500, seconds=10)) is None


def test_what_is_captured_before_the_first_pass_has_to_fit_beside_each_other():
    assert over_gb([chance(13_000, seconds=20)], chance(13_500, seconds=12)) == 2.0


def test_a_pass_makes_room_for_what_it_drains():
    there = [chance(13_000, seconds=25)]
    assert over_gb(there, chance(15_000, seconds=15)) is None
    assert over_gb(there, chance(15_000, seconds=16)) == 1.0


def test_a_pass_drains_no_more_than_there_is():
    assert over_gb([chance(13_000, seconds=2)], chance(15_000, seconds=31)) == 1.0


def test_after_the_last_pass_everything_stays():
    assert over_gb([chance(19_000, seconds=20)], chance(50_000, seconds=11)) == 1.0


def test_what_is_captured_late_in_a_pass_stays_until_the_next():
    late = chance(14_016, seconds=10)
    # 10 GB, of which the four seconds that are left drain 2: 8 GB stay beside 23.
    assert over_gb([late], chance(15_000, seconds=23)) == 1.0
    overflow = find_overflow([late], chance(15_000, seconds=23), rules())
    assert (overflow.since_s, overflow.until_s, overflow.left_gb) == (14_020.0, 17_000.0, 8.0)
    assert overflow.captures == (late, chance(15_000, seconds=23))


def test_a_capture_may_overfill_the_memory_for_a_later_one():
    later = [chance(15_000, seconds=22)]
    assert over_gb(later, chance(13_000, seconds=18)) is None
    assert over_gb(later, chance(13_000, seconds=19)) == 1.0


def test_what_has_long_been_sent_down_is_not_counted_against_a_later_capture():
    too_much = [chance(13_000, seconds=40)]
    assert over_gb(too_much, chance(19_000, seconds=11)) == 1.0
    assert over_gb(too_much, chance(19_000, seconds=11), rules(passes=((14_000.0, 14_100.0),))) is None


def test_what_is_on_board_already_takes_its_room():
    assert over_gb([], chance(13_000, seconds=20), rules(on_board_gb=10.0)) is None
    assert over_gb([], chance(13_000, seconds=20), rules(on_board_gb=11.0)) == 1.0


def test_a_memory_of_nothing_takes_nothing():
    assert over_gb([], chance(13_000, seconds=1), rules(Memory(0.0, 1.0, 0.5))) == 1.0


def test_a_satellite_without_memory_holds_everything():
    there = [placed(work("there", chance(13_000, seconds=9_000)))]
    plenty = replace(RULES, duty={"A": Duty(10, 1e6)})
    assert insert(work("w", chance(23_000, seconds=9_000)), there, plenty, NOW).placement


def test_contacts_that_overlap_are_one_pass():
    assert merge_passes([(50.0, 60.0), (0.0, 10.0), (5.0, 20.0), (20.0, 30.0), (6.0, 7.0)]) == (
        (0.0, 30.0),
        (50.0, 60.0),
    )


class TestInserting:
    def test_work_goes_where_there_is_room(self):
        there = [placed(work("there", chance(13_000, seconds=25)))]
        outcome = insert(
            work("w", chance(13_500, seconds=10), chance(17_500, seconds=10)), there, rules(), NOW
        )
        assert outcome.placement.chance.start_s == 17_500

    def test_the_reason_says_between_which_passes_and_by_how_much(self):
        there = [placed(work("there", chance(15_000, seconds=25)))]
        refusal = insert(work("w", chance(15_500, seconds=9)), there, rules(), NOW).refusal
        assert refusal.code == "MEMORY"
        assert "4.000 GB over" in refusal.message
        evidence = refusal.evidence
        assert (evidence["since"], evidence["until"]) == (
            "1970-01-01T03:53:40.000Z",
            "1970-01-01T04:43:20.000Z",
        )
        figures = {
            name: evidence[f"{name}_gb"] for name in ("left", "captured", "drained", "capacity", "over")
        }
        assert figures == {"left": 0.0, "captured": 34.0, "drained": 0.0, "capacity": 30.0, "over": 4.0}

    def test_of_several_full_memories_the_one_that_is_least_over_gives_the_reason(self):
        there = [
            placed(work("before", chance(13_000, seconds=29))),
            placed(work("after", chance(15_000, seconds=25))),
        ]
        some = work("w", chance(13_500, seconds=8), chance(15_500, seconds=8))
        drained = rules(passes=((14_000.0, 14_100.0), (17_000.0, 17_100.0)))
        refusal = insert(some, there, replace(drained, duty={"A": Duty(9, 999.0)}), NOW).refusal
        assert (refusal.code, refusal.evidence["over_gb"]) == ("MEMORY", 3.0)

    def test_an_emergency_takes_the_memory_of_those_who_can_go_elsewhere(self):
        there = [
            placed(work("stuck", chance(15_000, seconds=12))),
            placed(work("mobile", chance(15_200, seconds=12), chance(15_200, satellite="B", seconds=12))),
        ]
        outcome = insert(emergency("e", chance(15_500, seconds=12)), there, rules(), NOW)
        assert {p.work.id: p.chance.satellite for p in outcome.placements} == {
            "stuck": "A",
            "e": "A",
            "mobile": "B",
        }

    def test_what_never_fits_gets_nobody_displaced(self):
        there = [placed(work("there", chance(15_000, seconds=12)))]
        outcome = insert(emergency("e", chance(15_500, seconds=31)), there, rules(), NOW)
        assert outcome.refusal.code == "MEMORY"
        assert outcome.placements == tuple(there)


@st.composite
def days(draw: st.DrawFn):
    """Captures one after another, and passes among them; the camera fills faster than a pass drains, as all do."""
    edges = sorted(draw(st.sets(st.integers(0, 400), min_size=2, max_size=24)))
    captures = [
        chance(float(a), seconds=draw(st.floats(0.1, 1.0)) * (b - a))
        for a, b in pairwise(edges)
        if draw(st.booleans())
    ]
    contacts = draw(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40)), max_size=6))
    memory = Memory(30.0, 1.0, draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])))
    passes = merge_passes([(float(a), float(a + length)) for a, length in contacts])
    return captures, memory, passes, draw(st.sampled_from([0.0, 5.0]))


@given(days(), st.data())
def test_the_overflow_is_the_worst_of_all_intervals_that_hold_the_capture(day, data: st.DataObject):
    captures, memory, passes, on_board_gb = day
    if not captures:
        return
    new = data.draw(st.sampled_from(captures))
    others = [c for c in captures if c is not new]
    most_gb = sum_gb(captures, memory, passes, on_board_gb, through=new)
    if most_gb <= sum_gb(others, memory, passes, on_board_gb) + 1e-6:
        return  # as full without it: it comes just in time for its pass, and adds nothing
    overflow = find_overflow(others, new, rules(memory, passes, on_board_gb))
    found_gb = memory.capacity_gb + overflow.over_gb if overflow else min(most_gb, memory.capacity_gb)
    assert found_gb == pytest.approx(most_gb, abs=1e-6)


@given(days())
def test_a_memory_that_is_never_over_by_the_rule_is_never_over_at_any_moment(day):
    captures, memory, passes, on_board_gb = day
    taken = []
    for new in captures:
        if find_overflow(taken, new, rules(memory, passes, on_board_gb)) is None:
            taken.append(new)
    assert simulate_gb(taken, memory, passes, on_board_gb) <= memory.capacity_gb + 1e-6


@given(days(), st.data())
def test_the_sum_of_an_overflow_can_be_done_again(day, data: st.DataObject):
    captures, memory, passes, on_board_gb = day
    if not captures:
        return
    new = data.draw(st.sampled_from(captures))
    overflow = find_overflow([c for c in captures if c is not new], new, rules(memory, passes, on_board_gb))
    if overflow is not None:
        assert new in overflow.captures
        since = overflow.since_s if overflow.since_s is not None else float("-inf")
        until = next((b for a, b in passes if a == overflow.until_s), float("inf"))
        captured = sum(c.seconds for c in captures if since <= c.start_s < until)
        assert len(overflow.captures) >= sum(since <= c.start_s < until for c in captures)
        between = [b - a for a, b in passes if a >= since and b < until]
        assert overflow.captured_gb == pytest.approx(captured)
        assert overflow.drained_gb == pytest.approx(memory.drain_gb_s * sum(between))


def test_the_memory_of_a_satellite_with_no_captures_is_its_own():
    """Whichever satellite is asked for first, of two that have no captures yet."""
    both = replace(
        RULES,
        memory={"A": MEMORY, "B": MEMORY},
        passes={"A": PASSES, "B": PASSES},
        on_board_gb={"A": 25.0, "B": 0.0},
    )
    either = work("w", chance(13_000), chance(13_000, satellite="B"))
    assert insert(either, (), both, NOW).placement.chance.satellite == "B"
    there = [placed(work("a", chance(15_000))), placed(work("b", chance(13_000, satellite="B", seconds=20)))]
    again = replan([p.work for p in there], there, both, NOW)
    assert {p.work.id for p in again.placements} == {"a", "b"}
