"""The only way to a plan that is used: solved, then checked by what shares no code with the solver."""

from swath.scheduling.solver.instance import Instance
from swath.scheduling.solver.run import Budget
from swath.scheduling.solver.solve import Solution, solve
from swath.scheduling.solver.verify_plan import verify_plan


class PlanRefused(RuntimeError):
    """A solver's plan breaks the rules of its instance; the message names the first of them."""


def solve_verified(instance: Instance, budget: Budget, seed: int = 0) -> Solution:
    """The plan that `solve` finds, if it keeps every rule; raises PlanRefused."""
    solution = solve(instance, budget, seed)
    violations = verify_plan(instance, solution.chosen.tolist())
    if violations:
        first = violations[0]
        raise PlanRefused(f"The plan breaks {len(violations)} rules: {first.rule}: {first.message}.")
    return solution
