"""Geometries on a globe whose longitudes jump at 180 degrees: cut there for the wire, continuous for arithmetic."""

import antimeridian
import numpy as np
from shapely import get_coordinates, transform
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from swath.geo.ellipsoid import Floats


def cut_polygon(polygon: Polygon) -> Polygon | MultiPolygon:
    """An RFC 7946 geometry from a polygon whose longitudes jump at, or run on over, 180 degrees.

    Edges are straight in longitude and latitude. A ring once around the globe takes the nearer pole in. Winding is
    right-handed afterwards.
    """
    if not _runs_over(polygon):
        return wind(polygon)
    pole = _pole_inside(polygon)
    fixed = antimeridian.fix_polygon(
        polygon,
        force_north_pole=pole == 1,
        force_south_pole=pole == -1,
        fix_winding=pole == 0,
        great_circle=False,
    )
    return wind(fixed)


def cut_line(lon_deg: Floats, lat_deg: Floats) -> LineString | MultiLineString:
    """An RFC 7946 line through points (N,) whose longitudes may jump at 180 degrees."""
    return antimeridian.fix_line_string(LineString(np.column_stack([lon_deg, lat_deg])), great_circle=False)


def wind(geometry: BaseGeometry) -> Polygon | MultiPolygon:
    """The same area with exterior rings counter-clockwise and holes clockwise (RFC 7946 section 3.1.6)."""
    if isinstance(geometry, Polygon):
        return orient(geometry)
    if isinstance(geometry, MultiPolygon):
        return MultiPolygon([orient(part) for part in geometry.geoms])
    raise TypeError(f"expected a Polygon or MultiPolygon, found {geometry.geom_type}")


def crosses_antimeridian(geometry: BaseGeometry) -> bool:
    """Whether a cut geometry touches the antimeridian from both sides."""
    lon = get_coordinates(geometry)[:, 0]
    return bool(lon.size) and lon.max() >= 180.0 and lon.min() <= -180.0


def unwrap(geometry: BaseGeometry) -> BaseGeometry:
    """The same area with continuous longitudes: what lies west of the antimeridian moves to 180..360 degrees.

    A geometry around a pole stays as it is: its longitudes cannot be made continuous.
    """
    if not crosses_antimeridian(geometry) or holds_pole(geometry):
        return geometry
    return transform(geometry, _eastwards)


def holds_pole(geometry: BaseGeometry) -> bool:
    """Whether a cut geometry reaches a pole."""
    return bool(np.abs(get_coordinates(geometry)[:, 1]).max(initial=0.0) >= 90.0)


def _eastwards(xy: Floats) -> Floats:
    return np.column_stack([np.where(xy[:, 0] < 0, xy[:, 0] + 360.0, xy[:, 0]), xy[:, 1]])


def _runs_over(polygon: Polygon) -> bool:
    """Some edge is longer than half a turn, or some longitude lies outside -180..180."""
    lon = get_coordinates(polygon)[:, 0]
    steps = [np.abs(np.diff(get_coordinates(ring)[:, 0])) for ring in (polygon.exterior, *polygon.interiors)]
    full_width = np.ptp(lon) == 360.0 and holds_pole(polygon)
    return not full_width and (bool(np.abs(lon).max() > 180.0) or max(s.max() for s in steps) > 180.0)


def _pole_inside(polygon: Polygon) -> int:
    """1 or -1 when the exterior runs once around the globe (the nearer pole is meant), 0 when it does not."""
    lon, lat = get_coordinates(polygon.exterior).T
    turn = np.unwrap(lon, period=360.0)
    if abs(turn[-1] - turn[0]) < 180.0:
        return 0
    return 1 if lat.mean() > 0 else -1
