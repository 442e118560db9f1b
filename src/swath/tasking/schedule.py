"""The schedule as the business sees it: place a request, plan again after a change, freeze, drop.

Arithmetic is `swath.scheduling`; here its answers become a new schedule version, status steps with reasons, and rows
of due work. `cancel_until` follows the plan: it is when the planned capture freezes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from swath import scheduling
from swath.clock import to_seconds
from swath.tasking.following import follow
from swath.tasking.model import (
    Activity,
    Chance,
    DueKind,
    Priority,
    Reason,
    RequestStatus,
    Schedule,
    TaskingRequest,
)
from swath.tasking.places import with_place, without_place
from swath.tasking.ports import UnitOfWork
from swath.tasking.rules import Rules
from swath.tasking.steps import note_request, step_request

ACCEPTED = Reason("SCHEDULED", "The capture has a place in the schedule.")
MOVED = Reason("MOVED", "The planned capture was moved to another moment of the same access.")
# Longer than any low orbit takes: until then a capture counts in the duty of its revolution.
REVOLUTION = timedelta(hours=2)
RANK: Mapping[Priority, int] = {Priority.EMERGENCY: 3, Priority.NORMAL: 2, Priority.WISHLIST: 1}
OPEN = (RequestStatus.PLANNED, RequestStatus.ACCEPTED, RequestStatus.REJECTED)


def place(uow: UnitOfWork, rules: Rules, request: TaskingRequest, now: datetime) -> TaskingRequest:
    """Answer a new request at once: ACCEPTED with a place in the schedule, or PLANNED with the reason why not."""
    requests = {r.id: r for r in (*_open_requests(uow), request)}
    schedule = uow.schedule()
    outcome = scheduling.insert(
        _work(request),
        _placements(schedule, requests, now),
        _scheduling_rules(rules),
        to_seconds(now),
    )
    if outcome.placement is None:
        assert outcome.refusal is not None  # noqa: S101 - insert says one or the other
        return note_request(uow, request, _reason(outcome.refusal), now)
    cause = Reason("REQUEST_PLACED", "A new request was placed.", {"request": request.id})
    refusals = {work.id: _reason(refusal) for work, _, refusal in outcome.displaced}
    _publish(uow, rules, schedule, outcome.placements, requests, refusals, cause, now)
    placed = uow.request(request.id)
    return placed or request


def reschedule(uow: UnitOfWork, rules: Rules, now: datetime) -> None:
    """Plan again: keep what is accepted, then place what was refused, highest class and oldest first."""
    follow(uow, now)
    requests = {r.id: r for r in _open_requests(uow)}
    schedule = uow.schedule()
    placements = _placements(schedule, requests, now)
    # What is commanded needs no place any more, even once its capture has left the schedule and a chance is left.
    waiting = [r for r in requests.values() if r.status in OPEN]
    works = [_work(r) for r in sorted(waiting, key=lambda r: (-RANK[r.priority], r.created, r.id))]
    outcome = scheduling.replan(works, placements, _scheduling_rules(rules), to_seconds(now))
    refusals = {work_id: _reason(refusal) for work_id, refusal in outcome.refusals.items()}
    cause = Reason("RESCHEDULED", "The schedule was made again after a change.")
    _publish(uow, rules, schedule, outcome.placements, requests, refusals, cause, now)


def freeze_activity(uow: UnitOfWork, request_id: str, cause: Reason, now: datetime) -> None:
    """Mark the request's line of the schedule as commanded."""
    _rewrite(uow, request_id, lambda activity: replace(activity, frozen=True), cause, now)


def drop_activity(uow: UnitOfWork, request_id: str, cause: Reason, now: datetime) -> None:
    """Take the request's line out of the schedule, and its freeze out of the calendar."""
    uow.drop_due(DueKind.UPLINK, request_id)
    _rewrite(uow, request_id, lambda _: None, cause, now)


def activity_of(schedule: Schedule, request_id: str) -> Activity | None:
    """The request's line of a schedule, if it has one."""
    return next((a for a in schedule.activities if a.request_id == request_id), None)


def _rewrite(
    uow: UnitOfWork,
    request_id: str,
    change: Callable[[Activity], Activity | None],
    cause: Reason,
    now: datetime,
) -> None:
    activities = uow.schedule().activities
    if all(a.request_id != request_id for a in activities):
        return
    changed = (change(a) if a.request_id == request_id else a for a in activities)
    uow.add_schedule(cause, [a for a in changed if a is not None], now)


def _publish(
    uow: UnitOfWork,
    rules: Rules,
    before: Schedule,
    placements: Sequence[scheduling.Placement],
    requests: Mapping[str, TaskingRequest],
    refusals: Mapping[str, Reason],
    cause: Reason,
    now: datetime,
) -> None:
    _check(rules, placements, requests)
    after = [_activity(placement, requests, before) for placement in placements]
    if {_line(a) for a in after} != {_line(a) for a in before.activities}:
        uow.add_schedule(cause, after, now)
    places = {a.request_id: a for a in after}
    for request in requests.values():
        _settle(uow, request, places.get(request.id), refusals.get(request.id), now)


def _check(
    rules: Rules, placements: Sequence[scheduling.Placement], requests: Mapping[str, TaskingRequest]
) -> None:
    """Nothing is published that the verifier, which shares no code with the solver, finds fault with."""
    works = [_work(request) for request in requests.values()]
    violations = scheduling.verify(placements, works, _scheduling_rules(rules))
    if violations:
        raise RuntimeError(f"The schedule breaks its rules and was not published: {violations[:3]}")


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
        _accept(uow, request, place.chance, refusal or MOVED, now)


def _accept(
    uow: UnitOfWork, request: TaskingRequest, chance: Chance, moved: Reason, now: datetime
) -> TaskingRequest:
    uow.drop_due(DueKind.UPLINK, request.id)
    uow.add_due(DueKind.UPLINK, request.id, chance.uplink_by)
    planned = with_place(request, chance)
    if request.status == RequestStatus.ACCEPTED:
        return note_request(uow, planned, moved, now)
    return step_request(uow, planned, RequestStatus.ACCEPTED, ACCEPTED, now)


def _refuse(uow: UnitOfWork, request: TaskingRequest, refusal: Reason | None, now: datetime) -> None:
    if refusal is None or request.status not in OPEN:
        return
    if request.status == RequestStatus.REJECTED:
        return
    uow.drop_due(DueKind.UPLINK, request.id)
    step_request(uow, without_place(request), RequestStatus.REJECTED, refusal, now)


def _open_requests(uow: UnitOfWork) -> Sequence[TaskingRequest]:
    return [r for r in uow.requests_in((*OPEN, RequestStatus.PROCESSING)) if not r.final]


def _work(request: TaskingRequest) -> scheduling.Work:
    return scheduling.Work(
        id=request.id,
        rank=RANK[request.priority],
        chances=tuple(_to_scheduling(chance) for chance in request.chances),
        owner=request.account_id,
    )


def _placements(
    schedule: Schedule, requests: Mapping[str, TaskingRequest], now: datetime
) -> tuple[scheduling.Placement, ...]:
    """What still counts: captures that are over have left the schedule once their revolution is over too."""
    return tuple(
        scheduling.Placement(_work(requests[a.request_id]), _to_scheduling(a.chance), a.frozen)
        for a in schedule.activities
        if a.request_id in requests and a.chance.end > now - REVOLUTION
    )


def _activity(
    placement: scheduling.Placement, requests: Mapping[str, TaskingRequest], before: Schedule
) -> Activity:
    request = requests[placement.work.id]
    known = [*request.chances, *(a.chance for a in before.activities if a.request_id == request.id)]
    chance = next(c for c in known if _to_scheduling(c) == placement.chance)
    return Activity(request.id, request.priority, chance, placement.frozen)


def _to_scheduling(chance: Chance) -> scheduling.Chance:
    return scheduling.Chance(
        satellite=chance.satellite,
        start_s=to_seconds(chance.start),
        end_s=to_seconds(chance.end),
        roll_deg=chance.roll_deg,
        pitch_deg=chance.pitch_deg,
        uplink_by_s=to_seconds(chance.uplink_by),
        revolution=chance.revolution,
    )


def _scheduling_rules(rules: Rules) -> scheduling.Rules:
    satellites = rules.fleet.satellites
    return scheduling.Rules(
        agility={name: satellite.agility for name, satellite in satellites.items()},
        duty={name: satellite.duty for name, satellite in satellites.items()},
    )


def _reason(refusal: scheduling.Refusal) -> Reason:
    return Reason(refusal.code, refusal.message, refusal.evidence)


def _line(activity: Activity) -> tuple[str, datetime, float, bool]:
    return activity.request_id, activity.chance.start, activity.chance.pitch_deg, activity.frozen
