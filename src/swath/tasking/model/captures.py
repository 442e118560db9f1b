"""What is commanded, and what comes of it: captures, uplinks, images."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from swath.geo.antimeridian import Area
from swath.tasking.model.changes import Reason
from swath.tasking.model.plans import Chance


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
