"""What tasking is about: frozen values and their statuses; which steps those may take says `swath.tasking.machine`.

Times are aware UTC datetimes, angles degrees, geometries shapely in CRS84 (lon, lat), already cut at the
antimeridian as RFC 7946 asks. Ids are wire ids (`swath.ids`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from swath.geo.antimeridian import Area


class PlanStatus(StrEnum):
    PROCESSING = "PROCESSING"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


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


class CaptureStatus(StrEnum):
    COMMANDED = "COMMANDED"
    CAPTURED = "CAPTURED"
    FAILED = "FAILED"
    DOWNLINKED = "DOWNLINKED"
    DELIVERED = "DELIVERED"


class UplinkOutcome(StrEnum):
    """What became of a contact that was to carry commands: all went up, some did, or it did not happen."""

    UPLINKED = "UPLINKED"
    PARTIAL = "PARTIAL"
    MISSED = "MISSED"


class EntryKind(StrEnum):
    """Movements of credit. A hold is taken back by exactly one charge or release."""

    GRANT = "GRANT"
    HOLD = "HOLD"
    CHARGE = "CHARGE"
    RELEASE = "RELEASE"


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
class Account:
    id: str
    name: str
    created: datetime


@dataclass(frozen=True)
class ClientSecret:
    """One secret of a client, of which only a keyed digest is kept; `ends` None while it is the newest."""

    digest: bytes
    created: datetime
    ends: datetime | None = None


@dataclass(frozen=True)
class ApiClient:
    """Credentials of an account. Its times are real ones, also in a sandbox."""

    id: str
    account_id: str
    secrets: tuple[ClientSecret, ...]
    scopes: tuple[str, ...]
    created: datetime
    revoked: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """An area and a time range with limits; promises nothing."""

    id: str
    account_id: str
    name: str
    geometry: Area
    valid_start: datetime
    valid_end: datetime
    off_nadir_range: tuple[float, float]
    satellites: tuple[str, ...]
    status: PlanStatus
    created: datetime
    reason: Reason | None = None
    candidate_count: int | None = None
    no_candidates: Mapping[str, Any] | None = None
    archived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """One way to make a capture: of which candidate, which satellite, when, how pointed, commanded by when."""

    candidate_id: str
    satellite: str
    start: datetime
    end: datetime
    roll_deg: float
    pitch_deg: float
    off_nadir_deg: float
    uplink_by: datetime
    revolution: int


@dataclass(frozen=True)
class Candidate:
    """One possible capture of a plan. Angles are at mid-capture, at the footprint's centre.

    Found again with fresh elements, it keeps its id and has other figures; `created` is when these were found. What
    coverage, probability and uncertainty mean says `swath.planning.CandidateDraft`.
    """

    id: str
    plan_id: str
    account_id: str
    chance: Chance
    footprint: Area
    coverage_percent: float
    expected_coverage_percent: float
    coverage_probability: float
    time_uncertainty_s: float
    view_azimuth_deg: float
    incidence_deg: float
    sun_elevation_deg: float
    sun_azimuth_deg: float
    gsd_m: float
    orbit_state: str
    constellation: str
    elements_epoch: datetime
    access_start: datetime
    access_end: datetime
    expected_delivery: datetime | None
    created: datetime
    valid_until: datetime


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


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of a schedule: this satellite makes this request's capture in this way. Frozen = commanded."""

    request_id: str
    priority: Priority
    chance: Chance
    frozen: bool


@dataclass(frozen=True)
class Schedule:
    """One immutable version of who does what when, and what caused it."""

    version: int
    created: datetime
    cause: Reason
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Capture:
    """Imaging that is commanded, done or failed. Its id is what customers search the catalogue for.

    `seen` keeps the figures of its candidate that its image is described with: candidates lapse, captures stay.
    """

    id: str
    request_id: str
    account_id: str
    chance: Chance
    footprint: Area
    status: CaptureStatus
    commanded: datetime
    seen: Mapping[str, Any] = field(default_factory=dict[str, Any])
    reason: Reason | None = None
    uplinked: datetime | None = None
    captured: datetime | None = None
    cloud_percent: float | None = None
    expected: datetime | None = None
    delivered: datetime | None = None


@dataclass(frozen=True)
class Acknowledgement:
    """What mission control said of an uplink: the captures whose commands went up with it, and those that did not.

    `start` is when the contact was to begin, `at` when it was known what became of it.
    """

    uplink_id: str
    satellite: str
    start: datetime
    outcome: UplinkOutcome
    carried: tuple[str, ...]
    lost: tuple[str, ...]
    at: datetime
    message: str = ""


@dataclass(frozen=True)
class Entry:
    """One movement in the ledger: whole credits, never changed, never removed."""

    account_id: str
    kind: EntryKind
    amount: int
    at: datetime
    request_id: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Balance:
    """What an account was granted, has on hold and was charged; `free` can still be spent."""

    granted: int
    held: int
    charged: int

    @property
    def free(self) -> int:
        return self.granted - self.held - self.charged


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


@dataclass(frozen=True)
class StoredElements:
    """An element set as kept: the OMM fields, where it came from and when it was taken in."""

    satellite: str
    norad_id: int
    epoch: datetime
    omm: Mapping[str, Any]
    source: str
    imported: datetime


@dataclass(frozen=True)
class CatalogItem:
    """A delivered image as a STAC item, with what the store searches by."""

    id: str
    collection: str
    account_id: str
    capture_id: str
    geometry: Area
    start: datetime
    end: datetime
    document: Mapping[str, Any]
