"""The reference collections as they are read: satellites and their ground tracks."""

from collections.abc import Sequence

from pydantic import Field

from swath.wire.geojson import Document, Feature
from swath.wire.times import Time


class Band(Document):
    """A spectral band; wavelengths in micrometres, solar illumination in W/m2/sr/um."""

    name: str
    common_name: str
    center_wavelength: float
    full_width_half_max: float
    solar_illumination: float | None = None


class SatelliteProperties(Document):
    """What a satellite can do, and how old the orbit is that everything is computed from."""

    platform: str
    international_designator: str
    instruments: Sequence[str]
    gsd: float
    bands: Sequence[Band] = Field(alias="eo:bands")
    orbit_state: str | None = Field(None, alias="sat:orbit_state")
    constellation: str | None = None
    norad_id: int | None = None
    swath_width_km: float | None = None
    max_off_nadir_deg: float | None = None
    elements_epoch: Time | None = None
    elements_age_days: float | None = None


class Satellite(Feature[SatelliteProperties]):
    """One satellite; its geometry is the ground that it can reach now."""


class GroundTrackProperties(Document):
    """One revolution, from ascending node to ascending node."""

    platform: str
    start_time: Time
    end_time: Time
    satellite_id: str | None = None
    revolution: int | None = None


class GroundTrack(Feature[GroundTrackProperties]):
    """The line on the ground below a satellite, cut at the antimeridian."""
