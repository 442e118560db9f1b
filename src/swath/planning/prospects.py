"""Prospects: every time a satellite could image some of an area, before anyone asks whether it is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """One access of a craft to an area: the arc around the closest approach, and the area swept at pitch 0.

    `sun_elevation_deg` is that at the area's middle then.
    """

    craft: Craft
    arc: Arc
    sweep: Sweep
    sun_elevation_deg: float


def build_camera(satellite: Satellite, limits: Limits) -> Camera:
    """The satellite's camera in degrees, with margin and overlap as parts of its field of view."""
    half = half_fov_deg(satellite.sensor.swath_km, satellite.nominal_altitude_km)
    return Camera(half, 2 * half * limits.edge_margin, 2 * half * limits.strip_overlap)


def find_prospects(
    area: Area, crafts: Sequence[Craft], start_s: float, end_s: float, limits: Limits
) -> tuple[Prospect, ...]:
    """Every access of the crafts, at pitch 0 and within their own off-nadir limits, that touches [start, end).

    Raises PropagationFailed when SGP4 gives no position for a craft.
    """
    outline, cap = build_outline(area), bounding_cap(area)
    return tuple(
        prospect
        for craft in crafts
        for prospect in _find_of_craft(craft, outline, cap, start_s, end_s)
        if _is_access(prospect, limits) and _touches(prospect, start_s, end_s)
    )


def _find_of_craft(
    craft: Craft, outline: Outline, cap: tuple[float, float, float], start_s: float, end_s: float
) -> list[Prospect]:
    lon, lat, radius_m = cap
    grid = sample_orbit(craft.elements, start_s - BESIDE_S, end_s + BESIDE_S)
    satellite_m = float(np.linalg.norm(grid.r_m, axis=1).max())
    floor = np.array([_floor_deg(craft, satellite_m, radius_m)])
    t_s = find_culminations(craft.elements, grid, build_targets(lon, lat), floor).t_s
    t_s = t_s[(t_s >= start_s - BESIDE_S) & (t_s < end_s + BESIDE_S)]
    sun, _ = sun_angles(t_s, np.full(len(t_s), lon), np.full(len(t_s), lat))
    arcs = fit_arcs(craft.elements, t_s)
    return [
        Prospect(craft, arc, sweep_outline(arc, outline, 0.0), float(height))
        for arc, height in zip(arcs, sun, strict=True)
    ]


def _floor_deg(craft: Craft, satellite_m: float, radius_m: float) -> float:
    """Elevation above the middle of a cap below which no strip reaches into it."""
    edge = np.radians(craft.satellite.agility.max_off_nadir_deg + craft.camera.half_fov_deg)
    reach = np.arcsin(min(satellite_m / EARTH_RADIUS_M * np.sin(edge), 1.0)) - edge
    away = reach + radius_m / EARTH_RADIUS_M + np.radians(SLACK_DEG)
    return float(np.degrees(np.arctan2(np.cos(away) - EARTH_RADIUS_M / satellite_m, np.sin(away))))


def _is_access(prospect: Prospect, limits: Limits) -> bool:
    craft = prospect.craft
    allowed = allow_rolls(prospect.sweep, craft.camera, (0.0, craft.satellite.agility.max_off_nadir_deg))
    share = reachable_share(prospect.sweep, craft.camera, allowed)
    return share > 0 and share >= limits.min_coverage_percent / 100


def _touches(prospect: Prospect, start_s: float, end_s: float) -> bool:
    tau = prospect.sweep.tau_s
    return bool(prospect.arc.middle_s + tau.max() >= start_s and prospect.arc.middle_s + tau.min() < end_s)
