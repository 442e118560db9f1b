"""Tasking requests: ask for a candidate, cancel, freeze at the uplink, close when no chance is left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from swath import scheduling
from swath.errors import Conflict, Fault, Invalid, NotFound
from swath.geo.polygons import to_geojson
from swath.ids import REQUEST, new_id
from swath.tasking import captures
from swath.tasking.bounds import NARROW, BoundsDraft, bounds_of, widen_bounds
from swath.tasking.chances import find_first_chances
from swath.tasking.machine import OPEN_REQUESTS
from swath.tasking.model import (
    Candidate,
    DueKind,
    Priority,
    Reason,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.places import last_chance, without_place
from swath.tasking.plans import find_plan
from swath.tasking.ports import Reader, UnitOfWork
from swath.tasking.rules import Rules
from swath.tasking.schedule import drop_activity, place, return_to_planning
from swath.tasking.steps import add_request, note_request, step_request
from swath.wire import format_time

CREATED = Reason("CREATED", "The request was created and its credit set aside.")
CANCELED = Reason("CANCELED_BY_CLIENT", "The request was canceled by its owner; the credit was given back.")
MISSED = Reason("UPLINK_DEADLINE", "The capture could not be commanded in time.")
CLOSED = "No uplink contact is left before any chance of this request; the credit was given back."
NOWHERE = {"type": "Polygon", "coordinates": []}


@dataclass(frozen=True)
class RequestDraft:
    """What a customer sends to ask for a capture; a geometry says no more than the candidate does."""

    name: str
    candidate_id: str
    priority: Priority
    geometry: Mapping[str, Any] | None = None
    bounds: BoundsDraft = NARROW


def submit(
    uow: UnitOfWork, rules: Rules, account_id: str, draft: RequestDraft, now: datetime
) -> TaskingRequest:
    """Ask for a candidate: its credit is held and the schedule answers at once.

    Raises Invalid for a bad name or a geometry of its own, NotFound for a candidate that is not the account's, Conflict
    when it has expired or was requested before, InsufficientCredit.
    """
    candidate = _usable_candidate(uow, rules, account_id, draft, now)
    request = _build_request(uow, rules, candidate, draft, now)
    add_request(uow, request, CREATED, now)
    uow.add_due(DueKind.CLOSE_REQUEST, request.id, last_chance(request))
    if request.flexible:
        uow.add_due(DueKind.FIND_CHANCES, request.id, now)
    return place(uow, rules, request, now)


def cancel(uow: UnitOfWork, account_id: str, request_id: str, now: datetime) -> TaskingRequest:
    """Take a request back and give its credit back; raises NotFound, and Conflict once it is commanded or over.

    Canceling what is canceled answers it as it is.
    """
    request = find_request(uow, request_id, account_id)
    if request.status == RequestStatus.CANCELED:
        return request
    if request.status not in OPEN_REQUESTS or request.final:
        raise Conflict(
            f"The request is {request.status}{' for good' * request.final} and can no longer be canceled.",
            code="not_cancelable",
        )
    if request.cancel_until is not None and now >= request.cancel_until:
        until = format_time(request.cancel_until)
        raise Conflict(f"The request could be canceled until {until}.", code="cancel_too_late")
    drop_activity(uow, request.id, CANCELED, now)
    uow.drop_due(DueKind.CLOSE_REQUEST, request.id)
    canceled = step_request(uow, without_place(request), RequestStatus.CANCELED, CANCELED, now)
    uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    return canceled


def freeze(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    """The last moment before the uplink has come: an accepted capture is commanded and can no longer move."""
    request = uow.request(request_id)
    activity = uow.schedule().line_of(request_id)
    if request is None or activity is None or request.status != RequestStatus.ACCEPTED or activity.frozen:
        return
    if activity.chance.uplink_by > now:
        uow.add_due(DueKind.UPLINK, request_id, activity.chance.uplink_by)
    elif activity.chance.start <= now:
        return_to_planning(uow, request, MISSED, now)
    else:
        captures.command(uow, request, activity.chance, now)


def close(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    """No chance is left: a request that has no place by now is REJECTED for good and its credit released.

    If fresh elements have given it a later chance, it waits for that.
    """
    request = uow.request(request_id)
    if request is None or request.final:
        return
    if last_chance(request) > now:
        uow.add_due(DueKind.CLOSE_REQUEST, request_id, last_chance(request))
        return
    if request.status not in (RequestStatus.PLANNED, RequestStatus.REJECTED):
        return
    why = request.reason or Reason("NO_ACCESS", "")
    message, evidence = scheduling.without_remedies(why.message, why.evidence)
    reason = Reason(why.code, f"{message} {CLOSED}".strip(), evidence)
    closed = replace(request, final=True)
    if request.status == RequestStatus.PLANNED:
        step_request(uow, closed, RequestStatus.REJECTED, reason, now)
    else:
        note_request(uow, closed, reason, now)


def find_request(reader: Reader, request_id: str, account_id: str | None) -> TaskingRequest:
    """The account's request of that id; raises NotFound."""
    request = reader.request(request_id, account_id)
    if request is None:
        raise NotFound(f"There is no request {request_id!r}.")
    return request


def _usable_candidate(
    uow: UnitOfWork, rules: Rules, account_id: str, draft: RequestDraft, now: datetime
) -> Candidate:
    length, most = len(draft.name.strip()), rules.limits.max_name
    if not 1 <= length <= most:
        message = f"name has {length} characters; it takes 1 to {most}."
        raise Invalid(Fault("/properties/name", "name_length", message))
    candidate = uow.candidate(draft.candidate_id, account_id)
    if candidate is None:
        raise NotFound(
            f"There is no candidate {draft.candidate_id!r}; list the candidates of your plan for those there are."
        )
    # An area that was sent in the hope of being captured must not be ignored without a word.
    if draft.geometry not in (None, NOWHERE) and draft.geometry != to_geojson(candidate.footprint):
        message = "The geometry is not that of the candidate; send that as it was read, or an empty Polygon."
        raise Invalid(Fault("/geometry", "not_the_footprint", message))
    live = uow.live_request_for(account_id, candidate.id)
    if live is not None:
        raise Conflict(
            f"This candidate was requested before, by {live.name!r}.", code="already_requested", see=live.id
        )
    if candidate.valid_until <= now:
        raise Conflict(
            f"The candidate expired at {format_time(candidate.valid_until)}; list the candidates of its plan again.",
            code="candidate_expired",
        )
    return candidate


def _build_request(
    uow: UnitOfWork, rules: Rules, candidate: Candidate, draft: RequestDraft, now: datetime
) -> TaskingRequest:
    plan = find_plan(uow, candidate.plan_id, candidate.account_id)
    flexible = draft.bounds != NARROW
    bounds = widen_bounds(rules, plan, candidate, draft.bounds, now) if flexible else bounds_of(candidate)
    chances = find_first_chances(uow, rules, plan, candidate, bounds, now)
    return TaskingRequest(
        id=new_id(REQUEST),
        account_id=candidate.account_id,
        plan_id=candidate.plan_id,
        candidate_id=candidate.id,
        name=draft.name.strip(),
        priority=draft.priority,
        status=RequestStatus.PLANNED,
        created=now,
        footprint=candidate.footprint,
        valid_start=bounds.valid_start,
        valid_end=bounds.valid_end,
        off_nadir_range=bounds.off_nadir_range,
        satellites=bounds.satellites,
        chances=chances,
        flexible=flexible,
        cost=rules.price(draft.priority),
        reason=CREATED,
        cancel_until=max(chance.uplink_by for chance in chances),
    )
