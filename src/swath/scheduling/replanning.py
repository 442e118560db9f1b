"""Planning again after something changed: a cancellation, a failed capture, a missed contact, new work, new elements.

Promises come first: what is frozen stays, what has a place keeps one while that is possible. Emergencies without a
place take that of others if they must; the solver then finds places for as much of the rest as there is room for.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from swath.errors import Unavailable
from swath.scheduling.answers.notice import take_promisable
from swath.scheduling.answers.obstacles import find_obstacles, is_fixed, is_known
from swath.scheduling.answers.placing import find_place
from swath.scheduling.answers.reasons import explain, explain_displacement, explain_or_defer
from swath.scheduling.answers.timetable import Timetable, build_timetable
from swath.scheduling.emergencies import place_emergencies
from swath.scheduling.live import Live, build_live, read_placements
from swath.scheduling.model import EMERGENCY, Placement, Refusal, Rules, Work
from swath.scheduling.solver.apart import Solve
from swath.scheduling.solver.files import describe, describe_solution
from swath.scheduling.solver.instance import Instance
from swath.scheduling.solver.publish import solve_verified
from swath.scheduling.solver.run import Budget
from swath.scheduling.solver.solve import Solution

log = logging.getLogger(__name__)

# Rounds end the search, so that a schedule can be made again; the seconds are for the day that they take too long.
BUDGET = Budget(seconds=20.0, rounds=12)
SEED = 0

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """What the solver was given, and what it made of that."""

    live: Live
    solution: Solution
    budget: Budget

    @property
    def inputs(self) -> Document:
        """All that it takes to make the same plan again, the plan itself, and how good it is; JSON-able."""
        instance, names = self.live.instance, self._name_works()
        return {
            "instance": describe(instance),
            "works": names,
            **describe_solution(self.solution),
            # What it was allowed to take, not what it took: else it would be cut short when it is made again.
            "seconds": self.budget.seconds,
            "rounds": self.budget.rounds,
            "plan": _list_lines(instance, self.solution, names),
        }

    def _name_works(self) -> Sequence[str | None]:
        numbers = self.live.instance.chances.work.tolist()
        names = {number: work.id for number, (work, _) in zip(numbers, self.live.rows, strict=True)}
        return [names.get(number) for number in range(len(self.live.instance.works))]


@dataclass(frozen=True)
class Replanned:
    """All placements after planning again. `refusals` tells, by work id, why work has no place or had to move.

    `made` is None when the solver failed.
    """

    placements: tuple[Placement, ...]
    refusals: Mapping[str, Refusal]
    made: Made | None


def replan(
    works: Iterable[Work],
    placements: Iterable[Placement],
    rules: Rules,
    now_s: float,
    budget: Budget = BUDGET,
    *,
    told: Collection[str] | None = None,
    solve: Solve = solve_verified,
) -> Replanned:
    """The schedule again, from what stands now and the work that is still open, in order of creation.

    Placements that are frozen (or at their uplink deadline) are kept as they are, whether or not their work is among
    `works`; others keep a place if their work is still open and lists their chance, and move only for a gain. Work that
    may be promised nothing yet waits. If the solver fails, whatever has room is inserted instead. Only works in `told`
    are told why they have no place, if that is given. `solve` is where the solver runs; raises Unavailable if it does.
    """
    works, placements = tuple(works), tuple(placements)
    kept = _keep_promises(works, placements, rules, now_s)
    table = place_emergencies(works, kept, rules, now_s, lambda instance: solve(instance, budget, SEED))
    bumped = _find_disturbed(kept, table)
    live = build_live(works, table.placements(), rules, now_s)
    solution = _try_to_solve(solve, live.instance, budget)
    if solution is None:
        table = _insert_all(works, table, rules, now_s)
    else:
        table = build_timetable(read_placements(live, solution.chosen))
    losers = frozenset(placement.work.id for placement in placements) - table.places.keys()
    hearers = [work for work in works if told is None or work.id in told]
    refusals = _tell_refusals(hearers, table, bumped, losers, rules, now_s)
    made = None if solution is None else Made(live, solution, budget)
    return Replanned(table.placements(), refusals, made)


def explain_all(
    works: Iterable[Work], placements: Iterable[Placement], rules: Rules, now_s: float
) -> Mapping[str, Refusal]:
    """Why each of these works has no place beside the placements, by work id."""
    table = build_timetable(placements)
    return {work.id: explain_or_defer(table, work, rules, now_s) for work in works}


def _find_disturbed(before: Timetable, after: Timetable) -> frozenset[str]:
    """Whose place is another now, or gone."""
    return frozenset(name for name, place in before.places.items() if after.places.get(name) != place)


def _try_to_solve(solve: Solve, instance: Instance, budget: Budget) -> Solution | None:
    try:
        return solve(instance, budget, SEED)
    except Unavailable:
        raise
    except Exception:
        log.exception("The solver failed; what has a place keeps it, and what has room is inserted.")
        return None


def _list_lines(
    instance: Instance, solution: Solution, names: Sequence[str | None]
) -> Sequence[Mapping[str, Any]]:
    chances = instance.chances
    return [
        {
            "work": names[int(chances.work[row])],
            "satellite": instance.crafts[int(chances.craft[row])].id,
            "start_s": float(chances.start_s[row]),
            "pitch_deg": float(chances.pitch_deg[row]),
        }
        for row in solution.chosen.tolist()
    ]


def _keep_promises(
    works: Sequence[Work], placements: Sequence[Placement], rules: Rules, now_s: float
) -> Timetable:
    current = {placement.work.id: placement for placement in placements}
    table = build_timetable(placement for placement in placements if is_fixed(placement, now_s))
    for work in sorted(works, key=lambda work: -work.rank):
        placement = current.get(work.id)
        if (
            placement is not None
            and work.id not in table.places
            and _still_fits(table, work, placement, rules)
        ):
            table = table.add(replace(placement, work=work))
    return table


def _still_fits(table: Timetable, work: Work, placement: Placement, rules: Rules) -> bool:
    chance = placement.chance
    return chance in work.chances and is_known(chance, rules) and find_obstacles(table, chance, rules).none


def _insert_all(works: Sequence[Work], table: Timetable, rules: Rules, now_s: float) -> Timetable:
    for work in sorted(works, key=lambda work: -work.rank):
        ready = take_promisable(work, rules, now_s)
        trial = None if work.id in table.places else find_place(table, ready, rules, now_s)
        table = table if trial is None else trial.table
    return table


def _tell_refusals(
    works: Sequence[Work],
    table: Timetable,
    bumped: frozenset[str],
    losers: frozenset[str],
    rules: Rules,
    now_s: float,
) -> Mapping[str, Refusal]:
    """Who had a place and lost it is told why, even if he has to wait for another."""
    refusals: dict[str, Refusal] = {}
    for work in works:
        if work.id in bumped:
            refusals[work.id] = explain_displacement(table, work, EMERGENCY, rules, now_s)
        elif work.id in losers:
            refusals[work.id] = explain(table, work, rules, now_s)
        elif work.id not in table.places:
            refusals[work.id] = explain_or_defer(table, work, rules, now_s)
    return refusals
