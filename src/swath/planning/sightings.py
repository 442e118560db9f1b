"""Sightings: every time a satellite comes by areas closely enough, before anyone asks whether it is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from swath.access import half_fov_deg
from swath.access.arc import HALF_S, Arc, build_curves
from swath.access.flight import Flight
from swath.access.limits import Limits as AngleLimits
from swath.access.limits import find_reach_rad
from swath.access.look import Floats, build_targets
from swath.fleet import GroundStation, Limits, Satellite
from swath.geo.ellipsoid import B_M
from swath.geo.outline import Ints, Outlines
from swath.orbit.elements import Elements
from swath.orbit.ephemeris import Ephemeris, fit_around
from swath.orbit.mean import DAY_S
from swath.orbit.propagate import Propagator
from swath.orbit.quality import time_uncertainty_s
from swath.orbit.sun import sun_angles
from swath.planning.model import Member
from swath.planning.strips import Camera
from swath.planning.uplinks import LOOK_AHEAD_S, LOOK_BACK_S, Downlinks, Uplinks

# No sweep over an area of 250 km lasts longer; captures this far from the closest approach belong to it.
BESIDE_S = 60.0
# Slack at the Earth's centre: the place below a middle lies off the middle's own direction, geodetic not geocentric.
SLACK_RAD = 5e-4


@dataclass(frozen=True)
class Craft:
    """A satellite with all that is needed to plan with it."""

    satellite: Satellite
    elements: Elements
    camera: Camera
    uplinks: Uplinks
    downlinks: Downlinks


@dataclass(frozen=True)
class Sightings:
    """A craft's approaches to areas, (S,) by area and time.

    `area` counts the areas; `tau_s` is when the craft comes by, seconds from the zero of its path, which has a row for
    each of them or one for all. What follows from these is computed when it is first asked for.
    """

    craft: Craft
    outlines: Outlines
    area: Ints
    tau_s: Floats
    path: Ephemeris

    def __len__(self) -> int:
        return len(self.area)

    @cached_property
    def middle_s(self) -> Floats:
        """When the craft comes by, POSIX seconds (S,)."""
        return self.path.zero_s + self.tau_s

    @cached_property
    def curves(self) -> Floats:
        """The craft's arc around each (S, ROWS, TERMS), for kernels."""
        return build_curves(self.path, self.tau_s, HALF_S)

    @cached_property
    def sun_elevation_deg(self) -> Floats:
        """How high the Sun stands at the area's middle then, (S,)."""
        lon, lat = self.outlines.places
        return sun_angles(self.middle_s, lon[self.area], lat[self.area])[0]

    def arc(self, i: int) -> Arc:
        """The arc around one of them."""
        return Arc(float(self.middle_s[i]), HALF_S, self.curves[i])

    def take(self, some: Ints | slice) -> "Sightings":
        """Some of them, in that order."""
        return replace(self, area=self.area[some], tau_s=self.tau_s[some], path=self.path.take(some))

    @cached_property
    def age_days(self) -> Floats:
        """How long after the elements' epoch (S,), in days."""
        return (self.middle_s - self.craft.elements.epoch_s) / DAY_S

    @cached_property
    def late_s(self) -> Floats:
        """One sigma of how late or early the satellite comes (S,), in seconds."""
        speed_ms = np.linalg.norm(self.curves[:, :3, 1], axis=1) / HALF_S
        return time_uncertainty_s(self.age_days, speed_ms)


def build_craft(
    member: Member,
    stations: Sequence[GroundStation],
    limits: Limits,
    range_s: tuple[float, float],
    now_s: float = -np.inf,
) -> Craft:
    """A craft for captures in [start, end), POSIX seconds, commanded from now on."""
    (satellite, elements), (start_s, end_s) = member, range_s
    uplinks = Uplinks(elements, stations, max(now_s, start_s - LOOK_BACK_S), end_s)
    downlinks = Downlinks(elements, stations, start_s, end_s + LOOK_AHEAD_S)
    return Craft(satellite, elements, build_camera(satellite, limits), uplinks, downlinks)


def build_camera(satellite: Satellite, limits: Limits) -> Camera:
    """The satellite's camera, with margin and overlap as parts of its field of view."""
    half = float(np.radians(half_fov_deg(satellite.sensor.swath_km, satellite.nominal_altitude_km)))
    return Camera(half, 2 * half * limits.edge_margin, 2 * half * limits.strip_overlap)


def find_sightings(outlines: Outlines, craft: Craft, start_s: float, end_s: float) -> Sightings:
    """All approaches of a craft from which it may see some of an area in [start, end), POSIX seconds.

    None is missed; some may turn out to be just too far. At least one area, three weeks at most. Raises
    PropagationFailed when SGP4 gives no position. Outlines are made once, for many crafts need them.
    """
    # Approaches are looked for around the place below a middle: how high it lies does not matter.
    lon, lat = outlines.places
    flight = Flight(craft.elements, start_s, end_s)
    widest_deg = craft.satellite.agility.max_off_nadir_deg + float(np.degrees(craft.camera.half_fov))
    limits = AngleLimits(np.zeros(len(outlines)), widest_deg)
    reach_rad = find_reach_rad(flight.fit, np.full(len(outlines), B_M), limits)
    reach_rad += outlines.caps[1] + SLACK_RAD
    found = flight.find_approaches(build_targets(lon, lat), reach_rad, BESIDE_S)
    return Sightings(craft, outlines, found.place, found.tau_s, flight.compute_path(found.tau_s, HALF_S))


def build_sighting(craft: Craft, outlines: Outlines, middle_s: float) -> Sightings:
    """One approach to the first of areas, known to be around a POSIX time. Raises PropagationFailed."""
    at_once = np.zeros(1)
    path = fit_around(Propagator(craft.elements), middle_s, at_once, HALF_S)
    return Sightings(craft, outlines, np.zeros(1, np.intp), at_once, path)
