"""Emergencies without a place, when everything is planned again: they get one, whoever has to leave for it."""

import logging
from collections.abc import Callable, Iterable, Sequence

from swath.errors import Unavailable
from swath.scheduling.answers.obstacles import find_obstacles, is_fixed
from swath.scheduling.answers.placing import find_fit, find_place
from swath.scheduling.answers.timetable import Timetable, build_timetable
from swath.scheduling.live import build_live, read_placements
from swath.scheduling.model import EMERGENCY, Placement, Rules, Work
from swath.scheduling.solver.instance import Instance
from swath.scheduling.solver.solve import Solution

log = logging.getLogger(__name__)


def place_emergencies(
    works: Iterable[Work],
    table: Timetable,
    rules: Rules,
    now_s: float,
    solve: Callable[[Instance], Solution],
) -> Timetable:
    """The timetable with every emergency in it for which there is room beside what is fixed.

    Each is placed as a call would place it. For those that find no place so, the solver places all emergencies anew, as
    if nobody else were there but what is fixed; the others then keep their places where they can, or get others.
    """
    urgent = [work for work in works if work.rank == EMERGENCY]
    for work in urgent:
        trial = None if work.id in table.places else find_place(table, work, rules, now_s)
        table = table if trial is None else trial.table
    fixed = build_timetable(one for one in table.places.values() if is_fixed(one, now_s))
    hopeful = [work for work in urgent if work.id not in table.places and find_fit(fixed, work, rules, now_s)]
    return _place_anew(urgent, table, rules, now_s, solve) if hopeful else table


def _place_anew(
    urgent: Sequence[Work],
    table: Timetable,
    rules: Rules,
    now_s: float,
    solve: Callable[[Instance], Solution],
) -> Timetable:
    first = [one for one in table.placements() if one.work.rank == EMERGENCY or is_fixed(one, now_s)]
    live = build_live(urgent, first, rules, now_s)
    try:
        chosen = solve(live.instance).chosen
    except Unavailable:
        raise
    except Exception:
        log.exception("The solver failed; emergencies have the places that they have.")
        return table
    if len(chosen) == len(first):
        return table
    return _return_to(build_timetable(read_placements(live, chosen)), table.placements(), rules, now_s)


def _return_to(table: Timetable, before: Sequence[Placement], rules: Rules, now_s: float) -> Timetable:
    """Whoever can keeps the place that he had; then others look for another, the higher first."""
    ranked = sorted(before, key=lambda placement: -placement.work.rank)
    for one in ranked:
        if one.work.id not in table.places and find_obstacles(table, one.chance, rules).none:
            table = table.add(one)
    for one in ranked:
        trial = None if one.work.id in table.places else find_place(table, one.work, rules, now_s)
        table = table if trial is None else trial.table
    return table
