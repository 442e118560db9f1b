"""The best choice of a selection, by HiGHS, with a proof or a bound.

Pairs become cliques, and triples crowds of which two may be chosen; what another can stand in for is left out; what
nothing ties together is solved apart.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite
from time import perf_counter

import numpy as np

from swath.scheduling.selections.cliques import cover_by_cliques
from swath.scheduling.selections.dominance import find_dominated
from swath.scheduling.selections.masks import build_masks, find_components, members_of
from swath.scheduling.selections.selection import Row, Selected, Selection, list_columns
from swath.scheduling.selections.trios import Trios
from swath.scheduling.solver.highs import Effort, SolverFailed
from swath.scheduling.solver.programs import Choice, Status, choose

ALL_GOOD: Status = "optimal"
WORSE: tuple[Status, ...] = (ALL_GOOD, "time", "infeasible")


def select(problem: Selection, *, seconds: float = inf, start: Collection[int] = ()) -> Selected:
    """The most valuable choice; or when time is over the best one found, no worse than `start` if that is allowed.

    The same problem gives the same choice, unless time runs out. Raises SolverFailed.
    """
    began_s = perf_counter()
    stand_ins = _find_dominated(problem)
    kept = [one for one in range(len(problem)) if one not in stand_ins]
    begin = _stand_in(start, stand_ins)
    parts = list(_solve_parts(problem, _split(problem, kept), began_s + seconds, begin))
    return _join(parts, perf_counter() - began_s)


def _find_dominated(problem: Selection) -> dict[int, int]:
    loads: list[dict[int, float]] = [{} for _ in range(len(problem))]
    for number, row in enumerate(problem.rows):
        for one, weight in zip(row.members, row.weights, strict=True):
            loads[one][number] = weight
    return find_dominated(problem.values.tolist(), loads, _build_trios(problem))


def _stand_in(start: Collection[int], stand_ins: Mapping[int, int]) -> set[int]:
    """The choice with those that are left out replaced, in the order in which they went."""
    begin = set(start)
    for one, other in stand_ins.items():
        if one in begin:
            begin = begin - {one} | {other}
    return begin


def _split(problem: Selection, kept: Sequence[int]) -> list[list[int]]:
    """What hangs together, smallest first; what stands alone is one part."""
    masks = build_masks(len(kept), problem.narrow(kept).list_ties())
    parts = [[kept[place] for place in members_of(part)] for part in find_components(masks)]
    alone = [part[0] for part in parts if len(part) == 1]
    return sorted(filter(None, [alone, *(part for part in parts if len(part) > 1)]), key=len)


def _solve_parts(
    problem: Selection, parts: Sequence[Sequence[int]], until_s: float, start: Collection[int]
) -> Iterator[Selected]:
    """Each gets a share of the time that is left by its share of the things that are left."""
    left = sum(map(len, parts))
    for members in parts:
        seconds = (until_s - perf_counter()) * len(members) / left
        begin = [place for place, one in enumerate(members) if one in start]
        part = _solve(problem.narrow(members), seconds, begin)
        yield replace(part, chosen=tuple(members[place] for place in part.chosen))
        left -= len(members)


def _solve(problem: Selection, seconds: float, start: Sequence[int]) -> Selected:
    began_s, choice = perf_counter(), Choice(None, None, "time")
    if seconds > 0:
        rows = list_columns(len(problem), list(_list_rows(problem)))
        choice = choose(problem.values, rows, Effort(seconds), np.array(start, np.int64))
    passed_s = perf_counter() - began_s
    if choice.status == "infeasible":
        return Selected((), -inf, -inf, choice.status, passed_s)
    chosen = _take_allowed(problem, choice, start)
    value = -inf if chosen is None else problem.weigh(chosen)
    return Selected(chosen or (), value, max(value, _bound(problem, choice)), choice.status, passed_s)


def _list_rows(problem: Selection) -> Iterator[Row]:
    trios = _build_trios(problem)
    for limit, groups in ((1, cover_by_cliques(trios.neighbours)), (2, trios.find_crowds())):
        for group in groups:
            yield Row(group, (1.0,) * len(group), limit)
    yield from problem.rows


def _build_trios(problem: Selection) -> Trios:
    return Trios(build_masks(len(problem), problem.pairs), map(tuple, problem.triples.tolist()))


def _take_allowed(problem: Selection, choice: Choice, start: Sequence[int]) -> tuple[int, ...] | None:
    """The best of what HiGHS chose, the start, and nothing; None if even choosing nothing is not allowed."""
    found = () if choice.chosen is None else tuple(choice.chosen.tolist())
    if choice.chosen is not None and not problem.allows(found):
        raise SolverFailed(f"HiGHS chose {len(found)} things that are not allowed together")
    allowed = [some for some in (found, tuple(start), ()) if problem.allows(some)]
    return max(allowed, key=problem.weigh, default=None)


def _bound(problem: Selection, choice: Choice) -> float:
    """Never more than all that is worth anything."""
    most = float(np.maximum(problem.values, 0).sum())
    return most if choice.bound is None else min(choice.bound, most)


def _join(parts: Sequence[Selected], seconds: float) -> Selected:
    value = sum(part.value for part in parts)
    chosen = sorted(one for part in parts for one in part.chosen) if isfinite(value) else ()
    worst: Status = max([ALL_GOOD, *(part.status for part in parts)], key=WORSE.index)
    return Selected(tuple(chosen), value, sum(part.bound for part in parts), worst, seconds)
