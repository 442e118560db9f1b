"""The compiled search: keeps every rule at every step, never ends worse, and is the same for the same seed."""

import numpy as np
import pytest
from tests.scheduling.instances import find_conflicts, random_instance

from swath.scheduling.solver.columns import build_columns
from swath.scheduling.solver.covers import cover_conflicts
from swath.scheduling.solver.rows import build_rows, measure_use
from swath.scheduling.solver.search import improve, insert_in_order
from swath.scheduling.solver.state import build_state, has_room
from swath.scheduling.solver.verify_plan import verify_plan

NOTHING = np.empty(0, np.int64)


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_that_was_searched_is_sound_and_no_worse(seed: int) -> None:
    instance = random_instance(seed, works=40)
    instance = instance.take(np.flatnonzero(instance.chances.open))
    value = instance.chances.value
    first = insert_in_order(instance, NOTHING, np.argsort(-value, kind="stable"))
    found = improve(instance, first, seconds=60.0, steps=3_000, seed=seed)
    assert not verify_plan(instance, found.tolist())
    assert value[found].sum() >= value[first].sum()


def test_the_same_seed_and_steps_give_the_same_plan() -> None:
    instance = random_instance(1, works=60)
    found = [improve(instance, NOTHING, seconds=60.0, steps=5_000, seed=3).tolist() for _ in range(2)]
    assert found[0] == found[1]


@pytest.mark.parametrize("seed", range(10))
def test_there_is_room_exactly_where_the_linear_rows_say_so(seed: int) -> None:
    instance, random = random_instance(seed, works=25), np.random.default_rng(seed)
    columns, rows = build_columns(instance), build_rows(instance, tails=True)
    plan = insert_in_order(instance, NOTHING, random.permutation(len(instance.chances)))
    held = plan[random.random(len(plan)) < 0.7]
    state = build_state(columns, held)
    for chance in np.setdiff1d(np.arange(len(instance.chances)), held):
        others = held[instance.chances.work[held] != instance.chances.work[chance]]
        if len(others) < len(held):
            continue
        fine = bool(np.all(measure_use(rows, np.append(held, chance)) <= rows.most + 2e-5))
        assert has_room(columns, state, int(chance)) == fine


@pytest.mark.parametrize("seed", range(10))
def test_cliques_hold_every_conflict_and_nothing_but_conflicts(seed: int) -> None:
    instance = random_instance(seed, works=30, crafts=2, span_s=600.0)
    columns, work, craft = build_columns(instance), instance.chances.work, instance.chances.craft
    found: set[tuple[int, int]] = set()
    for i in range(2):
        cover = cover_conflicts(columns, instance.slice_of(i))
        for first, last in zip(cover.first[:-1], cover.first[1:], strict=True):
            members = sorted(cover.member[first:last].tolist())
            found |= {(a, b) for a in members for b in members if a < b}
    n = len(work)
    same = {(a, b) for a in range(n) for b in range(a + 1, n) if craft[a] == craft[b] and work[a] == work[b]}
    conflicts = set(find_conflicts(instance))
    assert conflicts <= found <= conflicts | same
