"""The judge: it must find every kind of fault, each shown by the smallest schedule that has it."""

import math

import pytest
from tests.scheduling.scheduling_world import RULES, chance, emergency, placed, wish, work

from swath.scheduling import Placement, verify, verify_change


def rules_broken(placements, works=None):
    known = [p.work for p in placements] if works is None else works
    return [violation.rule for violation in verify(placements, known, RULES)]


def test_a_sound_schedule_has_no_faults():
    assert rules_broken([placed(work("a", chance(10_000))), placed(work("b", chance(10_016)))]) == []


def test_too_little_time_to_turn_is_a_fault():
    close = [placed(work("a", chance(10_000))), placed(work("b", chance(10_020, roll=15.0)))]
    (violation,) = verify(close, [p.work for p in close], RULES)
    assert (violation.rule, violation.works) == ("spacing", ("a", "b"))
    assert violation.message == "10.000000 s between two captures of A, needed 16.000000 s"


def test_a_clash_with_one_who_is_not_a_neighbour_is_a_fault():
    long = placed(work("long", chance(10_000, seconds=50.0)))
    inside = [placed(work("x", chance(10_001, seconds=1.0))), placed(work("y", chance(10_040, seconds=1.0)))]
    assert rules_broken([long, *inside]).count("spacing") == 2


def test_too_many_captures_or_seconds_in_one_orbit_are_a_fault():
    assert rules_broken([placed(work(f"w{n}", chance(12_000 + 100 * n))) for n in range(6)]) == ["captures"]
    assert rules_broken([placed(work(f"w{n}", chance(12_000 + 100 * n, seconds=31))) for n in range(2)]) == [
        "seconds"
    ]


def test_work_that_is_placed_twice_is_a_fault():
    twice = work("w", chance(10_000), chance(20_000))
    assert rules_broken([placed(twice), placed(twice, 1)]) == ["once"]


def test_work_that_nobody_knows_is_a_fault_unless_it_is_commanded():
    assert rules_broken([placed(work("w", chance(10_000)))], works=[]) == ["known"]
    assert rules_broken([placed(work("w", chance(10_000)), frozen=True)], works=[]) == []


def test_work_placed_where_it_has_no_chance_is_a_fault():
    stranger = Placement(work("w", chance(10_000)), chance(20_000))
    assert rules_broken([stranger]) == ["chance"]


@pytest.mark.parametrize(
    "nonsense",
    [chance(10_000, seconds=0.0), chance(10_000, seconds=-5.0), chance(10_000, roll=math.nan)],
)
def test_a_capture_of_no_time_or_angle_is_a_fault(nonsense):
    assert rules_broken([placed(work("w", nonsense))]) == ["sound"]


def test_a_satellite_that_nobody_knows_is_a_fault():
    assert rules_broken([placed(work("w", chance(10_000, satellite="GONE")))]) == ["sound"]


class TestChange:
    def test_moving_or_losing_a_commanded_capture_is_a_fault(self):
        before = placed(work("w", chance(10_000), chance(20_000)), frozen=True)
        after = placed(before.work, 1, frozen=True)
        assert [v.rule for v in verify_change([before], [after], 0.0)] == ["frozen"]
        assert "frozen" in [v.rule for v in verify_change([before], [], 0.0)]

    def test_placing_after_the_deadline_is_a_fault(self):
        late = placed(work("w", chance(10_000, uplink_by=100.0)))
        assert [v.rule for v in verify_change([], [late], 100.0)] == ["uplink"]
        assert verify_change([late], [late], 100.0) == ()

    def test_losing_work_to_an_equal_or_to_nobody_is_a_fault(self):
        before, rival = placed(work("w", chance(10_000))), placed(work("rival", chance(10_000)))
        assert [v.rule for v in verify_change([before], [rival], 0.0)] == ["promise"]
        assert [v.rule for v in verify_change([before], [], 0.0)] == ["promise"]

    def test_work_may_be_lost_to_an_emergency_and_to_nothing_else(self):
        dream, normal = placed(wish("d", chance(10_000))), placed(work("n", chance(10_000)))
        rescue, other = (placed(emergency(name, chance(10_000))) for name in "eo")
        assert verify_change([normal], [rescue], 0.0) == ()
        assert verify_change([dream], [rescue], 0.0) == ()
        assert [v.rule for v in verify_change([dream], [normal], 0.0)] == ["promise"]
        assert [v.rule for v in verify_change([rescue], [other], 0.0)] == ["promise"]
