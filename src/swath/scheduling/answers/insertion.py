"""The instant answer: one piece of work into a schedule that stands, or a reason why not."""

from collections.abc import Iterable

from swath.scheduling.answers.notice import take_promisable
from swath.scheduling.answers.placing import Trial, find_place
from swath.scheduling.answers.reasons import explain_displacement, explain_or_defer
from swath.scheduling.answers.timetable import build_timetable
from swath.scheduling.model import Displaced, Outcome, Placement, Rules, Work


def insert(work: Work, placements: Iterable[Placement], rules: Rules, now_s: float) -> Outcome:
    """Place `work` at the first of its chances that is free, or that others can leave for chances of their own.

    A chance is possible while `now_s` is before its uplink deadline, the satellite has time to turn and settle
    before and after, and its orbit and memory have room. Only an emergency costs anyone a place, and only work of
    a lower rank; frozen placements, and those at their uplink deadline, never move. What has no place and may be
    promised none of its chances yet is refused as WAITING. `placements` of the outcome is the whole new schedule by
    start time, or the old one when the work was refused. Work that has a place already keeps it.
    """
    placements = tuple(placements)
    table = build_timetable(placements)
    if work.id in table.places:
        return Outcome(table.places[work.id], placements)
    trial = find_place(table, take_promisable(work, rules, now_s), rules, now_s)
    if trial is None:
        return Outcome(None, placements, refusal=explain_or_defer(table, work, rules, now_s))
    displaced = _tell_displaced(trial, work.rank, rules, now_s)
    return Outcome(trial.table.places[work.id], trial.table.placements(), displaced)


def _tell_displaced(trial: Trial, by_rank: int, rules: Rules, now_s: float) -> tuple[Displaced, ...]:
    return tuple(
        Displaced(
            work,
            trial.table.places.get(work.id),
            explain_displacement(trial.table, work, by_rank, rules, now_s),
        )
        for work in trial.displaced
    )
