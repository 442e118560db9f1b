"""Space in SQLite: `ST_*` functions made of shapely, and an R*Tree beside each table that has geometries.

The companion `<table>_rtree` holds bounding boxes: row `seq` of the table has the boxes 2 seq and, where its geometry
lies on both sides of the antimeridian, 2 seq + 1. Boxes are kept in 32 bits, rounded outwards, so they only ever
find too much; the exact predicate decides.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely import GEOSException
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    Table,
    and_,
    delete,
    event,
    false,
    insert,
    select,
    union_all,
)

from swath.store import words
from swath.store.driver import Prepared

Box = tuple[float, float, float, float]
# The sides of a box: west, south, east and north, as numbers or as parameters of a statement.
Sides = Sequence[float | ColumnElement[float]]
Relation = Callable[[Table, Sides], ColumnElement[bool]]
Predicate = Callable[[BaseGeometry, BaseGeometry], Any]

# For each function the predicate with the sides swapped: the second geometry, mostly a constant, is the prepared one.
_SWAPPED: Mapping[str, Any] = {
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
    # A prepared geometry builds its indexes while it is used, so no two threads may share one: a cache a connection.
    prepare = lru_cache(maxsize=64)(_prepare)
    for name, swapped in _SWAPPED.items():
        connection.create_function(name, 2, _on_blobs(swapped, prepare), deterministic=True)
    for name, (count, function) in words.FUNCTIONS.items():
        connection.create_function(name, count, function, deterministic=True)


def _on_blobs(
    swapped: Predicate, prepare: Callable[[bytes], BaseGeometry]
) -> Callable[[bytes | None, bytes | None], bool | None]:
    def holds(left: bytes | None, right: bytes | None) -> bool | None:
        if left is None or right is None:
            return None
        return _decide(swapped, prepare(right), shapely.from_wkb(left))

    return holds


def _decide(predicate: Predicate, first: BaseGeometry, second: BaseGeometry) -> bool:
    try:
        return bool(predicate(first, second))
    except GEOSException:
        # Only an invalid geometry makes a predicate fail: decide for the area that it most plausibly meant.
        return bool(predicate(shapely.make_valid(first), shapely.make_valid(second)))


def meets_area(area: BaseGeometry, wkbs: Sequence[bytes]) -> Sequence[bool]:
    """Which of these geometries meet an area, decided as `ST_Intersects` does."""
    geometries = shapely.from_wkb(np.array(wkbs, dtype=object))
    shapely.prepare(area)
    try:
        return shapely.intersects(area, geometries).tolist()
    except GEOSException:
        return [_decide(shapely.intersects, area, geometry) for geometry in geometries]


def _prepare(wkb: bytes) -> BaseGeometry:
    geometry = shapely.from_wkb(wkb)
    shapely.prepare(geometry)
    return geometry


# Boxes


def boxes(geometry: BaseGeometry) -> tuple[Box, ...]:
    """One box (west, south, east, north) that holds the geometry; two where its parts lie on both far sides.

    A geometry cut at the antimeridian has parts that end at -180 and parts that end at 180: one box around both would
    girdle the earth.
    """
    if geometry.is_empty:
        return ()
    west, _, east, _ = geometry.bounds
    parts = shapely.get_parts(geometry)
    if east - west <= 180 or len(parts) == 1:
        return (geometry.bounds,)
    bounds = shapely.bounds(parts)
    is_east = bounds[:, 0] + bounds[:, 2] >= 0
    halves = (parts[~is_east], parts[is_east])
    return tuple(_around(half) for half in halves if len(half))


def _around(parts: Any) -> Box:
    west, south, east, north = shapely.total_bounds(parts)
    return float(west), float(south), float(east), float(north)


def rtree_sql(table_name: str) -> str:
    """The statement that creates the companion of a table, for migrations."""
    return f"CREATE VIRTUAL TABLE {table_name}_rtree USING rtree(id, min_x, max_x, min_y, max_y)"


def insert_boxes(connection: Connection, table_name: str, seq: int, geometry: BaseGeometry | None) -> None:
    """Enter the boxes of the row `seq`."""
    found = boxes(geometry) if geometry is not None else ()
    for index, box in enumerate(found):
        _insert_box(table_name).run(connection, _box_row(2 * seq + index, box))


def delete_boxes(connection: Connection, table_name: str, seq: int) -> None:
    """Forget the boxes of the row `seq`."""
    rtree = _rtree(table_name)
    connection.execute(delete(rtree).where(rtree.c.id.in_((2 * seq, 2 * seq + 1))))


def meets(rtree: Table, sides: Sides) -> ColumnElement[bool]:
    """Boxes that have a point in common with this one."""
    west, south, east, north = sides
    c = rtree.c
    return and_(c.min_x <= east, c.max_x >= west, c.min_y <= north, c.max_y >= south)


def lies_in(rtree: Table, sides: Sides) -> ColumnElement[bool]:
    """Boxes that lie inside this one."""
    west, south, east, north = sides
    c = rtree.c
    return and_(c.min_x >= west, c.max_x <= east, c.min_y >= south, c.max_y <= north)


def rtree_clause(
    seq: ColumnElement[int], table_name: str, wanted: Sequence[Sides], holds: Relation = meets
) -> ColumnElement[bool]:
    """Rows with a box that meets one of these boxes; a superset of those whose geometry does.

    With `lies_in`, rows with a box inside one of them: their geometries meet it for sure.
    """
    if not wanted:
        return false()
    rtree = _rtree(table_name)
    found = [select(rtree.c.id.op(">>")(1)).where(holds(rtree, sides)) for sides in wanted]
    return seq.in_(union_all(*found) if len(found) > 1 else found[0])


@lru_cache(maxsize=64)
def _rtree(table_name: str) -> Table:
    # One table object a name, so that SQLAlchemy compiles a statement on it once.
    columns = (Column(name, Float) for name in ("min_x", "max_x", "min_y", "max_y"))
    return Table(f"{table_name}_rtree", MetaData(), Column("id", Integer, primary_key=True), *columns)


@lru_cache(maxsize=64)
def _insert_box(table_name: str) -> Prepared:
    rtree = _rtree(table_name)
    return Prepared(insert(rtree), list(rtree.c.keys()))


def _box_row(box_id: int, box: Box) -> dict[str, float]:
    west, south, east, north = box
    return {"id": box_id, "min_x": west, "max_x": east, "min_y": south, "max_y": north}
