"""The tables of the lifecycle: which step a status may take, and what the end of a request does to its credit.

`swath.tasking.steps` is the one place that follows them.
"""

from collections.abc import Mapping

from swath.tasking.model import CaptureStatus, EntryKind, PlanStatus, RequestStatus

PLAN_STEPS: Mapping[PlanStatus, frozenset[PlanStatus]] = {
    PlanStatus.PROCESSING: frozenset({PlanStatus.ACTIVE, PlanStatus.FAILED, PlanStatus.EXPIRED}),
    PlanStatus.ACTIVE: frozenset({PlanStatus.EXPIRED}),
    PlanStatus.FAILED: frozenset({PlanStatus.ACTIVE, PlanStatus.EXPIRED}),
    PlanStatus.EXPIRED: frozenset(),
}

# The 2.1.4 machine of the public description, with FAILED and CANCELED added.
REQUEST_STEPS: Mapping[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.PLANNED: frozenset(
        {RequestStatus.ACCEPTED, RequestStatus.REJECTED, RequestStatus.CANCELED}
    ),
    RequestStatus.ACCEPTED: frozenset(
        {RequestStatus.REJECTED, RequestStatus.PROCESSING, RequestStatus.CANCELED}
    ),
    RequestStatus.REJECTED: frozenset({RequestStatus.ACCEPTED, RequestStatus.CANCELED}),
    RequestStatus.PROCESSING: frozenset(
        # REJECTED, not for good: back to planning when the capture came to nothing or was never commanded.
        {RequestStatus.DATA_AVAILABLE, RequestStatus.FAILED, RequestStatus.REJECTED}
    ),
    RequestStatus.DATA_AVAILABLE: frozenset(),
    RequestStatus.FAILED: frozenset(),
    RequestStatus.CANCELED: frozenset(),
}

CAPTURE_STEPS: Mapping[CaptureStatus, frozenset[CaptureStatus]] = {
    CaptureStatus.COMMANDED: frozenset({CaptureStatus.CAPTURED, CaptureStatus.FAILED}),
    CaptureStatus.CAPTURED: frozenset({CaptureStatus.DOWNLINKED, CaptureStatus.FAILED}),
    CaptureStatus.DOWNLINKED: frozenset({CaptureStatus.DELIVERED, CaptureStatus.FAILED}),
    CaptureStatus.DELIVERED: frozenset(),
    CaptureStatus.FAILED: frozenset(),
}

# A plan that is, or may again be, searched for candidates; a request that may get another place, or be canceled.
OPEN_PLANS = frozenset(status for status, steps in PLAN_STEPS.items() if steps)
OPEN_REQUESTS = frozenset({RequestStatus.PLANNED, RequestStatus.ACCEPTED, RequestStatus.REJECTED})

# Ends by themselves; a REJECTED request ends when its last chance has gone.
ENDS = frozenset(status for status, steps in REQUEST_STEPS.items() if not steps)

# A request's credit is on hold from its creation to its end, which then does this to it.
CREDIT_AT_END: Mapping[RequestStatus, EntryKind] = {
    RequestStatus.DATA_AVAILABLE: EntryKind.CHARGE,
    RequestStatus.REJECTED: EntryKind.RELEASE,
    RequestStatus.FAILED: EntryKind.RELEASE,
    RequestStatus.CANCELED: EntryKind.RELEASE,
}
