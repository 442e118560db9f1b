"""Plans as they are sent and read."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from swath.wire.geojson import Document, Draft, Feature
from swath.wire.names import Name
from swath.wire.shapes import describe_shape
from swath.wire.times import Time

PlanStatus = Literal["PROCESSING", "ACTIVE", "EXPIRED", "FAILED"]
Angle = Annotated[float, WithJsonSchema({"type": "number", "minimum": 0, "maximum": 90})]
Satellites = Annotated[
    tuple[str, ...], WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 1})
]
AREA = {
    "description": "GeoJSON Polygon or MultiPolygon in CRS84",
    "anyOf": [describe_shape("Polygon"), describe_shape("MultiPolygon")],
}


class NewPlanProperties(Draft):
    """What is wanted of a plan. Left out or null: all satellites, and every off-nadir angle they can."""

    name: Name
    valid_start: Time = Field(description="Start of the time of interest", examples=["2026-08-22T00:00:00Z"])
    valid_end: Time = Field(
        description="End of the time of interest: at most 14 days after its start, 30 days from now",
        examples=["2026-09-04T00:00:00Z"],
    )
    off_nadir_range: tuple[Angle, Angle] | None = Field(
        None, description="Least and greatest off-nadir angle in degrees", examples=[[0, 25]]
    )
    satellites: Satellites | None = Field(
        None, description="Satellites that may capture", examples=[["GRUS-1A", "GRUS-1B"]]
    )


class NewPlan(Draft):
    """A plan to be made: an area of at most 250 km on each side and a time range. Foreign members are ignored."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["Feature"] = "Feature"
    geometry: Annotated[dict[str, Any], WithJsonSchema(AREA)]
    properties: NewPlanProperties


class Reason(Document):
    """Why something is as it is: a stable code, a sentence, and figures beside it."""

    code: str
    message: str


class PlanProperties(Document):
    """A plan as it is. `status` is PROCESSING, ACTIVE, EXPIRED or FAILED."""

    name: str
    created: Time
    valid_start: Time
    valid_end: Time
    off_nadir_range: tuple[float, float]
    satellites: Sequence[str]
    status: str
    status_reason: Reason | None = None
    candidate_count: int | None = None
    no_candidates: Mapping[str, Any] | None = None


class Plan(Feature[PlanProperties]):
    """An area and a time range with limits; promises nothing."""
