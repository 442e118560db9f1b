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
from numpy.typing import ArrayLike, NDArray
from shapely import MultiLineString, MultiPolygon, Polygon, get_coordinates
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from swath.geo.ellipsoid import Floats

Area = Polygon | MultiPolygon
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

TURN_DEG = 360.0
HALF_TURN_DEG = 180.0
GLOBE = shapely.box(-180.0, -90.0, 180.0, 90.0)


def cut_polygon(polygon: Polygon) -> Area:
    """The cut geometry, wound right-handed, of a polygon whose longitudes jump at 180 degrees or run on over it.

    An edge that seems longer than half a turn is the short one across the antimeridian. A ring once around the globe
    holds the pole that is nearer to it; no ring may reach both.
    """
    shell, *holes = (get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors))
    if not holes:
        return cut_ring(shell)
    # Two holes side by side, or one along the outline, are sound each for itself but not in one polygon.
    if polygon.is_valid and not any(_needs_cut(ring) for ring in (shell, *holes)):
        return wind(polygon)
    area = reduce(shapely.difference, map(fold, holes), fold(shell))
    return wind(join([area]))


def cut_ring(ring: Floats) -> Area:
    """The cut geometry, wound right-handed, inside a closed ring (N, 2), read like the outline of a polygon."""
    return wind(fold(ring) if _needs_cut(ring) else Polygon(ring))


def cut_line(lon_deg: ArrayLike, lat_deg: ArrayLike) -> MultiLineString:
    """The cut line through points (N,), the next one always less than half a turn away."""
    lon, lat = unroll(np.asarray(lon_deg, float)), np.asarray(lat_deg, float)
    band = _find_bands(lon)
    (before,) = np.nonzero(np.diff(band))
    edge, height = _find_crossings(lon, lat, band, before)
    # Each crossing closes one piece and opens the next: it goes in twice, once in each band.
    at = np.repeat(before + 1, 2)
    lon, lat = np.insert(lon, at, np.repeat(edge, 2)), np.insert(lat, at, np.repeat(height, 2))
    band = np.insert(band, at, np.stack([band[before], band[before + 1]], axis=1).ravel())
    points = np.column_stack([lon - TURN_DEG * band, lat])
    pieces = np.split(points, before + 1 + 2 * np.arange(len(before)) + 1)
    return MultiLineString([piece for piece in map(_drop_repeats, pieces) if len(piece) > 1])


def unroll(lon_deg: Floats) -> Floats:
    """Longitudes (N,) moved by whole turns so that each is the nearest to the one before; the first one stays."""
    onward = lon_deg.copy()
    onward[1:] -= TURN_DEG * np.cumsum(np.rint(np.diff(lon_deg) / TURN_DEG))
    return onward


def unroll_ring(ring: Floats) -> tuple[Floats, int]:
    """A closed ring (N, 2) with continuous longitudes, and how often it runs around the globe (eastwards positive).

    A vertex at a pole lies on every meridian: the ring reaches it on its own and leaves it on that of the next vertex.
    """
    at_pole = _at_pole(ring)
    if at_pole.any() and not at_pole.all():
        return (ring if _is_cut(ring, at_pole) else _unroll_through_pole(ring)), 0
    lon = unroll(ring[:, 0])
    return np.column_stack([lon, ring[:, 1]]), round((lon[-1] - lon[0]) / TURN_DEG)


def fold(ring: Floats) -> Area:
    """The area inside a closed ring (N, 2) of any longitudes, in -180..180 degrees."""
    onward, around = unroll_ring(ring)
    outline = close_over_pole(onward) if around else onward
    west, east = float(outline[:, 0].min()), float(outline[:, 0].max())
    first, last = floor((west + HALF_TURN_DEG) / TURN_DEG), ceil((east - HALF_TURN_DEG) / TURN_DEG)
    turns = range(first, max(first, last) + 1)
    if turns == range(1):
        return Polygon(outline)
    if east - west < HALF_TURN_DEG:
        return _halve(outline) or _collect(polygons_of(_cut_bands(outline, turns)))
    # Where a ring around a pole swings back, bands overlap; what lies in two of them lies outside.
    return join([reduce(shapely.symmetric_difference, _cut_bands(outline, turns))])


def close_over_pole(onward: Floats) -> Floats:
    """A ring once around the globe, (N, 2) with continuous longitudes, closed along the parallel of its nearer pole.

    The seam runs up from the vertex nearest to that pole, a meridian that no edge can cross.
    """
    turn = onward[-1, 0] - onward[0, 0]
    pole = copysign(90.0, float(onward[:-1, 1].mean()))
    first = int(np.argmax(onward[:-1, 1] * pole))
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


def polygons_of(geometry: BaseGeometry | NDArray[np.object_]) -> list[Polygon]:
    """The polygons that one or more geometries are made of; lines and points in them are left out."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon) and not part.is_empty]


def join(geometries: Sequence[BaseGeometry]) -> Area:
    """One area from the polygons in all of these: a Polygon if they hang together, else a MultiPolygon."""
    parts = [part for geometry in geometries for part in polygons_of(geometry)]
    return _collect(polygons_of(shapely.union_all(parts)) if len(parts) > 1 else parts)


def _collect(polygons: list[Polygon]) -> Area:
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _needs_cut(ring: Floats) -> bool:
    lon = ring[:, 0]
    outside = lon.min() < -HALF_TURN_DEG or lon.max() > HALF_TURN_DEG
    return bool(outside or np.abs(np.diff(lon)).max() > HALF_TURN_DEG or _at_pole(ring).any())


def _find_bands(lon: Floats) -> Floats:
    """The whole turn that each of these continuous longitudes lies in, 0 for -180..180."""
    return np.floor((lon + HALF_TURN_DEG) / TURN_DEG)


def _find_crossings(lon: Floats, lat: Floats, band: Floats, before: Ints) -> tuple[Floats, Floats]:
    """Where the edges from these vertices to the next ones cross the antimeridian: longitudes and latitudes."""
    edge = TURN_DEG * np.maximum(band[before], band[before + 1]) - HALF_TURN_DEG
    part = (edge - lon[before]) / (lon[before + 1] - lon[before])
    return edge, lat[before] + part * (lat[before + 1] - lat[before])


def _halve(outline: Floats) -> MultiPolygon | None:
    """Both halves of a ring that crosses the antimeridian once there and once back; None where it is not that simple.

    Nearly every footprint over the antimeridian is that simple, and an overlay would take longer than tracing it.
    """
    band = _find_bands(outline[:, 0])
    (before,) = np.nonzero(np.diff(band))
    if len(before) != 2:
        return None
    there, back = np.column_stack(_find_crossings(outline[:, 0], outline[:, 1], band, before))
    i, j = before + 1
    near = np.concatenate([outline[:i], [there, back], outline[j:]]) - (TURN_DEG * band[0], 0.0)
    far = np.concatenate([[there], outline[i:j], [back, there]]) - (TURN_DEG * band[i], 0.0)
    halves = MultiPolygon([Polygon(near), Polygon(far)])
    # A ring that only touches the antimeridian, or crosses itself, has no sound halves.
    return halves if halves.is_valid else None


def _cut_bands(outline: Floats, turns: range) -> NDArray[np.object_]:
    """What an outline holds in each of these turns of longitudes, moved to -180..180."""
    moved = shapely.polygons(np.stack([outline - (TURN_DEG * turn, 0.0) for turn in turns]))
    sound = moved if np.all(shapely.is_valid(moved)) else shapely.make_valid(moved)
    return np.asarray(shapely.intersection(sound, GLOBE))


def _at_pole(ring: Floats) -> Bools:
    return np.abs(ring[:, 1]) >= 90.0


def _is_cut(ring: Floats, at_pole: Bools) -> bool:
    """Whether a ring that reaches a pole can be taken as it stands: along meridians to it, along its parallel there.

    An edge of one turn is no edge at all, unless the parallel of the pole runs back as far: then it rounds a cap.
    """
    lon, step = ring[:, 0], np.abs(np.diff(ring[:, 0]))
    start, end = at_pole[:-1], at_pole[1:]
    # Added, not subtracted: what is one digit short of a turn must not be rounded to it.
    turn = (lon[:-1] + TURN_DEG == lon[1:]) | (lon[:-1] == lon[1:] + TURN_DEG)
    rounds = (turn & start & end).any()
    taken = (step <= HALF_TURN_DEG) | (turn & rounds)
    return not step[start ^ end].any() and bool(taken[~start & ~end].all())


def _unroll_through_pole(ring: Floats) -> Floats:
    """Chains of vertices between visits to a pole, each reached and left along its end's meridian."""
    ring = np.roll(ring[:-1], -int(np.argmax(_at_pole(ring))), axis=0)
    pole = ring[0, 1]
    (borders,) = np.nonzero(np.diff(_at_pole(ring)))
    path: list[Floats] = []
    for chain in np.split(ring, borders + 1)[1::2]:
        lon = unroll(chain[:, 0])
        if path:
            lon = lon - TURN_DEG * np.round((lon[0] - path[-1][-1, 0]) / TURN_DEG)
        path.append(
            np.column_stack([np.pad(lon, 1, mode="edge"), np.pad(chain[:, 1], 1, constant_values=pole)])
        )
    return np.concatenate([*path, path[0][:1]])


def _drop_repeats(points: Floats) -> Floats:
    return points[np.append(True, np.any(np.diff(points, axis=0) != 0.0, axis=1))]
