"""Geometries on a globe whose longitudes jump at 180 degrees: continuous for arithmetic, cut there for the wire.

A *cut* geometry keeps to -180..180 as RFC 7946 asks; what crosses the antimeridian is in parts on both sides, and
an area around a pole runs along its parallel of 90 degrees. A *continuous* one runs on over 180 degrees. Edges are
straight in longitude and latitude.
"""

from collections.abc import Sequence
from functools import reduce
from math import ceil, copysign, floor

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely import MultiLineString, MultiPolygon, Polygon, get_coordinates
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from swath.geo.ellipsoid import Floats

Area = Polygon | MultiPolygon

TURN_DEG = 360.0


def cut_polygon(polygon: Polygon) -> Area:
    """The cut geometry, wound right-handed, of a polygon whose longitudes jump at 180 degrees or run on over it.

    An edge that seems longer than half a turn is the short one across the antimeridian. A ring once around the globe
    holds the pole that is nearer to it.
    """
    shell, *holes = (get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors))
    if not any(_needs_cut(ring) for ring in (shell, *holes)):
        return wind(polygon)
    area = reduce(shapely.difference, map(fold, holes), fold(shell))
    return wind(join([area]))


def cut_line(lon_deg: ArrayLike, lat_deg: ArrayLike) -> MultiLineString:
    """The cut line through points (N,), the next one always less than half a turn away."""
    lon, lat = unroll(np.asarray(lon_deg, float)), np.asarray(lat_deg, float)
    band = np.floor((lon + 180.0) / TURN_DEG)
    (before,) = np.nonzero(np.diff(band))
    edge = TURN_DEG * np.maximum(band[before], band[before + 1]) - 180.0
    part = (edge - lon[before]) / (lon[before + 1] - lon[before])
    height = lat[before] + part * (lat[before + 1] - lat[before])
    # Each crossing closes one piece and opens the next: it goes in twice, once in each band.
    at = np.repeat(before + 1, 2)
    lon, lat = np.insert(lon, at, np.repeat(edge, 2)), np.insert(lat, at, np.repeat(height, 2))
    band = np.insert(band, at, np.stack([band[before], band[before + 1]], axis=1).ravel())
    points = np.column_stack([lon - TURN_DEG * band, lat])
    pieces = np.split(points, before + 1 + 2 * np.arange(len(before)) + 1)
    return MultiLineString([piece for piece in map(_drop_repeats, pieces) if len(piece) > 1])


def unroll(lon_deg: Floats) -> Floats:
    """Longitudes (N,) moved by whole turns so that each is the nearest to the one before; the first one stays."""
    turns = np.round(np.diff(lon_deg) / TURN_DEG)
    return lon_deg - TURN_DEG * np.concatenate([[0.0], np.cumsum(turns)])


def unroll_ring(ring: Floats) -> tuple[Floats, int]:
    """A closed ring (N, 2) with continuous longitudes, and how often it runs around the globe (eastwards positive).

    A vertex at a pole lies on every meridian: the ring reaches it on its own and leaves it on that of the next vertex.
    """
    if _at_pole(ring).any() and not _at_pole(ring).all():
        return _unroll_through_pole(ring), 0
    lon = unroll(ring[:, 0])
    return np.column_stack([lon, ring[:, 1]]), round((lon[-1] - lon[0]) / TURN_DEG)


def fold(ring: Floats) -> Area:
    """The area inside a closed ring (N, 2) of any longitudes, in -180..180 degrees."""
    onward, around = unroll_ring(ring)
    polygon = Polygon(close_over_pole(onward) if around else onward)
    west, _, east, _ = polygon.bounds
    turns = range(floor((west + 180.0) / TURN_DEG), ceil((east - 180.0) / TURN_DEG) + 1)
    if turns == range(0, 1):
        return polygon
    # Where a ring around a pole swings back, bands overlap; what lies in two of them lies outside.
    sound = polygon if polygon.is_valid else shapely.make_valid(polygon)
    return join([reduce(shapely.symmetric_difference, [_band(sound, turn) for turn in turns])])


def close_over_pole(onward: Floats) -> Floats:
    """A ring once around the globe, (N, 2) with continuous longitudes, closed along the parallel of its nearer pole.

    The seam runs up from the vertex nearest to the pole, a meridian that no edge can cross.
    """
    turn = onward[-1, 0] - onward[0, 0]
    pole = copysign(90.0, float(onward[:-1, 1].mean()))
    first = int(np.argmax(np.abs(onward[:-1, 1])))
    ring = np.concatenate([onward[first:-1], onward[: first + 1] + np.array([turn, 0.0])])
    start, end = ring[0, 0], ring[-1, 0]
    return np.concatenate([ring, [[end, pole], [start, pole]], ring[:1]])


def unwrap(area: Area) -> Area:
    """The same area with continuous longitudes, east of -180: parts beyond the widest gap between them move a turn on.

    An area around a pole stays as it is: its longitudes cannot be made continuous.
    """
    west, _, east, _ = area.bounds
    if east - west <= 180.0 or holds_pole(area):
        return area
    parts = sorted(polygons_of(area), key=lambda part: part.bounds[0])
    reached = np.maximum.accumulate([part.bounds[2] for part in parts])
    gaps = np.append([part.bounds[0] for part in parts[1:]], west + TURN_DEG) - reached
    moved = (int(np.argmax(gaps)) + 1) % len(parts)
    return join([*(translate(part, TURN_DEG) for part in parts[:moved]), *parts[moved:]])


def wind(area: Area) -> Area:
    """The same area with outlines counter-clockwise and holes clockwise (RFC 7946 section 3.1.6)."""
    return shapely.orient_polygons(area)


def holds_pole(area: Area) -> bool:
    """Whether a cut area reaches a pole."""
    return bool(_at_pole(get_coordinates(area)).any())


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons that a geometry is made of; lines and points in it are left out."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon) and not part.is_empty]


def join(geometries: Sequence[BaseGeometry]) -> Area:
    """One area from the polygons in all of these: a Polygon if they hang together, else a MultiPolygon."""
    parts = [part for geometry in geometries for part in polygons_of(geometry)]
    joined = polygons_of(shapely.union_all(parts)) if len(parts) > 1 else parts
    return joined[0] if len(joined) == 1 else MultiPolygon(joined)


def _needs_cut(ring: Floats) -> bool:
    lon = ring[:, 0]
    outside = lon.min() < -180.0 or lon.max() > 180.0
    return bool(outside or np.abs(np.diff(lon)).max() > 180.0 or _at_pole(ring).any())


def _at_pole(ring: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.abs(ring[:, 1]) >= 90.0


def _band(polygon: BaseGeometry, turn: int) -> BaseGeometry:
    """What lies in one turn of longitudes, moved to -180..180."""
    west = TURN_DEG * turn - 180.0
    inside = shapely.intersection(polygon, shapely.box(west, -90.0, west + TURN_DEG, 90.0))
    return translate(inside, -TURN_DEG * turn)


def _unroll_through_pole(ring: Floats) -> Floats:
    """Chains of vertices between visits to a pole, each reached and left along its end's meridian."""
    ring = ring[:-1]
    ring = np.roll(ring, -int(np.argmax(_at_pole(ring))), axis=0)
    (first_of_run,) = np.nonzero(np.diff(_at_pole(ring), prepend=False))
    runs = np.split(ring, first_of_run[1:])
    path: list[Floats] = []
    for pole, chain in zip(runs[::2], runs[1::2], strict=False):
        lon = _unroll_chain(chain[:, 0])
        if path:
            lon = lon - TURN_DEG * np.round((lon[0] - path[-1][-1, 0]) / TURN_DEG)
        onto = [lon[0], pole[0, 1]]
        off = [lon[-1], pole[0, 1]]
        path.append(np.concatenate([[onto], np.column_stack([lon, chain[:, 1]]), [off]]))
    return np.concatenate([*path, path[0][:1]])


def _unroll_chain(lon_deg: Floats) -> Floats:
    # Beside a pole an edge of exactly one turn is the whole parallel of a cap, not a point.
    turns = np.where(np.abs(np.diff(lon_deg)) == TURN_DEG, 0.0, np.round(np.diff(lon_deg) / TURN_DEG))
    return lon_deg - TURN_DEG * np.concatenate([[0.0], np.cumsum(turns)])


def _drop_repeats(points: Floats) -> Floats:
    return points[np.append(True, np.any(np.diff(points, axis=0) != 0.0, axis=1))]
