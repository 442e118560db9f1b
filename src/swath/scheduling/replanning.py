"""Planning again after something changed: a cancellation, a failed capture, a missed contact, new work.

Promises come first: what is frozen stays, what has a place keeps it while it is still possible, and only then
does the rest look for a place. So accepted work is never lost except to work of a higher rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from swath.scheduling.model import Placement, Refusal, Replanned, Rules, Work
from swath.scheduling.obstacles import find_obstacles, is_fixed, is_known
from swath.scheduling.placing import find_place
from swath.scheduling.reasons import explain, explain_displacement
from swath.scheduling.timetable import Timetable, build_timetable


def replan(works: Iterable[Work], placements: Iterable[Placement], rules: Rules, now_s: float) -> Replanned:
    """The schedule again, from what stands now and the work that is still open, in order of creation.

    Placements that are frozen (or at their uplink deadline) are kept as they are, whether or not their work
    is among `works`; others are kept only if their work is still open and lists their chance. Work without a
    place is then inserted, highest rank first, oldest first, as `insert` does.
    """
    works = sorted(works, key=lambda work: -work.rank)
    table = _keep_promises(works, tuple(placements), rules, now_s)
    bumped: dict[str, int] = {}
    for work in [work for work in works if work.id not in table.places]:
        trial = find_place(table, work, rules, now_s)
        if trial is not None:
            table = trial.table
            bumped.update({displaced.id: work.rank for displaced in trial.displaced})
    return Replanned(table.placements(), _tell_refusals(works, table, bumped, rules, now_s))


def _keep_promises(
    works: Sequence[Work], placements: Sequence[Placement], rules: Rules, now_s: float
) -> Timetable:
    current = {placement.work.id: placement for placement in placements}
    table = build_timetable(placement for placement in placements if is_fixed(placement, now_s))
    for work in works:
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


def _tell_refusals(
    works: Sequence[Work], table: Timetable, bumped: Mapping[str, int], rules: Rules, now_s: float
) -> Mapping[str, Refusal]:
    refusals: dict[str, Refusal] = {}
    for work in works:
        if work.id in bumped:
            refusals[work.id] = explain_displacement(table, work, bumped[work.id], rules, now_s)
        elif work.id not in table.places:
            refusals[work.id] = explain(table, work, rules, now_s)
    return refusals
