"""Who is measured: swath and its peers, each from an agile day to a plan, with the bound that it proved."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np

from benchmarks.schedule.days import Day, build_selection
from benchmarks.schedule.greedy import choose_greedily
from swath.scheduling.selections.cliques import cover_by_cliques
from swath.scheduling.selections.masks import build_masks
from swath.scheduling.selections.selection import Row, Selection, list_columns
from swath.scheduling.solver.highs import Effort
from swath.scheduling.solver.programs import choose

# CP-SAT takes whole numbers: values in ten-thousandths, weights of rows in thousandths, usage up and limits down.
VALUE_UNIT, WEIGHT_UNIT = 10_000, 1_000


@dataclass(frozen=True)
class Found:
    """The numbers of the chosen candidates, a bound on what any choice is worth, and in what state the solver ended."""

    selected: list[int]
    bound: float | None
    status: str
    seconds: float


def run_swath(day: Day, flat: bool, seconds: float, seed: int) -> Found:
    """From the parsed document, as `swath schedule solve` does; raises ImportError while that is not there."""
    from swath.scheduling.solver.files import build_problem
    from swath.scheduling.solver.run import Budget
    from swath.scheduling.solver.solve import solve

    began = time.perf_counter()
    problem = build_problem(day.instance, flat=flat)
    solution = solve(problem.instance, Budget(seconds - (time.perf_counter() - began)), seed)
    passed = time.perf_counter() - began
    return Found(problem.numbers[solution.chosen].tolist(), solution.bound, solution.status, passed)


def run_greedy(day: Day, flat: bool, seconds: float, seed: int) -> Found:
    began = time.perf_counter()
    rows = choose_greedily(day)
    return Found(day.number[rows].tolist(), None, "heuristic", time.perf_counter() - began)


def run_highs(day: Day, flat: bool, seconds: float, seed: int) -> Found:
    """The plain program with cliques, on one thread."""
    began = time.perf_counter()
    problem = build_selection(day)
    rows = [*list_cliques(day, problem), *problem.rows]
    choice = choose(day.value, list_columns(len(day), rows), Effort(seconds))
    selected = [] if choice.chosen is None else day.number[choice.chosen].tolist()
    return Found(selected, choice.bound, choice.status, time.perf_counter() - began)


def run_cp_sat(day: Day, flat: bool, seconds: float, seed: int) -> Found:
    """At most one of each clique, and the rows; one worker, as all here."""
    from ortools.sat.python import cp_model

    began = time.perf_counter()
    problem, model, solver = build_selection(day), cp_model.CpModel(), cp_model.CpSolver()
    x = [model.new_bool_var("") for _ in range(len(day))]
    for clique in list_cliques(day, problem):
        model.add_at_most_one([x[one] for one in clique.members])
    for row in problem.rows:
        weights = [int(-(-weight * WEIGHT_UNIT // 1)) for weight in row.weights]
        chosen = [x[one] for one in row.members]
        model.add(cp_model.LinearExpr.weighted_sum(chosen, weights) <= floor(row.limit * WEIGHT_UNIT))
    values = np.round(day.value * VALUE_UNIT).astype(int).tolist()
    model.maximize(cp_model.LinearExpr.weighted_sum(x, values))
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 1
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    rows = [one for one in range(len(day)) if solver.boolean_value(x[one])] if found else []
    bound = solver.best_objective_bound / VALUE_UNIT
    return Found(day.number[rows].tolist(), bound, status.name.lower(), time.perf_counter() - began)


def list_cliques(day: Day, problem: Selection) -> list[Row]:
    """Of each satellite, and of each request: together they would be one large graph."""
    same = day.request[problem.pairs[:, 0]] == day.request[problem.pairs[:, 1]]
    lanes = (np.flatnonzero(day.satellite == number) for number in range(day.meta["sats"]))
    found = [list_cliques_among(problem.pairs[~same], lane, len(day)) for lane in lanes]
    found.append([tuple(np.flatnonzero(day.request == one).tolist()) for one in np.unique(day.request)])
    return [Row(clique, (1.0,) * len(clique), 1.0) for cliques in found for clique in cliques]


def list_cliques_among(pairs: Any, members: Any, count: int) -> list[tuple[int, ...]]:
    places = np.full(count, -1)
    places[members] = np.arange(len(members))
    inside = places[pairs]
    masks = build_masks(len(members), inside[(inside >= 0).all(axis=1)])
    return [tuple(members[list(clique)].tolist()) for clique in cover_by_cliques(masks)]


ENTRIES: dict[str, Callable[[Day, bool, float, int], Found]] = {
    "swath": run_swath,
    "greedy": run_greedy,
    "HiGHS": run_highs,
    "CP-SAT": run_cp_sat,
}
