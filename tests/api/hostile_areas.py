"""Makes areas of interest by the thousand, sound ones and hostile ones, the same ones every time."""

import json
import math
from collections.abc import Callable
from random import Random
from typing import Any

Json = Any
Ring = list[list[Any]]

# What a position may hold instead of a longitude or a latitude.
ODD = (None, True, "12", "", [], {}, [1, 2], float("nan"), float("inf"), -0.0, 1e308, -1e308, 5e-324, 10**400, 180,
       -180, 180.0000001, 90, -90, 90.0000001, 360, 540, 1e30, 2**63)  # fmt: skip
ODD_GEOMETRIES = (None, True, 0, "", "POLYGON((0 0,1 0,1 1,0 0))", [], {}, {"type": "Polygon"},
                  {"type": "Polygon", "coordinates": None}, {"type": "Polygon", "coordinates": {}},
                  {"type": "Polygon", "coordinates": [[]]}, {"type": "Polygon", "coordinates": [[[]]]},
                  {"type": "MultiPolygon", "coordinates": [[]]}, {"type": "MultiPolygon", "coordinates": [[[]]]},
                  {"type": ["Polygon"], "coordinates": []}, {"type": "Point", "coordinates": [0, 0]},
                  {"type": "GeometryCollection", "geometries": []}, {"type": "polygon", "coordinates": []})  # fmt: skip


def make_body(seed: int, properties: Json) -> bytes:
    """The body of a plan: its area is sound in about a fifth of all, and spoilt in every way in the rest."""
    random = Random(seed)
    geometry = random.choice(SHAPES)(random)
    for _ in range(random.choice((0, 0, 0, 0, 0, 1, 1, 2, 5))):
        geometry = random.choice(SPOILS)(random, geometry)
    body = json.dumps({"type": "Feature", "geometry": geometry, "properties": properties}).encode()
    return _spoil_bytes(random, body) if random.random() < 0.05 else body


# Shapes: all sound, some too large.


def _star(random: Random) -> Json:
    return _polygon(_ring(random, *_place(random), random.choice((3, 4, 7, 40, 400))))


def _star_with_holes(random: Random) -> Json:
    lon, lat, size = _place(random)
    holes = [
        _ring(random, lon, lat, size * scale, 5)[::-1] for scale in random.sample((0.1, 0.2, 0.4, 0.9), 2)
    ]
    return _polygon(_ring(random, lon, lat, size, 12), *holes)


def _box(random: Random) -> Json:
    lon, lat, size = _place(random)
    return _polygon(_corners(lon, lat, size, size * random.choice((1e-9, 0.1, 1.0))))


def _cap(random: Random) -> Json:
    lat = random.choice((-1, 1)) * random.uniform(88.5, 90)
    lons = sorted(random.uniform(-180, 180) for _ in range(random.choice((3, 4, 12))))
    ring = [[lon, lat + random.uniform(-0.1, 0.1) * (abs(lat) < 89.8)] for lon in lons]
    cut = [[180.0, lat], [180.0, math.copysign(90, lat)], [-180.0, math.copysign(90, lat)], [-180.0, lat]]
    return _polygon([*ring, *(cut if random.random() < 0.3 else ()), ring[0]])


def _islands(random: Random) -> Json:
    lon, lat, size = _place(random)
    parts = [[_ring(random, lon + i * size * random.uniform(0.5, 3), lat, size, 6)] for i in range(3)]
    return {"type": "MultiPolygon", "coordinates": parts}


def _spiral(random: Random) -> Json:
    lon, lat, size = _place(random)
    turns = [
        (lon + size * k * math.cos(k), lat + size * k * math.sin(k)) for k in range(random.randrange(3, 80))
    ]
    return _polygon(_closed([[_wrap(x), _clip(y)] for x, y in turns]))


def _zigzag(random: Random) -> Json:
    """Around the globe in steps that leave open which way they go."""
    steps = (60.0, 90.0, 179.9, 180.0, 180.1)
    lons = [0.0]
    for _ in range(random.randrange(3, 12)):
        lons.append(_wrap(lons[-1] + random.choice((-1, 1, 1)) * random.choice(steps)))
    return _polygon(_closed([[lon, random.choice((-90.0, -89.5, 0.0, 60.0, 89.5, 90.0))] for lon in lons]))


SHAPES: tuple[Callable[[Random], Json], ...] = (
    _star, _star, _star, _star_with_holes, _box, _box, _cap, _cap, _islands, _spiral, _zigzag
)  # fmt: skip


# Spoils: each takes a geometry, whatever has become of it, and gives another.


def _replace_number(random: Random, geometry: Json) -> Json:
    ring = _any_ring(random, geometry)
    if ring:
        position = random.choice(ring)
        if isinstance(position, list) and position:
            position[random.randrange(len(position))] = random.choice(ODD)
    return geometry


def _replace_position(random: Random, geometry: Json) -> Json:
    ring = _any_ring(random, geometry)
    if ring:
        ring[random.randrange(len(ring))] = random.choice(
            (*ODD, [0], [0, 0, 0], [0, 0, 0, 0], list(range(500)))
        )
    return geometry


def _shuffle(random: Random, geometry: Json) -> Json:
    ring = _any_ring(random, geometry)
    if ring:
        inner = ring[1:-1]
        random.shuffle(inner)
        ring[1:-1] = inner
    return geometry


def _repeat(random: Random, geometry: Json) -> Json:
    ring = _any_ring(random, geometry)
    if ring:
        ring[:] = ring * random.choice((2, 3, 30))
    return geometry


def _open(random: Random, geometry: Json) -> Json:
    ring = _any_ring(random, geometry)
    if ring:
        del ring[random.choice((-1, 0)) :]
    return geometry


def _flatten(random: Random, geometry: Json) -> Json:
    """On one line, or onto a pole."""
    ring = _any_ring(random, geometry)
    lat = random.choice((0.0, 90.0, -90.0, 45.0))
    for position in ring:
        if isinstance(position, list) and len(position) > 1:
            position[1] = lat
    return geometry


def _nest(random: Random, geometry: Json) -> Json:
    inner = geometry
    for _ in range(random.choice((1, 10, 400))):
        inner = [inner]
    return {"type": "Polygon", "coordinates": inner}


def _replace(random: Random, _: Json) -> Json:
    return json.loads(json.dumps(random.choice(ODD_GEOMETRIES)))


def _rename(random: Random, geometry: Json) -> Json:
    if isinstance(geometry, dict):
        geometry["type"] = random.choice(("MultiPolygon", "Polygon", "LineString", "Feature", "", 1, None))
    return geometry


SPOILS: tuple[Callable[[Random, Json], Json], ...] = (
    _replace_number, _replace_number, _replace_position, _shuffle, _repeat, _open, _flatten, _nest, _replace, _rename
)  # fmt: skip


def _spoil_bytes(random: Random, body: bytes) -> bytes:
    at = random.randrange(len(body))
    part = bytes(random.randrange(256) for _ in range(random.randrange(4)))
    return body[:at] + part + body[at + random.randrange(3) :]


def _any_ring(random: Random, geometry: Json) -> Ring:
    found = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(geometry, dict) and geometry.get("type") == "MultiPolygon":
        found = random.choice(found) if isinstance(found, list) and found else None
    ring = random.choice(found) if isinstance(found, list) and found else None
    return ring if isinstance(ring, list) else []


def _place(random: Random) -> tuple[float, float, float]:
    lat = random.choice((random.uniform(-85, 85), random.uniform(-90, 90), 0.0, 89.9, -89.9))
    lon = random.choice((random.uniform(-180, 180), 179.99, -180.0, 180.0))
    return lon, lat, random.choice((1e-9, 1e-3, 0.1, 0.3, 0.5, 0.8, 30.0))


def _ring(random: Random, lon: float, lat: float, size: float, corners: int) -> Ring:
    angles = sorted(random.uniform(0, 2 * math.pi) for _ in range(corners))
    reach = [size * random.uniform(0.3, 1.0) for _ in angles]
    return _closed(
        [
            [_wrap(lon + r * math.cos(a)), _clip(lat + r * math.sin(a))]
            for r, a in zip(reach, angles, strict=True)
        ]
    )


def _corners(lon: float, lat: float, width: float, height: float) -> Ring:
    corners = ((lon, lat), (lon + width, lat), (lon + width, lat + height), (lon, lat + height))
    return _closed([[_wrap(x), _clip(y)] for x, y in corners])


def _polygon(*rings: Ring) -> Json:
    return {"type": "Polygon", "coordinates": list(rings)}


def _closed(ring: Ring) -> Ring:
    return [*ring, list(ring[0])]


def _wrap(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0


def _clip(lat: float) -> float:
    return max(-90.0, min(90.0, lat))
