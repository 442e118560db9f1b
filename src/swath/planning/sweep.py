"""An area as the scan plane sweeps over it: how much of it any strip covers, and how long the strip must be.

Strip coordinates (moment, roll) turn into equal-area ones when the roll is replaced by the sine of the angle at the
Earth's centre across the track: Lambert's cylindrical projection with the ground track as its equator. In them a strip
is a band between two straight lines, so what it covers of a polygon is a closed sum over the polygon's edges.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from swath.access.arc import Arc
from swath.access.look import Floats
from swath.access.pointing import find_strip_coordinates
from swath.geo.antimeridian import Area, polygons_of, wind
from swath.geo.ellipsoid import geodetic_to_ecef

Ints = NDArray[np.intp]

# Edges are straight in longitude and latitude; pieces this short are straight in strip coordinates too.
PIECE_KM = 5.0
KM_PER_DEG = 111.2
MAX_PIECES = 200


@dataclass(frozen=True)
class Outline:
    """An area's rings as points (V, 3) in metres ITRF, and its edges as pairs of point numbers (E, 2).

    The area lies to the left of its edges.
    """

    points_m: Floats
    edges: Ints


@dataclass(frozen=True)
class Sweep:
    """An outline in the strip coordinates of one arc and pitch: `tau_s` from the arc's middle and `roll_deg`, (V,)."""

    edges: Ints
    tau_s: Floats
    roll_deg: Floats
    pitch_deg: float
    radius_ratio: float

    @property
    def roll_range(self) -> tuple[float, float]:
        """The smallest and the largest roll that see the area."""
        return float(self.roll_deg.min()), float(self.roll_deg.max())

    def share_below(self, roll_deg: ArrayLike) -> Floats:
        """The share of the area, 0 to 1, that is seen at smaller rolls than these (K,).

        Green's theorem: the area left of a line is the integral of the moment over what of the edges is left of it.
        """
        rolls = np.atleast_1d(np.asarray(roll_deg, float))
        return np.clip(self._integral(rolls) / (self._total or np.inf), 0.0, 1.0)

    def share_between(self, low_deg: ArrayLike, high_deg: ArrayLike) -> Floats:
        """The share of the area, 0 to 1, between two rolls (K,)."""
        return np.maximum(self.share_below(high_deg) - self.share_below(low_deg), 0.0)

    def moments_between(self, low_deg: float, high_deg: float) -> tuple[float, float] | None:
        """First and last moment, from the arc's middle, at which the area is swept between two rolls, if any."""
        start, end = self.roll_deg[self.edges].T
        with np.errstate(divide="ignore", invalid="ignore"):
            part = (np.array([low_deg, high_deg])[:, None] - start) / (end - start)
        enter, leave = np.sort(np.where(np.isfinite(part), part, [[-np.inf], [np.inf]]), axis=0)
        enter, leave = np.clip(enter, 0.0, 1.0), np.clip(leave, 0.0, 1.0)
        touched = (np.minimum(start, end) <= high_deg) & (np.maximum(start, end) >= low_deg)
        if not touched.any():
            return None
        first, last = self.tau_s[self.edges[touched]].T
        moments = first + np.stack([enter[touched], leave[touched]]) * (last - first)
        return float(moments.min()), float(moments.max())

    @cached_property
    def _across(self) -> Floats:
        return compute_across(self.roll_deg, self.pitch_deg, self.radius_ratio)

    @cached_property
    def _total(self) -> float:
        return float(self._integral(np.array([90.0]))[0])

    def _integral(self, roll_deg: Floats) -> Floats:
        limit = compute_across(roll_deg, self.pitch_deg, self.radius_ratio)
        w, t = self._across[self.edges], self.tau_s[self.edges] - self.tau_s[0]
        sign = np.sign(w[:, 1] - w[:, 0])
        order = np.argsort(w, axis=1)
        (w_low, w_high), (t_low, t_high) = (
            np.take_along_axis(w, order, 1).T,
            np.take_along_axis(t, order, 1).T,
        )
        width = np.clip(limit[:, None], w_low, w_high) - w_low
        slope = (t_high - t_low) / np.where(w_high > w_low, w_high - w_low, 1.0)
        return ((t_low + slope * width / 2) * width * sign).sum(1)


def build_outline(area: Area) -> Outline:
    """The outline of a cut area in degrees. Where parts meet at the antimeridian their edges cancel each other."""
    rings = [
        _refine(shapely.get_coordinates(ring))
        for polygon in polygons_of(wind(area))
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    points = np.concatenate(rings)
    starts = np.cumsum([0, *(len(ring) for ring in rings)])[:-1]
    numbers = [start + np.arange(len(ring)) for start, ring in zip(starts, rings, strict=True)]
    edges = np.concatenate([np.column_stack([n, np.roll(n, -1)]) for n in numbers])
    return Outline(geodetic_to_ecef(points[:, 0], points[:, 1]), edges)


def sweep_outline(arc: Arc, outline: Outline, pitch_deg: float) -> Sweep:
    """The outline as swept by the scan plane at a pitch during an arc."""
    tau, roll = find_strip_coordinates(arc, outline.points_m, pitch_deg)
    satellite_m = np.linalg.norm(arc.frames(tau.mean()).r_m)
    ratio = satellite_m / np.linalg.norm(outline.points_m, axis=1).mean()
    return Sweep(outline.edges, tau, roll, pitch_deg, float(ratio))


def compute_across(roll_deg: ArrayLike, pitch_deg: float, radius_ratio: float) -> Floats:
    """Sine of the angle at the Earth's centre, across the track, of what is seen at rolls on a sphere.

    `radius_ratio` is the satellite's radius over the ground's. Beyond the horizon the horizon's value holds.
    """
    sin_roll, cos_roll = np.sin(np.radians(roll_deg)), np.cos(np.radians(roll_deg))
    cos_nadir = cos_roll * np.cos(np.radians(pitch_deg))
    inside = 1 - radius_ratio**2 * (1 - cos_nadir**2)
    distance = radius_ratio * cos_nadir - np.sqrt(np.maximum(inside, 0.0))
    horizon = np.sqrt(1 - radius_ratio**-2)
    return np.where(inside > 0, distance * sin_roll, np.sign(sin_roll) * horizon)


def _refine(ring: Floats) -> Floats:
    """The points of a closed ring (N, 2), without the last, and more between those that are far apart."""
    step = np.diff(ring, axis=0)
    nearer_equator = np.minimum(np.abs(ring[:-1, 1]), np.abs(ring[1:, 1]))
    east_km = step[:, 0] * np.cos(np.radians(nearer_equator)) * KM_PER_DEG
    length_km = np.hypot(east_km, step[:, 1] * KM_PER_DEG)
    pieces = np.clip(np.ceil(length_km / PIECE_KM), 1, MAX_PIECES).astype(int)
    first = np.repeat(np.arange(len(step)), pieces)
    part = (np.arange(len(first)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[first]
    return ring[first] + part[:, None] * step[first]
