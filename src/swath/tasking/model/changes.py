"""What changed and why, and what is still to be done: reasons, events, work that is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why something happened: a stable code, one sentence, and the figures behind it.

    `findings` (JSON-able) of a refusal name other accounts' work. They are for the operator: kept with the event, apart
    from the reason, and read by `Reader.refusals_of` alone.
    """

    code: str
    message: str
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    findings: Sequence[Mapping[str, Any]] = field(default=(), compare=False)


@dataclass(frozen=True)
class Standing:
    """What of a thing changes in its life. Plans and captures have a status; the rest is of requests."""

    status: str
    final: bool = False
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    planned_satellite: str | None = None
    cancel_until: datetime | None = None
    capture_id: str | None = None
    expected_delivery: datetime | None = None


@dataclass(frozen=True)
class Event:
    """One change of one thing: how it stood before (None: it is new), how it stands after, why and when."""

    subject: str
    kind: str
    at: datetime
    before: Standing | None
    after: Standing
    reason: Reason


class DueKind(StrEnum):
    """Everything that happens at a time."""

    FIND_CANDIDATES = "find_candidates"
    REFRESH_CANDIDATES = "refresh_candidates"
    FIND_CHANCES = "find_chances"
    EXPIRE_PLAN = "expire_plan"
    RESCHEDULE = "reschedule"
    UPLINK = "uplink"
    CLOSE_REQUEST = "close_request"
    DELIVER = "deliver"


@dataclass(frozen=True)
class DueWork:
    """A row of work that is due at a time: the outbox of the job runner and the calendar of the timeline."""

    id: str
    kind: DueKind
    subject: str
    due_at: datetime
    done_at: datetime | None = None
    attempts: int = 0
    error: str | None = None
