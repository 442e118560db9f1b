"""Boxes beside a table never lose a row, and tell both sides of the antimeridian apart."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, create_engine, insert, select

from swath.cql2.literals import build_box
from swath.store import spatial
from swath.store.filters import compile_intersects
from swath.store.spatial import boxes, delete_boxes, insert_boxes, lies_in, rtree_clause
from swath.store.types import Wkb

pytestmark = pytest.mark.slow

TABLE = Table("places", MetaData(), Column("seq", Integer, primary_key=True), Column("geometry", Wkb))
# Millionths of a degree: a tenth of a metre on the ground.
LON = st.integers(-180_000_000, 180_000_000).map(lambda micro: micro / 1e6)
LAT = st.integers(-90_000_000, 90_000_000).map(lambda micro: micro / 1e6)
BOXES = st.builds(
    lambda west, east, lat, other: build_box(west, min(lat, other), east, max(lat, other)), LON, LON, LAT, LAT
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    spatial.install(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        connection.exec_driver_sql(spatial.rtree_sql("places"))
        yield connection


def add(connection: Connection, seq: int, geometry: BaseGeometry | None) -> None:
    connection.execute(insert(TABLE).values(seq=seq, geometry=geometry))
    insert_boxes(connection, "places", seq, geometry)


def near(connection: Connection, area: BaseGeometry) -> list[int]:
    return sorted(
        connection.scalars(select(TABLE.c.seq).where(rtree_clause(TABLE.c.seq, "places", boxes(area))))
    )


FIJI = shapely.MultiPolygon([shapely.box(177, -20, 180, -15), shapely.box(-180, -20, -178, -15)])


def test_one_box_around_most_things() -> None:
    assert boxes(shapely.box(1, 2, 3, 4)) == ((1, 2, 3, 4),)
    assert boxes(shapely.Point(5, 6)) == ((5, 6, 5, 6),)
    assert boxes(shapely.MultiPoint([(-10, 0), (10, 5)])) == ((-10, 0, 10, 5),)
    assert boxes(shapely.Point()) == ()


def test_two_boxes_over_the_antimeridian() -> None:
    assert set(boxes(FIJI)) == {(177, -20, 180, -15), (-180, -20, -178, -15)}


def test_one_box_around_a_polar_cap_in_one_piece() -> None:
    assert boxes(shapely.box(-180, 80, 180, 90)) == ((-180, 80, 180, 90),)


def test_rows_far_from_a_crossing_area_are_not_near(connection: Connection) -> None:
    for seq, geometry in enumerate((FIJI, shapely.Point(0, -17), shapely.Point(179, -17), None), 1):
        add(connection, seq, geometry)
    assert near(connection, shapely.box(-10, -30, 10, 0)) == [2]
    assert near(connection, FIJI) == [1, 3]
    assert near(connection, shapely.box(-179, -16, -178.5, -15.5)) == [1]
    assert near(connection, shapely.Point()) == []


def test_boxes_go_with_their_row(connection: Connection) -> None:
    add(connection, 1, FIJI)
    add(connection, 2, FIJI)
    delete_boxes(connection, "places", 1)
    assert near(connection, FIJI) == [2]
    insert_boxes(connection, "places", 1, shapely.Point(0, 0))
    assert near(connection, shapely.box(-1, -1, 1, 1)) == [1]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(BOXES, min_size=1, max_size=6), BOXES)
def test_nothing_that_meets_is_lost(geometries: list[BaseGeometry], area: BaseGeometry) -> None:
    engine = create_engine("sqlite://")
    spatial.install(engine)
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        connection.exec_driver_sql(spatial.rtree_sql("places"))
        for seq, geometry in enumerate(geometries, 1):
            add(connection, seq, geometry)
        meeting = [seq for seq, geometry in enumerate(geometries, 1) if geometry.intersects(area)]
        exact = compile_intersects(area, TABLE.c.geometry)
        assert set(meeting) <= set(near(connection, area))
        assert sorted(connection.scalars(select(TABLE.c.seq).where(exact))) == meeting
        inside = rtree_clause(TABLE.c.seq, "places", boxes(area), lies_in)
        assert set(connection.scalars(select(TABLE.c.seq).where(inside))) <= set(meeting)
    engine.dispose()


def test_a_broken_geometry_is_decided_and_does_not_fail(connection: Connection) -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    add(connection, 1, bow_tie)
    touching = shapely.Polygon([(0, 0), (2, 0), (2, 2), (0, 2)])
    for op in ("ST_Intersects", "ST_Overlaps", "ST_Touches", "ST_Within", "ST_Crosses", "ST_Equals"):
        statement = f"SELECT {op}(geometry, ?) FROM places"
        assert connection.exec_driver_sql(statement, (shapely.to_wkb(touching),)).scalar_one() in (0, 1)


def test_ten_thousand_rows_take_a_blink(connection: Connection) -> None:
    west, south = np.arange(10_000) % 360 - 180, np.arange(10_000) % 170 - 85
    geometries = shapely.box(west, south, west + 1, south + 1)
    rows = [{"seq": seq, "geometry": geometry} for seq, geometry in enumerate(geometries)]
    connection.execute(insert(TABLE), rows)
    area = shapely.Point(10, 20).buffer(5, quad_segs=64)
    start = time.thread_time()
    found = connection.scalars(select(TABLE.c.seq).where(compile_intersects(area, TABLE.c.geometry))).all()
    took_s = time.thread_time() - start
    assert found == np.flatnonzero(shapely.intersects(geometries, area)).tolist()
    assert took_s < 1


def test_bbox_over_the_antimeridian(connection: Connection) -> None:
    for seq, lon in enumerate((-175, 0, 175), 1):
        add(connection, seq, shapely.Point(lon, 0))
    condition = compile_intersects(build_box(170, -10, -170, 10), TABLE.c.geometry)
    assert sorted(connection.scalars(select(TABLE.c.seq).where(condition))) == [1, 3]
