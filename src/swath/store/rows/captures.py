"""Captures, acknowledgements and catalogue items."""

from dataclasses import asdict
from datetime import datetime

from swath.store.rows.changes import reason_values, to_reason
from swath.store.rows.plans import chance_values, to_chance
from swath.store.rows.values import AnyRow, Values
from swath.tasking.model import Acknowledgement, Capture, CaptureStatus, CatalogItem, UplinkOutcome


def capture_values(capture: Capture) -> Values:
    return {
        "id": capture.id,
        "request_id": capture.request_id,
        "account_id": capture.account_id,
        "chance": chance_values(capture.chance),
        "geometry": capture.footprint,
        "status": capture.status,
        "uplink_by": capture.chance.uplink_by,
        "ends": capture.chance.end,
        "commanded": capture.commanded,
        "seen": dict(capture.seen),
        "reason": reason_values(capture.reason),
        "uplinked": capture.uplinked,
        "captured": capture.captured,
        "cloud_percent": capture.cloud_percent,
        "expected": capture.expected,
        "delivered": capture.delivered,
    }


def to_capture(row: AnyRow) -> Capture:
    return Capture(
        id=row.id,
        request_id=row.request_id,
        account_id=row.account_id,
        chance=to_chance(row.chance),
        footprint=row.geometry,
        status=CaptureStatus(row.status),
        commanded=row.commanded,
        seen=row.seen,
        reason=to_reason(row.reason),
        uplinked=row.uplinked,
        captured=row.captured,
        cloud_percent=row.cloud_percent,
        expected=row.expected,
        delivered=row.delivered,
    )


def acknowledgement_values(told: Acknowledgement) -> Values:
    return {**asdict(told), "carried": list(told.carried), "lost": list(told.lost)}


def to_acknowledgement(row: AnyRow) -> Acknowledgement:
    return Acknowledgement(
        row.uplink_id,
        row.satellite,
        row.start,
        UplinkOutcome(row.outcome),
        tuple(row.carried),
        tuple(row.lost),
        row.at,
        row.message,
    )


def item_values(item: CatalogItem) -> Values:
    properties = item.document["properties"]
    searched = {
        "platform": "platform",
        "constellation": "constellation",
        "cloud_cover": "eo:cloud_cover",
        "off_nadir": "view:off_nadir",
        "sun_elevation": "view:sun_elevation",
        "sun_azimuth": "view:sun_azimuth",
        "gsd": "gsd",
    }
    created = properties.get("created")
    return {
        "id": item.id,
        "collection": item.collection,
        "account_id": item.account_id,
        "capture_id": item.capture_id,
        "geometry": item.geometry,
        "start": item.start,
        "end": item.end,
        "created": datetime.fromisoformat(created) if created else None,
        "document": dict(item.document),
        **{column: properties.get(name) for column, name in searched.items()},
    }


def to_item(row: AnyRow) -> CatalogItem:
    return CatalogItem(
        row.id,
        row.collection,
        row.account_id,
        row.capture_id,
        row.geometry,
        row.start,
        row.end,
        row.document,
    )
