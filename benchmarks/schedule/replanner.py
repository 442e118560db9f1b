"""Answers by bumping, and before each freeze the whole open plan again by swath's solver."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.schedule.days import EMERGENCY, Ints
from benchmarks.schedule.policies import Bumping
from swath.scheduling.solver.files import build_problem
from swath.scheduling.solver.run import Budget
from swath.scheduling.solver.solve import solve

NOWHERE = -1


@dataclass
class Replanning(Bumping):
    """What is promised keeps a place, what is frozen its own; all else may change for a better plan."""

    seconds: float = 0.5

    def replan(self, now: float) -> None:
        super().replan(now)
        requests, rows = self._list_open(now)
        if len(rows) > 0:
            problem = build_problem(self._describe(requests, rows, now))
            solution = solve(problem.instance, Budget(self.seconds))
            self._take(rows[problem.numbers[solution.chosen]])
            self._promise(now)

    def _list_open(self, now: float) -> tuple[list[int], Ints]:
        """Requests that have a place or may get one, and the rows at which they are or could be."""
        requests = sorted(
            self.plan.keys() | {one for one in self.waiting if len(self.world.list_open(one, now))}
        )
        rows = [np.union1d(self._list_choices(one, now), []).astype(np.int64) for one in requests]
        return requests, np.concatenate([*rows, np.empty(0, np.int64)])

    def _list_choices(self, request: int, now: float) -> list[int]:
        row = self.plan.get(request)
        if row is not None and self.world.freeze[row] <= now:
            return [row]
        return [*self.world.list_open(request, now).tolist(), *([] if row is None else [row])]

    def _describe(self, requests: list[int], rows: Ints, now: float) -> dict[str, Any]:
        """The document of the open problem; places are numbers of its own candidates."""
        instance, day = self.day.instance, self.day
        places = {row: number for number, row in enumerate(rows.tolist())}
        numbers = {request: number for number, request in enumerate(requests)}
        asked = [
            {
                "level": int(day.kind[self.world.rows[one][0]] == EMERGENCY),
                "place": places.get(self.plan.get(one, NOWHERE), NOWHERE),
                "kept": one in self.promised,
                "fixed": one in self.plan and bool(self.world.freeze[self.plan[one]] <= now),
            }
            for one in requests
        ]
        candidates = [list(instance["candidates"][number]) for number in day.number[rows]]
        for candidate, row in zip(candidates, rows, strict=True):
            candidate[0], candidate[6] = numbers[int(day.request[row])], float(day.value[row])
        return {**instance, "requests": asked, "candidates": candidates}

    def _take(self, rows: Ints) -> None:
        """The new plan in the place of the old one."""
        for row in self.plan.values():
            self.room.remove(row)
        self.waiting |= self.plan.keys()
        self.plan.clear()
        for row in rows.tolist():
            self._place(int(self.day.request[row]), row)
