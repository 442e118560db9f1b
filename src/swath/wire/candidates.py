"""Candidates as they are read; angles in degrees at mid-capture, at the footprint's centre."""

from pydantic import Field

from swath.wire.geojson import Document, Feature
from swath.wire.times import Time


class CandidateProperties(Document):
    """One possible capture: when, from where, how much of the plan's area it covers (percent), until when it stands."""

    task_plan_id: str
    platform: str
    constellation: str
    start_datetime: Time
    end_datetime: Time
    valid_until: Time
    uplink_by: Time | None = None
    expected_delivery: Time | None = Field(None, description="By when its images are expected.")
    created: Time | None = None
    plan_coverage: float
    expected_coverage: float | None = Field(
        None, description="Mean of the percentage covered, by how wrong elements of that age are"
    )
    coverage_probability: float | None = Field(
        None,
        description="Probability, 0 to 1, that 0.99 of plan_coverage is met, unless the satellite manoeuvres",
    )
    time_uncertainty_s: float | None = Field(
        None, description="One sigma of how late or early the satellite comes, in seconds"
    )
    off_nadir: float = Field(alias="view:off_nadir")
    azimuth: float | None = Field(None, alias="view:azimuth")
    incidence_angle: float | None = Field(None, alias="view:incidence_angle")
    sun_elevation: float = Field(alias="view:sun_elevation")
    sun_azimuth: float = Field(alias="view:sun_azimuth")
    gsd: float | None = None
    orbit_state: str | None = Field(None, alias="sat:orbit_state")
    roll_deg: float | None = None
    pitch_deg: float | None = None
    elements_epoch: Time | None = None


class Candidate(Feature[CandidateProperties]):
    """One possible capture of a plan; its geometry is the footprint."""
