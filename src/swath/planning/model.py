"""What planning finds: candidates, other chances to capture the same, and what each limit cost. Plain values.

Times are POSIX seconds UTC, angles degrees, geometries shapely in CRS84 cut at the antimeridian.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import inf
from typing import Any

from swath.access import Contact
from swath.fleet import Limits, Satellite
from swath.geo.antimeridian import Area
from swath.orbit.elements import Elements

# A satellite, and the elements that its orbit is computed from.
Member = tuple[Satellite, Elements]


@dataclass(frozen=True)
class Terms:
    """What a capture has to keep: wholly inside [start, end), an off-nadir range in degrees, limits; and the moment.

    It must still be possible to command it at `now_s`. The keys of candidates hang on `plan_id`. What is told to who
    has none keeps to ranges that are at most `longest_s` long and end by `latest_s`.
    """

    start_s: float
    end_s: float
    off_nadir_range: tuple[float, float]
    limits: Limits
    now_s: float
    plan_id: str = ""
    longest_s: float = inf
    latest_s: float = inf

    @property
    def first_uplink_s(self) -> float:
        """Only a contact that starts later can still command anything."""
        return self.now_s + self.limits.command_lead_s


class Loss(StrEnum):
    """Which limit an access was lost to: the first that it breaks, in this order."""

    NIGHT = "night"
    OFF_NADIR = "off_nadir"
    COVERAGE = "coverage"
    TOI = "toi"
    LEAD_TIME = "lead_time"


@dataclass(frozen=True)
class Chance:
    """One way to make a capture: which satellite, when, how pointed, commanded by when."""

    satellite: str
    start_s: float
    end_s: float
    roll_deg: float
    pitch_deg: float
    off_nadir_deg: float
    uplink_by_s: float
    revolution: int


@dataclass(frozen=True)
class CandidateDraft:
    """One possible capture. Angles are those between the satellite at mid-capture and the footprint's centre.

    `off_nadir_deg` is measured from the geodetic nadir, `view_azimuth_deg` leads from the ground to the satellite. The
    satellite can image the strip, pitching as far as it may, from `access_start_s` to `access_end_s`. Commands must be
    ready at `uplink_by_s` to go up with `uplink`; what is captured comes down with `downlink`. `key` stays with the
    strip of the access, whatever elements it is found with.

    `time_uncertainty_s` is one sigma of how late or early the satellite comes. `coverage_percent` is what is covered if
    the elements are right; that at least 99 hundredths of it are, has `coverage_probability`, 0 to 1, and the mean is
    `expected_coverage_percent`; both unless the satellite manoeuvres.
    """

    key: str
    satellite: str
    start_s: float
    end_s: float
    roll_deg: float
    pitch_deg: float
    off_nadir_deg: float
    view_azimuth_deg: float
    incidence_deg: float
    sun_elevation_deg: float
    sun_azimuth_deg: float
    gsd_m: float
    orbit_state: str
    coverage_percent: float
    expected_coverage_percent: float
    coverage_probability: float
    time_uncertainty_s: float
    footprint: Area
    centre: tuple[float, float]
    elements_epoch: datetime
    access_start_s: float
    access_end_s: float
    uplink_by_s: float
    uplink: Contact
    downlink: Contact | None
    revolution: int

    @property
    def chance(self) -> Chance:
        """The candidate as a way to make its capture."""
        return Chance(
            satellite=self.satellite,
            start_s=self.start_s,
            end_s=self.end_s,
            roll_deg=self.roll_deg,
            pitch_deg=self.pitch_deg,
            off_nadir_deg=self.off_nadir_deg,
            uplink_by_s=self.uplink_by_s,
            revolution=self.revolution,
        )


@dataclass(frozen=True)
class Change:
    """The smallest single change that gives a candidate; it was tried out.

    `kind` is `toi_days`, `off_nadir_deg`, `min_sun_elevation_deg` or `satellites`; `amount` is by how much, `value`
    what it comes to: the new end of the range in POSIX seconds, the new angle, or the satellite that is added.
    """

    kind: str
    amount: float
    value: float | str
    message: str


@dataclass(frozen=True)
class FoundCandidates:
    """The answer to a plan: candidates by start, how many accesses there were, how many each limit cost.

    `change` is the nearest single change that helps, looked for only when there is no candidate.
    """

    candidates: tuple[CandidateDraft, ...]
    accesses: int
    lost: Mapping[Loss, int] = field(default_factory=dict[Loss, int])
    change: Change | None = None


def explain(found: FoundCandidates) -> dict[str, Any] | None:
    """Why there is no candidate, as a JSON document; None when there is one."""
    if found.candidates:
        return None
    change = found.change
    return {
        "accesses": found.accesses,
        "lost": {loss.value: found.lost.get(loss, 0) for loss in Loss},
        "nearest_change": change
        and {"kind": change.kind, "amount": change.amount, "message": change.message},
    }
