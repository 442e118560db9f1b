"""Footprints: the ground that one pointing covers while the satellite flies on, as polygons."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, radians

import numpy as np

from swath.access.arc import HALF_S, Arc, Curve, fit_arcs, frame_at
from swath.access.look import Floats
from swath.access.pointing import look_direction, require_ground
from swath.compiled import kernel
from swath.errors import Fault, Invalid
from swath.geo.antimeridian import Area, cut_ring
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.geo.kernels import ground_along, lonlat_at
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
    """The ring (N, 2) of longitudes and latitudes around a strip's ground; longitudes may jump at 180 degrees.

    Raises Invalid when the camera looks past the Earth.
    """
    moments = strip.start_s - arc.middle_s, strip.end_s - arc.middle_s
    angles = radians(strip.roll_deg), radians(strip.pitch_deg), radians(half_fov_deg)
    along = ceil((strip.end_s - strip.start_s) / ALONG_S)
    ring = trace_finely(
        lambda finer: trace_rim(arc.curve, moments, angles, finer * along, finer * ACROSS_STEPS)
    )
    require_ground(ring)
    return ring


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
    return cut_ring(ring)


def lonlat_of(points_m: Floats) -> Floats:
    """Longitude and latitude (N, 2) in degrees of points (N, 3) on the ground."""
    lon, lat, _ = ecef_to_geodetic(points_m)
    return np.column_stack([lon, lat])


@kernel
def trace_rim(
    curve: Curve, moments: tuple[float, float], angles: tuple[float, float, float], along: int, across: int
) -> Floats:
    """Longitudes and latitudes (N, 2) around the rectangle: along the right edge, across, back along the left, across.

    `angles` are roll, pitch and half the field of view in radians; the edges have so many steps. NaN past the Earth.
    """
    roll, pitch, half = angles
    out = np.empty((2 * (along + across), 2))
    for k in range(len(out)):
        part, side = _walk(k, along, across)
        body = frame_at(curve, moments[0] + part * (moments[1] - moments[0]))
        look = look_direction(body, roll + side * half, pitch)
        out[k, 0], out[k, 1] = lonlat_at(ground_along(body[0], look))
    return out


@kernel
def _walk(k: int, along: int, across: int) -> tuple[float, float]:
    """How far along the strip, 0 to 1, and how far aside, -1 to 1, the k-th step around its rectangle begins."""
    if k < along:
        return k / along, 1.0
    if k < along + across:
        return 1.0, 1.0 - 2.0 * (k - along) / across
    if k < 2 * along + across:
        return 1.0 - (k - along - across) / along, -1.0
    return 0.0, -1.0 + 2.0 * (k - 2 * along - across) / across


def _close(points: Floats) -> Floats:
    return np.concatenate([points, points[:1]])
