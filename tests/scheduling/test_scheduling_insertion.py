"""The instant answer: what gets a place, and what has to make room for it."""

import pytest
from tests.scheduling.scheduling_world import AGILITY, RULES, chance, emergency, placed, wish, work

from swath.fleet.model import Duty
from swath.scheduling import NORMAL, Rules, insert

NOW = 0.0


def places(outcome):
    return {p.work.id: p.chance.start_s for p in outcome.placements}


def test_work_goes_to_its_preferred_chance():
    outcome = insert(work("w", chance(20_000), chance(10_000)), (), RULES, NOW)
    assert places(outcome) == {"w": 20_000}
    assert outcome.placement is not None
    assert not outcome.placement.frozen


def test_a_chance_that_is_taken_leads_to_the_next():
    there = placed(work("there", chance(10_000)))
    outcome = insert(work("w", chance(10_005), chance(30_000)), [there], RULES, NOW)
    assert places(outcome) == {"there": 10_000, "w": 30_000}


def test_the_gap_must_hold_settle_and_turn_and_not_a_moment_less():
    # 10 s of capture, then 6 s + 15 deg / 1.5 deg/s = 16 s
    there = placed(work("there", chance(10_000, roll=0.0)))
    assert insert(work("w", chance(10_026.001, roll=15.0)), [there], RULES, NOW).placement
    assert not insert(work("w", chance(10_025.999, roll=15.0)), [there], RULES, NOW).placement
    assert insert(work("w", chance(10_000 - 26.001, roll=15.0)), [there], RULES, NOW).placement
    assert not insert(work("w", chance(10_000 - 25.999, roll=15.0)), [there], RULES, NOW).placement


def test_a_neighbour_that_fits_does_not_hide_one_on_the_other_side():
    before, after = placed(work("before", chance(9_995))), placed(work("after", chance(10_020)))
    assert insert(work("w", chance(10_000)), [before, after], RULES, NOW).refusal.evidence["blockers"] == 1


def test_another_satellite_is_not_in_the_way():
    there = placed(work("there", chance(10_000)))
    assert insert(work("w", chance(10_000, satellite="B")), [there], RULES, NOW).placement


def test_the_uplink_deadline_is_the_last_moment_and_no_longer_counts_itself():
    late = work("w", chance(10_000, uplink_by=8_000.0))
    assert insert(late, (), RULES, 7_999.999).placement
    assert insert(late, (), RULES, 8_000.0).refusal.code == "UPLINK_DEADLINE"


def test_work_that_has_a_place_keeps_it():
    there = placed(work("w", chance(10_000), chance(20_000)), 1)
    assert insert(there.work, [there], RULES, NOW).placement == there


def test_a_place_may_touch_its_neighbours_when_nothing_has_to_turn_or_settle():
    still = Rules({"A": AGILITY.__class__(30.0, 20.0, 0.0, 1.5)}, {"A": Duty(10, 100.0)})
    there = placed(work("there", chance(10_000)))
    assert insert(work("w", chance(10_010), rank=NORMAL), [there], still, NOW).placement


class TestDuty:
    def test_no_more_captures_in_an_orbit_than_allowed(self):
        orbit = [placed(work(f"w{n}", chance(12_000 + 100 * n))) for n in range(5)]
        refused = insert(work("w", chance(13_000)), orbit, RULES, NOW)
        assert refused.refusal.code == "DUTY"
        assert refused.refusal.evidence["captures_needed"] == 6
        assert refused.refusal.evidence["captures_limit"] == 5
        assert insert(work("w", chance(18_000)), orbit, RULES, NOW).placement, (
            "the next orbit is another bucket"
        )
        assert insert(work("w", chance(13_000, satellite="B")), orbit, RULES, NOW).placement

    def test_no_more_seconds_in_an_orbit_than_allowed(self):
        there = placed(work("there", chance(12_000, seconds=45.0)))
        assert insert(work("w", chance(13_000, seconds=15.0)), [there], RULES, NOW).placement
        refused = insert(work("w", chance(13_000, seconds=15.5)), [there], RULES, NOW)
        assert refused.refusal.evidence["seconds_needed"] == pytest.approx(60.5)

    def test_a_capture_longer_than_the_allowance_never_fits_not_even_an_emergency(self):
        refused = insert(emergency("e", chance(12_000, seconds=61.0)), (), RULES, NOW)
        assert refused.refusal.code == "DUTY"

    def test_an_emergency_takes_the_allowance_of_the_lowest(self):
        orbit = [placed(work(f"w{n}", chance(12_000 + 100 * n))) for n in range(4)]
        orbit.append(placed(wish("dream", chance(12_500))))
        outcome = insert(emergency("e", chance(13_000)), orbit, RULES, NOW)
        assert [d.work.id for d in outcome.displaced] == ["dream"]

    def test_one_who_can_go_elsewhere_goes_before_one_who_would_be_lost(self):
        orbit = [placed(wish(f"w{n}", chance(12_000 + 100 * n))) for n in range(4)]
        orbit.append(placed(work("mobile", chance(12_500), chance(30_000))))
        outcome = insert(emergency("e", chance(13_000)), orbit, RULES, NOW)
        assert places(outcome)["mobile"] == 30_000
        assert len(outcome.placements) == 6

    def test_seconds_are_freed_with_as_few_as_possible(self):
        lengths = {"short": 10.0, "long": 25.0, "middle": 20.0}
        orbit = [
            placed(work(name, chance(12_000 + 100 * n, seconds=s)))
            for n, (name, s) in enumerate(lengths.items())
        ]
        outcome = insert(emergency("e", chance(13_000, seconds=25.0)), orbit, RULES, NOW)
        assert [d.work.id for d in outcome.displaced] == ["long"]

    def test_a_small_wish_is_left_alone_when_the_larger_capture_has_to_go_anyway(self):
        orbit = [
            placed(wish("dream", chance(12_000, seconds=10.0))),
            placed(work("normal", chance(12_100, seconds=45.0))),
        ]
        outcome = insert(emergency("e", chance(13_000, seconds=40.0)), orbit, RULES, NOW)
        assert places(outcome) == {"dream": 12_000, "e": 13_000}
        assert [d.work.id for d in outcome.displaced] == ["normal"]

    def test_when_normal_work_has_to_go_it_goes_with_one_who_can_move_rather_than_with_a_wish(self):
        tight = Rules({"A": AGILITY}, {"A": Duty(captures_per_orbit=5, seconds_per_orbit=45.0)})
        orbit = [
            placed(work("mobile", chance(12_000, seconds=10.0), chance(30_000, seconds=10.0))),
            placed(wish("dream", chance(12_100, seconds=10.0))),
            placed(work("normal", chance(12_200, seconds=25.0))),
        ]
        outcome = insert(emergency("e", chance(13_000, seconds=30.0)), orbit, tight, NOW)
        assert places(outcome) == {"dream": 12_100, "e": 13_000, "mobile": 30_000}


class TestDisplacing:
    def test_an_emergency_displaces_normal_work_which_is_placed_again_first(self):
        there = placed(work("there", chance(10_000), chance(20_000)))
        outcome = insert(emergency("e", chance(10_000)), [there], RULES, NOW)
        assert places(outcome) == {"e": 10_000, "there": 20_000}
        moved = outcome.displaced[0]
        assert moved.placement == placed(there.work, 1)
        assert moved.refusal.code == "BUMPED_BY_EMERGENCY"
        assert moved.refusal.evidence["moved"] is True

    def test_work_with_nowhere_to_go_is_dropped_and_told_why(self):
        there = placed(work("there", chance(10_000)))
        dropped = insert(emergency("e", chance(10_000)), [there], RULES, NOW).displaced[0]
        assert dropped.placement is None
        assert dropped.refusal.code == "BUMPED_BY_EMERGENCY"
        assert dropped.refusal.evidence["moved"] is False

    def test_a_free_chance_is_taken_before_anyone_is_disturbed(self):
        there = placed(wish("there", chance(10_000)))
        outcome = insert(emergency("e", chance(10_000), chance(50_000)), [there], RULES, NOW)
        assert places(outcome) == {"there": 10_000, "e": 50_000}

    @pytest.mark.parametrize("newcomer", [emergency, work, wish])
    def test_nobody_loses_a_place_to_an_equal(self, newcomer):
        there = placed(newcomer("there", chance(10_000)))
        assert insert(newcomer("new", chance(10_000)), [there], RULES, NOW).placement is None

    def test_not_even_a_wish_loses_its_place_to_normal_work(self):
        there = placed(wish("there", chance(10_000)))
        outcome = insert(work("w", chance(10_000)), [there], RULES, NOW)
        assert outcome.placements == (there,)
        assert outcome.refusal.code == "CONFLICT"

    def test_commanded_work_stays_whoever_comes(self):
        there = placed(wish("there", chance(10_000), chance(20_000)), frozen=True)
        refused = insert(emergency("e", chance(10_000)), [there], RULES, NOW)
        assert refused.placements == (there,)
        assert refused.refusal.code == "FROZEN"

    def test_work_at_its_own_deadline_counts_as_commanded(self):
        there = placed(wish("there", chance(10_000, uplink_by=5_000.0), chance(20_000)))
        soon = emergency("e", chance(10_000, uplink_by=9_000.0))
        assert insert(soon, [there], RULES, 4_999.0).placement
        assert insert(soon, [there], RULES, 5_000.0).refusal.code == "FROZEN"

    def test_the_chance_that_costs_a_wish_is_better_than_the_one_that_costs_normal_work(self):
        there = [placed(work("normal", chance(10_000))), placed(wish("dream", chance(20_000)))]
        outcome = insert(emergency("e", chance(10_000), chance(20_000)), there, RULES, NOW)
        assert places(outcome) == {"normal": 10_000, "e": 20_000}

    def test_displacing_one_is_better_than_displacing_two(self):
        there = [
            placed(work("left", chance(10_000))),
            placed(work("right", chance(10_030))),
            placed(work("alone", chance(20_000))),
        ]
        outcome = insert(emergency("e", chance(10_015), chance(20_000)), there, RULES, NOW)
        assert [d.work.id for d in outcome.displaced] == ["alone"]

    def test_all_that_lie_under_a_long_capture_make_room(self):
        there = [placed(work(name, chance(10_000 + 15 * n, seconds=3.0))) for n, name in enumerate("abc")]
        outcome = insert(emergency("e", chance(9_999, seconds=50.0)), there, RULES, NOW)
        assert places(outcome) == {"e": 9_999}

    def test_losing_a_wish_and_moving_much_is_better_than_losing_normal_work(self):
        there = [
            placed(work("alone", chance(10_000))),
            placed(work("left", chance(20_000), chance(40_000))),
            placed(wish("dream", chance(20_030))),
        ]
        outcome = insert(emergency("e", chance(10_000), chance(20_015)), there, RULES, NOW)
        assert places(outcome) == {"alone": 10_000, "e": 20_015, "left": 40_000}

    def test_moving_two_is_better_than_losing_one(self):
        there = [
            placed(work("left", chance(10_000), chance(30_000))),
            placed(work("right", chance(10_030), chance(40_000))),
            placed(work("alone", chance(20_000))),
        ]
        outcome = insert(emergency("e", chance(20_000), chance(10_015)), there, RULES, NOW)
        assert places(outcome) == {"e": 10_015, "left": 30_000, "right": 40_000, "alone": 20_000}

    def test_displaced_normal_work_may_itself_displace_a_wish(self):
        there = [
            placed(work("normal", chance(10_000), chance(20_000))),
            placed(wish("dream", chance(20_000), chance(30_000))),
        ]
        outcome = insert(emergency("e", chance(10_000)), there, RULES, NOW)
        assert places(outcome) == {"e": 10_000, "normal": 20_000, "dream": 30_000}
        assert {d.work.id for d in outcome.displaced} == {"normal", "dream"}


class TestMoving:
    def test_an_equal_moves_when_it_has_a_chance_that_is_free(self):
        there = placed(work("there", chance(10_000), chance(20_000)))
        outcome = insert(work("w", chance(10_000)), [there], RULES, NOW)
        assert places(outcome) == {"w": 10_000, "there": 20_000}
        (moved,) = outcome.displaced
        assert (moved.placement, moved.refusal.code) == (placed(there.work, 1), "MOVED")

    def test_nobody_moves_for_a_lower_class(self):
        there = placed(work("there", chance(10_000), chance(20_000)))
        refused = insert(wish("w", chance(10_000)), [there], RULES, NOW)
        assert refused.refusal.code == "LOWER_VALUE"

    def test_nobody_moves_when_another_chance_is_free(self):
        there = placed(work("there", chance(10_000), chance(20_000)))
        outcome = insert(work("w", chance(10_000), chance(30_000)), [there], RULES, NOW)
        assert places(outcome) == {"there": 10_000, "w": 30_000}

    def test_nobody_moves_so_that_another_can_move(self):
        there = [
            placed(work("first", chance(10_000), chance(20_000))),
            placed(work("second", chance(20_000), chance(30_000))),
        ]
        assert insert(work("w", chance(10_000)), there, RULES, NOW).placement is None

    def test_all_in_the_way_can_move_or_none_does(self):
        mobile = placed(work("mobile", chance(10_000), chance(20_000)))
        stuck = placed(work("stuck", chance(10_030)))
        outcome = insert(work("w", chance(10_015)), [mobile, stuck], RULES, NOW)
        assert outcome.placements == (mobile, stuck)

    def test_the_chance_for_which_fewer_move_is_better(self):
        there = [
            placed(work("left", chance(10_000), chance(30_000))),
            placed(work("right", chance(10_030), chance(40_000))),
            placed(work("alone", chance(20_000), chance(50_000))),
        ]
        outcome = insert(work("w", chance(10_015), chance(20_000)), there, RULES, NOW)
        assert places(outcome)["w"] == 20_000
        assert [d.work.id for d in outcome.displaced] == ["alone"]

    def test_one_of_a_full_orbit_moves_to_another_orbit(self):
        orbit = [placed(work(f"w{n}", chance(12_000 + 100 * n))) for n in range(4)]
        orbit.append(placed(work("mobile", chance(12_500), chance(12_700), chance(30_000))))
        outcome = insert(work("w", chance(13_000)), orbit, RULES, NOW)
        assert places(outcome)["mobile"] == 30_000
        assert len(outcome.placements) == 6

    def test_an_emergency_may_move_but_not_lose_another(self):
        mobile = placed(emergency("mobile", chance(10_000), chance(20_000)))
        assert places(insert(emergency("e", chance(10_000)), [mobile], RULES, NOW)) == {
            "e": 10_000,
            "mobile": 20_000,
        }
        stuck = placed(emergency("stuck", chance(10_000)))
        assert insert(emergency("e", chance(10_000)), [stuck], RULES, NOW).placements == (stuck,)

    def test_for_an_emergency_others_move_before_anyone_is_lost(self):
        there = [
            placed(wish("dream", chance(10_000))),
            placed(work("first", chance(20_000), chance(30_000))),
        ]
        outcome = insert(emergency("e", chance(10_000), chance(20_000)), there, RULES, NOW)
        assert places(outcome) == {"dream": 10_000, "e": 20_000, "first": 30_000}

    def test_who_leaves_for_an_emergency_may_have_others_move(self):
        there = [
            placed(work("first", chance(10_000), chance(20_000))),
            placed(work("second", chance(20_000), chance(30_000))),
        ]
        outcome = insert(emergency("e", chance(10_000)), there, RULES, NOW)
        assert places(outcome) == {"e": 10_000, "first": 20_000, "second": 30_000}
