"""What can be captured: plans, their candidates, and the elements these are found with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from swath.geo.antimeridian import Area
from swath.tasking.model.changes import Reason


class PlanStatus(StrEnum):
    PROCESSING = "PROCESSING"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Plan:
    """An area and a time range with limits; promises nothing."""

    id: str
    account_id: str
    name: str
    geometry: Area
    valid_start: datetime
    valid_end: datetime
    off_nadir_range: tuple[float, float]
    satellites: tuple[str, ...]
    status: PlanStatus
    created: datetime
    reason: Reason | None = None
    candidate_count: int | None = None
    no_candidates: Mapping[str, Any] | None = None
    archived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """One way to make a capture: of which candidate, which satellite, when, how pointed, commanded by when."""

    candidate_id: str
    satellite: str
    start: datetime
    end: datetime
    roll_deg: float
    pitch_deg: float
    off_nadir_deg: float
    uplink_by: datetime
    revolution: int


@dataclass(frozen=True)
class Candidate:
    """One possible capture of a plan. Angles are at mid-capture, at the footprint's centre.

    Found again with fresh elements, it keeps its id and has other figures; `created` is when these were found. What
    coverage, probability and uncertainty mean says `swath.planning.CandidateDraft`.
    """

    id: str
    plan_id: str
    account_id: str
    chance: Chance
    footprint: Area
    coverage_percent: float
    expected_coverage_percent: float
    coverage_probability: float
    time_uncertainty_s: float
    view_azimuth_deg: float
    incidence_deg: float
    sun_elevation_deg: float
    sun_azimuth_deg: float
    gsd_m: float
    orbit_state: str
    constellation: str
    elements_epoch: datetime
    access_start: datetime
    access_end: datetime
    expected_delivery: datetime | None
    created: datetime
    valid_until: datetime


@dataclass(frozen=True)
class StoredElements:
    """An element set as kept: the OMM fields, where it came from and when it was taken in."""

    satellite: str
    norad_id: int
    epoch: datetime
    omm: Mapping[str, Any]
    source: str
    imported: datetime
