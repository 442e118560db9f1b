"""What mission control reads: captures, contacts and the schedule as JSON documents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from swath.access import Contact
from swath.clock import from_seconds
from swath.geo.polygons import to_geojson
from swath.tasking.model import Activity, Capture, Chance, Priority, Reason, Schedule
from swath.wire import format_time

# What of a version's inputs is worth a look; the rest is the instance.
COMPUTED = ("made_by", "solver", "seed", "rounds", "seconds", "status", "value", "bound", "gap")
# As it is written: RFC 3339 in UTC.
TimeText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class ReasonDocument(TypedDict):
    """Why something is as it is: a stable code, a sentence, and figures beside it."""

    code: str
    message: str
    evidence: dict[str, Any]


class ContactDocument(TypedDict):
    """A satellite can talk to a station."""

    station: str
    start: TimeText
    end: TimeText
    max_elevation_deg: float


class ChanceDocument(TypedDict):
    """How a satellite makes a capture: when and with which angles, in degrees, and by when it must know."""

    satellite: str
    start: TimeText
    end: TimeText
    roll_deg: float
    pitch_deg: float
    off_nadir_deg: float
    uplink_by: TimeText
    revolution: int


class CaptureDocument(ChanceDocument):
    """One capture: how to make it, how far it has come, and the bytes of each part of its scene that is here."""

    id: str
    request_id: str
    priority: str | None
    status: str
    reason: ReasonDocument | None
    footprint: dict[str, Any]
    commanded: TimeText
    uplinked: TimeText | None
    captured: TimeText | None
    cloud_percent: float | None
    expected_delivery: TimeText | None
    delivered: TimeText | None
    uplink_id: str
    downlink: ContactDocument | None
    scene: dict[str, int]


class CaptureList(TypedDict):
    """Captures, by start."""

    captures: Sequence[CaptureDocument]
    numberReturned: int


class ContactList(TypedDict):
    """Contacts of one satellite, by start, and the elements they were computed from."""

    satellite: str
    elements_epoch: TimeText
    contacts: Sequence[ContactDocument]


class ActivityDocument(ChanceDocument):
    """One line of a schedule."""

    request_id: str
    priority: str
    frozen: bool


class ScheduleHead(TypedDict):
    """A version of the schedule and what caused it; before the first there is version 0."""

    version: int
    created: TimeText | None
    cause: ReasonDocument


class ScheduleDocument(ScheduleHead):
    """One version of the schedule with its lines, by start, and what it was made from.

    `elements` are the epochs of the element sets that it was made with; `computed` tells whether a plan of the solver
    made it, how that was asked and how good it is, or an instant answer; null where nothing had to be computed.
    """

    activities: Sequence[ActivityDocument]
    elements: dict[str, TimeText]
    computed: dict[str, Any] | None


class ScheduleList(TypedDict):
    """Versions of the schedule, the newest first."""

    schedules: Sequence[ScheduleHead]


class PartDocument(TypedDict):
    """A part of a scene that has come, and its size."""

    capture: str
    part: str
    bytes: int


def build_capture(
    capture: Capture,
    priority: Priority | None,
    uplink_id: str,
    downlink: Contact | None,
    parts: Mapping[str, int],
) -> CaptureDocument:
    """One capture: how to make it, how far it has come, and which parts of its scene are here (name to bytes)."""
    return {
        "id": capture.id,
        "request_id": capture.request_id,
        "priority": priority,
        "status": capture.status,
        "reason": capture.reason and build_reason(capture.reason),
        **build_chance(capture.chance),
        "footprint": to_geojson(capture.footprint),
        "commanded": format_time(capture.commanded),
        "uplinked": format_time(capture.uplinked) if capture.uplinked else None,
        "captured": format_time(capture.captured) if capture.captured else None,
        "cloud_percent": capture.cloud_percent,
        "expected_delivery": format_time(capture.expected) if capture.expected else None,
        "delivered": format_time(capture.delivered) if capture.delivered else None,
        "uplink_id": uplink_id,
        "downlink": build_contact(downlink) if downlink else None,
        "scene": dict(parts),
    }


def build_contact(contact: Contact) -> ContactDocument:
    """One contact."""
    return {
        "station": contact.station,
        "start": format_time(from_seconds(contact.start_s)),
        "end": format_time(from_seconds(contact.end_s)),
        "max_elevation_deg": round(contact.max_elevation_deg, 3),
    }


def build_schedule(
    schedule: Schedule, epochs: Mapping[str, datetime], inputs: Mapping[str, Any] | None
) -> ScheduleDocument:
    """One version of the schedule, with the epochs of its time and, of its inputs, all but the instance itself."""
    lines = sorted(schedule.activities, key=lambda a: (a.chance.start, a.chance.satellite))
    return {
        **build_schedule_head(schedule),
        "activities": [build_activity(line) for line in lines],
        "elements": {name: format_time(epoch) for name, epoch in sorted(epochs.items())},
        "computed": None if inputs is None else {name: inputs[name] for name in COMPUTED if name in inputs},
    }


def build_schedule_head(schedule: Schedule) -> ScheduleHead:
    """A version of the schedule without its lines."""
    return {
        "version": schedule.version,
        "created": format_time(schedule.created) if schedule.version else None,
        "cause": build_reason(schedule.cause),
    }


def build_activity(activity: Activity) -> ActivityDocument:
    """One line of a schedule."""
    return {
        "request_id": activity.request_id,
        "priority": activity.priority,
        "frozen": activity.frozen,
        **build_chance(activity.chance),
    }


def build_reason(reason: Reason) -> ReasonDocument:
    """Why something is as it is."""
    return {"code": reason.code, "message": reason.message, "evidence": dict(reason.evidence)}


def build_chance(chance: Chance) -> ChanceDocument:
    """How a satellite makes a capture."""
    return {
        "satellite": chance.satellite,
        "start": format_time(chance.start),
        "end": format_time(chance.end),
        "roll_deg": chance.roll_deg,
        "pitch_deg": chance.pitch_deg,
        "off_nadir_deg": chance.off_nadir_deg,
        "uplink_by": format_time(chance.uplink_by),
        "revolution": chance.revolution,
    }
