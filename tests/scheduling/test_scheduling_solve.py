"""The best plan: other solvers' optima, proofs and bounds, promises, levels, and what happens when a solver dies."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pytest
from ortools.sat.python import cp_model
from tests.scheduling.instances import find_conflicts, random_instance

from swath.scheduling.solver import solve as solving
from swath.scheduling.solver.files import describe_solution, read_problem
from swath.scheduling.solver.instance import NOWHERE, Craft, Instance
from swath.scheduling.solver.programs import Effort, choose, relax
from swath.scheduling.solver.publish import PlanRefused, solve_verified
from swath.scheduling.solver.rows import build_rows, measure_use
from swath.scheduling.solver.run import Budget
from swath.scheduling.solver.solve import Solution, solve
from swath.scheduling.solver.verify_plan import verify_plan

AGILE = Path(__file__).parents[1] / "reference" / "agile" / "a200.json.gz"
# Decigigabytes: what whole seconds fill at 0.8 GB/s is whole in them.
SCALE = 10


def solve_with_cp_sat(instance: Instance) -> float:
    """The optimum by pairs of conflicts, and by capacities of rows that are checked elsewhere to be exact."""
    model, chances = cp_model.CpModel(), instance.chances
    x = [model.new_bool_var(str(i)) for i in range(len(chances))]
    for i in np.flatnonzero(~chances.open):
        model.add(x[i] == 0)
    for a, b in find_conflicts(instance):
        model.add_at_most_one(x[a], x[b])
    for work in range(len(instance.works)):
        model.add_at_most_one(x[i] for i in np.flatnonzero(chances.work == work))
    rows = build_rows(instance, tails=True)
    for row in range(len(rows.most)):
        entries = np.flatnonzero(rows.row == row)
        members = np.searchsorted(rows.first, entries, side="right") - 1
        weights = np.rint(rows.coefficient[entries] * SCALE).astype(int)
        limit = int(np.floor(rows.most[row] * SCALE))
        model.add(sum(int(w) * x[m] for w, m in zip(weights, members, strict=True)) <= limit)
    model.maximize(sum(int(v) * x[i] for i, v in enumerate(chances.value)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return solver.objective_value


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_is_worth_what_another_solver_finds(seed: int) -> None:
    instance = random_instance(seed)
    found = solve_verified(instance, Budget(60.0))
    assert found.status == "optimal"
    assert found.value == pytest.approx(solve_with_cp_sat(instance))


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1e-3, 1e12, 1e200])
@pytest.mark.parametrize("exactly", [True, False])
def test_the_plan_does_not_depend_on_the_unit_of_values(
    unit: float, exactly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exactly:
        monkeypatch.setattr(solving, "AT_ONCE", 0)
        monkeypatch.setattr(solving, "EXACT", 0)
    usual = random_instance(3, works=40)
    other = replace(usual, chances=replace(usual.chances, value=usual.chances.value * unit))
    before, after = solve(usual, Budget(20.0)), solve(other, Budget(20.0))
    assert before.bound is not None
    assert after.bound is not None
    assert after.value == pytest.approx(before.value * unit, rel=1e-9 if exactly else 0.02)
    assert after.value <= after.bound * (1 + 1e-9)
    assert after.bound == pytest.approx(before.bound * unit, rel=1e-6)


@pytest.mark.parametrize("rounds", [None, 3])
@pytest.mark.parametrize("seed", range(4))
def test_a_plan_that_windows_began_is_proved_too(
    seed: int, rounds: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "AT_ONCE", 0)
    instance = random_instance(seed)
    found = solve_verified(instance, Budget(60.0, rounds))
    assert (found.status, found.solver) == ("optimal", "lp+windows+mip")
    assert found.value == pytest.approx(solve_with_cp_sat(instance))


def test_the_optimum_of_a_synthetic_day_is_proved() -> None:
    found = solve_verified(read_problem(AGILE).instance, Budget(60.0))
    assert (found.status, found.value, found.bound) == ("optimal", 90_483.0, pytest.approx(90_483.0))


@pytest.fixture
def without_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem counts as a large one."""
    monkeypatch.setattr(solving, "AT_ONCE", 0)
    monkeypatch.setattr(solving, "EXACT", 0)
    monkeypatch.setattr(solving, "EXACT_COUNTED", 0)


@pytest.mark.usefixtures("without_proof")
@pytest.mark.parametrize("seed", range(6))
def test_windows_come_near_the_optimum_and_the_bound_holds(seed: int) -> None:
    instance = random_instance(seed, works=40, crafts=3, span_s=9_000.0)
    best = solve_with_cp_sat(instance)
    found = solve_verified(instance, Budget(20.0, rounds=20))
    assert found.value <= best <= found.bound + 1e-6
    assert found.value >= 0.99 * best


@pytest.mark.usefixtures("without_proof")
def test_the_same_seed_and_rounds_give_the_same_plan() -> None:
    instance = random_instance(6, works=150, crafts=3, span_s=20_000.0)
    plans = [solve(instance, Budget(100.0, rounds=2), seed=7).chosen.tolist() for _ in range(2)]
    assert plans[0] == plans[1]


def all_plans(instance: Instance) -> list[list[int]]:
    n = len(instance.chances)
    subsets = chain.from_iterable(combinations(range(n), k) for k in range(len(instance.works) + 1))
    return [list(plan) for plan in subsets if not verify_plan(instance, plan)]


def weigh(instance: Instance, plan: list[int]) -> tuple[float, ...]:
    level = instance.works.level[instance.chances.work[plan]]
    value = instance.chances.value[plan]
    return tuple(float(value[level == one].sum()) for one in np.unique(instance.works.level)[::-1])


@pytest.mark.parametrize("seed", range(8))
def test_no_level_gains_at_the_cost_of_a_higher_one(seed: int) -> None:
    # Without memory, which the verifier reckons less cautiously than the solver.
    instance = random_instance(seed, works=4, crafts=1, levels=3, span_s=120.0, capacity_gb=np.inf)
    found = solve_verified(instance, Budget(60.0))
    best = max(weigh(instance, plan) for plan in all_plans(instance))
    assert weigh(instance, found.chosen.tolist()) == pytest.approx(best)
    assert tuple(part.value for part in found.parts) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(8))
def test_who_is_kept_keeps_a_place_and_who_is_fixed_that_place(seed: int) -> None:
    instance = random_instance(seed, works=30, crafts=2)
    before = solve(instance, Budget(5.0)).chosen
    place = np.full(len(instance.works), NOWHERE)
    place[instance.chances.work[before]] = before
    placed, cheap = place != NOWHERE, instance.chances.value.copy()
    cheap[before] = 0.0
    held = replace(
        instance,
        chances=replace(instance.chances, value=cheap),
        works=replace(
            instance.works,
            place=place,
            kept=placed & (np.arange(30) % 2 == 0),
            fixed=placed & (np.arange(30) % 3 == 0),
        ),
    )
    after = solve_verified(held, Budget(60.0)).chosen
    works_after = set(instance.chances.work[after])
    assert set(np.flatnonzero(held.works.kept)) <= works_after
    assert set(place[held.works.fixed]) <= set(after)


@pytest.mark.usefixtures("without_proof")
@pytest.mark.parametrize(
    "means", ["swath.scheduling.solver.solve.relax", "swath.scheduling.solver.windows.choose"]
)
def test_a_solver_that_dies_costs_no_more_than_its_own_part(
    means: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def die(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(means, die)
    found = solve_verified(random_instance(3, works=40), Budget(2.0, rounds=1))
    assert found.value > 0.0
    assert "out of memory" in caplog.text


def test_a_plan_that_breaks_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = random_instance(5, works=30)
    everything = np.arange(len(instance.chances))
    monkeypatch.setattr(
        "swath.scheduling.solver.publish.solve", lambda *_: Solution(everything, (), 0.0, 0, "nonsense")
    )
    with pytest.raises(PlanRefused, match="breaks"):
        solve_verified(instance, Budget(1.0))


def test_a_bound_that_was_not_found_in_time_is_none_and_not_infinity() -> None:
    instance = read_problem(AGILE).instance
    found = choose(
        instance.chances.value, build_rows(instance, tails=True), Effort(1e-6), np.empty(0, np.int64)
    )
    assert found is None or found.bound is None or np.isfinite(found.bound)
    json.dumps(describe_solution(solve(instance, Budget(0.02))), allow_nan=False)


def test_when_time_is_over_at_once_there_is_still_a_plan() -> None:
    found = solve_verified(random_instance(2, works=60), Budget(0.0))
    assert found.value > 0.0
    assert (found.bound, found.status) == (None, "feasible")


@pytest.mark.parametrize("works, crafts", [(0, 2), (0, 0)])
def test_a_day_without_work_has_an_empty_optimal_plan(works: int, crafts: int) -> None:
    found = solve_verified(random_instance(1, works=works, crafts=crafts), Budget(1.0))
    assert (len(found.chosen), found.value, found.status) == (0, 0.0, "optimal")


def test_all_work_in_one_second_leaves_one_capture_a_satellite() -> None:
    crowded = random_instance(4, works=50, crafts=2, span_s=1.0, capacity_gb=np.inf)
    assert len(solve_verified(crowded, Budget(5.0)).chosen) == 2


@pytest.mark.usefixtures("without_proof")
def test_a_memory_of_nothing_holds_nothing_in_large_problems_either() -> None:
    assert len(solve_verified(random_instance(4, capacity_gb=0.0), Budget(5.0, rounds=2)).chosen) == 0


def test_a_memory_of_nothing_holds_nothing() -> None:
    assert len(solve_verified(random_instance(4, capacity_gb=0.0), Budget(5.0)).chosen) == 0


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("capacity_gb", [60.0, np.inf])
def test_a_plan_keeps_the_rows_when_the_verifier_finds_it_sound(seed: int, capacity_gb: float) -> None:
    """Of random subsets; about memory the rows may be more cautious than physics, never less."""
    instance, random = random_instance(seed, works=10, capacity_gb=capacity_gb), np.random.default_rng(seed)
    instance = instance.take(np.flatnonzero(instance.chances.open))
    rows, sound = build_rows(instance, tails=True), 0
    for _ in range(200):
        plan = np.flatnonzero(random.random(len(instance.chances)) < random.uniform(0.02, 0.2))
        keeps = bool(np.all(measure_use(rows, plan) <= rows.most + 1e-9))
        broken = {violation.rule for violation in verify_plan(instance, plan.tolist())}
        sound += not broken
        assert not (keeps and broken), broken
        assert keeps or broken or capacity_gb < np.inf
    assert 0 < sound < 200


def list_intervals(craft: Craft, starts_s: Iterable[float]) -> Iterator[tuple[float, float, float]]:
    """From when, to when, and the gigabytes that can be captured between, on board and sent down.

    They begin when a pass ends, or with a capture during one, and end with a pass, or never.
    """
    begins, ends = craft.passes_s.T
    inside = [start for start in starts_s if ((begins <= start) & (start < ends)).any()]
    for low in (-np.inf, *ends, *inside):
        for high in (*ends[ends > low], np.inf):
            passed_s = np.clip(np.where(ends < high, ends, low) - np.clip(begins, low, None), 0.0, None)
            yield low, high, craft.capacity_gb + craft.drain_gb_s * passed_s.sum()


@pytest.mark.parametrize("seed", range(10))
def test_rows_that_are_left_out_follow_from_the_others(seed: int) -> None:
    """Whatever shares keep the rows, nothing that is captured in any interval is more than there is room for."""
    instance = random_instance(seed, works=30, span_s=9_000.0, capacity_gb=12.0)
    rows, chances = build_rows(instance, tails=True), instance.chances
    for i, craft in enumerate(instance.crafts):
        mine = chances.craft == i
        for low, high, most_gb in list_intervals(craft, chances.start_s[mine]):
            held = mine & (chances.start_s >= low) & (chances.start_s < high)
            data_gb = np.where(held, craft.fill_gb_s * (chances.end_s - chances.start_s), 0.0)
            relaxed = relax(data_gb, rows, Effort())
            assert relaxed is not None
            assert relaxed.bound <= most_gb + 1e-6
