"""Shots: one strip of one access as it would be captured, with everything that is seen and measured at it."""

from dataclasses import dataclass
from functools import cached_property
from math import acos, cos, degrees, radians

import numpy as np

from swath.access import Look, Strip, compute_look
from swath.access.arc import Arc
from swath.access.footprint import close_ring, trace_outline
from swath.access.frame import Frame
from swath.access.look import Floats, compute_gsd_m
from swath.access.pointing import find_ground, find_strip_coordinates
from swath.fleet import Limits, Satellite
from swath.geo.antimeridian import Area
from swath.geo.ellipsoid import ecef_to_geodetic, geodetic_to_ecef
from swath.orbit.sun import sun_angles
from swath.orbit.tracks import orbit_state
from swath.planning.strips import Camera
from swath.planning.sweep import Sweep

# Fine enough for any command, coarse enough that the same inputs give the same figures on every machine.
TIME_DECIMALS = 3
ANGLE_DECIMALS = 4


@dataclass(frozen=True)
class Shot:
    """A strip, the arc it is flown on and the camera that looks; what follows from them is computed when asked for."""

    satellite: Satellite
    arc: Arc
    strip: Strip
    half_fov_deg: float

    @cached_property
    def ring(self) -> Floats:
        """The outline of the ground it covers, longitudes and latitudes (N, 2), as it is drawn: not cut."""
        return trace_outline(self.arc, self.strip, self.half_fov_deg)

    @cached_property
    def footprint(self) -> Area:
        """The ground it covers, cut at the antimeridian."""
        return close_ring(self.ring)

    @cached_property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the footprint's centre: halfway between the edges of the swath at mid-capture."""
        rolls = self.strip.roll_deg + np.array([-self.half_fov_deg, self.half_fov_deg])
        edges = find_ground(self._frame_twice, rolls, self.strip.pitch_deg)
        lon, lat, _ = ecef_to_geodetic(edges.mean(axis=0))
        return float(lon), float(lat)

    @cached_property
    def look(self) -> Look:
        """What lies between the satellite at mid-capture and the footprint's centre."""
        return compute_look(self._frame_twice.r_m[:1], *self.centre)

    @cached_property
    def sun(self) -> tuple[float, float]:
        """Elevation and azimuth of the Sun at mid-capture at the footprint's centre, in degrees."""
        elevation, azimuth = sun_angles(self.strip.middle_s, *self.centre)
        return float(elevation[0]), float(azimuth[0])

    @property
    def off_nadir_deg(self) -> float:
        """Off-nadir angle of the footprint's centre at mid-capture."""
        return float(self.look.off_nadir_deg[0])

    @property
    def gsd_m(self) -> float:
        """Ground sampling distance at the footprint's centre."""
        nadir = self.satellite.sensor.gsd_m
        return float(compute_gsd_m(nadir, self.satellite.nominal_altitude_km * 1e3, self.look)[0])

    @property
    def orbit_state(self) -> str:
        """`ascending` or `descending` at mid-capture."""
        return orbit_state(float(self._frame_twice.x[0, 2]))

    @property
    def is_north(self) -> bool:
        """Whether the satellite is north of the equator at mid-capture."""
        return float(self._frame_twice.r_m[0, 2]) >= 0

    @cached_property
    def reach_s(self) -> tuple[float, float]:
        """From when to when the strip can be imaged, pitching as far as pitch and off-nadir limits allow."""
        pitch = self._largest_pitch_deg()
        centre = geodetic_to_ecef(*self.centre)
        tau, _ = find_strip_coordinates(self.arc, np.tile(centre, (3, 1)), np.array([pitch, 0.0, -pitch]))
        return self.strip.start_s + float(tau[0] - tau[1]), self.strip.end_s + float(tau[2] - tau[1])

    @cached_property
    def _frame_twice(self) -> Frame:
        """The frame at mid-capture, for the left and for the right edge."""
        return self.arc.frames(np.full(2, self.strip.middle_s - self.arc.middle_s))

    def _largest_pitch_deg(self) -> float:
        agility = self.satellite.agility
        ratio = cos(radians(agility.max_off_nadir_deg)) / cos(radians(self.strip.roll_deg))
        return min(agility.max_pitch_deg, degrees(acos(min(ratio, 1.0))))


def build_strip(
    arc: Arc, sweep: Sweep, roll_deg: float, camera: Camera, limits: Limits, late_s: float
) -> Strip | None:
    """The strip at a roll that lasts as long as the area needs, and a margin; None when it does not touch the area.

    `late_s` is one sigma of how late or early the satellite may come. A strip longer than allowed keeps to the middle
    of the area.
    """
    moments = sweep.moments_between(roll_deg - camera.half_fov_deg, roll_deg + camera.half_fov_deg)
    if moments is None:
        return None
    first, last = moments
    margin_s = max(_edge_margin_s(arc, sweep, camera), compute_time_margin_s(late_s, limits))
    needed = last - first + 2 * margin_s
    half = min(max(needed, limits.min_strip_s), limits.max_strip_s) / 2
    middle = arc.middle_s + (first + last) / 2
    start, end = round(middle - half, TIME_DECIMALS), round(middle + half, TIME_DECIMALS)
    return Strip(start, end, round(roll_deg, ANGLE_DECIMALS), sweep.pitch_deg)


def compute_time_margin_s(late_s: float, limits: Limits) -> float:
    """What a strip starts earlier and ends later for a satellite that may be late by this much, one sigma."""
    return min(limits.time_margin_sigmas * late_s, limits.max_time_margin_s)


def _edge_margin_s(arc: Arc, sweep: Sweep, camera: Camera) -> float:
    """How long the ground takes to go by as far as the margin at the swath's edges is wide at nadir."""
    height_m = float(np.linalg.norm(arc.frames(0.0).r_m)) * (1 - 1 / sweep.radius_ratio)
    ground_speed = arc.speed_ms / sweep.radius_ratio
    return radians(camera.margin_deg) * height_m / ground_speed
