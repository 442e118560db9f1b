"""HiGHS without its surprises: programs on one thread, each call looked at for failure.

One process keeps the number of threads that its first HiGHS asked for, and refuses to solve with another. At a time
limit HiGHS may have neither plan nor bound.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from swath.scheduling.solver.instance import Floats
from swath.scheduling.solver.rows import Rows

THREADS = 1
# Whole values cannot be improved by less than one: to be this near the bound is a proof.
WHOLE_GAP, ANY_GAP = 1.0 - 1e-4, 1e-6
# Of gigabytes, too, a billionth: what is on board must not be over its limit by more.
TOLERANCE = 1e-9
ENDS = {
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kSolutionLimit,
}


class SolverFailed(Exception):
    """HiGHS gave an error, or an outcome that no such program can have; the message has its own words."""


@dataclass(frozen=True)
class Effort:
    """When to stop: after seconds by the clock, and after nodes of the search, which is the same on any machine."""

    seconds: float = np.inf
    nodes: int | None = None


class Model(highspy.Highs):
    """A program to maximise. Raises SolverFailed in `run_to_end`."""

    def enableCallbacks(self) -> None:
        """HiGHS greets on standard output when its callbacks are first set, which is while it is made."""
        self.silent()
        super().enableCallbacks()

    def run_to_end(self) -> highspy.HighsModelStatus:
        _expect(self.run(), f"run on {THREADS} thread (has another HiGHS of this process more?)")
        if self.getModelStatus() not in ENDS:
            raise SolverFailed(f"HiGHS ended with {self.getModelStatus()}")
        return self.getModelStatus()


def build_model(value: Floats, rows: Rows, effort: Effort, *, whole: bool) -> Model:
    """Shares of chances that keep the rows and are worth the most; `whole` for zeros and ones instead of shares."""
    model = Model()
    for name, setting in _list_options(value, effort).items():
        _expect(model.setOptionValue(name, setting), f"set {name} to {setting}")
    _expect(model.passModel(_build_program(value, rows, whole)), "take the program")
    return model


def are_whole(value: Floats) -> bool:
    """Whether sums of these values are whole numbers."""
    return bool(np.all(value == np.round(value)))


def _list_options(value: Floats, effort: Effort) -> dict[str, float]:
    options = {
        "threads": THREADS,
        "time_limit": max(effort.seconds, 0.0),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": WHOLE_GAP if are_whole(value) else ANY_GAP,
        "primal_feasibility_tolerance": TOLERANCE,
        "mip_feasibility_tolerance": TOLERANCE,
        "random_seed": 0,
        # Takes a third of the time that eight days of 200 requests need to be proved.
        "mip_heuristic_run_root_reduced_cost": False,
    }
    return options if effort.nodes is None else options | {"mip_max_nodes": effort.nodes}


def _build_program(value: Floats, rows: Rows, whole: bool) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.sense_ = highspy.ObjSense.kMaximize
    program.num_col_, program.num_row_ = len(value), len(rows.most)
    program.col_cost_ = value
    # That no share is more than one follows from the rows of works.
    most = 1.0 if whole else highspy.kHighsInf
    program.col_lower_, program.col_upper_ = np.zeros(len(value)), np.full(len(value), most)
    if whole:
        program.integrality_ = [highspy.HighsVarType.kInteger] * len(value)
    program.row_lower_, program.row_upper_ = rows.least, rows.most
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = rows.first.astype(np.int32)
    program.a_matrix_.index_ = rows.row.astype(np.int32)
    program.a_matrix_.value_ = rows.coefficient
    return program


def _expect(status: highspy.HighsStatus, deed: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverFailed(f"HiGHS could not {deed}")
