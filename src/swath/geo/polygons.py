"""Areas of interest: read from GeoJSON with every rule checked, measured, and written back as RFC 7946 wants.

An area inside swath is a valid shapely Polygon or MultiPolygon in CRS84, cut at the antimeridian, wound right-handed.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import shapely
from pyproj import Geod
from shapely import get_coordinates
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from swath.errors import Fault, Invalid
from swath.geo.antimeridian import crosses_antimeridian, cut_polygon, holds_pole, unwrap, wind
from swath.geo.plane import area_m2, build_plane, compute_centre

GEOD = Geod(ellps="WGS84")
AT = "/geometry"

Ring = list[tuple[float, float]]


def parse_area(geojson: Any, *, max_extent_km: float, max_vertices: int) -> Polygon | MultiPolygon:
    """Read a GeoJSON Polygon or MultiPolygon as an area of interest; raises Invalid with every broken rule.

    Altitudes are dropped, winding is repaired. A polygon whose longitudes jump by more than 180 degrees between two
    vertices is understood to cross the antimeridian.
    """
    polygons = [_polygon(rings) for rings in _parse_rings(geojson, max_vertices)]
    faults = [fault for polygon in polygons for fault in _shape_faults(polygon)]
    if faults:
        raise Invalid(*faults)
    area = _join(polygons)
    faults = list(_extent_faults(area, max_extent_km))
    if faults:
        raise Invalid(*faults)
    return area


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A geometry as GeoJSON with full double precision; polygons are wound right-handed."""
    if isinstance(geometry, Polygon | MultiPolygon):
        geometry = wind(geometry)
    document = mapping(geometry)
    return {"type": document["type"], "coordinates": document["coordinates"]}


def compute_bbox(geometry: BaseGeometry) -> tuple[float, float, float, float]:
    """The RFC 7946 bounding box (west, south, east, north); west > east when it crosses the antimeridian."""
    west, south, east, north = unwrap(geometry).bounds
    if holds_pole(geometry) and crosses_antimeridian(geometry):
        return -180.0, south, 180.0, north
    return west, south, east if east <= 180.0 else east - 360.0, north


def extent_km(geometry: BaseGeometry) -> tuple[float, float]:
    """Width and height of the bounding box in kilometres along the ellipsoid; the width is that of its wider side.

    Around a pole, where a box of longitudes says nothing, the box of the local plane is measured.
    """
    if holds_pole(geometry) and crosses_antimeridian(geometry):
        west, south, east, north = build_plane(geometry).flatten(geometry).bounds
        return (east - west) / 1e3, (north - south) / 1e3
    west, south, east, north = unwrap(geometry).bounds
    widest = 0.0 if south <= 0 <= north else min(south, north, key=abs)
    # In two halves: a geodesic would take the short way round, or over the pole.
    middle = (west + east) / 2
    width = 2 * GEOD.inv(west, widest, middle, widest)[2]
    height = GEOD.inv(west, south, west, north)[2]
    return width / 1e3, height / 1e3


def bounding_cap(geometry: BaseGeometry) -> tuple[float, float, float]:
    """Centre (lon, lat in degrees) and radius in metres of a cap on the ellipsoid that holds the whole area."""
    lon, lat = compute_centre(geometry)
    points = get_coordinates(shapely.segmentize(geometry, 0.1))
    ones = np.ones(len(points))
    _, _, distance = GEOD.inv(lon * ones, lat * ones, points[:, 0], points[:, 1])
    return lon, lat, float(np.max(distance))


def _parse_rings(geojson: Any, max_vertices: int) -> list[list[Ring]]:
    kind, coordinates = _kind_and_coordinates(geojson)
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, Sequence) or isinstance(polygons, str) or not polygons:
        raise _fault("geometry_empty", f"The {kind} has no coordinates.")
    count = _count_positions(polygons)
    if count > max_vertices:
        raise _fault("too_many_vertices", f"The geometry has {count} vertices; the limit is {max_vertices}.")
    base = f"{AT}/coordinates"
    if kind == "Polygon":
        return [_rings(polygons[0], base)]
    return [_rings(rings, f"{base}/{i}") for i, rings in enumerate(polygons)]


def _kind_and_coordinates(geojson: Any) -> tuple[str, Any]:
    if not isinstance(geojson, Mapping):
        raise _fault("geometry_type", "geometry must be a GeoJSON Polygon or MultiPolygon object.")
    kind = cast("Mapping[str, Any]", geojson).get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise _fault("geometry_type", f"geometry is of type {kind!r}; send a Polygon or MultiPolygon.")
    return kind, cast("Mapping[str, Any]", geojson).get("coordinates")


def _count_positions(value: Any) -> int:
    """How many positions there are in nested arrays, whatever their nesting; counted before anything is built."""
    count, open_values = 0, [value]
    while open_values:
        current = open_values.pop()
        if not isinstance(current, list | tuple):
            continue
        if current and isinstance(current[0], int | float):
            count += 1
        else:
            open_values.extend(current)
    return count


def _rings(rings: Any, at: str) -> list[Ring]:
    if not isinstance(rings, list | tuple) or not rings:
        raise _fault("geometry_empty", "The polygon has no ring; its coordinates are a list of closed rings.", at)
    return [_ring(ring, f"{at}/{i}") for i, ring in enumerate(rings)]


def _ring(ring: Any, at: str) -> Ring:
    if not isinstance(ring, list | tuple):
        raise _fault("ring_type", "A ring is a list of [lon, lat] positions.", at)
    points = [_position(position, f"{at}/{i}") for i, position in enumerate(ring)]
    if len(points) < 4:
        raise _fault("ring_too_short", f"The ring has {len(points)} positions; a closed ring has at least 4.", at)
    if points[0] != points[-1]:
        raise _fault("ring_open", "The ring is open; repeat its first position as the last.", at)
    return points


def _position(position: Any, at: str) -> tuple[float, float]:
    if not isinstance(position, list | tuple) or not 2 <= len(position) <= 4:
        raise _fault("position_type", "A position is [lon, lat] in degrees.", at)
    if any(isinstance(v, bool) or not isinstance(v, int | float) or not math.isfinite(v) for v in position):
        raise _fault("position_type", f"The position {position!r} does not hold finite numbers.", at)
    lon, lat = float(position[0]), float(position[1])
    if not -180 <= lon <= 180:
        raise _fault("lon_range", f"Longitude {lon:g} is outside -180..180; {_wrapped(lon):g} is the same meridian.", at)
    if not -90 <= lat <= 90:
        raise _fault("lat_range", f"Latitude {lat:g} is outside -90..90; positions are [lon, lat].", at)
    return lon, lat


def _polygon(rings: list[Ring]) -> Polygon:
    return Polygon(_continuous(rings[0]), [_near(_continuous(r), _continuous(rings[0])) for r in rings[1:]])


def _continuous(ring: Ring) -> Ring:
    """A ring whose longitudes jump at 180 degrees, running on over it instead; a ring around a pole stays."""
    lon, lat = np.array(ring).T
    whole_turn = np.ptp(lon) == 360.0 and np.abs(lat).max() == 90.0
    if whole_turn or np.abs(np.diff(lon)).max() <= 180.0:
        return ring
    onward = np.unwrap(lon, period=360.0)
    if abs(onward[-1] - onward[0]) > 180.0:
        return ring
    return list(zip(onward.tolist(), lat.tolist(), strict=True))


def _near(ring: Ring, shell: Ring) -> Ring:
    """A hole moved by whole turns to where its shell is."""
    away = np.mean([lon for lon, _ in shell]) - np.mean([lon for lon, _ in ring])
    turn = 360.0 * round(float(away) / 360.0)
    return [(lon + turn, lat) for lon, lat in ring]


def _shape_faults(polygon: Polygon) -> Iterator[Fault]:
    if _is_polar_ring(polygon):
        return
    if not polygon.is_valid:
        yield Fault(AT, "geometry_invalid", f"The polygon is not valid: {explain_validity(polygon)}.")
    elif polygon.area == 0:
        yield Fault(AT, "area_zero", "The polygon has no area.")


def _is_polar_ring(polygon: Polygon) -> bool:
    lon = get_coordinates(polygon.exterior)[:, 0]
    return bool(np.abs(np.diff(lon)).max() > 180.0)


def _join(polygons: list[Polygon]) -> Polygon | MultiPolygon:
    parts: list[Polygon] = []
    for polygon in polygons:
        cut = cut_polygon(polygon)
        parts.extend(cut.geoms if isinstance(cut, MultiPolygon) else [cut])
    area = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    if not area.is_valid:
        raise _fault("geometry_invalid", f"The geometry is not valid: {explain_validity(area)}.")
    return wind(area)


def _extent_faults(area: BaseGeometry, max_extent_km: float) -> Iterator[Fault]:
    for size, word in zip(extent_km(area), ("wide", "high"), strict=True):
        if size > max_extent_km:
            message = f"AOI is {size:.1f} km {word}; the limit is {max_extent_km:g} km."
            yield Fault(AT, "aoi_too_large", message)
            return
    if not area_m2(area) > 0:
        yield Fault(AT, "area_zero", "The polygon has no area.")


def _wrapped(lon: float) -> float:
    return math.remainder(lon, 360.0)


def _fault(code: str, message: str, at: str = AT) -> Invalid:
    return Invalid(Fault(at, code, message))
