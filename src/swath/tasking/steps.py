"""The one place where a status changes: it checks the table of legal steps and writes the event beside the change."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

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

Thing = TypeVar("Thing", Plan, TaskingRequest, Capture)
Steps = Mapping[Any, frozenset[Any]]


def step_plan(uow: UnitOfWork, plan: Plan, to: PlanStatus, reason: Reason, now: datetime) -> Plan:
    """Move a plan to another status, with its reason and its event; raises Conflict for a step the table lacks."""
    return _step(uow, "plan", uow.save_plan, PLAN_STEPS, plan, to, reason, now)


def step_request(
    uow: UnitOfWork, request: TaskingRequest, to: RequestStatus, reason: Reason, now: datetime
) -> TaskingRequest:
    """Move a request to another status; what else changed on `request` is saved with it. Raises Conflict."""
    return _step(uow, "request", uow.save_request, REQUEST_STEPS, request, to, reason, now)


def step_capture(
    uow: UnitOfWork, capture: Capture, to: CaptureStatus, reason: Reason, now: datetime
) -> Capture:
    """Move a capture to another status; what else changed on `capture` is saved with it. Raises Conflict."""
    return _step(uow, "capture", uow.save_capture, CAPTURE_STEPS, capture, to, reason, now)


def note_request(uow: UnitOfWork, request: TaskingRequest, reason: Reason, now: datetime) -> TaskingRequest:
    """Save a change that leaves the status as it is (a moved capture, a refusal), with its event."""
    noted = replace(request, reason=reason)
    uow.save_request(noted)
    uow.add_event(Event(request.id, "request", now, request.status, request.status, reason))
    return noted


def _step(
    uow: UnitOfWork,
    kind: str,
    save: Callable[[Thing], None],
    steps: Steps,
    thing: Thing,
    to: StrEnum,
    reason: Reason,
    now: datetime,
) -> Thing:
    if to not in steps[thing.status]:
        raise Conflict(f"A {kind} that is {thing.status} cannot become {to}.", code="illegal_step")
    changes: dict[str, Any] = {"status": to, "reason": reason}
    moved = replace(thing, **changes)
    save(moved)
    uow.add_event(Event(thing.id, kind, now, thing.status, to, reason))
    return moved
