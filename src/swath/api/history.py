"""The history of a request as a document: every change of it, what it was before and after, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from swath.api.features import REQUESTS
from swath.api.links import GEOJSON, JSON, Links, build_link
from swath.tasking.model import Event, Standing, TaskingRequest
from swath.wire import format_time

# What the wire calls otherwise.
NAMES = {"capture_id": "ag:capture_id"}


def build_history(request: TaskingRequest, events: Sequence[Event], links: Links) -> dict[str, Any]:
    """All changes of a request, the oldest first."""
    address = links.item(REQUESTS, request.id)
    return {
        "entries": [_build_entry(event) for event in events],
        "links": [
            build_link(f"{address}/history", "self", JSON),
            build_link(address, "parent", GEOJSON, "The request as it is now"),
        ],
    }


def _build_entry(event: Event) -> dict[str, Any]:
    before, after = event.before and _build_standing(event.before), _build_standing(event.after)
    return {
        "at": format_time(event.at),
        "code": event.reason.code,
        "message": event.reason.message,
        "evidence": event.reason.evidence,
        "changed": [name for name in after if before is None or before[name] != after[name]],
        "before": before,
        "after": after,
    }


def _build_standing(standing: Standing) -> dict[str, Any]:
    told = {NAMES.get(name, name): value for name, value in asdict(standing).items()}
    return {
        name: format_time(value) if isinstance(value, datetime) else value for name, value in told.items()
    }


_MADE = {
    "status": "PLANNED",
    "final": False,
    "planned_start": None,
    "planned_end": None,
    "planned_satellite": None,
    "cancel_until": "2026-08-23T22:41:07Z",
    "ag:capture_id": None,
    "expected_delivery": None,
}
_PLACED = {
    **_MADE,
    "status": "ACCEPTED",
    "planned_start": "2026-08-24T01:12:40.250Z",
    "planned_end": "2026-08-24T01:12:49.750Z",
    "planned_satellite": "GRUS-1A",
}
EXAMPLE: Mapping[str, Any] = {
    "entries": [
        {
            "at": "2026-08-22T12:00:00Z",
            "code": "CREATED",
            "message": "The request was created and its credit set aside.",
            "evidence": {},
            "changed": list(_MADE),
            "before": None,
            "after": _MADE,
        },
        {
            "at": "2026-08-22T12:00:00Z",
            "code": "SCHEDULED",
            "message": "The capture has a place in the schedule.",
            "evidence": {},
            "changed": ["status", "planned_start", "planned_end", "planned_satellite"],
            "before": _MADE,
            "after": _PLACED,
        },
    ],
    "links": [],
}
