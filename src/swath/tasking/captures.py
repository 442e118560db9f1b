"""From the freeze to the catalogue: what is commanded, what mission control reports, what is delivered.

Every report may come twice; the second time answers the same and changes nothing.

A capture that comes to nothing does not end its request while another chance of it can still be commanded: the request
goes back to planning with its credit on hold, and `capture_id` is empty until there is another. Else it has FAILED, and
the credit is given back.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from swath.errors import Conflict, Fault, Invalid, NotFound
from swath.tasking.expectations import expect_delivery
from swath.tasking.model import (
    Candidate,
    Capture,
    CaptureStatus,
    CatalogItem,
    Chance,
    Reason,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.places import last_chance
from swath.tasking.ports import Reader, UnitOfWork
from swath.tasking.rules import Rules
from swath.tasking.schedule import drop_activity, freeze_activity, return_to_planning
from swath.tasking.steps import add_capture, note_request, step_capture, step_request
from swath.wire import format_time

COMMANDED = Reason("COMMANDED", "The capture goes up with the next contact and can no longer be changed.")
PUBLISHED = Reason("PUBLISHED", "The images are in the catalogue.")
AGAIN = "The request goes back to planning."
ENDED = "No other chance of the request can still be commanded; its credit was given back."


@dataclass(frozen=True)
class CaptureResult:
    """What mission control says became of a capture; a cloudy one is one that it declares useless."""

    outcome: Literal["done", "failed", "cloudy"]
    cloud_percent: float | None
    at: datetime
    message: str = ""


def capture_id_of(request_id: str, chance: Chance) -> str:
    """The id of the capture that this chance of this request makes: the same however often it is asked for."""
    # With the contact that commands it: after one that was missed, the same capture may go up with another.
    seed = f"{request_id}|{chance.satellite}|{chance.start.isoformat()}|{chance.uplink_by.isoformat()}"
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()[:12]).decode()


def command(uow: UnitOfWork, request: TaskingRequest, chance: Chance, now: datetime) -> Capture:
    """Freeze an accepted request's planned capture: it is commanded, and the request is PROCESSING."""
    candidate = uow.candidate(chance.candidate_id)
    if candidate is None:
        raise LookupError(f"The candidate {chance.candidate_id!r} of a planned capture was never kept.")
    capture = Capture(
        id=capture_id_of(request.id, chance),
        request_id=request.id,
        account_id=request.account_id,
        chance=chance,
        footprint=candidate.footprint,
        status=CaptureStatus.COMMANDED,
        commanded=now,
        seen=_describe(candidate),
        reason=COMMANDED,
    )
    add_capture(uow, capture, COMMANDED, now)
    freeze_activity(uow, request.id, COMMANDED, now)
    step_request(uow, request, RequestStatus.PROCESSING, COMMANDED, now)
    return capture


def report_result(
    uow: UnitOfWork, rules: Rules, capture_id: str, result: CaptureResult, now: datetime
) -> Capture:
    """Take in whether a capture was made; a failed or useless one is planned again if a chance is left.

    Raises NotFound, Invalid for a result from before the capture starts, and Conflict when another outcome was
    reported before.
    """
    capture = find_capture(uow, capture_id)
    if capture.status != CaptureStatus.COMMANDED:
        return _same_outcome(capture, result)
    if result.at < capture.chance.start:
        start = format_time(capture.chance.start)
        raise Invalid(
            Fault(
                "/at", "result_too_early", f"The capture starts at {start}; it cannot have a result before."
            )
        )
    if result.outcome == "done":
        return _captured(uow, rules, capture, result, now)
    # A useless image has taken the satellite's time and memory as well as any.
    made = result.at if result.outcome == "cloudy" else None
    told = replace(capture, captured=made, cloud_percent=result.cloud_percent)
    return fail(uow, told, _failure(result), now)


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
    """The images could not be made, however often it was tried: the capture is planned again if a chance is left."""
    capture = find_capture(uow, capture_id)
    if capture.status == CaptureStatus.DOWNLINKED:
        fail(uow, capture, Reason("DELIVERY_FAILED", f"The images could not be made: {why}."), now)


def fail(uow: UnitOfWork, capture: Capture, reason: Reason, now: datetime) -> Capture:
    """The capture came to nothing: its request is planned again while a chance is left, else it ends."""
    request = _request_of(uow, capture)
    if last_chance(request) > now:
        return give_up(uow, capture, _add(reason, AGAIN), now)
    told = _add(reason, ENDED)
    failed = step_capture(uow, capture, CaptureStatus.FAILED, told, now)
    drop_activity(uow, request.id, told, now)
    ended = replace(request, expected_delivery=None)
    step_request(uow, ended, RequestStatus.FAILED, told, now)
    return failed


def give_up(uow: UnitOfWork, capture: Capture, reason: Reason, now: datetime) -> Capture:
    """The capture came to nothing and its request goes back to planning, REJECTED until the schedule is made again."""
    failed = step_capture(uow, capture, CaptureStatus.FAILED, reason, now)
    request = _request_of(uow, capture)
    return_to_planning(uow, replace(request, capture_id=None, expected_delivery=None), reason, now)
    return failed


def find_capture(reader: Reader, capture_id: str) -> Capture:
    """The capture of that id; raises NotFound."""
    capture = reader.capture(capture_id)
    if capture is None:
        raise NotFound(f"There is no capture {capture_id!r}.")
    return capture


def _describe(candidate: Candidate) -> Mapping[str, Any]:
    """What delivery tells of the candidate."""
    return {
        "coverage_percent": candidate.coverage_percent,
        "view_azimuth_deg": candidate.view_azimuth_deg,
        "incidence_deg": candidate.incidence_deg,
        "off_nadir_deg": candidate.chance.off_nadir_deg,
        "sun_elevation_deg": candidate.sun_elevation_deg,
        "sun_azimuth_deg": candidate.sun_azimuth_deg,
        "gsd_m": candidate.gsd_m,
        "orbit_state": candidate.orbit_state,
        "constellation": candidate.constellation,
        "elements_epoch": format_time(candidate.elements_epoch),
    }


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


def _failure(result: CaptureResult) -> Reason:
    if result.outcome == "cloudy":
        message = result.message or "Clouds hid the area; the image is of no use."
        return Reason("TOO_CLOUDY", message, {"cloud_percent": result.cloud_percent})
    return Reason("CAPTURE_FAILED", result.message or "The satellite did not make the capture.")


def _add(reason: Reason, sentence: str) -> Reason:
    return replace(reason, message=f"{reason.message.rstrip(' .')}. {sentence}")


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
