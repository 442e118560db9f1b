"""Requests as they are sent and read, and their history."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field

from swath.wire.geojson import Document, Draft, Feature, Linked
from swath.wire.plans import Name, Reason
from swath.wire.times import Time

Priority = Literal["EMERGENCY", "NORMAL", "WISHLIST"]


def empty_polygon() -> dict[str, Any]:
    """The geometry of a request that is to be made: the candidate knows the real one."""
    return {"type": "Polygon", "coordinates": []}


def _empty(geometry: dict[str, Any] | None) -> dict[str, Any] | None:
    # An area that was sent in the hope of being captured must not be ignored without a word.
    if geometry is not None and (geometry.get("type") != "Polygon" or geometry.get("coordinates") != []):
        raise ValueError("the geometry of a request is an empty Polygon: the candidate has the real one")
    return geometry


class NewRequestProperties(Draft):
    """Which candidate to capture, and how urgently."""

    name: Name
    candidate_id: str = Field(min_length=1, max_length=200, description="Id of the candidate")
    priority: Priority = "NORMAL"


class NewRequest(Draft):
    """A request to be made. Its geometry stays empty. Foreign members are ignored."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["Feature"] = "Feature"
    geometry: Annotated[dict[str, Any] | None, AfterValidator(_empty)] = Field(
        default_factory=empty_polygon, description="An empty Polygon"
    )
    properties: NewRequestProperties


class RequestProperties(Document):
    """A request as it is. `status` is PLANNED, ACCEPTED, REJECTED, PROCESSING, DATA_AVAILABLE, FAILED or CANCELED."""

    name: str
    created: Time
    valid_start: Time
    valid_end: Time
    off_nadir_range: tuple[float, float]
    satellites: Sequence[str]
    priority: str
    status: str
    final: bool = False
    status_reason: Reason | None = None
    cancel_until: Time | None = None
    planned_start: Time | None = None
    planned_end: Time | None = None
    task_plan_id: str
    candidate_id: str
    capture_id: str | None = Field(None, alias="ag:capture_id")


class TaskingRequest(Feature[RequestProperties]):
    """A customer's wish for one candidate; its geometry is the footprint."""


class RequestEvent(Document):
    """One change of a request: what it was, what it became, why and when."""

    at: Time
    before: str | None = None
    after: str | None = None
    reason: Reason


class History(Linked):
    """All changes of a request, the oldest first."""

    events: Sequence[RequestEvent] = ()


class Account(Linked):
    """Who is asking, and the credits: granted, on hold for live requests, charged for delivered ones, free to use."""

    id: str
    name: str
    granted: int
    held: int
    charged: int
    free: int
    prices: Mapping[str, int] = Field(default_factory=dict[str, int])
