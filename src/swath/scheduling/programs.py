"""Two programs over an instance's rows: what shares of chances are worth at most, and which choice is worth most."""

from dataclasses import dataclass

import highspy
import numpy as np

from swath.scheduling.highs import THREADS, Quiet, expect
from swath.scheduling.instance import Floats, Ints
from swath.scheduling.rows import Rows

INTEGRAL = 0.5
# Whole values cannot be improved by less than one: to be this near the bound is a proof.
WHOLE_GAP, ANY_GAP = 1.0 - 1e-4, 1e-6


@dataclass(frozen=True)
class Effort:
    """When to stop: after seconds by the clock, and after nodes of the search, which is the same on any machine."""

    seconds: float
    nodes: int | None = None


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation's optimum: its value, the share of each chance, and what one more of each would cost."""

    bound: float
    share: Floats
    cost: Floats


@dataclass(frozen=True)
class Choice:
    """The best choice found, with its value, and a bound on what any is worth; None if time was over before one."""

    chosen: Ints
    value: float
    bound: float | None


def relax(value: Floats, rows: Rows, effort: Effort) -> Relaxed | None:
    """The best shares; None if there was not enough time, or nothing keeps the rows."""
    model = _build_model(value, rows, effort)
    expect(model.run(), f"run on {THREADS} thread (has another HiGHS of this process more?)")
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = model.getSolution()
    bound = model.getInfo().objective_function_value
    return Relaxed(bound, np.array(solution.col_value), -np.array(solution.col_dual))


def choose(value: Floats, rows: Rows, effort: Effort, start: Ints | None = None) -> Choice | None:
    """The best choice of whole chances, from a choice that keeps the rows if one is given; None if none was found."""
    model = _build_model(value, rows, effort)
    model.changeColsBounds(len(value), np.arange(len(value)), np.zeros(len(value)), np.ones(len(value)))
    integer = np.full(len(value), highspy.HighsVarType.kInteger)
    model.changeColsIntegrality(len(value), np.arange(len(value)), integer)
    if start is not None:
        chosen = np.zeros(len(value))
        chosen[start] = 1.0
        model.setSolution(len(value), np.arange(len(value)), chosen)
    expect(model.run(), f"run on {THREADS} thread (has another HiGHS of this process more?)")
    info = model.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    found = np.flatnonzero(np.array(model.getSolution().col_value) > INTEGRAL)
    return Choice(found, float(value[found].sum()), _read_bound(value, info))


def _read_bound(value: Floats, info: highspy.HighsInfo) -> float | None:
    """Of whole values no sum lies between two whole numbers."""
    bound = float(info.mip_dual_bound)
    if not np.isfinite(bound):
        return None
    return float(np.floor(bound + ANY_GAP)) if _are_whole(value) else bound


def _are_whole(value: Floats) -> bool:
    return bool(np.all(value == np.round(value)))


def _build_model(value: Floats, rows: Rows, effort: Effort) -> Quiet:
    model = Quiet()
    options = {
        "threads": THREADS,
        "time_limit": max(effort.seconds, 0.0),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": WHOLE_GAP if _are_whole(value) else ANY_GAP,
        # Of gigabytes, too, a billionth: what is on board must not be over its limit by more.
        "primal_feasibility_tolerance": 1e-9,
        "mip_feasibility_tolerance": 1e-9,
        "random_seed": 0,
    }
    if effort.nodes is not None:
        options["mip_max_nodes"] = effort.nodes
    for name, setting in options.items():
        expect(model.setOptionValue(name, setting), f"set {name} to {setting}")
    expect(model.passModel(_build_problem(value, rows)), "take the program")
    return model


def _build_problem(value: Floats, rows: Rows) -> highspy.HighsLp:
    problem = highspy.HighsLp()
    problem.sense_ = highspy.ObjSense.kMaximize
    problem.num_col_, problem.num_row_ = len(value), len(rows.most)
    problem.col_cost_ = value
    problem.col_lower_, problem.col_upper_ = np.zeros(len(value)), np.full(len(value), highspy.kHighsInf)
    problem.row_lower_, problem.row_upper_ = rows.least, rows.most
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_ = rows.first.astype(np.int32)
    problem.a_matrix_.index_ = rows.row.astype(np.int32)
    problem.a_matrix_.value_ = rows.coefficient
    return problem
