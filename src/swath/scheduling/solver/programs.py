"""Two programs over rows: what shares of chances are worth at most, and which choice is worth most."""

from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from swath.scheduling.solver.highs import ANY_GAP, Effort, Model, are_whole, build_model
from swath.scheduling.solver.instance import Floats, Ints
from swath.scheduling.solver.rows import Rows

Status = Literal["optimal", "time", "infeasible"]
HALF = 0.5


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation's optimum: its value, the share of each chance, and what one more of each would cost."""

    bound: float
    share: Floats
    cost: Floats


@dataclass(frozen=True)
class Choice:
    """The best choice found, None if there is none; and a bound on what any is worth, None if time was over before one.

    Status `optimal`: none is better. `time`: one may be. `infeasible`: no choice keeps the rows.
    """

    chosen: Ints | None
    bound: float | None
    status: Status


def relax(value: Floats, rows: Rows, effort: Effort) -> Relaxed | None:
    """The best shares; None if there was not enough time, or nothing keeps the rows. Raises SolverFailed."""
    model = build_model(value, rows, effort, whole=False)
    if model.run_to_end() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = model.getSolution()
    bound = model.getInfo().objective_function_value
    return Relaxed(bound, np.array(solution.col_value), -np.array(solution.col_dual))


def choose(value: Floats, rows: Rows, effort: Effort, start: Ints | None = None) -> Choice:
    """The best choice of whole chances, from a choice that keeps the rows if one is given. Raises SolverFailed."""
    model = build_model(value, rows, effort, whole=True)
    if start is not None:
        chosen = np.zeros(len(value))
        chosen[start] = 1.0
        model.setSolution(len(value), np.arange(len(value)), chosen)
    end = model.run_to_end()
    if end == highspy.HighsModelStatus.kInfeasible:
        return Choice(None, None, "infeasible")
    optimal, chosen = end == highspy.HighsModelStatus.kOptimal, _read_chosen(model)
    if optimal and start is not None and not _is_worth(chosen, value, model):
        return choose(value, rows, effort)
    return Choice(chosen, _read_bound(model, value), "optimal" if optimal else "time")


def _is_worth(chosen: Ints | None, value: Floats, model: Model) -> bool:
    """Whether what is chosen is worth what HiGHS says.

    Version 1.16 may prove a better choice while it makes the program smaller, and then hand back the one it began with.
    """
    told = model.getInfo().objective_function_value
    return chosen is not None and abs(float(value[chosen].sum()) - told) <= ANY_GAP * max(1.0, abs(told))


def _read_chosen(model: Model) -> Ints | None:
    if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.flatnonzero(np.array(model.getSolution().col_value) > HALF)


def _read_bound(model: Model, value: Floats) -> float | None:
    """Of whole values no sum lies between two whole numbers."""
    bound = float(model.getInfo().mip_dual_bound)
    if not np.isfinite(bound):
        return None
    return float(np.floor(bound + ANY_GAP)) if are_whole(value) else bound
