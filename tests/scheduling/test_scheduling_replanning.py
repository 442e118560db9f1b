"""Planning again: promises first, then what was waiting, by rank and by age."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.scheduling.scheduling_world import (
    LATE,
    NOTICE_S,
    RULES,
    WISH_S,
    WISHES_LAST,
    chance,
    emergency,
    placed,
    wish,
    work,
)

from swath.ops.reruns import rerun
from swath.scheduling import insert, replan
from swath.scheduling.replanning import BUDGET
from swath.tasking.model import Reason, Schedule

NOW = 0.0


def places(outcome):
    return {p.work.id: p.chance.start_s for p in outcome.placements}


def test_nothing_changes_when_nothing_happened():
    there = [placed(work("a", chance(10_000), chance(20_000)), 1), placed(wish("b", chance(30_000)))]
    outcome = replan([p.work for p in there], there, RULES, NOW)
    assert places(outcome) == {"a": 20_000, "b": 30_000}
    assert outcome.refusals == {}


def test_the_place_of_cancelled_work_goes_to_the_one_who_waited():
    cancelled, waiting = placed(work("gone", chance(10_000))), work("waiting", chance(10_000))
    outcome = replan([waiting], [cancelled], RULES, NOW)
    assert places(outcome) == {"waiting": 10_000}


def test_of_those_who_wait_the_higher_comes_first_and_then_the_older():
    soon = chance(10_000, uplink_by=NOW + 60.0)
    waiting = [wish("dream", soon), work("old", chance(10_000)), work("young", chance(10_000))]
    outcome = replan(waiting, (), RULES, NOW)
    assert places(outcome) == {"old": 10_000}
    assert outcome.refusals["young"].code == "CONFLICT"
    assert outcome.refusals["dream"].code == "LOWER_VALUE"
    assert "moved" not in outcome.refusals["dream"].evidence, "it never had a place to lose"
    assert places(replan([*waiting, emergency("e", chance(10_000))], (), RULES, NOW)) == {"e": 10_000}


def test_of_those_who_wait_what_is_worth_more_comes_first():
    waiting = [work("old", chance(10_000)), replace(work("dear", chance(10_000)), worth=2.0)]
    assert places(replan(waiting, (), RULES, NOW)) == {"dear": 10_000}
    accepted = placed(waiting[0])
    assert places(replan(waiting, [accepted], RULES, NOW)) == {"old": 10_000}, (
        "a promise is no matter of worth"
    )


def test_accepted_work_is_kept_before_older_work_that_waits():
    accepted = placed(work("accepted", chance(10_000)))
    outcome = replan([work("older", chance(10_000)), accepted.work], [accepted], RULES, NOW)
    assert places(outcome) == {"accepted": 10_000}
    assert outcome.refusals["older"].code == "CONFLICT"


def test_commanded_work_stays_even_if_it_is_not_among_the_open_works():
    commanded = placed(work("commanded", chance(10_000)), frozen=True)
    outcome = replan([emergency("e", chance(10_000))], [commanded], RULES, NOW)
    assert outcome.placements == (commanded,)
    assert outcome.refusals["e"].code == "FROZEN"


def test_work_whose_uplink_was_missed_gets_its_next_chance():
    missed = work("missed", chance(10_000, uplink_by=1_000.0), chance(20_000))
    assert places(replan([missed], (), RULES, 2_000.0)) == {"missed": 20_000}


def test_work_at_its_deadline_is_left_for_its_uplink():
    there = placed(work("there", chance(10_000, uplink_by=1_000.0), chance(20_000)))
    assert places(replan([there.work], [there], RULES, 1_000.0)) == {"there": 10_000}
    changed = work("there", chance(20_000))
    assert places(replan([changed], [there], RULES, 1_000.0)) == {"there": 10_000}
    assert places(replan([changed], [there], RULES, 999.0)) == {"there": 20_000}


def test_a_chance_that_is_no_longer_one_is_given_up_for_another():
    there = placed(work("w", chance(10_000)))
    again = work("w", chance(10_500), chance(20_000))
    assert places(replan([again], [there], RULES, NOW)) == {"w": 10_500}


def test_an_emergency_that_waited_displaces_and_the_displaced_hear_of_it():
    there = placed(work("there", chance(10_000)))
    outcome = replan([there.work, emergency("e", chance(10_000))], [there], RULES, NOW)
    assert places(outcome) == {"e": 10_000}
    assert outcome.refusals["there"].code == "BUMPED_BY_EMERGENCY"


def test_who_had_to_move_is_told_why():
    there = placed(work("there", chance(10_000), chance(20_000)))
    outcome = replan([there.work, emergency("e", chance(10_000))], [there], RULES, NOW)
    assert places(outcome) == {"e": 10_000, "there": 20_000}
    assert outcome.refusals["there"].evidence["moved"] is True


def test_what_no_longer_fits_together_is_settled_by_rank():
    # Two captures that were compatible under other limits: the emergency keeps its place.
    there = [placed(work("n", chance(10_000), chance(20_000))), placed(emergency("e", chance(10_012)))]
    assert places(replan([p.work for p in there], there, RULES, NOW)) == {"e": 10_012, "n": 20_000}


def test_planning_again_never_does_worse_than_inserting_did():
    placements = ()
    works = [work(f"w{n}", chance(10_000 + 7 * n), chance(20_000 + 7 * n)) for n in range(6)]
    for each in works:
        placements = insert(each, placements, RULES, NOW).placements
    assert set(places(replan(works, placements, RULES, NOW))) >= {p.work.id for p in placements}


def test_a_wish_waits_until_its_commands_are_about_to_go_up():
    dream = wish("dream", chance(10_000, uplink_by=5_000.0))
    early = replan([dream], (), WISHES_LAST, NOW)
    assert places(early) == {}
    assert (early.refusals["dream"].code, early.refusals["dream"].evidence) == (
        "WAITING",
        {"notice_at": "1970-01-01T01:08:20.000Z"},
    )
    assert places(replan([dream], (), WISHES_LAST, 5_000.0 - WISH_S)) == {"dream": 10_000}


def test_a_wish_that_loses_its_access_is_told_although_another_chance_is_to_come():
    gone = placed(wish("dream", chance(10_000, uplink_by=60.0)))
    outcome = replan([wish("dream", chance(90_000, uplink_by=80_000.0))], [gone], WISHES_LAST, NOW)
    assert places(outcome) == {}
    assert set(outcome.refusals) == {"dream"}


def test_what_is_given_to_a_wish_at_last_is_what_nobody_else_wants():
    works = [wish("dream", chance(10_000, uplink_by=60.0)), work("paid", chance(10_000, uplink_by=60.0))]
    assert places(replan(works, (), WISHES_LAST, NOW)) == {"paid": 10_000}


def test_work_that_is_promised_late_waits_for_its_notice_and_says_when_that_is():
    waiting = work("w", chance(90_000, uplink_by=80_000.0), chance(120_000, uplink_by=110_000.0))
    for outcome in (insert(waiting, (), LATE, NOW), replan([waiting], (), LATE, NOW)):
        refusal = getattr(outcome, "refusal", None) or outcome.refusals["w"]
        assert outcome.placements == ()
        assert (refusal.code, refusal.evidence["notice_at"]) == ("WAITING", "1970-01-01T18:13:20.000Z")
    at = 80_000.0 - NOTICE_S
    assert places(replan([waiting], (), LATE, at - 1.0)) == {}
    assert places(replan([waiting], (), LATE, at)) == {"w": 90_000}
    assert insert(waiting, (), LATE, at).placement is not None


def test_what_finds_no_room_at_its_notice_waits_for_that_of_its_next_chance():
    there = placed(work("there", chance(90_000, uplink_by=80_000.0)))
    waiting = work("w", chance(90_000, uplink_by=80_000.0), chance(120_000, uplink_by=110_000.0))
    outcome = replan([waiting, there.work], [there], LATE, 80_000.0 - NOTICE_S)
    assert places(outcome) == {"there": 90_000}
    assert outcome.refusals["w"].evidence == {"notice_at": "1970-01-02T02:33:20.000Z"}
    last = replan([waiting, there.work], [there], LATE, 110_000.0 - NOTICE_S)
    assert places(last) == {"there": 90_000, "w": 120_000}


def test_what_can_never_be_captured_does_not_wait_to_be_told():
    assert insert(work("w"), (), LATE, NOW).refusal.code == "NO_ACCESS"
    gone = work("w", chance(10_000, uplink_by=NOW))
    assert insert(gone, (), LATE, NOW).refusal.code == "UPLINK_DEADLINE"
    assert replan([gone], (), LATE, NOW).refusals["w"].code == "UPLINK_DEADLINE"


def test_of_those_who_were_promised_nothing_yet_the_dearest_is():
    """That is what waiting is for: at once, the first to come would have had the place."""
    soon = chance(10_000, uplink_by=5_000.0)
    arrivals = [work("cheap", soon), replace(work("dear", soon), worth=3.0)]
    assert places(replan(arrivals, (), LATE, NOW)) == {"dear": 10_000}


def test_a_capture_moves_when_that_lets_another_in_and_not_otherwise():
    there = [placed(work("a", chance(10_000), chance(20_000)))]
    assert places(replan([p.work for p in there], there, RULES, NOW)) == {"a": 10_000}
    both = replan([there[0].work, work("b", chance(10_000))], there, RULES, NOW)
    assert places(both) == {"a": 20_000, "b": 10_000}


def test_the_same_inputs_give_the_same_plan_again():
    works = [work(str(i), *(chance(10_000 + 7 * i + 300 * k) for k in range(3))) for i in range(8)]
    outcome = replan(works, (), RULES, NOW)
    assert outcome.made is not None
    kept = json.loads(json.dumps({"made_by": "plan", **outcome.made.inputs}))
    assert (kept["seconds"], kept["rounds"]) == (BUDGET.seconds, BUDGET.rounds)
    nothing = Schedule(0, datetime(2026, 8, 22, tzinfo=UTC), Reason("TEST", ""))
    assert rerun(kept, nothing, nothing).differences == []
    assert {(line["work"], line["start_s"]) for line in kept["plan"]} == set(places(outcome).items())


def test_when_the_solver_dies_promises_stand_and_what_has_room_is_inserted(caplog):
    def die(*_: object) -> Any:
        raise RuntimeError("no licence")

    there = [placed(work("a", chance(10_000)))]
    works = [there[0].work, work("b", chance(30_000)), work("c", chance(10_000))]
    outcome = replan(works, there, RULES, NOW, solve=die)
    assert places(outcome) == {"a": 10_000, "b": 30_000}
    assert outcome.refusals["c"].code == "CONFLICT"
    assert outcome.made is None
    assert "no licence" in caplog.text
