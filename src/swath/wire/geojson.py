"""The GeoJSON frame that every collection shares: links, features and pages of them."""

from collections.abc import Sequence
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from swath.wire.times import Time

P = TypeVar("P")
F = TypeVar("F")


class Document(BaseModel):
    """Something read from the service. Members that a newer service adds are kept, not refused."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, ser_json_inf_nan="constants")


class Draft(BaseModel):
    """Something sent to the service. A misspelt member is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=True)


class Link(Document):
    """Where else to look."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class Geometry(Document):
    """A GeoJSON geometry in CRS84: positions are [lon, lat] in degrees."""

    type: str
    coordinates: list[Any]


class Linked(Document):
    """A document with links."""

    links: Sequence[Link] = ()

    def href(self, rel: str) -> str | None:
        """Where the first link of that relation leads, or None."""
        return next((link.href for link in self.links if link.rel == rel), None)


class Feature(Linked, Generic[P]):
    """One feature with the properties of its collection."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Geometry | None = None
    properties: P


class FeaturePage(Linked, Generic[F]):
    """One page of a list; the link `next` leads on while there is more."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: Sequence[F] = ()
    number_matched: int | None = Field(None, alias="numberMatched")
    number_returned: int | None = Field(None, alias="numberReturned")
    time_stamp: Time | None = Field(None, alias="timeStamp")
