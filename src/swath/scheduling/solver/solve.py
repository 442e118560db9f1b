"""One function for problems of every size: the best plan in the time given, and how much better any could be.

Small problems are solved to the proof. For others a linear program over cliques gives the bound and tells which chances
are worth a look, and windows of time are chosen anew, exactly, one after another. Where even the linear program would
take too long, local search is what is left.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from swath.scheduling.solver.columns import build_columns
from swath.scheduling.solver.covers import count_pairs
from swath.scheduling.solver.dominance import find_undominated
from swath.scheduling.solver.instance import NOWHERE, Bools, Instance, Ints
from swath.scheduling.solver.programs import choose, relax
from swath.scheduling.solver.rows import build_rows
from swath.scheduling.solver.run import Budget, Run
from swath.scheduling.solver.search import improve, insert_in_order
from swath.scheduling.solver.windows import better, choose_in_windows

# Up to so many chances the whole problem goes to the exact solver, at once or after windows had a part of the time: of
# some thousand chances it proves much, but finds little by itself. Where rounds are counted it gets no more than it
# mostly comes to an end with, so that plans can be made again.
AT_ONCE, EXACT, EXACT_COUNTED, WINDOWS_PART = 1_000, 10_000, 2_500, 0.6
# From so many near pairs on, cliques and their linear program take longer than they are worth.
MOST_PAIRS = 100_000_000
# Sums of values meet their bound but for rounding.
PROOF = 1e-9
# What the dearest chance is worth in problems that are solved as they are. The tolerances of HiGHS are absolute: others
# are counted in another unit.
LEAST_DEAREST, MOST_DEAREST, USUAL_DEAREST = 1.0, 1e9, 1e3


@dataclass(frozen=True)
class Part:
    """What one level of works came to: the value of those placed, and a bound on what any plan could reach.

    The bound holds for these chances, values and kept places, and with all that the levels above were given. None where
    there was no time to find one.
    """

    level: int
    value: float
    bound: float | None


@dataclass(frozen=True)
class Solution:
    """The chosen chances, in growing order, with what they are worth level by level, highest first."""

    chosen: Ints
    parts: tuple[Part, ...]
    seconds: float
    seed: int
    solver: str

    @property
    def value(self) -> float:
        return sum(part.value for part in self.parts)

    @property
    def bound(self) -> float | None:
        bounds = [part.bound for part in self.parts]
        return None if None in bounds else sum(bound for bound in bounds if bound is not None)

    @property
    def gap(self) -> float | None:
        """What may be missing, as a part of the bound."""
        if self.bound is None:
            return None
        return max(0.0, self.bound - self.value) / self.bound if self.bound > 0 else 0.0

    @property
    def status(self) -> str:
        """`optimal` when proved, `bounded` when a bound says how much may be missing, else `feasible`."""
        if self.gap is None:
            return "feasible"
        return "optimal" if self.gap <= PROOF else "bounded"


def solve(instance: Instance, budget: Budget, seed: int = 0) -> Solution:
    """Choose chances so that no level can gain without a higher one losing; never worse than the places works have.

    Works that are fixed or kept must have places that can stand together; they come out with one. The same seed and
    rounds give the same plan when the seconds are enough.
    """
    began = time.monotonic()
    usable = np.flatnonzero(instance.chances.open | _is_place(instance))
    run = Run(budget, seed)
    chosen, parts = _solve_levels(instance.take(usable), run)
    return Solution(usable[chosen], tuple(parts), time.monotonic() - began, seed, "+".join(run.used))


def _is_place(instance: Instance) -> Bools:
    places = np.zeros(len(instance.chances), bool)
    places[instance.works.place[instance.works.place != NOWHERE]] = True
    return places


def _solve_levels(instance: Instance, run: Run) -> tuple[Ints, list[Part]]:
    """Level by level: what a higher one got, it keeps, or something that is worth as much to it."""
    places = np.flatnonzero(_is_place(instance))
    chosen, parts = places, list[Part]()
    for level in np.unique(instance.works.level)[::-1]:
        rows, problem = _at_level(instance, chosen, int(level))
        unit = _find_unit(problem)
        found, bound = _solve_level(_count_in(unit, problem), _begin(problem, rows, chosen, places), run)
        chosen = rows[found]
        value = float(problem.chances.value[found].sum())
        parts.append(Part(int(level), value, None if bound is None else bound * unit))
    return chosen, parts


def _find_unit(instance: Instance) -> float:
    """A power of two, which takes nothing from the digits of values."""
    dearest = float(instance.chances.value.max(initial=0.0))
    if dearest == 0.0 or LEAST_DEAREST <= dearest <= MOST_DEAREST:
        return 1.0
    return 2.0 ** np.floor(np.log2(dearest / USUAL_DEAREST))


def _count_in(unit: float, instance: Instance) -> Instance:
    return replace(instance, chances=replace(instance.chances, value=instance.chances.value / unit))


def _begin(problem: Instance, rows: Ints, chosen: Ints, places: Ints) -> Ints:
    """What was chosen of these rows, and the places that works had where that leaves them room."""
    start, before = (np.searchsorted(rows, np.intersect1d(rows, some)) for some in (chosen, places))
    return insert_in_order(problem, start, before)


def _at_level(instance: Instance, chosen: Ints, level: int) -> tuple[Ints, Instance]:
    """The problem of one level: the works of it, and those that have to keep a place; and which chances are theirs.

    A work of a higher level may only move to what is worth as much to it.
    """
    chances, works = instance.chances, instance.works
    place = np.full(len(works), NOWHERE, np.int64)
    place[chances.work[chosen]] = chosen
    above = (works.level > level) & (place != NOWHERE)
    kept = works.kept | works.fixed | above
    owed = np.full(len(works), -np.inf)
    owed[above] = chances.value[place[above]]
    takes_part = (works.level == level) | kept
    fine = takes_part[chances.work] & (chances.value >= owed[chances.work])
    rows = np.flatnonzero(
        fine & (~works.fixed[chances.work] | (place[chances.work] == np.arange(len(chances))))
    )
    worth = np.where(works.level[chances.work] == level, chances.value, 0.0)
    whole = replace(
        instance,
        chances=replace(chances, value=worth),
        works=replace(works, kept=kept & (place != NOWHERE), place=place),
    )
    return rows, whole.take(rows)


def _solve_level(instance: Instance, start: Ints, run: Run) -> tuple[Ints, float | None]:
    """The best plan found for works of one level, and a bound."""
    value = instance.chances.value
    chosen = insert_in_order(instance, start, np.argsort(-value, kind="stable"))
    most = _sum_of_best(instance)
    if value[chosen].sum() >= most * (1.0 - PROOF):
        return chosen, most
    if not _is_manageable(instance):
        return _search(instance, chosen, run), None
    few = np.union1d(find_undominated(instance), chosen)
    found, bound = _solve_few(instance.take(few), np.searchsorted(few, chosen), run)
    return few[found], bound


def _solve_few(instance: Instance, chosen: Ints, run: Run) -> tuple[Ints, float | None]:
    size = len(instance.chances)
    if size > (EXACT_COUNTED if run.is_counted else EXACT):
        return _solve_by_windows(instance, chosen, run)
    if size <= AT_ONCE:
        return _solve_exactly(instance, chosen, run)
    chosen, bound = _solve_by_windows(instance, chosen, run.part(WINDOWS_PART))
    chosen, proved = _solve_exactly(instance, chosen, run)
    return chosen, min((one for one in (bound, proved) if one is not None), default=None)


def _solve_by_windows(instance: Instance, chosen: Ints, run: Run) -> tuple[Ints, float | None]:
    value, rows = instance.chances.value, build_rows(instance, tails=False)
    relaxed = run.attempt("lp", lambda: relax(value, rows, run.effort()))
    if relaxed is None:
        return _search(instance, chosen, run), None
    # What was refused a share is offered last, the dearest first.
    by_share = np.lexsort((-value, -np.round(relaxed.share, 6)))
    chosen = better(value, chosen, insert_in_order(instance, _kept_of(instance, chosen), by_share))
    return choose_in_windows(instance, chosen, relaxed, run), relaxed.bound


def _solve_exactly(instance: Instance, chosen: Ints, run: Run) -> tuple[Ints, float | None]:
    value = instance.chances.value
    rows = build_rows(instance, tails=True)
    choice = run.attempt("mip", lambda: choose(value, rows, run.effort(), chosen))
    if choice is None or choice.chosen is None:
        return _search(instance, chosen, run), None
    return better(value, chosen, choice.chosen), choice.bound


def _search(instance: Instance, chosen: Ints, run: Run) -> Ints:
    found = run.attempt(
        "search", lambda: improve(instance, chosen, seconds=run.left_s, steps=run.steps, seed=run.seed)
    )
    return chosen if found is None else better(instance.chances.value, chosen, found)


def _sum_of_best(instance: Instance) -> float:
    """What there would be if every work got its dearest chance: nothing can be better."""
    best = np.zeros(len(instance.works))
    np.maximum.at(best, instance.chances.work, instance.chances.value)
    return float(best.sum())


def _is_manageable(instance: Instance) -> bool:
    columns = build_columns(instance)
    pairs = sum(count_pairs(columns, instance.slice_of(i)) for i in range(len(instance.crafts)))
    return pairs <= MOST_PAIRS


def _kept_of(instance: Instance, chosen: Ints) -> Ints:
    return chosen[(instance.works.kept | instance.works.fixed)[instance.chances.work[chosen]]]
