"""The exact choice: as good as trying everything, proved, repeatable, and honest when time runs out."""

import subprocess
import sys
from dataclasses import replace
from itertools import chain, combinations
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from swath.scheduling.selections import exact
from swath.scheduling.selections.exact import select
from swath.scheduling.selections.selection import Row, Selected, Selection
from swath.scheduling.solver.highs import SolverFailed
from swath.scheduling.solver.programs import Choice


def pairs_of(*groups: tuple[int, int]) -> np.ndarray:
    return np.array(groups, np.int64).reshape(-1, 2)


def triples_of(*groups: tuple[int, int, int]) -> np.ndarray:
    return np.array(groups, np.int64).reshape(-1, 3)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Up to nine things, worthless and negative ones too, that meet often; rows with holes and negative weights."""
    count = draw(st.integers(1, 9))
    values = draw(st.lists(st.integers(-2, 9), min_size=count, max_size=count))
    if draw(st.booleans()):
        values = [value / 7 for value in values]
    things, rows = range(count), []
    for _ in range(draw(st.integers(0, 2))):
        members = draw(st.lists(st.sampled_from(things), min_size=1, unique=True))
        weights = draw(st.lists(st.integers(-1, 4), min_size=len(members), max_size=len(members)))
        rows.append(Row(tuple(members), tuple(map(float, weights)), float(draw(st.integers(0, 8)))))
    return Selection(
        np.array(values, float),
        pairs_of(*draw(st.lists(st.sampled_from([*combinations(things, 2)] or [(0, 0)]), max_size=8)))
        if count > 1
        else pairs_of(),
        triples_of(*draw(st.lists(st.sampled_from([*combinations(things, 3)]), max_size=12)))
        if count > 2
        else triples_of(),
        tuple(rows),
    )


def try_everything(problem: Selection) -> float:
    things = range(len(problem))
    every = chain.from_iterable(combinations(things, size) for size in range(len(problem) + 1))
    return max(problem.weigh(choice) for choice in every if problem.allows(choice))


def draw_large(seed: int, count: int = 60) -> Selection:
    dice = np.random.default_rng(seed)
    pairs = np.argwhere(np.triu(dice.random((count, count)) < 0.08, 1))
    triples = np.sort(np.array([dice.choice(count, 3, replace=False) for _ in range(200)]), axis=1)
    weights = dice.integers(1, 9, count).astype(float)
    rows = tuple(
        Row(tuple(half), tuple(weights[half]), 40.0) for half in np.arange(count).reshape(2, -1).tolist()
    )
    return Selection(dice.integers(1, 50, count).astype(float), pairs, triples, rows)


def solve_by_cp_sat(problem: Selection) -> float:
    model, solver = cp_model.CpModel(), cp_model.CpSolver()
    x = [model.new_bool_var(str(k)) for k in range(len(problem))]
    for group in chain(problem.pairs.tolist(), problem.triples.tolist()):
        model.add(sum(x[k] for k in group) <= len(group) - 1)
    for row in problem.rows:
        model.add(sum(int(w) * x[k] for k, w in zip(row.members, row.weights, strict=True)) <= int(row.limit))
    model.maximize(sum(int(v) * x[k] for k, v in enumerate(problem.values)))
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 60
    assert solver.solve(model) == cp_model.OPTIMAL
    return solver.objective_value


@settings(max_examples=150, deadline=None)
@given(selections())
def test_the_selection_is_the_best_of_all_there_are(problem: Selection):
    found = select(problem)
    assert found.status == "optimal"
    assert problem.allows(found.chosen)
    assert found.value == pytest.approx(problem.weigh(found.chosen))
    assert found.value == pytest.approx(try_everything(problem))
    assert found.bound == pytest.approx(found.value, abs=1e-5)


@pytest.mark.parametrize("start", [(), (0,), (1,), (2,), (4,), (0, 1)])
def test_what_is_proved_to_be_the_best_is_not_what_the_search_began_with(start: tuple[int, ...]):
    """HiGHS 1.16 gave the start back, and called it optimal."""
    problem = Selection(
        np.array([1.0, 2, 1, 0, 2, 0, 1]),
        pairs=np.array([[0, 4], [1, 6]]),
        triples=np.array([[0, 1, 2]]),
        rows=(Row((3, 5, 2, 1, 6, 0, 4), (0.0, 0, 4, 2, 1, 0, 3), 4.0),),
    )
    found = select(problem, start=start)
    assert (found.status, found.value, found.bound) == ("optimal", 3.0, 3.0)


@settings(max_examples=50, deadline=None)
@given(selections(), st.randoms())
def test_the_value_does_not_depend_on_the_start(problem: Selection, dice):
    start = dice.sample(range(len(problem)), dice.randint(0, len(problem)))
    assert select(problem, start=start).value == pytest.approx(select(problem).value)


@settings(max_examples=50, deadline=None)
@given(selections(), st.randoms())
def test_without_time_the_start_is_kept_and_the_bound_holds(problem: Selection, dice):
    start = dice.sample(range(len(problem)), dice.randint(0, len(problem)))
    found = select(problem, seconds=0, start=start)
    assert found.status == "time"
    assert problem.allows(found.chosen)
    assert found.bound >= try_everything(problem) - 1e-9
    if problem.allows(start):
        assert found.value >= problem.weigh(start) - 1e-9


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cp_sat_finds_the_same_optimum(seed: int):
    problem = draw_large(seed)
    assert select(problem).value == solve_by_cp_sat(problem)


def test_the_same_problem_gives_the_same_choice():
    problem = draw_large(4)
    assert replace(select(problem), seconds=0) == replace(select(problem), seconds=0)


def test_independent_parts_are_solved_apart(monkeypatch: pytest.MonkeyPatch):
    """Two copies of a problem, and one thing that meets nothing: three programs, of which none sees another."""
    one = Selection(np.array([3.0, 2, 2, 2]), pairs_of((0, 1), (0, 2), (0, 3)), triples_of((1, 2, 3)))
    both = Selection(
        np.concatenate([one.values, one.values, [5.0]]),
        np.concatenate([one.pairs, one.pairs + 4]),
        np.concatenate([one.triples, one.triples + 4]),
    )
    sizes, choose = [], exact.choose
    monkeypatch.setattr(exact, "choose", lambda values, *a: sizes.append(len(values)) or choose(values, *a))
    found = select(both)
    assert (found.value, found.bound) == (13, 13)
    assert max(sizes) <= 4


def test_a_row_that_nothing_can_keep_makes_the_problem_infeasible():
    problem = Selection(np.array([1.0, 2.0]), rows=(Row((0, 1), (1.0, 1.0), -1.0),))
    assert replace(select(problem), seconds=0) == Selected((), -inf, -inf, "infeasible", 0)


def test_a_row_may_demand_a_choice():
    problem = Selection(np.array([-1.0, -2.0]), pairs_of((0, 1)), rows=(Row((0, 1), (-1.0, -1.0), -1.0),))
    assert select(problem).chosen == (0,)


def test_an_empty_problem_has_an_empty_selection():
    assert replace(select(Selection(np.zeros(0))), seconds=0) == Selected((), 0, 0, "optimal", 0)


@pytest.mark.parametrize(
    "choice",
    [Choice(None, None, "time"), Choice(np.array([], int), 1e300, "time"), Choice(None, 8.0, "time")],
    ids=["neither", "poor", "bound only"],
)
def test_little_from_the_solver_is_made_up_for(choice: Choice, monkeypatch: pytest.MonkeyPatch):
    """At a time limit HiGHS may come back with no plan and an infinite bound."""
    monkeypatch.setattr(exact, "choose", lambda *a: choice)
    ring = pairs_of((0, 1), (1, 2), (2, 3), (3, 4), (0, 4))
    found = select(Selection(np.array([3.0, 4.0, 2.0, 2.0, 2.0]), ring), start=[1])
    assert (found.chosen, found.value, found.status) == ((1,), 4, "time")
    assert found.bound == min(13, choice.bound or inf)


def test_nonsense_from_the_solver_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exact, "choose", lambda *a: Choice(np.array([0, 1]), 9.0, "optimal"))
    with pytest.raises(SolverFailed, match="not allowed together"):
        select(Selection(np.array([3.0, 4.0]), rows=(Row((0, 1), (1.0, 1.0), 1.0),)))


@pytest.mark.parametrize(
    "parts",
    [
        {"values": np.array([1.0, np.nan])},
        {"pairs": pairs_of((0, 2))},
        {"triples": triples_of((-1, 0, 1))},
        {"rows": (Row((0, 2), (1.0, 1.0), 1.0),)},
        {"rows": (Row((0, 1), (1.0, 1.0), inf),)},
    ],
    ids=str,
)
def test_what_is_no_selection_is_refused(parts: dict):
    with pytest.raises(ValueError, match=r"finite|there are things 0 to 1"):
        Selection(**{"values": np.ones(2), **parts})


def test_the_solver_prints_nothing():
    """HiGHS greets on standard output, which is where `--json` goes."""
    done = run("import numpy as np", "select(Selection(np.ones(3)))")
    assert (done.returncode, done.stdout) == (0, "")


def test_another_number_of_threads_is_not_passed_over():
    """HiGHS would give back zeros, as if nothing were worth choosing."""
    done = run(
        "import numpy as np, highspy",
        "other = highspy.Highs(); other.setOptionValue('threads', 2)",
        "x = other.addVariables(2, ub=1, type=highspy.HighsVarType.kInteger, obj=[1, 1]); other.maximize()",
        "select(Selection(np.ones(3)))",
    )
    assert "SolverFailed: HiGHS could not run on 1 thread" in done.stderr


def run(*lines: str) -> subprocess.CompletedProcess[str]:
    imports = [
        "from swath.scheduling.selections.exact import select",
        "from swath.scheduling.selections.selection import Selection",
    ]
    command = [sys.executable, "-c", "\n".join([*imports, *lines])]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
