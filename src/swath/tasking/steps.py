"""The one place where a status changes: it checks the table of legal steps and writes the event beside the change."""

from dataclasses import replace
from datetime import datetime

from swath.errors import Conflict
from swath.tasking.model import (
    CAPTURE_STEPS,
    PLAN_STEPS,
    REQUEST_STEPS,
    Capture,
    CaptureStatus,
    Event,
    Plan,
    PlanStatus,
    Reason,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.ports import UnitOfWork


def step_plan(uow: UnitOfWork, plan: Plan, to: PlanStatus, reason: Reason, now: datetime) -> Plan:
    """Move a plan to another status, with its reason and its event; raises Conflict for a step the table lacks."""
    if to not in PLAN_STEPS[plan.status]:
        raise _illegal("plan", plan.status, to)
    moved = replace(plan, status=to, reason=reason)
    uow.save_plan(moved)
    uow.add_event(Event(plan.id, "plan", now, plan.status, to, reason))
    return moved


def step_request(
    uow: UnitOfWork, request: TaskingRequest, to: RequestStatus, reason: Reason, now: datetime
) -> TaskingRequest:
    """Move a request to another status; what else changed on `request` is saved with it. Raises Conflict."""
    if to not in REQUEST_STEPS[request.status]:
        raise _illegal("request", request.status, to)
    moved = replace(request, status=to, reason=reason)
    uow.save_request(moved)
    uow.add_event(Event(request.id, "request", now, request.status, to, reason))
    return moved


def step_capture(
    uow: UnitOfWork, capture: Capture, to: CaptureStatus, reason: Reason, now: datetime
) -> Capture:
    """Move a capture to another status; what else changed on `capture` is saved with it. Raises Conflict."""
    if to not in CAPTURE_STEPS[capture.status]:
        raise _illegal("capture", capture.status, to)
    moved = replace(capture, status=to, reason=reason)
    uow.save_capture(moved)
    uow.add_event(Event(capture.id, "capture", now, capture.status, to, reason))
    return moved


def note_request(uow: UnitOfWork, request: TaskingRequest, reason: Reason, now: datetime) -> TaskingRequest:
    """Save a change that leaves the status as it is (a moved capture, a refusal), with its event."""
    noted = replace(request, reason=reason)
    uow.save_request(noted)
    uow.add_event(Event(request.id, "request", now, request.status, request.status, reason))
    return noted


def _illegal(what: str, before: str, after: str) -> Conflict:
    return Conflict(f"A {what} that is {before} cannot become {after}.", code="illegal_step")
