"""A past version of the schedule made again from what was kept with it: the same plan, or what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from swath.scheduling.solver.files import build_problem
from swath.scheduling.solver.publish import solve_verified
from swath.scheduling.solver.run import Budget

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Rerun:
    """The lines of the plan that came out now, beside those that were kept, and what the plan is worth."""

    lines: Sequence[Line]
    before: Sequence[Line]
    value: float
    bound: float | None
    seconds: float

    @property
    def differences(self) -> Sequence[Line]:
        """Lines that are in one of the two plans only."""
        return [
            *(line for line in self.before if line not in self.lines),
            *(line for line in self.lines if line not in self.before),
        ]


def rerun(inputs: Mapping[str, Any]) -> Rerun:
    """Solve what a version was made from once more, with its seed and its rounds, and check the plan as then.

    `inputs` holds `instance` (as `swath.scheduling.solver.files` has it), `works` (the request of each row), `seed`,
    `rounds`, `seconds` and `plan`: of each line its work, satellite, start_s and pitch_deg. Raises Malformed and
    PlanRefused.
    """
    problem = build_problem(inputs["instance"])
    budget = Budget(inputs["seconds"], inputs["rounds"])
    solution = solve_verified(problem.instance, budget, inputs["seed"])
    chances, works = problem.instance.chances, inputs["works"]
    lines = [
        {
            "work": works[int(chances.work[row])],
            "satellite": problem.instance.crafts[int(chances.craft[row])].id,
            "start_s": float(chances.start_s[row]),
            "pitch_deg": float(chances.pitch_deg[row]),
        }
        for row in solution.chosen.tolist()
    ]
    return Rerun(lines, inputs["plan"], solution.value, solution.bound, solution.seconds)
