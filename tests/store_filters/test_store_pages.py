"""One function answers every list: conditions, order, slices, counts, and an end to what takes too long."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    literal_column,
    text,
)

from swath.cache import Cache
from swath.cql2 import Kind, Literal, Queryable, parse_filter
from swath.errors import BadParameter, Unavailable
from swath.query import NotAtOnce, Query
from swath.store import spatial, statements
from swath.store.pages import find_page, time_limit
from swath.store.source import Source
from swath.store.types import Utc, Wkb

TABLE = Table(
    "shots",
    MetaData(),
    Column("seq", Integer, primary_key=True),
    Column("id", String),
    Column("account_id", String),
    Column("collection", String),
    Column("rank", Integer),
    Column("start", Utc),
    Column("end", Utc),
    Column("geometry", Wkb),
)
SOURCE = Source(
    TABLE,
    {"id": TABLE.c.id, "collection": TABLE.c.collection, "rank": TABLE.c.rank, "geometry": TABLE.c.geometry},
    order=(TABLE.c.start.desc(), TABLE.c.seq.desc()),
    account=TABLE.c.account_id,
    geometry=TABLE.c.geometry,
    start=TABLE.c.start,
    end=TABLE.c.end,
    rtree=True,
)
DAY = datetime(2026, 8, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """Twenty rows, an hour apart, on the equator from 0 to 19 degrees east; the odd ones belong to `b`."""
    engine = create_engine("sqlite://")
    spatial.install(engine)
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        connection.exec_driver_sql(spatial.rtree_sql("shots"))
        for i in range(20):
            start = DAY + timedelta(hours=i)
            row = {
                "seq": i,
                "id": f"s{i}",
                "account_id": "ab"[i % 2],
                "collection": f"c{i % 3}",
                "rank": None if i == 7 else i // 5,
                "start": start,
                "end": start + timedelta(minutes=30),
                "geometry": shapely.Point(i, 0),
            }
            connection.execute(insert(TABLE).values(row))
            spatial.insert_boxes(connection, "shots", i, row["geometry"])
        yield connection
    engine.dispose()


def ids(connection: Connection, query: Query) -> list[str]:
    return [f"s{seq}" for seq in find_page(connection, SOURCE, query).rows]


def test_pages_neither_repeat_nor_lose_a_row(connection: Connection) -> None:
    found: list[str] = []
    for offset in range(0, 24, 6):
        page = find_page(connection, SOURCE, Query(limit=6, offset=offset))
        assert page.matched == 20
        found += [f"s{seq}" for seq in page.rows]
    assert found == [f"s{i}" for i in reversed(range(20))]


def test_conditions_add_up(connection: Connection) -> None:
    hours = (DAY + timedelta(hours=4), DAY + timedelta(hours=12))
    query = Query(account_id="a", bbox=(5, -1, 15, 1), interval=hours, limit=100)
    assert ids(connection, query) == ["s12", "s10", "s8", "s6"]
    assert ids(connection, Query(account_id="c")) == []
    assert ids(connection, Query(ids=("s3", "s4", "none"))) == ["s4", "s3"]
    assert ids(connection, Query(ids=())) == []
    assert ids(connection, Query(collections=("c1",), account_id="b", limit=2)) == ["s19", "s13"]
    assert ids(connection, Query(equals={"rank": 3}, limit=2)) == ["s19", "s18"]
    assert ids(connection, Query(intersects=shapely.box(1.5, -1, 3.5, 1))) == ["s3", "s2"]


def test_a_filter_with_an_area_uses_the_boxes(connection: Connection) -> None:
    queryables = (Queryable("geometry", "geometry"), Queryable("rank", "integer"))
    for condition in (
        "S_INTERSECTS(geometry, BBOX(1.5,-1,3.5,1))",
        "S_CONTAINS(BBOX(1.5,-1,3.5,1), geometry)",
    ):
        where = parse_filter(f"{condition} AND rank = 0", "cql2-text", queryables)
        assert ids(connection, Query(where=where)) == ["s3", "s2"]
    away = parse_filter("S_DISJOINT(geometry, BBOX(1.5,-1,30,1)) AND rank = 0", "cql2-text", queryables)
    assert ids(connection, Query(where=away)) == ["s1", "s0"]


def test_order_as_asked_then_as_declared_with_nothing_last(connection: Connection) -> None:
    found = ids(connection, Query(sort=(("rank", False), ("id", True)), limit=100))
    assert found[:5] == ["s4", "s3", "s2", "s1", "s0"]
    assert found[-1] == "s7"
    assert ids(connection, Query(sort=(("rank", True),), limit=2)) == ["s19", "s18"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [(Query(sort=(("height", False),)), "sortby"), (Query(equals={"height": 1}), "height")],
)
def test_names_that_are_not_declared_are_refused(
    connection: Connection, query: Query, parameter: str
) -> None:
    with pytest.raises(BadParameter) as refused:
        find_page(connection, SOURCE, query)
    assert refused.value.parameter == parameter


ENDLESS = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n)"


def test_what_takes_too_long_is_stopped_and_nothing_after_it(engine: Engine) -> None:
    with engine.connect() as connection:
        with (
            pytest.raises(Unavailable, match="enough"),
            time_limit(connection, 0.05, Unavailable("That is enough.")),
        ):
            connection.execute(text(f"SELECT {ENDLESS}"))
        connection.rollback()
        with time_limit(connection, 0.05, Unavailable("That is enough.")):
            connection.execute(text("SELECT 1"))
        time.sleep(0.1)
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_slow_filter_is_told_to_be_narrower(connection: Connection) -> None:
    where = parse_filter("rank > 0", "cql2-text", [Queryable("rank", "integer")])
    with pytest.raises(BadParameter, match="narrow it"):
        find_page(
            connection, replace(SOURCE, always=literal_column(ENDLESS) > 0), Query(where=where), limit_s=0.05
        )


def test_what_cannot_be_had_in_a_moment_is_not_at_once(connection: Connection) -> None:
    endless = replace(SOURCE, always=literal_column(ENDLESS) > 0)
    for source, query in ((endless, Query(at_once=True)), (SOURCE, Query(at_once=True, limit=100))):
        with pytest.raises(NotAtOnce):
            find_page(connection, source, query)
    assert find_page(connection, SOURCE, Query(at_once=True)) == find_page(connection, SOURCE, Query())


def test_filters_that_python_takes_for_equal_are_told_apart() -> None:
    one, true = (Literal((value,), Kind.ARRAY) for value in (1.0, True))
    assert one != true
    assert one == Literal((1.0,), Kind.ARRAY)


def test_a_statement_that_is_kept_finds_what_each_query_asks_for(connection: Connection) -> None:
    for offset, limit in ((0, 3), (3, 2), (0, 3)):
        page = find_page(connection, SOURCE, Query(offset=offset, limit=limit))
        assert list(page.rows) == [19 - i for i in range(offset, offset + limit)]
    for wanted in ("s3", "s4"):
        assert ids(connection, Query(equals={"id": wanted})) == [wanted]
        assert ids(connection, Query(ids=(wanted, "s5"))) == ["s5", wanted]
        assert ids(connection, Query(ids=(wanted,))) == [wanted]


QUERYABLES = (
    Queryable("id", "string"),
    Queryable("rank", "integer"),
    Queryable("geometry", "geometry"),
)


@pytest.mark.parametrize(
    ("like", "constants"),
    [
        ("rank = {}", {"2": range(10, 15), "3": range(15, 20), "2.5": ()}),
        ("id IN ({})", {"'s3','s5'": (3, 5), "'s4','s6'": (4, 6), "'s4'": (4,)}),
        ("rank > {} OR id = 's0'", {"2": (0, *range(15, 20)), "3": (0,)}),
        ("id = {}", {"'s1'": (1,), "'s2'": (2,)}),
        (
            "S_INTERSECTS(geometry, BBOX({}))",
            {"1,-1,3,1": (1, 2, 3), "17.5,-1,-179,1": (18, 19), "-3,-1,-2,1": ()},
        ),
    ],
)
def test_filters_of_one_shape_find_what_each_asks_for(
    connection: Connection, like: str, constants: dict[str, Sequence[int]]
) -> None:
    for constant, wanted in constants.items():
        where = parse_filter(like.format(constant), "cql2-text", QUERYABLES)
        page = find_page(connection, SOURCE, Query(where=where, limit=2))
        assert page.matched == len(wanted)
        assert list(page.rows) == sorted(wanted, reverse=True)[:2]


def test_filters_that_differ_in_their_constants_are_built_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[object] = []
    monkeypatch.setattr(statements, "Statements", lambda *asked: built.append(asked))
    monkeypatch.setattr(statements, "_KEPT", Cache(9))
    filters = ("rank < 1", "rank < 2", "rank < 2 AND id <> 's1'", "rank < 3 AND id <> 's2'")
    for east, filtered in enumerate(filters, 1):
        where = parse_filter(filtered, "cql2-text", QUERYABLES)
        statements.ask(connection.dialect, SOURCE, Query(where=where, bbox=(0, 0, east, 1)), None)
    assert len(built) == 2


@pytest.mark.parametrize(
    ("bbox", "finds"),
    [
        ((-1, -1, 11, 11), True),
        ((-1, -1, 5, 5), True),
        ((7, 7, 9, 9), False),
        ((0, 0, 10, 10), True),
        ((5, 5, 5, 5), True),
        ((170, -20, -170, 20), False),
        ((170, -20, 1, 20), True),
    ],
)
def test_a_box_finds_what_meets_it_and_not_what_only_comes_near(
    bbox: tuple[float, float, float, float], finds: bool
) -> None:
    engine = create_engine("sqlite://")
    spatial.install(engine)
    triangle = shapely.Polygon([(0, 0), (10, 0), (0, 10)])
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        connection.exec_driver_sql(spatial.rtree_sql("shots"))
        connection.execute(insert(TABLE).values(seq=1, geometry=triangle))
        spatial.insert_boxes(connection, "shots", 1, triangle)
        assert find_page(connection, SOURCE, Query(bbox=bbox)).matched == finds
    engine.dispose()
