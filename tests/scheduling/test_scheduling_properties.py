"""What holds for any works in any order: the judge agrees, promises are kept, reasons are true."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scheduling.memory_judge import simulate_gb
from tests.scheduling.refusal_judge import check_refusal, check_remedies
from tests.scheduling.scheduling_world import AGILITY

from swath.fleet.model import Duty, Memory
from swath.scheduling import EMERGENCY, Chance, Placement, Rules, Work, insert, replan, verify, verify_change

pytestmark = pytest.mark.slow

NOW = 0.0
TIGHT = Duty(captures_per_orbit=3, seconds_per_orbit=45.0)
MEMORY = Memory(capacity_gb=60.0, fill_gb_s=1.0, drain_gb_s=0.3)
PASSES = ((150.0, 250.0), (500.0, 560.0))
RULES = Rules({"A": AGILITY, "B": AGILITY}, {"A": TIGHT, "B": TIGHT}, {"B": MEMORY}, {"B": PASSES})
ORBIT_S = 200.0


@st.composite
def chances(draw: st.DrawFn) -> Chance:
    """Dense on purpose: all within a few short orbits of two satellites, so that most works meet others."""
    start_s = draw(st.integers(100, 700)) + draw(st.sampled_from([0.0, 0.25, 1 / 3]))
    return Chance(
        satellite=draw(st.sampled_from("AB")),
        start_s=start_s,
        end_s=start_s + draw(st.integers(5, 25)),
        roll_deg=draw(st.integers(-30, 30)),
        pitch_deg=draw(st.sampled_from([-20.0, -5.0, 0.0, 5.0, 20.0])),
        uplink_by_s=start_s - draw(st.integers(20, 400)),
        revolution=int(start_s // ORBIT_S),
    )


@st.composite
def some_works(draw: st.DrawFn) -> list[Work]:
    """Up to a dozen works of any rank and of three accounts, each with up to four chances."""
    return [
        Work(f"w{number}", draw(st.integers(1, 3)), tuple(draw(st.lists(chances(), max_size=4))), owner)
        for number, owner in enumerate(draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=12)))
    ]


def insert_all(works: list[Work], freeze_every: int = 0) -> tuple[Placement, ...]:
    placements: tuple[Placement, ...] = ()
    for number, work in enumerate(works, start=1):
        placements = insert(work, placements, RULES, NOW).placements
        if freeze_every and number % freeze_every == 0 and placements:
            placements = (replace(placements[0], frozen=True), *placements[1:])
    return placements


@settings(max_examples=40, deadline=None)
@given(some_works(), st.integers(0, 3))
def test_the_judge_agrees_with_every_insertion(works: list[Work], freeze_every: int):
    placements: tuple[Placement, ...] = ()
    for number, work in enumerate(works, start=1):
        outcome = insert(work, placements, RULES, NOW)
        assert verify(outcome.placements, works, RULES) == ()
        assert verify_change(placements, outcome.placements, NOW) == ()
        assert all(d.placement or work.rank == EMERGENCY for d in outcome.displaced)
        on_b = [p.chance for p in outcome.placements if p.chance.satellite == "B"]
        assert simulate_gb(on_b, MEMORY, PASSES) <= MEMORY.capacity_gb + 1e-6
        placements = outcome.placements
        if freeze_every and number % freeze_every == 0 and placements:
            placements = (replace(placements[0], frozen=True), *placements[1:])


@settings(max_examples=30, deadline=None)
@given(some_works())
def test_the_answer_tells_exactly_what_changed(works: list[Work]):
    before = {p.work.id: p.chance for p in insert_all(works[:-1])}
    outcome = insert(works[-1], insert_all(works[:-1]), RULES, NOW)
    after = {p.work.id: p.chance for p in outcome.placements}
    changed = {work_id for work_id in before if after.get(work_id) != before[work_id]}
    assert changed == {d.work.id for d in outcome.displaced}
    assert all((d.placement is None) == (d.work.id not in after) for d in outcome.displaced)
    assert all(d.work.rank <= works[-1].rank for d in outcome.displaced)
    assert all(d.work.rank < EMERGENCY for d in outcome.displaced if d.placement is None)
    assert (outcome.placement is None) == (works[-1].id not in after) == (outcome.refusal is not None)


@settings(max_examples=30, deadline=None)
@given(some_works())
def test_an_emergency_is_moved_by_emergencies_only_and_lost_by_nobody(works: list[Work]):
    placements: tuple[Placement, ...] = ()
    for work in works:
        outcome = insert(work, placements, RULES, NOW)
        for displaced in outcome.displaced:
            if displaced.work.rank == EMERGENCY:
                assert work.rank == EMERGENCY
                assert displaced.placement is not None
        placements = outcome.placements


@settings(max_examples=30, deadline=None)
@given(some_works())
def test_the_same_question_gets_the_same_answer(works: list[Work]):
    placements = insert_all(works[:-1])
    first = insert(works[-1], placements, RULES, NOW)
    assert insert(works[-1], tuple(reversed(placements)), RULES, NOW) == replace(
        first, placements=first.placements if first.placement else tuple(reversed(placements))
    )


@settings(max_examples=40, deadline=None)
@given(some_works(), st.integers(0, 3))
def test_a_refusal_can_be_checked(works: list[Work], freeze_every: int):
    placements = insert_all(works[:-1], freeze_every)
    refusal = insert(works[-1], placements, RULES, NOW).refusal
    if refusal is not None:
        check_refusal(refusal, works[-1], placements, RULES, NOW)
        check_remedies(refusal, works[-1], placements, RULES, NOW)


@settings(max_examples=30, deadline=None)
@given(some_works(), st.integers(0, 3), st.data())
def test_planning_again_keeps_every_promise(works: list[Work], freeze_every: int, data: st.DataObject):
    placements = insert_all(works, freeze_every)
    cancelled = data.draw(st.sets(st.sampled_from([w.id for w in works])))
    still_open = [w for w in works if w.id not in cancelled]
    before = [p for p in placements if p.frozen or p.work.id not in cancelled]
    outcome = replan(still_open, placements, RULES, NOW)
    assert verify(outcome.placements, works, RULES) == ()
    assert verify_change(before, outcome.placements, NOW) == ()
    placed = {p.work.id for p in outcome.placements}
    assert all(w.id in placed or w.id in outcome.refusals for w in still_open)


@settings(max_examples=40, deadline=None)
@given(some_works())
def test_planning_again_without_a_change_settles_at_once(works: list[Work]):
    once = replan(works, insert_all(works), RULES, NOW)
    assert replan(works, once.placements, RULES, NOW).placements == once.placements


def count_most(works: list[Work], placements: tuple[Placement, ...]) -> int:
    """How many of the works any plan could hold beside these placements: every combination is tried."""
    if not works:
        return 0
    most = count_most(works[1:], placements)
    for chance in works[0].chances:
        more = (*placements, Placement(works[0], chance))
        if chance.uplink_by_s > NOW and not verify(more, [p.work for p in more], RULES):
            most = max(most, 1 + count_most(works[1:], more))
    return most


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(chances(), min_size=1, max_size=3), min_size=2, max_size=5), some_works())
def test_no_more_emergencies_could_be_placed_than_are(urgent: list[list[Chance]], works: list[Work]):
    others = [replace(work, rank=min(work.rank, EMERGENCY - 1)) for work in works]
    emergencies = [Work(f"e{i}", EMERGENCY, tuple(some), "rescue") for i, some in enumerate(urgent)]
    there = tuple(replace(p, frozen=i % 3 == 0) for i, p in enumerate(insert_all(others)))
    before = there
    for work in emergencies:
        before = insert(work, before, RULES, NOW).placements
    after = replan([*others, *emergencies], before, RULES, NOW).placements
    placed = [p for p in after if p.work.rank == EMERGENCY]
    assert len(placed) == count_most(emergencies, tuple(p for p in there if p.frozen))
    assert verify_change(before, after, NOW) == ()
