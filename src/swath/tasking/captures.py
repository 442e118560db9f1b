"""From the freeze to the catalogue: what is commanded, what mission control reports, what is delivered.

Every report may come twice; the second time answers the same and changes nothing.
"""

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from swath.errors import Conflict, Fault, Invalid, NotFound
from swath.tasking.chances import last_chance, without_place
from swath.tasking.expectations import expect_delivery
from swath.tasking.model import (
    Capture,
    CaptureStatus,
    CatalogItem,
    Chance,
    DueKind,
    Reason,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.ports import Reader, UnitOfWork
from swath.tasking.rules import Rules
from swath.tasking.schedule import drop_activity, freeze_activity
from swath.tasking.steps import add_capture, note_request, step_capture, step_request

COMMANDED = Reason("COMMANDED", "The capture goes up with the next contact and can no longer be changed.")
PUBLISHED = Reason("PUBLISHED", "The images are in the catalogue.")


@dataclass(frozen=True)
class CaptureResult:
    """What mission control says became of a capture; a cloudy one is one that it declares useless."""

    outcome: Literal["done", "failed", "cloudy"]
    cloud_percent: float | None
    at: datetime
    message: str = ""


def capture_id_of(request_id: str, chance: Chance) -> str:
    """The id of the capture that this chance of this request makes: the same however often it is asked for."""
    seed = f"{request_id}|{chance.satellite}|{chance.start.isoformat()}"
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()[:12]).decode()


def command(uow: UnitOfWork, request: TaskingRequest, chance: Chance, now: datetime) -> Capture:
    """Freeze an accepted request's planned capture: it is commanded, and the request is PROCESSING."""
    capture = Capture(
        id=capture_id_of(request.id, chance),
        request_id=request.id,
        account_id=request.account_id,
        chance=chance,
        footprint=request.footprint,
        status=CaptureStatus.COMMANDED,
        commanded=now,
        reason=COMMANDED,
    )
    add_capture(uow, capture, COMMANDED, now)
    freeze_activity(uow, request.id, COMMANDED, now)
    step_request(uow, request, RequestStatus.PROCESSING, COMMANDED, now)
    return capture


def report_result(
    uow: UnitOfWork, rules: Rules, capture_id: str, result: CaptureResult, now: datetime
) -> Capture:
    """Take in whether a capture was made; a failed or useless one ends its request and gives the credit back.

    Raises NotFound, Invalid for a result from before the capture could end, and Conflict when another outcome was
    reported before.
    """
    capture = find_capture(uow, capture_id)
    if capture.status != CaptureStatus.COMMANDED:
        return _same_outcome(capture, result)
    if result.at < capture.chance.start:
        start = capture.chance.start.isoformat()
        raise Invalid(
            Fault(
                "/at", "result_too_early", f"The capture starts at {start}; it cannot have a result before."
            )
        )
    if result.outcome == "done":
        return _captured(uow, rules, capture, result, now)
    return _failed(uow, capture, result, now)


def publish(uow: UnitOfWork, capture_id: str, item: CatalogItem, now: datetime) -> Capture:
    """The images are made: item into the catalogue, DATA_AVAILABLE, credit charged, all at once."""
    capture = find_capture(uow, capture_id)
    if capture.status == CaptureStatus.DELIVERED:
        return capture
    uow.save_item(item)
    delivered = step_capture(uow, replace(capture, delivered=now), CaptureStatus.DELIVERED, PUBLISHED, now)
    request = _request_of(uow, capture)
    step_request(uow, request, RequestStatus.DATA_AVAILABLE, PUBLISHED, now)
    return delivered


def delivery_failed(uow: UnitOfWork, capture_id: str, why: str, now: datetime) -> None:
    """The images could not be made, however often it was tried: the request FAILED and its credit goes back."""
    capture = find_capture(uow, capture_id)
    if capture.status != CaptureStatus.DOWNLINKED:
        return
    reason = Reason("DELIVERY_FAILED", f"The images could not be made; the credit was given back. {why}")
    step_capture(uow, capture, CaptureStatus.FAILED, reason, now)
    step_request(uow, _request_of(uow, capture), RequestStatus.FAILED, reason, now)


def give_up(uow: UnitOfWork, capture: Capture, reason: Reason, now: datetime) -> Capture:
    """A command never reached the satellite: its request goes back to planning, and waits as REJECTED meanwhile."""
    moved = step_capture(uow, capture, CaptureStatus.FAILED, reason, now)
    request = _request_of(uow, capture)
    drop_activity(uow, request.id, reason, now)
    step_request(uow, without_place(request), RequestStatus.REJECTED, reason, now)
    uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    uow.add_due(DueKind.CLOSE_REQUEST, request.id, max(now, last_chance(request)))
    return moved


def find_capture(reader: Reader, capture_id: str) -> Capture:
    """The capture of that id; raises NotFound."""
    capture = reader.capture(capture_id)
    if capture is None:
        raise NotFound(f"There is no capture {capture_id!r}.")
    return capture


def _captured(
    uow: UnitOfWork, rules: Rules, capture: Capture, result: CaptureResult, now: datetime
) -> Capture:
    reason = Reason(
        "CAPTURED",
        "The image was taken; it comes down with the next downlink contact.",
        {"cloud_percent": result.cloud_percent},
    )
    expected = expect_delivery(uow, rules, capture.chance)
    done = replace(capture, captured=result.at, cloud_percent=result.cloud_percent, expected=expected)
    moved = step_capture(uow, done, CaptureStatus.CAPTURED, reason, now)
    request = _request_of(uow, capture)
    note_request(uow, replace(request, capture_id=capture.id, expected_delivery=expected), reason, now)
    return moved


def _failed(uow: UnitOfWork, capture: Capture, result: CaptureResult, now: datetime) -> Capture:
    reason = _failure(result)
    moved = step_capture(uow, capture, CaptureStatus.FAILED, reason, now)
    request = _request_of(uow, capture)
    drop_activity(uow, request.id, reason, now)
    step_request(uow, request, RequestStatus.FAILED, reason, now)
    return moved


def _failure(result: CaptureResult) -> Reason:
    if result.outcome == "cloudy":
        message = (
            result.message or "Clouds hid the area; the image is of no use and the credit was given back."
        )
        return Reason("TOO_CLOUDY", message, {"cloud_percent": result.cloud_percent})
    message = result.message or "The satellite did not make the capture; the credit was given back."
    return Reason("CAPTURE_FAILED", message)


def _same_outcome(capture: Capture, result: CaptureResult) -> Capture:
    failed = capture.status == CaptureStatus.FAILED
    if failed != (result.outcome != "done"):
        raise Conflict(
            f"The capture was reported before and is {capture.status}; {result.outcome!r} does not fit that.",
            code="result_differs",
        )
    return capture


def _request_of(uow: UnitOfWork, capture: Capture) -> TaskingRequest:
    request = uow.request(capture.request_id)
    if request is None:
        raise NotFound(f"The request of capture {capture.id!r} is not there.")
    return request
