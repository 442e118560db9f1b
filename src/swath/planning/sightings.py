"""Sightings: every time a satellite comes by an area closely enough, before anyone asks whether it is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from swath.access import half_fov_deg
from swath.access.arc import HALF_S, Arc, build_arcs, stack
from swath.access.flight import Flight
from swath.access.look import Floats, build_targets
from swath.access.pointing import EARTH_RADIUS_M
from swath.fleet import Limits, Satellite
from swath.geo.antimeridian import Area
from swath.geo.measures import bounding_cap
from swath.orbit.elements import Elements
from swath.orbit.mean import DAY_S
from swath.orbit.quality import time_uncertainty_s
from swath.orbit.sun import sun_angles
from swath.planning.outline import Outline, build_outline
from swath.planning.strips import Camera
from swath.planning.uplinks import Uplinks

# No sweep over an area of 250 km lasts longer; captures this far from the closest approach belong to it.
BESIDE_S = 60.0
# Slack of the coarse search in degrees at the Earth's centre: verticals, the ellipsoid, the cap's own rounding.
SLACK_DEG = 0.5


@dataclass(frozen=True)
class Craft:
    """A satellite with all that is needed to plan with it."""

    satellite: Satellite
    elements: Elements
    camera: Camera
    uplinks: Uplinks


@dataclass(frozen=True)
class Sightings:
    """A craft's approaches to an area, (S,) by time: an arc around each, and how high the Sun stands at its middle."""

    craft: Craft
    outline: Outline
    arcs: tuple[Arc, ...]
    sun_elevation_deg: Floats

    def __len__(self) -> int:
        return len(self.arcs)

    @cached_property
    def middle_s(self) -> Floats:
        """POSIX seconds (S,)."""
        return np.array([arc.middle_s for arc in self.arcs])

    @property
    def half_s(self) -> float:
        """How far the arcs reach from their middles."""
        return HALF_S

    @cached_property
    def age_days(self) -> Floats:
        """How long after the elements' epoch (S,), in days."""
        return (self.middle_s - self.craft.elements.epoch_s) / DAY_S

    @cached_property
    def late_s(self) -> Floats:
        """One sigma of how late or early the satellite comes (S,), in seconds."""
        speed_ms = np.linalg.norm(self.curves[:, :3, 1], axis=1) / self.half_s
        return time_uncertainty_s(self.age_days, speed_ms)

    @cached_property
    def curves(self) -> Floats:
        """The arcs for kernels, (S, AXES, TERMS)."""
        return stack(self.arcs)


def build_camera(satellite: Satellite, limits: Limits) -> Camera:
    """The satellite's camera, with margin and overlap as parts of its field of view."""
    half = float(np.radians(half_fov_deg(satellite.sensor.swath_km, satellite.nominal_altitude_km)))
    return Camera(half, 2 * half * limits.edge_margin, 2 * half * limits.strip_overlap)


def find_sightings(
    area: Area, crafts: Sequence[Craft], start_s: float, end_s: float
) -> tuple[Sightings, ...]:
    """All approaches of each craft from which it may see some of an area in [start, end), POSIX seconds.

    None is missed; some may turn out to be just too far. Raises PropagationFailed when SGP4 gives no position.
    """
    outline, cap = build_outline(area), bounding_cap(area)
    return tuple(_find_of_craft(craft, outline, cap, start_s, end_s) for craft in crafts)


def _find_of_craft(
    craft: Craft, outline: Outline, cap: tuple[float, float, float], start_s: float, end_s: float
) -> Sightings:
    lon, lat, radius_m = cap
    flight = Flight(craft.elements, start_s, end_s)
    reach = np.array([_reach_rad(craft, flight.fit.apogee_m, radius_m)])
    tau_s = flight.find_approaches(build_targets(lon, lat), reach, BESIDE_S).tau_s
    arcs = build_arcs(flight.compute_path(tau_s, HALF_S), tau_s)
    t_s = tau_s + flight.fit.middle_s
    sun, _ = sun_angles(t_s, np.full(len(t_s), lon), np.full(len(t_s), lat))
    return Sightings(craft, outline, arcs, sun)


def _reach_rad(craft: Craft, satellite_m: float, radius_m: float) -> float:
    """How far from the middle of a cap, as an angle at the Earth's centre, a strip reaches into it."""
    ratio = satellite_m / EARTH_RADIUS_M
    widest = np.radians(craft.satellite.agility.max_off_nadir_deg) + craft.camera.half_fov
    edge = min(widest, np.arcsin(1 / ratio))
    return float(
        np.arcsin(min(ratio * np.sin(edge), 1.0)) - edge + radius_m / EARTH_RADIUS_M + np.radians(SLACK_DEG)
    )
