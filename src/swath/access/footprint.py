"""Footprints: the ground that one pointing covers while the satellite flies on, as polygons."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from shapely import Polygon

from swath.access.arc import HALF_S, Arc, fit_arcs
from swath.access.look import Floats
from swath.access.pointing import find_ground
from swath.errors import Fault, Invalid
from swath.geo.antimeridian import Area, cut_polygon
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.orbit.elements import Elements

# Points this far apart leave the outline within some 10 m of the truth up to the turning latitudes.
ALONG_S = 1.5
ACROSS_STEPS = 8
# Close to a pole longitudes jump from point to point: there are more points then, as often as it takes.
MAX_LON_STEP_DEG = 2.0
FINER = (1, 8, 64)


@dataclass(frozen=True)
class Strip:
    """The camera held at a roll and pitch, in degrees, from start to end, POSIX seconds."""

    start_s: float
    end_s: float
    roll_deg: float
    pitch_deg: float

    @property
    def middle_s(self) -> float:
        """Mid-capture."""
        return (self.start_s + self.end_s) / 2


def build_footprint(
    elements: Elements, start_s: float, end_s: float, roll_deg: float, pitch_deg: float, half_fov_deg: float
) -> Area:
    """The band between the two edges of the swath from start to end, cut at the antimeridian, in CRS84.

    Raises Invalid when the end is not after the start or the camera looks past the Earth, PropagationFailed.
    """
    if not start_s < end_s:
        raise Invalid(Fault("/end", "interval", "The end of a capture must be after its start."))
    half_s = max(HALF_S, (end_s - start_s) / 2)
    (arc,) = fit_arcs(elements, (start_s + end_s) / 2, half_s)
    return close_ring(trace_outline(arc, Strip(start_s, end_s, roll_deg, pitch_deg), half_fov_deg))


def trace_outline(arc: Arc, strip: Strip, half_fov_deg: float) -> Floats:
    """The ring (N, 2) of longitudes and latitudes around a strip's ground; longitudes may jump at 180 degrees."""

    def trace(finer: int) -> Floats:
        tau, roll = _walk_around(arc, strip, half_fov_deg, finer)
        return lonlat_of(find_ground(arc, tau, roll, strip.pitch_deg))

    return trace_finely(trace)


def trace_finely(trace: Callable[[int], Floats]) -> Floats:
    """The closed ring (N, 2) of the points that `trace` finds, so many times as many that no longitude step is long.

    The first point itself comes back at the end: computed again it may differ in its last digit, and a ring that
    misses itself by that much is no valid polygon.
    """
    ring = _close(trace(FINER[0]))
    for finer in FINER[1:]:
        steps = np.abs(np.mod(np.diff(ring[:, 0]) + 180.0, 360.0) - 180.0)
        if steps.max() <= MAX_LON_STEP_DEG:
            break
        ring = _close(trace(finer))
    return ring


def close_ring(ring: Floats) -> Area:
    """A closed ring of points as a valid polygon, cut at the antimeridian."""
    return cut_polygon(Polygon(ring))


def lonlat_of(points_m: Floats) -> Floats:
    """Longitude and latitude (N, 2) in degrees of points (N, 3) on the ground."""
    lon, lat, _ = ecef_to_geodetic(points_m)
    return np.column_stack([lon, lat])


def _walk_around(arc: Arc, strip: Strip, half_fov_deg: float, finer: int) -> tuple[Floats, Floats]:
    """Times from the arc's middle and rolls around the rectangle: along the right edge, back along the left one."""
    count = finer * int(np.ceil((strip.end_s - strip.start_s) / ALONG_S)) + 1
    tau = np.linspace(strip.start_s, strip.end_s, count) - arc.middle_s
    across = np.linspace(1.0, -1.0, finer * ACROSS_STEPS + 1)[1:-1]
    sides = [(tau, np.ones(count)), (np.full(len(across), tau[-1]), across)]
    sides += [(tau[::-1], -np.ones(count)), (np.full(len(across), tau[0]), across[::-1])]
    times = np.concatenate([t for t, _ in sides])
    offsets = np.concatenate([side for _, side in sides])
    return times, strip.roll_deg + half_fov_deg * offsets


def _close(points: Floats) -> Floats:
    return np.concatenate([points, points[:1]])
