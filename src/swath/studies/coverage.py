"""How the covered part of an area grows with time, when from each access the capture is taken that adds most.

What is left of the area is kept in its equal-area plane, and the footprints are taken off it one after another. So it
shrinks with every step, and soon there is little left to compute with.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from swath.access.look import Floats
from swath.geo.antimeridian import Area
from swath.geo.plane import LocalPlane, build_plane
from swath.studies.captures import Captures

Flats = NDArray[np.object_]
Ints = NDArray[np.intp]

# Less of the area than this is rounding.
LEAST_PERCENT = 1e-6
DECIMALS = 7


@dataclass(frozen=True)
class CoverageCurve:
    """What each capture adds to the area covered so far, (N,) in percent: 0 for those not taken, or in vain.

    The curve (K,) has the ends of those that add something, POSIX seconds, which captures they are, and what is then
    covered, in percent; it never falls.
    """

    adds_percent: Floats
    t_s: Floats
    capture: Ints
    percent: Floats

    @property
    def covered_percent(self) -> float:
        """What is covered in the end."""
        return float(self.percent[-1]) if len(self.percent) else 0.0

    def first_s(self, percent: float) -> float | None:
        """When so much was covered for the first time, POSIX seconds; None if it never is."""
        reached = np.flatnonzero(self.percent >= percent)
        return float(self.t_s[reached[0]]) if len(reached) else None


def compute_coverage(area: Area, captures: Captures) -> CoverageCurve:
    """How captures cover an area, one from each access, in order of time."""
    plane = build_plane(area)
    adds = _take_away(plane.flatten(area), _flatten(plane, captures.footprints), captures)
    (taken,) = np.nonzero(adds)
    # Two satellites at once may end in another order than they began.
    t_s = np.maximum.accumulate(captures.end_s[taken])
    percent = np.minimum(np.round(np.cumsum(adds[taken]), DECIMALS), 100.0)
    return CoverageCurve(adds, t_s, taken, percent)


def _take_away(left: Area, flats: Flats, captures: Captures) -> Floats:
    adds, whole = np.zeros(len(captures)), left.area
    for strips in _split_by_access(captures):
        rests = shapely.difference(left, flats[strips])
        best = int(np.argmin(shapely.area(rests)))
        gain = 100.0 * (left.area - rests[best].area) / whole
        if gain > LEAST_PERCENT:
            left, adds[strips[best]] = rests[best], gain
        if 100.0 * left.area <= LEAST_PERCENT * whole:
            break
    return adds


def _split_by_access(captures: Captures) -> list[Ints]:
    """The captures of each access. Accesses are counted by the start of their first."""
    order = np.argsort(captures.access, kind="stable")
    edges = np.flatnonzero(np.diff(captures.access[order])) + 1
    return np.split(order, edges) if len(order) else []


def _flatten(plane: LocalPlane, footprints: Flats) -> Flats:
    """Footprints in a plane. Their points lie close together: as they are, they will do, but where they are cut."""
    flats: Flats = shapely.transform(footprints, plane.project)
    for i in np.flatnonzero([_is_cut(footprint) for footprint in footprints]):
        flats[i] = plane.flatten(footprints[i])
    return flats


def _is_cut(footprint: BaseGeometry) -> bool:
    west, _, east, _ = footprint.bounds
    return footprint.geom_type != "Polygon" or east - west > 180.0 or max(map(abs, footprint.bounds)) >= 180.0
