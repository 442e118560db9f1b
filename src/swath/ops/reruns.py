"""A past version of the schedule made again from what was kept with it: the same plan, or what differs."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from swath.clock import to_seconds
from swath.scheduling.solver.files import build_problem
from swath.scheduling.solver.publish import solve_verified
from swath.scheduling.solver.run import Budget
from swath.tasking.model import Schedule
from swath.tasking.provenance import answer_again, list_answered

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Rerun:
    """The lines that came out now, beside those that were kept; of a plan, what it is worth."""

    lines: Sequence[Line]
    before: Sequence[Line]
    value: float | None
    bound: float | None
    seconds: float

    @property
    def differences(self) -> Sequence[Line]:
        """Lines that are in one of the two plans only."""
        return [
            *(line for line in self.before if line not in self.lines),
            *(line for line in self.lines if line not in self.before),
        ]


def rerun(inputs: Mapping[str, Any], before: Schedule, schedule: Schedule) -> Rerun:
    """Make a version again, by the solver or by the instant answer that made it, from its `inputs` and the version
    before. Raises Malformed and PlanRefused.
    """
    return _answer_again(inputs, before, schedule) if inputs["made_by"] == "answer" else _solve_again(inputs)


def _answer_again(inputs: Mapping[str, Any], before: Schedule, schedule: Schedule) -> Rerun:
    began = time.perf_counter()
    made = [
        _line(p.work.id, p.chance.satellite, p.chance.start_s, p.chance.pitch_deg)
        for p in answer_again(inputs, before)
    ]
    kept = [
        _line(one.request_id, one.chance.satellite, to_seconds(one.chance.start), one.chance.pitch_deg)
        for one in list_answered(inputs, schedule)
    ]
    return Rerun(made, kept, None, None, time.perf_counter() - began)


def _solve_again(inputs: Mapping[str, Any]) -> Rerun:
    """With its seed and its rounds. `inputs` holds `instance` (as `swath.scheduling.solver.files` has it), `works` (the
    request of each row), `seed`, `rounds`, `seconds` and `plan`.
    """
    problem = build_problem(inputs["instance"])
    budget = Budget(inputs["seconds"], inputs["rounds"])
    solution = solve_verified(problem.instance, budget, inputs["seed"])
    chances, works = problem.instance.chances, inputs["works"]
    lines = [
        _line(
            works[int(chances.work[row])],
            problem.instance.crafts[int(chances.craft[row])].id,
            float(chances.start_s[row]),
            float(chances.pitch_deg[row]),
        )
        for row in solution.chosen.tolist()
    ]
    return Rerun(lines, inputs["plan"], solution.value, solution.bound, solution.seconds)


def _line(work: str, satellite: str, start_s: float, pitch_deg: float) -> Line:
    return {"work": work, "satellite": satellite, "start_s": start_s, "pitch_deg": pitch_deg}
