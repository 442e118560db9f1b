"""The one place where a status changes: it checks the table of steps, writes the event and moves the credit.

How a thing stood before is read from the store, never taken from the caller, so that events form an unbroken chain.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from swath.errors import Conflict
from swath.tasking import credits
from swath.tasking.machine import CAPTURE_STEPS, CREDIT_AT_END, ENDS, PLAN_STEPS, REQUEST_STEPS
from swath.tasking.model import (
    Capture,
    CaptureStatus,
    Event,
    Plan,
    PlanStatus,
    Reason,
    RequestStatus,
    Standing,
    TaskingRequest,
)
from swath.tasking.ports import UnitOfWork

Thing = TypeVar("Thing", Plan, TaskingRequest, Capture)


def add_plan(uow: UnitOfWork, plan: Plan, reason: Reason, now: datetime) -> None:
    """Keep a new plan, with its first event."""
    uow.add_plan(plan)
    uow.add_event(Event(plan.id, "plan", now, None, Standing(plan.status), reason))


def step_plan(uow: UnitOfWork, plan: Plan, to: PlanStatus, reason: Reason, now: datetime) -> Plan:
    """Move a plan to another status, with its reason and its event; raises Conflict for a step the table lacks."""
    before = _known(uow.plan(plan.id), plan)
    _check("plan", before.status, to, PLAN_STEPS[before.status])
    moved = replace(plan, status=to, reason=reason)
    uow.save_plan(moved)
    uow.add_event(Event(plan.id, "plan", now, Standing(before.status), Standing(to), reason))
    return moved


def note_plan(uow: UnitOfWork, plan: Plan, reason: Reason, now: datetime) -> Plan:
    """Save a change that leaves the plan's status as it is, with its event."""
    uow.save_plan(plan)
    uow.add_event(Event(plan.id, "plan", now, Standing(plan.status), Standing(plan.status), reason))
    return plan


def add_capture(uow: UnitOfWork, capture: Capture, reason: Reason, now: datetime) -> Capture:
    """Keep a new capture, with its first event."""
    uow.save_capture(capture)
    uow.add_event(Event(capture.id, "capture", now, None, Standing(capture.status), reason))
    return capture


def step_capture(
    uow: UnitOfWork, capture: Capture, to: CaptureStatus, reason: Reason, now: datetime
) -> Capture:
    """Move a capture to another status; what else changed on `capture` is saved with it. Raises Conflict."""
    before = _known(uow.capture(capture.id), capture)
    _check("capture", before.status, to, CAPTURE_STEPS[before.status])
    moved = replace(capture, status=to, reason=reason)
    uow.save_capture(moved)
    uow.add_event(Event(capture.id, "capture", now, Standing(before.status), Standing(to), reason))
    return moved


def note_capture(uow: UnitOfWork, capture: Capture, reason: Reason, now: datetime) -> Capture:
    """Save a change that leaves the capture's status as it is, with its event."""
    noted = replace(capture, reason=reason)
    uow.save_capture(noted)
    uow.add_event(
        Event(capture.id, "capture", now, Standing(capture.status), Standing(capture.status), reason)
    )
    return noted


def add_request(uow: UnitOfWork, request: TaskingRequest, reason: Reason, now: datetime) -> None:
    """Keep a new request with its credit on hold; raises InsufficientCredit."""
    credits.hold(uow, request, now)
    uow.add_request(request)
    uow.add_event(Event(request.id, "request", now, None, standing_of(request), reason))


def step_request(
    uow: UnitOfWork, request: TaskingRequest, to: RequestStatus, reason: Reason, now: datetime
) -> TaskingRequest:
    """Move a request to another status; what else changed on `request` is saved with it.

    At its end its credit moves as the table says. Raises Conflict for a step the table lacks, and from a final one.
    """
    before = _known(uow.request(request.id), request)
    _check("request", before.status, to, () if before.final else REQUEST_STEPS[before.status])
    return _keep(uow, before, replace(request, status=to, reason=reason), reason, now)


def note_request(uow: UnitOfWork, request: TaskingRequest, reason: Reason, now: datetime) -> TaskingRequest:
    """Save a change that leaves the status as it is (a moved capture, a refusal, the end of hope), with its event.

    Raises Conflict once the request is final.
    """
    before = _known(uow.request(request.id), request)
    _check("request", before.status, request.status, () if before.final else (before.status,))
    return _keep(uow, before, replace(request, reason=reason), reason, now)


def revise_request(uow: UnitOfWork, request: TaskingRequest, why: Reason, now: datetime) -> TaskingRequest:
    """Save what changed around a request; its status and reason stay. There is an event if it stands otherwise now."""
    before = _known(uow.request(request.id), request)
    _check("request", before.status, request.status, () if before.final else (before.status,))
    if standing_of(before) == standing_of(request):
        uow.save_request(request)
        return request
    return _keep(uow, before, request, why, now)


def standing_of(request: TaskingRequest) -> Standing:
    """What of the request changes in its life, as it is now."""
    return Standing(
        status=request.status,
        final=request.final,
        planned_start=request.planned_start,
        planned_end=request.planned_end,
        planned_satellite=request.planned_satellite,
        cancel_until=request.cancel_until,
        capture_id=request.capture_id,
        expected_delivery=request.expected_delivery,
    )


def _keep(
    uow: UnitOfWork, before: TaskingRequest, request: TaskingRequest, why: Reason, now: datetime
) -> TaskingRequest:
    after = replace(request, final=request.final or request.status in ENDS)
    uow.save_request(after)
    uow.add_event(Event(after.id, "request", now, standing_of(before), standing_of(after), why))
    if after.final:
        credits.settle(uow, after, CREDIT_AT_END[after.status], now)
    return after


def _check(kind: str, before: str, to: str, allowed: Collection[str]) -> None:
    if to not in allowed:
        raise Conflict(f"A {kind} that is {before} cannot become {to}.", code="illegal_step")


def _known(stored: Thing | None, thing: Thing) -> Thing:
    if stored is None:
        raise LookupError(f"{thing.id} is to change but was never kept.")
    return stored
