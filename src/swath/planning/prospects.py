"""Prospects: every time a satellite could image some of an area, before anyone asks whether it is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from swath.access import half_fov_deg
from swath.access.arc import Arc, fit_arcs
from swath.access.culminations import find_culminations, sample_orbit
from swath.access.look import build_targets
from swath.access.pointing import EARTH_RADIUS_M
from swath.fleet import Limits, Satellite
from swath.geo.antimeridian import Area
from swath.geo.measures import bounding_cap
from swath.orbit.elements import Elements
from swath.orbit.sun import sun_angles
from swath.planning.strips import Camera, allow_rolls, reachable_share
from swath.planning.sweep import Outline, Sweep, build_outline, sweep_outline
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
class Prospect:
    """One closest approach of a craft to an area, and the arc around it; perhaps an access, perhaps just too far.

    `sun_elevation_deg` is that at the area's middle then.
    """

    craft: Craft
    arc: Arc
    outline: Outline
    sun_elevation_deg: float

    @cached_property
    def sweep(self) -> Sweep:
        """The area as swept at pitch 0."""
        return sweep_outline(self.arc, self.outline, 0.0)

    def is_access(self, start_s: float, end_s: float) -> bool:
        """Whether the craft, within its own off-nadir limit, sees some of the area, and sweeps it in [start, end)."""
        tau, camera = self.sweep.tau_s + self.arc.middle_s, self.craft.camera
        if tau.max() < start_s or tau.min() >= end_s:
            return False
        allowed = allow_rolls(self.sweep, camera, (0.0, self.craft.satellite.agility.max_off_nadir_deg))
        return reachable_share(self.sweep, camera, allowed) > 0


def build_camera(satellite: Satellite, limits: Limits) -> Camera:
    """The satellite's camera in degrees, with margin and overlap as parts of its field of view."""
    half = half_fov_deg(satellite.sensor.swath_km, satellite.nominal_altitude_km)
    return Camera(half, 2 * half * limits.edge_margin, 2 * half * limits.strip_overlap)


def find_prospects(area: Area, crafts: Sequence[Craft], start_s: float, end_s: float) -> tuple[Prospect, ...]:
    """All closest approaches that may be accesses to the area in [start, end), by craft and time; none is missed.

    Raises PropagationFailed when SGP4 gives no position for a craft.
    """
    outline, cap = build_outline(area), bounding_cap(area)
    return tuple(
        prospect
        for craft in crafts
        for prospect in _find_of_craft(craft, outline, cap, start_s - BESIDE_S, end_s + BESIDE_S)
    )


def _find_of_craft(
    craft: Craft, outline: Outline, cap: tuple[float, float, float], start_s: float, end_s: float
) -> list[Prospect]:
    lon, lat, radius_m = cap
    grid = sample_orbit(craft.elements, start_s, end_s)
    satellite_m = float(np.linalg.norm(grid.r_m, axis=1).max())
    floor = np.array([_floor_deg(craft, satellite_m, radius_m)])
    t_s = find_culminations(craft.elements, grid, build_targets(lon, lat), floor).t_s
    t_s = t_s[(t_s >= start_s) & (t_s < end_s)]
    sun, _ = sun_angles(t_s, np.full(len(t_s), lon), np.full(len(t_s), lat))
    arcs = fit_arcs(craft.elements, t_s)
    return [Prospect(craft, arc, outline, float(height)) for arc, height in zip(arcs, sun, strict=True)]


def _floor_deg(craft: Craft, satellite_m: float, radius_m: float) -> float:
    """Elevation above the middle of a cap below which no strip reaches into it."""
    ratio = satellite_m / EARTH_RADIUS_M
    widest = np.radians(craft.satellite.agility.max_off_nadir_deg + craft.camera.half_fov_deg)
    edge = min(widest, np.arcsin(1 / ratio))
    away = np.arcsin(ratio * np.sin(edge)) - edge + radius_m / EARTH_RADIUS_M + np.radians(SLACK_DEG)
    return float(np.degrees(np.arctan2(np.cos(away) - 1 / ratio, np.sin(away))))
