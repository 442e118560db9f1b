"""Space in SQLite: `ST_*` functions made of shapely, and an R*Tree beside each table that has geometries.

The companion `<table>_rtree` holds bounding boxes: row `seq` of the table has the boxes 2 seq and, where its geometry
lies on both sides of the antimeridian, 2 seq + 1. Boxes are kept in 32 bits, rounded outwards, so they only ever
find too much; the exact predicate decides.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import shapely
from shapely import GEOSException
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, Engine, event, literal_column, select, table, text, union_all
from sqlalchemy import column as named

from swath.store import words

Box = tuple[float, float, float, float]
Predicate = Callable[[BaseGeometry, BaseGeometry], bool]

# For each function the predicate with the sides swapped: the second geometry, mostly a constant, is the prepared one.
_SWAPPED: dict[str, Predicate] = {
    "ST_Intersects": shapely.intersects,
    "ST_Disjoint": shapely.disjoint,
    "ST_Equals": shapely.equals,
    "ST_Touches": shapely.touches,
    "ST_Overlaps": shapely.overlaps,
    "ST_Crosses": shapely.crosses,
    "ST_Within": shapely.contains,
    "ST_Contains": shapely.within,
}


def install(engine: Engine) -> None:
    """Give every connection of a SQLite engine the functions that compiled filters use; others have their own."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _register)


def _register(connection: Any, _: Any) -> None:
    for name, swapped in _SWAPPED.items():
        connection.create_function(name, 2, _on_blobs(swapped), deterministic=True)
    for name, (count, function) in words.FUNCTIONS.items():
        connection.create_function(name, count, function, deterministic=True)


def _on_blobs(swapped: Predicate) -> Callable[[bytes | None, bytes | None], bool | None]:
    def holds(left: bytes | None, right: bytes | None) -> bool | None:
        if left is None or right is None:
            return None
        return _decide(swapped, _prepared(right), shapely.from_wkb(left))

    return holds


def _decide(predicate: Predicate, first: BaseGeometry, second: BaseGeometry) -> bool:
    try:
        return bool(predicate(first, second))
    except GEOSException:
        # Only an invalid geometry makes a predicate fail: decide for the area that it most plausibly meant.
        return bool(predicate(shapely.make_valid(first), shapely.make_valid(second)))


@lru_cache(maxsize=64)
def _prepared(wkb: bytes) -> BaseGeometry:
    geometry = shapely.from_wkb(wkb)
    shapely.prepare(geometry)
    return geometry
