"""Planning again: the schedule made anew, outside of any transaction, and published around what happened meanwhile."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from swath import scheduling
from swath.clock import to_seconds
from swath.tasking.excluded import find_excluded
from swath.tasking.fresh_elements import plan_what_was_found, take_up_fresh_elements
from swath.tasking.machine import OPEN_REQUESTS
from swath.tasking.model import DueKind, DueWork, Priority, Reason, RequestStatus
from swath.tasking.ports import Reader, Store, UnitOfWork
from swath.tasking.provenance import describe_elements
from swath.tasking.rules import Rules
from swath.tasking.schedule import is_sound, plan_ahead, publish
from swath.tasking.situation import Situation, look, look_again
from swath.tasking.terms import to_reason

RESCHEDULED = Reason("RESCHEDULED", "The schedule was made again after a change.")

Placements = Iterable[scheduling.Placement]


def reschedule(
    store: Store,
    rules: Rules,
    due: DueWork,
    now: datetime,
    solve: scheduling.Solve = scheduling.solve_verified,
    moment: Callable[[DueWork], datetime] | None = None,
) -> None:
    """Plan again: keep what is accepted, place what can be, tell the rest why not.

    Solving takes a while, and nobody waits for it. What others have done by then stays as they did it, and the plan
    holds for the rest; if both do not go together, or left somebody without an answer, planning is due once more.
    `moment` tells what time it is by then; without it no time goes by.
    """
    with store.begin() as uow:
        take_up_fresh_elements(uow, now)
    with store.read() as reader:
        there = look(reader, rules, now)
    outcome = scheduling.replan(
        there.works,
        there.placements,
        there.rules,
        to_seconds(now),
        told=_find_ids(there, RequestStatus.ACCEPTED),
        solve=solve,
    )
    with store.read() as reader:
        refusals = {**outcome.refusals, **_explain(reader, there, outcome.placements, now)}
    with store.begin() as uow:
        then = moment(due) if moment else now
        if uow.finish_due(due.id, then):
            _publish_plan(uow, rules, there, replace(outcome, refusals=refusals), then)
            plan_what_was_found(uow, then)


def _publish_plan(
    uow: UnitOfWork, rules: Rules, there: Situation, outcome: scheduling.Replanned, now: datetime
) -> None:
    """What was planned `there`, `here` where things are as they are now."""
    here = look_again(uow, rules, there, now)
    placements = _merge(there.placements, here, outcome.placements)
    violations = scheduling.verify(placements, here.works, here.rules)
    # Of a merged plan it is no fault of the solver's.
    sound = is_sound(violations) if here is there else not violations
    late = _find_late(here.placements, placements, to_seconds(now))
    # Whoever left for an emergency that is gone by now has left for nothing.
    fits = sound and not late and _find_urgent(outcome.placements) <= _find_urgent(placements)
    if fits:
        reasons = {work_id: to_reason(refusal) for work_id, refusal in outcome.refusals.items()}
        publish(uow, here, placements, reasons, RESCHEDULED, now, _describe_plan(there, outcome.made))
    if late or (here is not there and not (fits and _is_answered(there, here))):
        uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    plan_ahead(uow, rules, [r for r in here.requests.values() if r.status in OPEN_REQUESTS], now)


def _merge(before: Placements, here: Situation, planned: Placements) -> tuple[scheduling.Placement, ...]:
    """The placements of a plan, but those of `here` where these have changed since `before`."""
    was, now_is = _find_places(before), _find_places(here.placements)
    touched = {work_id for work_id in was.keys() | now_is.keys() if was.get(work_id) != now_is.get(work_id)}
    works = {placement.work.id: placement.work for placement in here.placements}
    works |= {work.id: work for work in here.works}
    stay = (placement for placement in here.placements if placement.work.id in touched)
    follow = (one for one in planned if one.work.id not in touched and one.work.id in works)
    return (*stay, *(replace(one, work=works[one.work.id]) for one in follow))


def _find_late(before: Placements, after: Placements, now_s: float) -> set[str]:
    """Who got a place that can no longer be commanded, since it took so long to find it."""
    was = _find_places(before)
    new = (one for one in after if was.get(one.work.id) != (one.chance, one.frozen))
    return {one.work.id for one in new if one.chance.uplink_by_s <= now_s}


def _find_urgent(placements: Placements) -> set[str]:
    return {one.work.id for one in placements if one.work.rank == scheduling.EMERGENCY}


def _find_places(placements: Placements) -> Mapping[str, tuple[scheduling.Chance, bool]]:
    return {one.work.id: (one.chance, one.frozen) for one in placements}


def _explain(
    reader: Reader, there: Situation, placements: Sequence[scheduling.Placement], now: datetime
) -> Mapping[str, scheduling.Refusal]:
    """Why those who asked have no place, and what their own limits cost them, unless they wait for their notice."""
    placed, now_s = {placement.work.id for placement in placements}, to_seconds(now)
    left_out = _find_ids(there, RequestStatus.PLANNED) - placed
    works = [
        work
        if scheduling.waits(work, there.rules, now_s)
        else replace(work, excluded=find_excluded(reader, there.requests[work.id], now))
        for work in there.works
        if work.id in left_out
    ]
    return scheduling.explain_all(works, placements, there.rules, now_s)


def _is_answered(there: Situation, here: Situation) -> bool:
    """Whether all that happened since was answered at once, so that nothing is left to plan."""
    changed = [one for one in here.requests.values() if there.requests.get(one.id) != one]
    return there.requests.keys() <= here.requests.keys() and all(
        one.status == RequestStatus.ACCEPTED and one.priority != Priority.EMERGENCY for one in changed
    )


def _find_ids(there: Situation, status: RequestStatus) -> set[str]:
    return {one.id for one in there.requests.values() if one.status == status}


def _describe_plan(there: Situation, made: scheduling.Made | None) -> Mapping[str, Any] | None:
    """What the solver made a version from, and upon which one; nothing where it failed."""
    if made is None:
        return None
    upon = there.schedule.version
    return {"made_by": "plan", "elements": describe_elements(there), "upon": upon, **made.inputs}
