"""The fleet: satellites with their cameras and limits, ground stations, and the rules of the house for planning."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """A spectral band as STAC describes it: wavelengths in micrometres, solar illumination as the operator gives it."""

    name: str
    common_name: str
    center_wavelength: float
    full_width_half_max: float
    solar_illumination: float | None = None


@dataclass(frozen=True)
class Sensor:
    """A pushbroom camera: swath on the ground at nadir, ground sampling at nadir, bands."""

    swath_km: float
    gsd_m: float
    instruments: tuple[str, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Agility:
    """How far and how fast the satellite turns: a slew takes `settle_s` and its angle at `slew_rate_deg_s`."""

    max_off_nadir_deg: float
    max_pitch_deg: float
    settle_s: float
    slew_rate_deg_s: float


@dataclass(frozen=True)
class Duty:
    """How much the camera may work in one revolution."""

    captures_per_orbit: int
    seconds_per_orbit: float


@dataclass(frozen=True)
class Memory:
    """What the satellite holds on board: captures fill it while they last, downlinks drain it."""

    capacity_gb: float
    fill_gb_s: float
    drain_gb_s: float


@dataclass(frozen=True)
class Satellite:
    """One satellite of the fleet; `collection` is the STAC collection that its images go to.

    `designator` is the international one, which begins with the year of the launch, as 2018-111Q. Without `memory` it
    holds whatever is captured.
    """

    id: str
    norad_id: int
    designator: str
    constellation: str
    collection: str
    nominal_altitude_km: float
    sensor: Sensor
    agility: Agility
    duty: Duty
    memory: Memory | None = None

    @property
    def launch_year(self) -> int:
        """The year it was launched in."""
        return int(self.designator[:4])


@dataclass(frozen=True)
class GroundStation:
    """A place to talk to satellites from."""

    id: str
    lon_deg: float
    lat_deg: float
    height_m: float
    min_elevation_deg: float
    uplink: bool
    downlink: bool


@dataclass(frozen=True)
class Limits:
    """Rules that every candidate keeps.

    `command_lead_s` is how long before an uplink contact its commands freeze; `strip_overlap` and `edge_margin` are
    parts of the swath; a strip lasts from `min_strip_s` to `max_strip_s` seconds. It begins `time_margin_sigmas` of the
    time uncertainty before the area and ends as many after it, but no more than `max_time_margin_s`; 0 for no margin.
    `processing_s` is how long images take from the end of their downlink into the catalogue.
    """

    min_sun_elevation_deg: float
    command_lead_s: float
    strip_overlap: float
    edge_margin: float
    min_strip_s: float
    max_strip_s: float
    min_coverage_percent: float
    time_margin_sigmas: float = 0.0
    max_time_margin_s: float = 0.0
    processing_s: float = 0.0


@dataclass(frozen=True)
class Fleet:
    """Everything there is to task with; satellites by id, in the order of the file."""

    satellites: Mapping[str, Satellite]
    stations: tuple[GroundStation, ...]
    limits: Limits

    def find(self, name: str) -> Satellite | None:
        """The satellite of that name in any letter case, or None."""
        wanted = name.casefold()
        return next((s for key, s in self.satellites.items() if key.casefold() == wanted), None)
