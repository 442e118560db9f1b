"""What several captures cover together, and how few of them are enough."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from swath.geo.antimeridian import Area
from swath.geo.plane import build_plane


def combine(footprints: Sequence[BaseGeometry], area: Area) -> float:
    """How much of an area footprints cover together, 0 to 100 by area on the ellipsoid; all in CRS84, cut."""
    return cover(footprints, area)[-1] if footprints else 0.0


def cover(footprints: Sequence[BaseGeometry], area: Area) -> tuple[float, ...]:
    """How much is covered after each of the footprints, in percent, as they come."""
    flat, pieces = _flatten(footprints, area)
    covered, shares = shapely.Polygon(), list[float]()
    for piece in pieces:
        covered = shapely.union(covered, piece)
        shares.append(min(100.0, 100.0 * covered.area / flat.area))
    return tuple(shares)


def choose_fewest(footprints: Sequence[BaseGeometry], area: Area, percent: float) -> tuple[int, ...]:
    """Numbers of footprints that cover as much of an area together, each the one that then adds most.

    Where all together cover less, as many as add anything. This is the greedy cover: of n footprints that would do, it
    never takes more than 1 + ln(n) times as many (Johnson 1974; Chvatal 1979).
    """
    flat, pieces = _flatten(footprints, area)
    left, chosen, missing = flat, list[int](), flat.area * (1.0 - percent / 100.0)
    while left.area > missing + NOTHING_M2:
        added = np.append(shapely.area(shapely.intersection(left, pieces)), 0.0)
        best = int(np.argmax(added))
        if added[best] <= NOTHING_M2:
            break
        chosen.append(best)
        left = shapely.difference(left, pieces[best])
    return tuple(chosen)


# Less ground than this is what cutting and joining leave over.
NOTHING_M2 = 1.0


def _flatten(footprints: Sequence[BaseGeometry], area: Area) -> tuple[BaseGeometry, list[BaseGeometry]]:
    """The area and what each footprint takes of it, in the area's own equal-area plane."""
    plane = build_plane(area)
    flat = plane.flatten(area)
    return flat, [shapely.intersection(flat, plane.flatten(footprint)) for footprint in footprints]
