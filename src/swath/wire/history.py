"""The history of a request: every change of it, with how it stood before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from swath.wire.geojson import Document, Linked
from swath.wire.times import Time


class Standing(Document):
    """What of a request changes in its life, as it was at a time."""

    status: str
    final: bool = False
    planned_start: Time | None = None
    planned_end: Time | None = None
    planned_satellite: str | None = Field(None, description="The satellite that was to make the capture")
    cancel_until: Time | None = None
    capture_id: str | None = Field(None, alias="ag:capture_id")
    expected_delivery: Time | None = Field(None, description="By when its images are expected, once captured")


class HistoryEntry(Document):
    """One change: when, what, why. `changed` names the members in which `before` and `after` differ."""

    at: Time
    code: str = Field(description="A stable word for the cause")
    message: str
    evidence: Mapping[str, Any] = Field(
        default_factory=dict[str, Any], description="The figures behind the message"
    )
    changed: Sequence[str] = ()
    before: Standing | None = Field(None, description="Null when the request was made")
    after: Standing


class History(Linked):
    """All changes of a request, the oldest first."""

    entries: Sequence[HistoryEntry] = ()
