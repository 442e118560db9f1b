"""Requests as they are sent and read, and their history."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from swath.wire.geojson import Document, Draft, Feature, Linked
from swath.wire.names import Name
from swath.wire.plans import Angle, Reason, Satellites
from swath.wire.times import Time

Priority = Literal["EMERGENCY", "NORMAL", "WISHLIST"]
RequestStatus = Literal[
    "PLANNED", "ACCEPTED", "REJECTED", "PROCESSING", "DATA_AVAILABLE", "FAILED", "CANCELED"
]


def empty_polygon() -> dict[str, Any]:
    """The geometry of a request that is to be made: the candidate knows the real one."""
    return {"type": "Polygon", "coordinates": []}


WHERE: dict[str, Any] = {
    "description": "An empty Polygon, or the geometry of the candidate",
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "type": {"type": "string", "enum": ["Polygon", "MultiPolygon"]},
                "coordinates": {"type": "array", "items": {}},
            },
            "required": ["type", "coordinates"],
        },
        {"type": "null"},
    ],
}


class NewRequestProperties(Draft):
    """Which candidate to capture, and how urgently."""

    name: Name
    candidate_id: str = Field(min_length=1, max_length=200, description="Id of the candidate")
    priority: Priority = "NORMAL"
    valid_start: Time | None = Field(
        None,
        description="Capture not before; with any of these four, the plan's other candidates may serve as well",
    )
    valid_end: Time | None = Field(None, description="Capture not after")
    off_nadir_range: tuple[Angle, Angle] | None = Field(
        None,
        description="Least and greatest off-nadir angle in degrees, within the plan's",
        examples=[[0, 20]],
    )
    satellites: Satellites | None = Field(
        None,
        description="Satellites that may capture, of those of the plan",
        examples=[["GRUS-1A", "GRUS-1B"]],
    )


class NewRequest(Draft):
    """A request to be made. Its geometry is the candidate's, or stays empty. Foreign members are ignored."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["Feature"] = "Feature"
    geometry: Annotated[dict[str, Any] | None, WithJsonSchema(WHERE)] = Field(default_factory=empty_polygon)
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
    planned_satellite: str | None = None
    task_plan_id: str
    candidate_id: str
    capture_id: str | None = Field(None, alias="ag:capture_id")
    expected_delivery: Time | None = Field(None, description="By when its images are expected, once captured")


class TaskingRequest(Feature[RequestProperties]):
    """A customer's wish for one candidate; its geometry is the footprint."""


class Account(Linked):
    """Who is asking, and the credits: granted, on hold for live requests, charged for delivered ones, free to use."""

    id: str
    name: str
    granted: int
    held: int
    charged: int
    free: int
    prices: Mapping[str, int] = Field(default_factory=dict[str, int])
