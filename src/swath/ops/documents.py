"""What mission control reads: captures, contacts and the schedule as JSON documents."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from swath.access import Contact
from swath.clock import from_seconds
from swath.geo.polygons import to_geojson
from swath.ops.contacts import Needs
from swath.tasking.model import Activity, Capture, Chance, Priority, Reason, Schedule

Document = dict[str, Any]


def build_capture(
    capture: Capture, priority: Priority | None, needs: Needs, parts: Mapping[str, int]
) -> Document:
    """One capture: how to make it, how far it has come, and which parts of its scene are here (name to bytes)."""
    return {
        "id": capture.id,
        "request_id": capture.request_id,
        "priority": priority,
        "status": capture.status,
        "reason": _build_reason(capture.reason),
        **_build_chance(capture.chance),
        "footprint": to_geojson(capture.footprint),
        "commanded": format_time(capture.commanded),
        "captured": format_time(capture.captured) if capture.captured else None,
        "cloud_percent": capture.cloud_percent,
        "delivered": format_time(capture.delivered) if capture.delivered else None,
        "uplink": _build_uplink(needs),
        "downlink": build_contact(needs.downlink) if needs.downlink else None,
        "scene": dict(parts),
    }


def build_contact(contact: Contact) -> Document:
    """One contact."""
    return {
        "station": contact.station,
        "start": format_time(from_seconds(contact.start_s)),
        "end": format_time(from_seconds(contact.end_s)),
        "max_elevation_deg": round(contact.max_elevation_deg, 3),
    }


def build_schedule(schedule: Schedule) -> Document:
    """One version of the schedule."""
    return {
        "version": schedule.version,
        "created": format_time(schedule.created) if schedule.version else None,
        "cause": _build_reason(schedule.cause),
        "activities": [_build_activity(activity) for activity in schedule.activities],
    }


def format_time(at: datetime) -> str:
    """RFC 3339 in UTC with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _build_activity(activity: Activity) -> Document:
    return {
        "request_id": activity.request_id,
        "priority": activity.priority,
        "frozen": activity.frozen,
        **_build_chance(activity.chance),
    }


def _build_chance(chance: Chance) -> Document:
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


def _build_uplink(needs: Needs) -> Document:
    """The uplink contact; its end is not known when the present elements do not know the contact."""
    known = build_contact(needs.uplink) if needs.uplink else {"station": None, "end": None}
    return {**known, "start": format_time(needs.uplink_start)}


def _build_reason(reason: Reason | None) -> Document | None:
    if reason is None:
        return None
    return {"code": reason.code, "message": reason.message, "evidence": dict(reason.evidence)}
