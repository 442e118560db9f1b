"""HiGHS behind one function: whole programs of zeros and ones, on one thread, without its surprises.

One process keeps the number of threads that its first HiGHS asked for, and refuses to solve with another. At a time
limit HiGHS may have neither plan nor bound.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import highspy
import numpy as np

from swath.scheduling.selection import Row, Status

THREADS = 1
STATUSES: dict[highspy.HighsModelStatus, Status] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kTimeLimit: "time",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
}


class SolverFailed(Exception):
    """HiGHS gave an error, or an outcome that no such program can have; the message has its own words."""


class Quiet(highspy.Highs):
    """HiGHS greets on standard output when its callbacks are first set, which is while it is made."""

    def enableCallbacks(self) -> None:
        self.silent()
        super().enableCallbacks()


@dataclass(frozen=True)
class Answer:
    """What HiGHS chose (None if it found nothing in time), and what no choice is better than (may be infinite)."""

    status: Status
    chosen: tuple[int, ...] | None
    bound: float


def maximise(
    values: Sequence[float],
    rows: Sequence[Row],
    *,
    seconds: float = inf,
    gap: float = 1e-6,
    start: Collection[int] | None = None,
) -> Answer:
    """The choice with the greatest sum of values that keeps all rows, proved to within `gap` if time allows.

    `start` is a choice to begin with. Raises SolverFailed, also where something else in the process has used HiGHS with
    more than one thread.
    """
    solver = Quiet()
    _set_options(solver, seconds, gap)
    expect(solver.passModel(_build_program(values, rows)), "take the program")
    if start is not None:
        expect(solver.setSolution(_build_solution(len(values), start)), "take the first choice")
    expect(solver.run(), f"run on {THREADS} thread (has another HiGHS of this process more?)")
    return _read_answer(solver)


def _set_options(solver: highspy.Highs, seconds: float, gap: float) -> None:
    options = {
        "threads": THREADS,
        "time_limit": seconds,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": gap,
    }
    for name, value in options.items():
        expect(solver.setOptionValue(name, value), f"set {name} to {value}")


def _build_program(values: Sequence[float], rows: Sequence[Row]) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(values), len(rows)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.array(values, float)
    program.col_lower_, program.col_upper_ = np.zeros(len(values)), np.ones(len(values))
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(values)
    program.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    program.row_upper_ = np.array([row.limit for row in rows], float)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *(len(row.members) for row in rows)]).astype(np.int32)
    program.a_matrix_.index_ = np.array([member for row in rows for member in row.members], np.int32)
    program.a_matrix_.value_ = np.array([weight for row in rows for weight in row.weights], float)
    return program


def _build_solution(count: int, chosen: Collection[int]) -> highspy.HighsSolution:
    solution = highspy.HighsSolution()
    solution.col_value = np.isin(np.arange(count), list(chosen)).astype(float).tolist()
    return solution


def _read_answer(solver: highspy.Highs) -> Answer:
    status = STATUSES.get(solver.getModelStatus())
    if status is None:
        raise SolverFailed(f"HiGHS ended with {solver.getModelStatus()}")
    if status == "infeasible":
        return Answer(status, None, -inf)
    bound = solver.getInfo().mip_dual_bound
    return Answer(status, _read_chosen(solver), float(bound) if isfinite(bound) else inf)


def _read_chosen(solver: highspy.Highs) -> tuple[int, ...] | None:
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return tuple(np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5).tolist())


def expect(status: highspy.HighsStatus, deed: str) -> None:
    """Raise SolverFailed when a call of HiGHS has failed."""
    if status == highspy.HighsStatus.kError:
        raise SolverFailed(f"HiGHS could not {deed}")
