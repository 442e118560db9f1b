"""Emergencies make room for each other, as long as none is lost and nothing moves that is commanded."""

import pytest
from tests.scheduling.scheduling_world import RULES, chance, emergency, placed, wish, work

from swath.scheduling import insert, replan

NOW = 0.0
SLOTS_S = [10_000.0 * number for number in range(1, 9)]


def places(outcome):
    return {p.work.id: p.chance.start_s for p in outcome.placements}


def line_up(length):
    """So many emergencies, each where it has one other chance: where the next one is. At the end is normal work."""
    urgent = [
        emergency(f"e{number}", chance(SLOTS_S[number]), chance(SLOTS_S[number + 1]))
        for number in range(length)
    ]
    return [*map(placed, urgent), placed(work("normal", chance(SLOTS_S[length])))]


NEWCOMER = emergency("new", chance(SLOTS_S[0]))
FAR = 4


def moved_up(length):
    return {"new": SLOTS_S[0], **{f"e{number}": SLOTS_S[number + 1] for number in range(length)}}


@pytest.mark.parametrize("length", [1, 2, 3])
def test_an_emergency_sends_others_on_until_one_takes_the_place_of_normal_work(length):
    outcome = insert(NEWCOMER, line_up(length), RULES, NOW)
    assert places(outcome) == moved_up(length)
    told = {displaced.work.id: displaced.refusal.code for displaced in outcome.displaced}
    assert told == dict.fromkeys(("normal", *(f"e{n}" for n in range(length))), "BUMPED_BY_EMERGENCY")


def test_normal_work_at_the_end_goes_elsewhere_if_it_can():
    there = [*line_up(2)[:2], placed(work("normal", chance(SLOTS_S[2]), chance(SLOTS_S[5])))]
    assert places(insert(NEWCOMER, there, RULES, NOW)) == moved_up(2) | {"normal": SLOTS_S[5]}


def test_an_emergency_of_a_full_orbit_takes_the_place_of_normal_work_elsewhere():
    crowd = [emergency(f"e{n}", chance(12_000 + 100 * n), chance(SLOTS_S[3 + n])) for n in range(5)]
    there = [*map(placed, crowd), *(placed(work(f"n{n}", chance(SLOTS_S[3 + n]))) for n in range(5))]
    outcome = insert(emergency("new", chance(13_000)), there, RULES, NOW)
    assert len(outcome.placements) == 10
    assert {"new", "e0", "e1", "e2", "e3", "e4"} < places(outcome).keys()


def test_normal_work_sends_no_emergency_on_and_a_wish_does_not_leave_for_it():
    there = [
        placed(emergency("e", chance(SLOTS_S[0]), chance(SLOTS_S[1]))),
        placed(wish("w", chance(SLOTS_S[1]))),
    ]
    assert insert(work("new", chance(SLOTS_S[0])), there, RULES, NOW).placement is None


@pytest.mark.parametrize("commanded", range(2))
def test_whoever_is_commanded_ends_the_line(commanded):
    there = line_up(1)
    there[commanded] = placed(there[commanded].work, frozen=True)
    outcome = insert(NEWCOMER, there, RULES, NOW)
    assert outcome.placement is None
    assert outcome.refusal.code in ("CONFLICT", "FROZEN")
    again = replan([p.work for p in there] + [NEWCOMER], there, RULES, NOW)
    assert places(again) == places(outcome)


def test_a_longer_line_moves_up_when_everything_is_planned_again():
    there = line_up(FAR)
    assert insert(NEWCOMER, there, RULES, NOW).placement is None
    again = replan([*(p.work for p in there), NEWCOMER], there, RULES, NOW)
    assert places(again) == moved_up(FAR)
    assert {again.refusals[f"e{number}"].evidence["moved"] for number in range(FAR)} == {True}
    assert again.refusals["normal"].code == "BUMPED_BY_EMERGENCY"


def test_others_stay_or_go_elsewhere_when_a_longer_line_moves_up():
    end = work("normal", chance(SLOTS_S[FAR]), chance(SLOTS_S[6]))
    aside = [
        placed(work("aside", chance(SLOTS_S[5]))),
        placed(wish("commanded", chance(SLOTS_S[7])), frozen=True),
    ]
    there = [*line_up(FAR)[:FAR], placed(end), *aside]
    again = replan([*(p.work for p in there), NEWCOMER], there, RULES, NOW)
    kept = {"normal": SLOTS_S[6], "aside": SLOTS_S[5], "commanded": SLOTS_S[7]}
    assert places(again) == moved_up(FAR) | kept


def test_when_the_solver_dies_emergencies_stay_where_they_are(caplog):
    def die(*_):
        raise RuntimeError("out of order")

    there = line_up(FAR)
    again = replan([*(p.work for p in there), NEWCOMER], there, RULES, NOW, solve=die)
    assert places(again) == {p.work.id: p.chance.start_s for p in there}
    assert "out of order" in caplog.text
