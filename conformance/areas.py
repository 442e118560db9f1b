"""Areas of every kind that a customer may draw, the same at every run: what the plans of the test data are made of."""

import math
import random
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

Geometry = Mapping[str, Any]
Ring = list[list[float]]

KM_PER_DEG = 111.32
SEED = 4
# Boxes around these centres reach neither the antimeridian nor a pole; areas that do have builders of their own.
FARTHEST_LON, FARTHEST_LAT = 170.0, 72.0


def build_areas(count: int) -> list[tuple[str, Geometry]]:
    """`count` pairs of a kind's name and a GeoJSON Polygon or MultiPolygon; the kinds take turns."""
    return list(islice(_take_turns(random.Random(SEED)), count))


def _take_turns(dice: random.Random) -> Iterator[tuple[str, Geometry]]:
    while True:
        for name, build in KINDS.items():
            yield name, build(*_place(dice))


def _place(dice: random.Random) -> tuple[float, float]:
    """Longitude and latitude of a centre, equally dense on the globe."""
    top = math.sin(math.radians(FARTHEST_LAT))
    return dice.uniform(-FARTHEST_LON, FARTHEST_LON), math.degrees(math.asin(dice.uniform(-top, top)))


# Builders: from a centre (lon, lat) to a geometry. Windings are mixed on purpose; the service repairs them.


def _box(wide_km: float, high_km: float) -> Callable[[float, float], Geometry]:
    return lambda lon, lat: _polygon(_box_ring(lon, lat, wide_km, high_km))


def _disc(lon: float, lat: float, corners: int = 64, dent: float = 1.0) -> Geometry:
    """A circle of 30 km, or with a `dent` below 1 a star: every other corner is that much nearer."""
    turns = [2 * math.pi * i / corners for i in range(corners)]
    radii = [30.0 * (dent if i % 2 else 1.0) for i in range(corners)]
    ring = [_offset(lon, lat, r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, turns, strict=True)]
    return _polygon([*ring, ring[0]])


def _star(lon: float, lat: float) -> Geometry:
    return _disc(lon, lat, 24, 0.4)


def _coast(lon: float, lat: float) -> Geometry:
    """As many vertices as a plan may have."""
    return _disc(lon, lat, 998, 0.97)


def _slanted(lon: float, lat: float) -> Geometry:
    """A strip of 8 km by 200 km along the way satellites come down; wound clockwise."""
    corners = ((-4, 100), (4, 100), (44, -98), (36, -98), (-4, 100))
    return _polygon([_offset(lon, lat, x, y) for x, y in corners])


def _holed(lon: float, lat: float) -> Geometry:
    """Two holes: a lake, and a second one beside it."""
    holes = [_box_ring(lon + 0.2 * side, lat, 12, 20)[::-1] for side in (-1, 1)]
    return _polygon(_box_ring(lon, lat, 150, 60), *holes)


def _islands(lon: float, lat: float) -> Geometry:
    """Three parts, one of them with a hole."""
    parts = [[_box_ring(lon + 0.3 * i, lat + 0.2 * i, 15, 12)] for i in (-1, 0, 1)]
    parts[1].append(_box_ring(lon, lat, 4, 4)[::-1])
    return {"type": "MultiPolygon", "coordinates": parts}


def _cut_at_antimeridian(_: float, lat: float) -> Geometry:
    """Two parts on both sides of it, as RFC 7946 section 3.1.9 asks."""
    east, west = _edges(179.2, lat, 180.0, lat + 0.6), _edges(-180.0, lat, -179.5, lat + 0.6)
    return {"type": "MultiPolygon", "coordinates": [[east], [west]]}


def _over_antimeridian(_: float, lat: float) -> Geometry:
    """One ring whose longitudes jump there: not what the RFC asks, and what many tools draw."""
    return _polygon([[179.4, lat], [-179.6, lat], [-179.6, lat + 0.5], [179.4, lat + 0.5], [179.4, lat]])


def _polar_cap(_: float, lat: float) -> Geometry:
    """Around the pole of its hemisphere, closed along the parallel of 90 degrees."""
    edge, pole = math.copysign(89.1, lat), math.copysign(90.0, lat)
    return _polygon([*_parallel(edge), [180.0, pole], [-180.0, pole], [-180.0, edge]])


def _polar_ring(_: float, lat: float) -> Geometry:
    """Once around the globe beside a pole, without saying that the pole is inside."""
    ring = _parallel(math.copysign(89.3, lat))[:-1]
    return _polygon([*ring, ring[0]])


def _beside_pole(lon: float, lat: float) -> Geometry:
    """As near to a pole as a box can be without holding it."""
    return _polygon(_edges(lon - 9, math.copysign(88.2, lat), lon + 9, math.copysign(89.4, lat)))


KINDS: Mapping[str, Callable[[float, float], Geometry]] = {
    "pier": _box(0.06, 0.04),
    "harbour": _box(3, 2),
    "town": _box(18, 14),
    "swath": _box(50, 50),
    "country": _box(235, 245),
    "corridor": _box(240, 5),
    "slanted": _slanted,
    "disc": _disc,
    "star": _star,
    "coast": _coast,
    "holed": _holed,
    "islands": _islands,
    "cut at the antimeridian": _cut_at_antimeridian,
    "over the antimeridian": _over_antimeridian,
    "polar cap": _polar_cap,
    "polar ring": _polar_ring,
    "beside a pole": _beside_pole,
}


def _polygon(*rings: Ring) -> Geometry:
    return {"type": "Polygon", "coordinates": list(rings)}


def _box_ring(lon: float, lat: float, wide_km: float, high_km: float) -> Ring:
    (west, south), (east, north) = (
        _offset(lon, lat, side * wide_km / 2, side * high_km / 2) for side in (-1, 1)
    )
    return _edges(west, south, east, north)


def _edges(west: float, south: float, east: float, north: float) -> Ring:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _offset(lon: float, lat: float, east_km: float, north_km: float) -> list[float]:
    return [lon + east_km / (KM_PER_DEG * math.cos(math.radians(lat))), lat + north_km / KM_PER_DEG]


def _parallel(lat: float) -> Ring:
    return [[float(lon), lat] for lon in range(-180, 181, 10)]
