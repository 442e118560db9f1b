"""The schedule as the business sees it: place a request, freeze, drop.

Arithmetic is `swath.scheduling`; here its answers become a new schedule version, status steps with reasons, and rows
of due work. `cancel_until` follows the plan: it is when the planned capture freezes.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from swath import scheduling
from swath.clock import to_seconds
from swath.settings import LAST_PLANNING
from swath.tasking.excluded import find_excluded
from swath.tasking.model import (
    Activity,
    Chance,
    DueKind,
    Priority,
    Reason,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.places import last_chance, with_place, without_place
from swath.tasking.ports import UnitOfWork
from swath.tasking.provenance import describe_answer
from swath.tasking.rules import Rules
from swath.tasking.situation import Situation, look_around
from swath.tasking.steps import note_request, step_request
from swath.tasking.terms import to_reason, to_work
from swath.wire import format_time

log = logging.getLogger(__name__)

ACCEPTED = Reason("SCHEDULED", "The capture has a place in the schedule.")
MOVED = Reason(
    "MOVED", "The planned capture was moved to another of its chances, where it or others gain by it."
)
UNDECIDED = Reason(
    "UNDECIDED",
    "The schedule could not be changed at once; the request is placed, or refused, with the next one.",
)
WAITING = "WAITING"
# Codes of refusals that no change of the schedule can undo.
NEVER = frozenset({"NO_ACCESS", "UPLINK_DEADLINE", "OUTSIDE_WINDOW", "GEOMETRY"})


def place(uow: UnitOfWork, rules: Rules, request: TaskingRequest, now: datetime) -> TaskingRequest:
    """Answer a new request at once: ACCEPTED with a place in the schedule, or PLANNED with the reason why not.

    What can never be captured is REJECTED. What is promised late waits for its notice. An emergency, and what has
    no place, makes everything be planned again.
    """
    plan_ahead(uow, rules, [request], now)
    there, outcome = _insert(uow, rules, request, now)
    if outcome.refusal is not None:
        return _answer_no(uow, request, to_reason(outcome.refusal), now)
    violations = (
        *scheduling.verify(outcome.placements, there.works, there.rules),
        *scheduling.verify_change(there.placements, outcome.placements, to_seconds(now)),
    )
    if not is_sound(violations):
        return _answer_no(uow, request, UNDECIDED, now)
    cause = Reason("REQUEST_PLACED", "A new request was placed.", {"request": request.id})
    refusals = {work.id: to_reason(refusal) for work, _, refusal in outcome.displaced}
    inputs = describe_answer(there, request, now)
    publish(uow, there, outcome.placements, refusals, cause, now, inputs)
    if request.priority == Priority.EMERGENCY:
        uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    return uow.request(request.id) or request


def _insert(
    uow: UnitOfWork, rules: Rules, request: TaskingRequest, now: datetime
) -> tuple[Situation, scheduling.Outcome]:
    """Who stands to be refused is looked at again: with all who are in his way, and what his own limits cost him, on
    whichever satellite.

    An emergency that others have to leave for is looked at again with all whom it could reach.
    """
    urgent, work = request.priority == Priority.EMERGENCY, to_work(request)
    there = look_around(uow, rules, request, now)
    outcome = scheduling.insert(work, there.placements, there.rules, to_seconds(now))
    if urgent and (outcome.displaced or outcome.refusal):
        there = look_around(uow, rules, request, now, far=True)
        outcome = scheduling.insert(work, there.placements, there.rules, to_seconds(now))
    if outcome.refusal is None or outcome.refusal.code == WAITING:
        return there, outcome
    told = to_work(request, find_excluded(uow, request, now))
    blockers = {blocker.work for finding in outcome.refusal.findings for blocker in finding.blockers}
    elsewhere = {one.satellite for one in told.excluded}
    if blockers <= there.requests.keys() and elsewhere <= there.elements.keys():
        refusals = scheduling.explain_all([told], there.placements, there.rules, to_seconds(now))
        return there, replace(outcome, refusal=refusals[request.id])
    there = look_around(uow, rules, request, now, blockers, elsewhere, far=urgent)
    return there, scheduling.insert(told, there.placements, there.rules, to_seconds(now))


def plan_ahead(uow: UnitOfWork, rules: Rules, requests: Iterable[TaskingRequest], now: datetime) -> None:
    """Let planning be due at the next moment at which any of these is to be promised, or is about to freeze."""
    moments = (moment for request in requests for moment in _find_moments(rules, request) if moment > now)
    following = min(moments, default=None)
    if following is not None:
        uow.add_due(DueKind.RESCHEDULE, "schedule", following)


def _find_moments(rules: Rules, request: TaskingRequest) -> Iterator[datetime]:
    notice = rules.notice(request.priority) or LAST_PLANNING
    for ahead in {LAST_PLANNING, notice}:
        yield from (chance.uplink_by - ahead for chance in request.chances)


def freeze_activity(uow: UnitOfWork, request_id: str, cause: Reason, now: datetime) -> None:
    """Mark the request's line of the schedule as commanded."""
    line = uow.schedule().line_of(request_id)
    if line is not None:
        uow.add_schedule(cause, now, gone=[line], added=[replace(line, frozen=True)])


def drop_activity(uow: UnitOfWork, request_id: str, cause: Reason, now: datetime) -> None:
    """Take the request's line out of the schedule, and its freeze out of the calendar."""
    uow.drop_due(DueKind.UPLINK, request_id)
    line = uow.schedule().line_of(request_id)
    if line is not None:
        uow.add_schedule(cause, now, gone=[line])


def return_to_planning(uow: UnitOfWork, request: TaskingRequest, reason: Reason, now: datetime) -> None:
    """The request lost its place, and is REJECTED until the schedule is made again."""
    drop_activity(uow, request.id, reason, now)
    step_request(uow, without_place(request), RequestStatus.REJECTED, reason, now)
    uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    uow.add_due(DueKind.CLOSE_REQUEST, request.id, max(now, last_chance(request)))


def publish(
    uow: UnitOfWork,
    there: Situation,
    placements: Sequence[scheduling.Placement],
    refusals: Mapping[str, Reason],
    cause: Reason,
    now: datetime,
    inputs: Mapping[str, Any] | None,
) -> None:
    """A new version, if a line has changed, and the steps of the requests that it concerns."""
    gone, added = there.find_changes(placements)
    if gone or added:
        uow.add_schedule(cause, now, gone=gone, added=added, inputs=inputs)
    left = {line.request_id for line in gone}
    stay = (line for line in there.lines if line.request_id not in left)
    places = {line.request_id: line for line in (*stay, *added)}
    for request in there.requests.values():
        _settle(uow, request, places.get(request.id), refusals.get(request.id), now)


def is_sound(violations: Sequence[scheduling.Violation]) -> bool:
    """Nothing is published that the verifiers, which share no code with the solver, find fault with."""
    if violations:
        log.error("a schedule breaks %d rules and is not published: %s", len(violations), violations[:3])
    return not violations


def _settle(
    uow: UnitOfWork,
    request: TaskingRequest,
    place: Activity | None,
    refusal: Reason | None,
    now: datetime,
) -> None:
    if place is None:
        _refuse(uow, request, refusal, now)
    elif not place.frozen and (
        request.status != RequestStatus.ACCEPTED or request.planned_start != place.chance.start
    ):
        _accept(uow, request, place.chance, refusal or _tell_move(place.chance), now)


def _tell_move(chance: Chance) -> Reason:
    start = format_time(chance.start)
    return replace(MOVED, evidence={"moved": True, "satellite": chance.satellite, "start": start})


def _accept(
    uow: UnitOfWork, request: TaskingRequest, chance: Chance, moved: Reason, now: datetime
) -> TaskingRequest:
    planned = with_place(request, chance)
    if request.status == RequestStatus.ACCEPTED:
        uow.move_due(DueKind.UPLINK, request.id, chance.uplink_by)
        return note_request(uow, planned, moved, now)
    uow.add_due(DueKind.UPLINK, request.id, chance.uplink_by)
    return step_request(uow, planned, RequestStatus.ACCEPTED, ACCEPTED, now)


def _refuse(uow: UnitOfWork, request: TaskingRequest, refusal: Reason | None, now: datetime) -> None:
    if refusal is None or request.status not in (RequestStatus.PLANNED, RequestStatus.ACCEPTED):
        return
    if refusal.code == WAITING and request.status == RequestStatus.PLANNED:
        _defer(uow, request, refusal, now)
        return
    uow.drop_due(DueKind.UPLINK, request.id)
    step_request(uow, without_place(request), RequestStatus.REJECTED, refusal, now)


def _defer(uow: UnitOfWork, request: TaskingRequest, refusal: Reason, now: datetime) -> None:
    if refusal != request.reason:
        note_request(uow, request, refusal, now)


def _answer_no(uow: UnitOfWork, request: TaskingRequest, reason: Reason, now: datetime) -> TaskingRequest:
    if reason.code in NEVER:
        return step_request(uow, without_place(request), RequestStatus.REJECTED, reason, now)
    if reason.code != WAITING:
        uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    return note_request(uow, request, reason, now)
