"""Constants of CQL2 JSON as values: instants, boxes and geometries, each checked."""

import json
import math
import re
from datetime import UTC, date, datetime
from typing import Any, TypeGuard

import shapely
from shapely import GEOSException
from shapely.geometry.base import BaseGeometry

from swath.cql2.guard import refuse

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_GEOMETRIES = frozenset(
    (
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    )
)

_HOW_TO_WRITE = (
    "A position is two numbers, longitude and latitude; a line has two positions or more; a ring has four or more "
    "and ends where it starts."
)


def parse_timestamp(text: object) -> datetime:
    """RFC 3339 with its zone to an aware UTC datetime."""
    try:
        if isinstance(text, str) and _TIMESTAMP.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise refuse(f"{_shown(text)} is not a timestamp; write it like '2026-08-22T10:00:00Z', with its zone.")


def parse_date(text: object) -> date:
    """A calendar day, `2026-08-22`."""
    try:
        if isinstance(text, str) and _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise refuse(f"{_shown(text)} is not a date; write it like '2026-08-22'.")


def parse_instant(text: str) -> datetime | date:
    """A timestamp or, ten characters long, a date."""
    return parse_date(text) if len(text) == 10 else parse_timestamp(text)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether JSON calls this a number that is finite (true and false are none)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and _finite(value)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def parse_box(numbers: object) -> BaseGeometry:
    """BBOX(west, south, east, north) in degrees as an area, heights dropped; west > east crosses the antimeridian."""
    if not isinstance(numbers, list) or len(numbers) not in (4, 6) or not all(is_number(n) for n in numbers):
        raise refuse("BBOX takes four numbers: west, south, east, north in degrees (or six, with heights).")
    half = len(numbers) // 2
    west, south, east, north = (float(n) for n in (*numbers[:2], *numbers[half : half + 2]))
    _check_range(min(west, east), south, max(west, east), north)
    if south > north:
        raise refuse(f"BBOX has its south edge ({south}) above its north edge ({north}); swap them.")
    return build_box(west, south, east, north)


def build_box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """The area between these edges in degrees; two areas where west > east; a line or point where there is no width."""
    if west > east:
        return shapely.union_all([build_box(west, south, 180, north), build_box(-180, south, east, north)])
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def parse_geometry(raw: dict[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry in CRS84 as a valid shapely geometry, heights dropped."""
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise refuse(f"{_shown(kind)} is not a geometry type; use one of {', '.join(sorted(_GEOMETRIES))}.")
    if _is_hollow(raw):
        raise refuse(f"A part of the {kind} is empty; leave it out, or give it coordinates.")
    try:
        geometry = shapely.force_2d(shapely.from_geojson(json.dumps(raw)))
    except (GEOSException, ValueError, TypeError):
        raise refuse(f"The {kind} cannot be read. {_HOW_TO_WRITE}") from None
    return _on_earth(geometry)


def _is_hollow(raw: object) -> bool:
    """Whether a list without anything in it stands anywhere inside."""
    if isinstance(raw, dict):
        return any(map(_is_hollow, raw.values()))
    return isinstance(raw, list) and (not raw or any(map(_is_hollow, raw)))


def _on_earth(geometry: BaseGeometry) -> BaseGeometry:
    _check_range(*geometry.bounds)
    if not geometry.is_valid:
        raise refuse(f"The {geometry.geom_type} is not valid: {shapely.is_valid_reason(geometry)}.")
    return geometry


def _check_range(west: float, south: float, east: float, north: float) -> None:
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise refuse(
            "A geometry leaves the earth: longitudes are -180..180, latitudes -90..90, longitude first."
        )


def _shown(value: object) -> str:
    return repr(value[:40]) if isinstance(value, str) else f"A {type(value).__name__}"
