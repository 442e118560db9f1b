"""How far a satellite can look: limits of elevation and off-nadir angle, and what they mean in angles and seconds."""

from dataclasses import dataclass, replace
from math import cos, radians
from typing import NamedTuple

import numpy as np

from swath.access.look import Floats
from swath.geo.ellipsoid import A_M
from swath.orbit.earth import EARTH_RATE_RAD_S
from swath.orbit.fit import OrbitFit

# Geocentric and geodetic verticals differ by up to 0.193 degrees, on the ground and at the satellite.
VERTICAL_SLACK_RAD = np.radians(0.2)
# SGP4's short periods lift a satellite above the apogee seen at the moments of the fit by less than this.
APOGEE_FACTOR = 1.002
# Beyond these cosines an off-nadir limit is none: nothing is further than 90 degrees, nothing nearer than 0.
NO_OUTER_LIMIT, NO_INNER_LIMIT = 0.0, 1.0
# What the highest moment and the fit's own time may be apart beyond what is computed.
SLACK_S = 6.0


class Thresholds(NamedTuple):
    """Limits for kernels: the sine of each place's least elevation (P,), and two cosines of off-nadir angles.

    That of the largest, or NO_OUTER_LIMIT, and that of the least, or NO_INNER_LIMIT.
    """

    sin_floor: Floats
    cos_outer: float
    cos_inner: float


@dataclass(frozen=True)
class Limits:
    """Which looks count: each place's least elevation (P,) in degrees, and off-nadir angles from least to largest."""

    min_elevation_deg: Floats
    max_off_nadir_deg: float = 90.0
    min_off_nadir_deg: float = 0.0

    def take(self, index: slice) -> "Limits":
        """The same limits for some of the places."""
        return replace(self, min_elevation_deg=self.min_elevation_deg[index])

    @property
    def thresholds(self) -> Thresholds:
        """The limits for kernels."""
        outer, inner = self.max_off_nadir_deg, self.min_off_nadir_deg
        return Thresholds(
            np.sin(np.radians(self.min_elevation_deg)),
            cos(radians(outer)) if outer < 90.0 else NO_OUTER_LIMIT,
            cos(radians(inner)) if inner > 0.0 else NO_INNER_LIMIT,
        )


def find_reach_rad(fit: OrbitFit, ground_m: Floats, limits: Limits) -> Floats:
    """The largest angle at the Earth's centre between satellite and place at which the limits hold, (P,).

    Places are `ground_m` (P,) from that centre.
    """
    r_m = fit.apogee_m * APOGEE_FACTOR
    widest = min(np.radians(limits.max_off_nadir_deg) + VERTICAL_SLACK_RAD, np.pi / 2)
    by_off_nadir = np.arccos(np.minimum(r_m * np.sin(widest) / ground_m, 1.0))
    lowest = np.maximum(np.radians(limits.min_elevation_deg), by_off_nadir) - VERTICAL_SLACK_RAD
    return np.arccos(np.minimum(ground_m * np.cos(lowest) / r_m, 1.0)) - lowest


def may_sink(fit: OrbitFit, reach_rad: float, half_s: float, limits: Limits) -> bool:
    """Whether a place may be below its least elevation so long before or after an approach within reach of it."""
    e = fit.eccentricity
    fastest = fit.longitude_rate * (1 + e) ** 2 / (1 - e * e) ** 1.5 + EARTH_RATE_RAD_S
    away_rad = reach_rad + fit.plane_margin + fit.phase_margin + fastest * (half_s + SLACK_S)
    ratio = A_M / (fit.apogee_m * (1 - e) / (1 + e) / APOGEE_FACTOR)
    lowest_rad = np.arctan2(np.cos(away_rad) - ratio, np.sin(away_rad)) - VERTICAL_SLACK_RAD
    return bool(away_rad > np.pi / 2 or lowest_rad < np.radians(limits.min_elevation_deg.max(initial=0.0)))


def compute_half_s(fit: OrbitFit, reach_rad: float) -> float:
    """How long before or after an approach, as the fit has it, a place may be within an angle of the satellite."""
    e = fit.eccentricity
    slowest = fit.longitude_rate * (1 - e**2) ** 0.5 / (1 + e) ** 2
    aside = EARTH_RATE_RAD_S / fit.longitude_rate
    return (reach_rad * (1 + 2 * aside) + fit.phase_margin) / (slowest - EARTH_RATE_RAD_S) + SLACK_S
