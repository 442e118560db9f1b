"""From the satellite to the ground: a scene is here, comes later than was expected, or will never come."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from swath.errors import Conflict, Fault, Invalid
from swath.tasking.captures import fail, find_capture
from swath.tasking.expectations import add_processing
from swath.tasking.model import Capture, CaptureStatus, DueKind, Reason, TaskingRequest
from swath.tasking.ports import UnitOfWork
from swath.tasking.requests import find_request
from swath.tasking.rules import Rules
from swath.tasking.steps import note_capture, note_request, step_capture
from swath.wire import format_time

HERE = (CaptureStatus.DOWNLINKED, CaptureStatus.DELIVERED)
LOST = "SCENE_LOST"


@dataclass(frozen=True)
class DownlinkReport:
    """What mission control says of a scene: it is all here, is `expected` at another time, or is lost."""

    outcome: Literal["done", "late", "lost"]
    expected: datetime | None = None
    message: str = ""


def report_downlink(
    uow: UnitOfWork, rules: Rules, capture_id: str, report: DownlinkReport, now: datetime
) -> Capture:
    """Take in what becomes of a scene: its delivery is due, or expected later, or the capture came to nothing.

    Raises NotFound, Conflict unless its scene is awaited, Invalid for a lateness from before the capture.
    """
    capture = find_capture(uow, capture_id)
    if _was_said(capture, report, rules):
        return capture
    _check_awaited(capture, report)
    if report.outcome == "done":
        return _take_in(uow, rules, capture, now)
    if report.outcome == "late":
        return _delay(uow, rules, capture, report, now)
    message = report.message or "The scene was lost on its way to the ground."
    return fail(uow, capture, Reason(LOST, message), now)


def check_awaited(capture: Capture) -> None:
    """Whether the scene of a capture may come: raises Conflict, saying why not."""
    if capture.status == CaptureStatus.FAILED:
        why = capture.reason.code if capture.reason else "FAILED"
        raise Conflict(
            f"The capture was given up ({why}); its request has ended or goes on with another capture, "
            "and a scene of this one is not taken any more.",
            code="given_up",
        )
    if capture.status == CaptureStatus.COMMANDED:
        raise Conflict(
            "The capture is COMMANDED; its scene is taken once its result was reported as done.",
            code="not_captured",
        )


def _was_said(capture: Capture, report: DownlinkReport, rules: Rules) -> bool:
    match report.outcome:
        case "done":
            return capture.status in HERE
        case "late":
            return report.expected is not None and capture.expected == add_processing(rules, report.expected)
        case "lost":
            return capture.reason is not None and capture.reason.code == LOST


def _check_awaited(capture: Capture, report: DownlinkReport) -> None:
    check_awaited(capture)
    if capture.status in HERE:
        raise Conflict(
            f"The scene was reported as done; {report.outcome!r} does not fit that.", code="downlink_differs"
        )


def _take_in(uow: UnitOfWork, rules: Rules, capture: Capture, now: datetime) -> Capture:
    expected = _later(capture.expected, add_processing(rules, now))
    reason = Reason(
        "SCENE_RECEIVED",
        "The scene has reached the ground; its images are being made.",
        _tell_delay(capture.expected, expected),
    )
    moved = step_capture(uow, replace(capture, expected=expected), CaptureStatus.DOWNLINKED, reason, now)
    _note(uow, moved, reason, now)
    uow.add_due(DueKind.DELIVER, capture.id, now)
    return moved


def _delay(uow: UnitOfWork, rules: Rules, capture: Capture, report: DownlinkReport, now: datetime) -> Capture:
    if report.expected is None or report.expected < capture.chance.end:
        end = format_time(capture.chance.end)
        message = f"expected says when the scene is on the ground; the capture itself ends at {end}."
        raise Invalid(Fault("/expected", "expected_too_early", message))
    expected = add_processing(rules, report.expected)
    message = report.message or "The scene comes down with another contact than was expected."
    reason = Reason("DELIVERY_DELAYED", message, _tell_delay(capture.expected, expected))
    noted = note_capture(uow, replace(capture, expected=expected), reason, now)
    _note(uow, noted, reason, now)
    return noted


def _note(uow: UnitOfWork, capture: Capture, reason: Reason, now: datetime) -> None:
    request = replace(_request_of(uow, capture), expected_delivery=capture.expected)
    note_request(uow, request, reason, now)


def _request_of(uow: UnitOfWork, capture: Capture) -> TaskingRequest:
    return find_request(uow, capture.request_id, None)


def _later(before: datetime | None, after: datetime) -> datetime:
    return after if before is None else max(before, after)


def _tell_delay(before: datetime | None, after: datetime) -> dict[str, str | float]:
    """How much later than expected; nothing when it is not."""
    if before is None or after <= before:
        return {}
    return {
        "expected_before": format_time(before),
        "expected_now": format_time(after),
        "late_by_s": round((after - before).total_seconds(), 3),
    }
