"""Geometries for filters, in text and in JSON: from points to combs that meet every country many times."""

from collections.abc import Callable

import shapely

from conformance.hostile.words import NUMBERS, Dice, Raw

SHAPES: tuple[Callable[[Dice], str], ...] = (
    lambda dice: f"POINT({_lon(dice)} {_lat(dice)})",
    lambda dice: f"POINT Z ({_lon(dice)} {_lat(dice)} 1e300)",
    lambda dice: f"BBOX({_lon(dice)},{_lat(dice)},{_lon(dice)},{_lat(dice)})",
    lambda dice: f"BBOX({_lon(dice)},-90,0,{_lon(dice)},90,{dice.choice(NUMBERS)})",
    lambda dice: f"LINESTRING({_lon(dice)} {_lat(dice)}, {_lon(dice)} {_lat(dice)})",
    lambda _: "LINESTRING(170 0, -170 0)",
    lambda _: "LINESTRING(1 1, 1 1)",
    lambda _: "POLYGON((0 0,10 10,0 10,10 0,0 0))",
    lambda _: "POLYGON((0 0,1 1,2 2,0 0))",
    lambda _: "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))",
    lambda _: "POLYGON((170 -10,-170 -10,-170 10,170 10,170 -10))",
    lambda _: "POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,30 20,30 30,20 20))",
    lambda _: "MULTIPOLYGON(((0 0,9 0,9 9,0 0)),((1 1,8 1,8 8,1 1)))",
    lambda _: "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,5 5),POLYGON((0 0,9 0,9 9,0 0)))",
    lambda dice: (
        f"MULTIPOINT({','.join(f'{_lon(dice)} {_lat(dice)}' for _ in range(dice.choice((1, 40, 900))))})"
    ),
    lambda dice: circle(float(_lon(dice)) / 2, float(_lat(dice)) / 2, 40, dice.choice((4, 64, 900, 4_000))),
    lambda dice: comb(dice.choice((3, 50, 900, 4_000))),
)


def _lon(dice: Dice) -> str:
    return dice.choice(("0", "-180", "180", "179.999999999", "181", f"{dice.uniform(-180, 180):.9f}"))


def _lat(dice: Dice) -> str:
    return dice.choice(("0", "-90", "90", "90.0000001", "1e-300", f"{dice.uniform(-90, 90):.9f}"))


def circle(lon: float, lat: float, radius: float, corners: int) -> str:
    return shapely.Point(lon, lat).buffer(radius, quad_segs=max(1, corners // 4)).wkt


def comb(teeth: int) -> str:
    """A polygon with long narrow teeth, which meets every country many times."""
    step = 340 / max(1, teeth)
    corners = [(-170 + step * i / 2, 80 if i % 2 else -70) for i in range(2 * teeth + 1)]
    return (
        "POLYGON(("
        + ",".join(f"{x:.4f} {y}" for x, y in [*corners, (170, -80), (-170, -80), corners[0]])
        + "))"
    )


def draw_geometry(dice: Dice) -> Raw:
    kind = dice.choice(
        ("Point", "LineString", "Polygon", "MultiPoint", "MultiPolygon", "GeometryCollection", "Feature")
    )
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [draw_geometry(dice) for _ in range(dice.randrange(3))]}
    depth = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2}.get(kind, 3)
    return {"type": kind, "coordinates": _positions(dice, depth + (dice.random() < 0.1))}


def _positions(dice: Dice, depth: int) -> Raw:
    if depth == 0:
        odd = (None, "1", True, [], {}, 1e308, float("nan"))
        return [
            dice.choice(odd) if dice.random() < 0.03 else dice.uniform(-185, 185) / (1 + i) for i in range(2)
        ]
    inside = [_positions(dice, depth - 1) for _ in range(dice.choice((0, 1, 2, 4, 4, 4)))]
    return [*inside, inside[0]] if depth == 1 and inside and dice.random() < 0.8 else inside
