"""What is left out because another is as good: no plan loses by it, and nothing goes that has no equal."""

from dataclasses import replace

import numpy as np
import pytest
from tests.scheduling.instances import find_conflicts, random_instance

from swath.scheduling.solver.dominance import find_undominated
from swath.scheduling.solver.instance import Instance
from swath.scheduling.solver.programs import Effort, choose
from swath.scheduling.solver.rows import build_rows


def find_best(instance: Instance) -> float:
    choice = choose(instance.chances.value, build_rows(instance, tails=True), Effort())
    assert choice.status == "optimal"
    assert choice.chosen is not None
    return float(instance.chances.value[choice.chosen].sum())


def alike(instance: Instance) -> Instance:
    """Chances of a work in one orbit are worth the same, as samples of one pass are."""
    chances = instance.chances
    return replace(instance, chances=replace(chances, value=1.0 + chances.work % 5))


@pytest.mark.parametrize("capacity_gb", [40.0, np.inf])
@pytest.mark.parametrize("seed", range(20))
def test_the_best_plan_is_worth_the_same_without_dominated_chances(seed: int, capacity_gb: float) -> None:
    instance = alike(random_instance(seed, works=14, span_s=1_500.0, capacity_gb=capacity_gb))
    few = find_undominated(instance)
    assert find_best(instance.take(few)) == pytest.approx(find_best(instance))


def test_some_chances_are_dominated() -> None:
    instances = [alike(random_instance(seed)) for seed in range(20)]
    left = sum(len(find_undominated(instance)) for instance in instances)
    all_of_them = sum(len(instance.chances) for instance in instances)
    assert left < 0.95 * all_of_them


@pytest.mark.parametrize("seed", range(5))
def test_of_a_chance_that_stands_twice_one_stays(seed: int) -> None:
    """But for captures during a pass, which each have a limit of their own."""
    instance = random_instance(seed, works=6)
    crafts = tuple(replace(craft, passes_s=np.empty((0, 2))) for craft in instance.crafts)
    instance = replace(instance, crafts=crafts)
    twice = instance.take(np.repeat(np.arange(len(instance.chances)), 2))
    few = find_undominated(twice)
    assert len(np.unique(few // 2)) == len(few)
    assert find_best(twice.take(few)) == pytest.approx(find_best(instance))


@pytest.mark.parametrize("seed", range(5))
def test_the_dearest_and_the_freest_of_a_work_stay(seed: int) -> None:
    instance = random_instance(seed)
    chances, few = instance.chances, set(find_undominated(instance).tolist())
    dearest = {
        int(np.argmax(np.where(chances.work == work, chances.value, -1.0))) for work in set(chances.work)
    }
    free = set(range(len(chances))) - {one for pair in find_conflicts(instance) for one in pair}
    assert dearest <= few
    for one in free - few:
        same = (chances.work == chances.work[one]) & (chances.craft == chances.craft[one])
        assert (chances.value[same] >= chances.value[one]).sum() > 1
