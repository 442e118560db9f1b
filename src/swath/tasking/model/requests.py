"""What is asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from swath.geo.antimeridian import Area
from swath.tasking.model.changes import Reason
from swath.tasking.model.plans import Chance


class Priority(StrEnum):
    EMERGENCY = "EMERGENCY"
    NORMAL = "NORMAL"
    WISHLIST = "WISHLIST"


class RequestStatus(StrEnum):
    PLANNED = "PLANNED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    PROCESSING = "PROCESSING"
    DATA_AVAILABLE = "DATA_AVAILABLE"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


@dataclass(frozen=True)
class TaskingRequest:
    """A customer's wish for one candidate. `chances` lists every way to fulfil it, the picked one first.

    It may be captured within its window, band and satellites: those of its candidate's access, or if it is `flexible`
    those that the customer gave. `fresh` holds the chances as they were found again, until the schedule takes them up.
    """

    id: str
    account_id: str
    plan_id: str
    candidate_id: str
    name: str
    priority: Priority
    status: RequestStatus
    created: datetime
    footprint: Area
    valid_start: datetime
    valid_end: datetime
    off_nadir_range: tuple[float, float]
    satellites: tuple[str, ...]
    chances: tuple[Chance, ...]
    cost: int
    flexible: bool = False
    fresh: tuple[Chance, ...] | None = None
    final: bool = False
    reason: Reason | None = None
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    planned_satellite: str | None = None
    cancel_until: datetime | None = None
    capture_id: str | None = None
    expected_delivery: datetime | None = None
