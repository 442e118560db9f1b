"""What a list remembers of itself as a whole finds what looking at each row would."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, create_engine, insert

from swath.query import Query
from swath.store import memory, spatial, statements
from swath.store.extents import SEGMENTS, find_boxes
from swath.store.memory import ASKED_BEFORE, Memory, State
from swath.store.pages import find_page
from swath.store.source import Source
from swath.store.types import Utc, Wkb

TABLE = Table(
    "shots",
    MetaData(),
    Column("seq", Integer, primary_key=True),
    Column("account_id", String),
    Column("start", Utc),
    Column("end", Utc),
    Column("geometry", Wkb),
)
SOURCE = Source(
    TABLE,
    {"id": TABLE.c.seq, "start": TABLE.c.start},
    order=(TABLE.c.start.desc(), TABLE.c.seq.desc()),
    account=TABLE.c.account_id,
    geometry=TABLE.c.geometry,
    start=TABLE.c.start,
    end=TABLE.c.end,
)
DAY = datetime(2026, 8, 22, tzinfo=UTC)
ROWS = 60
STEP = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """Rows of two accounts, an hour apart and half an hour long, with geometries of all kinds all over the world."""
    dice = random.Random(1)
    engine = create_engine("sqlite://")
    spatial.install(engine)
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        for seq in range(ROWS):
            start = DAY + timedelta(hours=seq)
            times = {"start": start, "end": start + timedelta(minutes=30)}
            shape = SHAPES[seq % len(SHAPES)](dice.uniform(-160, 160), dice.uniform(-80, 80))
            row = {"seq": seq, "account_id": "ab"[seq % 2], **times, "geometry": shape}
            connection.execute(insert(TABLE).values(**row))
        yield connection
    engine.dispose()


def draw_track(lon: float, lat: float) -> BaseGeometry:
    """A long line that bends, cut where it leaves the map."""
    x = np.linspace(lon, lon + 300, 10 * SEGMENTS + 3)
    y = 70 * np.sin(np.radians(x * 3)) + lat / 8
    halves = (np.column_stack([x, y])[x < 180], np.column_stack([x - 360, y])[x >= 180])
    return shapely.MultiLineString([half for half in halves if len(half) > 1])


def draw_cut(_: float, lat: float) -> BaseGeometry:
    return shapely.MultiPolygon([shapely.box(175, lat, 180, lat + 3), shapely.box(-180, lat, -174, lat + 3)])


SHAPES: list[Callable[[float, float], BaseGeometry | None]] = [
    shapely.Point,
    lambda lon, lat: shapely.Polygon([(lon, lat), (lon + 12, lat), (lon, lat + 9)]),
    draw_track,
    draw_cut,
    lambda lon, lat: shapely.LineString([(lon, lat), (lon + 9, lat + 9)]),
    lambda lon, lat: shapely.Point(lon, lat).buffer(6) - shapely.Point(lon, lat).buffer(5),
    lambda lon, lat: shapely.GeometryCollection(
        [shapely.Point(lon, lat), shapely.box(lon, lat, lon + 2, lat + 1)]
    ),
    lambda _, __: shapely.Polygon(),
    lambda _, __: None,
]


def check(connection: Connection, query: Query, state: State, source: Source = SOURCE, **more: Any) -> None:
    """A remembered list gives the page, and the count, that a look at the database gives."""
    found = find_page(connection, source, query, state=state, **more)
    looked_up = find_page(connection, source, query, **more)
    assert (found.rows, found.matched) == (looked_up.rows, looked_up.matched)


def draw_interval(dice: random.Random) -> tuple[datetime | None, datetime | None]:
    """Ends at edges of rows, just beside them, or open."""
    edges = [
        DAY + timedelta(minutes=30 * dice.randint(-2, 2 * ROWS)) + dice.randint(-1, 1) * STEP for _ in "ab"
    ]
    first, last = sorted(edges)
    return dice.choice([(first, last), (first, None), (None, last), (first, first)])


def draw_box(dice: random.Random) -> tuple[float, float, float, float]:
    """Of any size, one in five over the antimeridian, some without width or height."""
    west, east = (dice.choice([dice.uniform(-180, 180), dice.randint(-18, 18) * 10.0]) for _ in "ab")
    if dice.random() < 0.8:
        west, east = sorted((west, east))
    south, north = sorted(dice.choice([dice.uniform(-90, 90), 0.0]) for _ in "ab")
    return west, south, east, north


@pytest.mark.parametrize("narrowed", [Query(), Query(account_id="b"), Query(sort=(("start", False),))])
def test_extents_find_what_looking_at_each_row_finds(connection: Connection, narrowed: Query) -> None:
    dice, state = random.Random(2), State(Memory(), 1)
    for _ in range(400):
        page = replace(narrowed, limit=dice.choice([1, 10, 100]), offset=dice.choice([0, 0, 3]))
        interval = draw_interval(dice) if dice.random() < 0.5 else None
        check(connection, replace(page, interval=interval, bbox=draw_box(dice)), state)
        check(connection, replace(page, interval=draw_interval(dice)), state)


def test_lists_are_looked_up_until_reading_them_as_a_whole_has_paid(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    monkeypatch.setattr(memory, "build_extents", lambda rows: read.append(len(rows)))
    state = State(Memory(), 1)
    for asked in range(1, ASKED_BEFORE + 2):
        check(connection, Query(interval=(None, DAY + asked * STEP)), state)
        assert read == ([ROWS] if asked > ASKED_BEFORE else [])


def test_lists_that_are_too_long_are_looked_up(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr(memory, "MOST_LISTED", ROWS - 1)
    monkeypatch.setattr(memory, "build_extents", read.append)
    state = State(Memory(), 1)
    for asked in range(3 * ASKED_BEFORE):
        check(connection, Query(interval=(None, DAY + asked * timedelta(hours=1))), state)
    assert not read


def test_extents_hold_until_their_first_row_lapses(connection: Connection) -> None:
    lapsing, state = replace(SOURCE, lapses=TABLE.c.end), State(Memory(), 1)
    for asked in range(ROWS):
        now = DAY + timedelta(minutes=20 * asked)
        interval = (None, DAY + timedelta(hours=40, minutes=asked))
        check(connection, Query(interval=interval, limit=1), state, lapsing, now=now)


def test_each_state_is_read_anew(connection: Connection) -> None:
    remembered = Memory()
    for version in range(3):
        with connection.begin_nested() as change:
            connection.execute(insert(TABLE).values(seq=ROWS + version, start=DAY, end=DAY))
            for asked in range(2 * ASKED_BEFORE):
                check(connection, Query(interval=(DAY - asked * STEP, DAY)), State(remembered, version))
            change.rollback()


def test_no_box_of_a_line_is_longer_than_a_few_of_its_segments() -> None:
    track = draw_track(-170, 0)
    boxes, owners = find_boxes(np.array([shapely.Point(1, 2), track, None, shapely.Polygon()], dtype=object))
    assert set(owners[~np.isnan(boxes[:, 0])]) == {0, 1}
    along = boxes[owners == 1]
    assert len(along) > 10
    assert (along[:, 2] - along[:, 0] < 300 / 9).all()
    assert shapely.union_all(shapely.box(*along.T)).covers(track)


def test_statements_that_read_extents_are_kept(connection: Connection) -> None:
    first, again = (
        statements.ask(connection.dialect, SOURCE, Query(limit=limit), None)[0].places for limit in (5, 6)
    )
    assert first is again
