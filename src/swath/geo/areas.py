"""Areas of interest as they come in: every rule is checked, each broken one is told with its place and its cure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from math import isfinite, remainder
from typing import Any, cast

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.affinity import translate
from shapely.validation import explain_validity

from swath.errors import Fault, Invalid
from swath.figures import write_beside
from swath.geo.antimeridian import TURN_DEG, Area, cut_polygon, fold, join, polygons_of, unroll_ring, wind
from swath.geo.ellipsoid import Floats
from swath.geo.measures import area_m2, extent_km, outline_m

AT = "/geometry"
COORDINATES = f"{AT}/coordinates"
# What a person can still read; a broken file repeats one mistake a thousand times.
MOST_FAULTS = 20
# A square millimetre: less is rounding.
LEAST_AREA_M2 = 1e-6
# What is narrower may vanish in a plane: beside a pole, double precision leaves a decimetre of it. Long areas are as
# wide by this measure (twice the size over the outlines' length) as they are, a square half as wide.
LEAST_WIDTH_M = 0.4
SMALLEST_M = 1e-9
ROUNDING = 1e-9

Rings = list[Floats]


def parse_area(geojson: Any, *, max_extent_km: float, max_vertices: int) -> Area:
    """Read a GeoJSON Polygon or MultiPolygon as a valid area, cut at the antimeridian and wound right-handed.

    Altitudes are dropped and winding is repaired. A polygon whose longitudes jump by more than 180 degrees from one
    vertex to the next is understood to cross the antimeridian, and a ring once around the globe to hold its nearer
    pole. Raises Invalid with one Fault for each broken rule, pointers below `/geometry`; nothing else, whatever the
    value given.
    """
    polygons = _read_polygons(geojson)
    _raise_any(_count_faults(polygons, max_vertices))
    _raise_any(_shape_faults(polygons))
    area = _compose(polygons)
    _raise_any(_size_faults(area, max_extent_km))
    return area


def _raise_any(faults: Iterable[Fault]) -> None:
    found = tuple(islice(faults, MOST_FAULTS))
    if found:
        raise Invalid(*found)


# Reading: nothing is taken for granted about the value.


def _read_polygons(geojson: Any) -> list[Rings]:
    _raise_any(_type_faults(geojson))
    coordinates = geojson["coordinates"]
    single = geojson["type"] == "Polygon"
    polygons = [(coordinates, COORDINATES)] if single else _numbered(coordinates, COORDINATES)
    _raise_any(fault for rings, at in polygons for fault in _polygon_faults(rings, at))
    return [[np.array([position[:2] for position in ring], float) for ring in rings] for rings, _ in polygons]


def _type_faults(geojson: Any) -> Iterator[Fault]:
    if not isinstance(geojson, Mapping):
        yield Fault(AT, "geometry_missing", "geometry is missing; send a GeoJSON Polygon or MultiPolygon.")
        return
    document = cast("Mapping[str, Any]", geojson)
    if "type" not in document:
        yield Fault(f"{AT}/type", "geometry_type", "geometry has no type; send a Polygon or MultiPolygon.")
    elif document.get("type") not in ("Polygon", "MultiPolygon"):
        kind = _show(document.get("type"))
        yield Fault(f"{AT}/type", "geometry_type", f"geometry is a {kind}; send a Polygon or MultiPolygon.")
    elif not _is_list(document.get("coordinates")):
        yield Fault(COORDINATES, "coordinates", "coordinates must be an array of arrays of positions.")
    elif not document["coordinates"]:
        yield Fault(COORDINATES, "geometry_empty", "coordinates is empty; an area has at least one ring.")


def _polygon_faults(rings: Any, at: str) -> Iterator[Fault]:
    if not _is_list(rings) or not rings:
        yield Fault(at, "polygon", "A polygon must be an array of rings, its outline first.")
        return
    for ring, place in _numbered(rings, at):
        yield from _ring_faults(ring, place)


def _ring_faults(ring: Any, at: str) -> Iterator[Fault]:
    if not _is_list(ring):
        yield Fault(at, "ring", "A ring must be an array of positions.")
        return
    faults = list(
        islice((f for p, place in _numbered(ring, at) for f in _position_faults(p, place)), MOST_FAULTS)
    )
    yield from faults
    if faults:
        return
    if len(ring) < 4:
        yield Fault(
            at, "ring_too_short", f"The ring has {len(ring)} positions; a closed ring has at least 4."
        )
    elif list(ring[0][:2]) != list(ring[-1][:2]):
        yield Fault(at, "ring_open", "The ring is open; repeat its first position as its last.")


def _position_faults(position: Any, at: str) -> Iterator[Fault]:
    if not _is_list(position) or not 2 <= len(position) <= 3:
        yield Fault(at, "position", f"A position must be [longitude, latitude], found {_show(position)}.")
    elif not all(map(_is_number, position)):
        yield Fault(at, "position", f"A position must hold finite numbers, found {_show(position)}.")
    else:
        yield from _degree_faults(float(position[0]), float(position[1]), at)


def _degree_faults(lon: float, lat: float, at: str) -> Iterator[Fault]:
    if not -180.0 <= lon <= 180.0:
        yield Fault(f"{at}/0", "longitude", f"Longitude {lon:.10g} is outside -180..180{_same(lon)}.")
    if not -90.0 <= lat <= 90.0:
        yield Fault(
            f"{at}/1",
            "latitude",
            f"Latitude {lat:.10g} is outside -90..90; a position is [longitude, latitude].",
        )


def _same(lon: float) -> str:
    """The cure for a longitude that went on once around; further off it is no longitude at all."""
    return f"; write {remainder(lon, 360.0):.10g}" if abs(lon) <= 540.0 else ""


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return isfinite(float(value))
    except OverflowError:
        return False


def _numbered(values: Sequence[Any], at: str) -> list[tuple[Any, str]]:
    return [(value, f"{at}/{i}") for i, value in enumerate(values)]


def _show(value: Any) -> str:
    try:
        text = repr(value)
    except (RecursionError, ValueError):
        text = type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."


# Judging: arrays of finite degrees in range.


def _count_faults(polygons: list[Rings], most: int) -> Iterator[Fault]:
    count = sum(len(ring) - 1 for rings in polygons for ring in rings)
    if count > most:
        message = f"The area has {count} vertices; the limit is {most}. Simplify its outline."
        yield Fault(COORDINATES, "too_many_vertices", message)


def _shape_faults(polygons: list[Rings]) -> Iterator[Fault]:
    for i, rings in enumerate(polygons):
        at = COORDINATES if len(polygons) == 1 else f"{COORDINATES}/{i}"
        faults = list(_rings_faults(rings, at))
        yield from faults or _hole_faults(rings, at)


def _rings_faults(rings: Rings, at: str) -> Iterator[Fault]:
    for i, ring in enumerate(rings):
        place = f"{at}/{i}"
        if ring[:, 1].min() <= -90.0 and ring[:, 1].max() >= 90.0:
            yield Fault(place, "ring_both_poles", "The ring reaches both poles; make a polygon for each.")
            continue
        onward, around = unroll_ring(ring)
        yield from _around_faults(onward, around, place) if around else _outline_faults(onward, place)


def _outline_faults(onward: Floats, at: str) -> Iterator[Fault]:
    polygon = Polygon(onward)
    if polygon.convex_hull.area == 0.0:
        yield Fault(at, "area_zero", "The ring has no area; its vertices lie on one line.")
    elif not polygon.is_valid:
        yield Fault(at, "ring_crosses_itself", _crossing(explain_validity(polygon)))
    elif _overlaps_after_a_turn(polygon):
        yield Fault(at, "ring_crosses_itself", _crossing("after a turn around the globe"))


def _overlaps_after_a_turn(polygon: Polygon) -> bool:
    # What is clear of itself one turn on is clear of itself any number of turns on (Brouwer's lemma).
    west, _, east, _ = polygon.bounds
    beyond = translate(polygon, TURN_DEG)
    return east - west > TURN_DEG and shapely.intersection(polygon, beyond).area > ROUNDING * polygon.area


def _around_faults(onward: Floats, around: int, at: str) -> Iterator[Fault]:
    turn = onward[-1, 0] - onward[0, 0]
    twice = np.concatenate([onward, onward[1:] + np.array([turn, 0.0])])
    if abs(around) > 1 or not LineString(twice).is_simple:
        yield Fault(at, "ring_crosses_itself", _crossing("it runs around a pole"))


def _crossing(where: str) -> str:
    return f"The ring crosses or touches itself ({where}); list its vertices in order along the outline."


def _hole_faults(rings: Rings, at: str) -> Iterator[Fault]:
    shell, *holes = map(fold, rings)
    for i, hole in enumerate(holes, 1):
        if shapely.difference(hole, shell).area > ROUNDING * hole.area:
            message = "The hole does not lie inside its outline; the first ring of a polygon is the outline."
            yield Fault(f"{at}/{i}", "hole_outside", message)
    for (i, one), (j, other) in combinations(enumerate(holes, 1), 2):
        if shapely.intersection(one, other).area > ROUNDING * min(one.area, other.area):
            yield Fault(f"{at}/{j}", "holes_overlap", f"The hole overlaps hole {i}; make one of the two.")


def _compose(polygons: list[Rings]) -> Area:
    parts = [cut_polygon(Polygon(rings[0], rings[1:])) for rings in polygons]
    if len(parts) == 1:
        return parts[0]
    area = wind(join(parts))
    # What hangs together from pole to pole could not be read again as one polygon.
    if any(part.bounds[1] <= -90.0 and part.bounds[3] >= 90.0 for part in polygons_of(area)):
        raise Invalid(
            Fault(COORDINATES, "ring_both_poles", "The polygons reach from pole to pole; leave a gap.")
        )
    whole, sum_of_parts = area_m2(area), sum(map(area_m2, parts))
    if sum_of_parts - whole > LEAST_AREA_M2 + ROUNDING * whole:
        raise Invalid(
            Fault(COORDINATES, "parts_overlap", "Polygons of the MultiPolygon overlap; join them into one.")
        )
    return area


def _size_faults(area: Area, max_extent_km: float) -> Iterator[Fault]:
    width_m = 2 * area_m2(area) / max(outline_m(area), SMALLEST_M)
    if width_m <= LEAST_WIDTH_M:
        message = (
            f"The area is empty or too narrow: twice its size over the length of its outlines is {width_m:.3g} m; "
            f"it must be more than {LEAST_WIDTH_M:g} m."
        )
        yield Fault(COORDINATES, "area_zero", message)
        return
    for size, word in zip(extent_km(area), ("wide", "high"), strict=True):
        if size > max_extent_km:
            found = write_beside(size, max_extent_km, decimals=1)
            message = f"AOI is {found} km {word}; the limit is {max_extent_km:g} km."
            yield Fault(AT, f"too_{word}", message)
