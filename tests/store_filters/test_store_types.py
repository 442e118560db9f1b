"""What goes into a column comes out again, and order of text is order of time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, create_engine, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from swath.store.types import Json, Packed, Utc, Wkb, to_text

TABLE = Table(
    "things", MetaData(), Column("at", Utc), Column("area", Wkb), Column("more", Json), Column("much", Packed)
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001


def test_values_come_back(engine: Engine) -> None:
    at = datetime(2026, 8, 22, 12, 0, 0, 7, tzinfo=timezone(timedelta(hours=9)))
    area = shapely.box(0.1, 0.2, 0.3, 0.4)
    more = {"name": "Šibenik", "list": [1, 2.5, None, True]}
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        connection.execute(insert(TABLE).values(at=at, area=area, more=more, much=more))
        connection.execute(insert(TABLE).values(at=None, area=None, more=None, much=None))
        first, second = connection.execute(select(TABLE)).all()
        connection.rollback()
    assert (first.at, first.more, first.much) == (at, more, more)
    assert first.at.tzinfo is UTC
    assert shapely.equals_exact(first.area, area)
    assert tuple(second) == (None, None, None, None)


def test_a_time_without_zone_is_refused() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        with pytest.raises(StatementError, match="time zone"):
            connection.execute(insert(TABLE).values(at=datetime(2026, 8, 22)))  # noqa: DTZ001
    engine.dispose()


def test_numbers_that_json_lacks_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        Json().process_bind_param([float("nan")], sqlite.dialect())


@settings(max_examples=50, deadline=None, derandomize=True)
@given(TIMES, TIMES)
def test_text_has_one_width_and_the_order_of_time(one: datetime, other: datetime) -> None:
    assert len(to_text(one)) == 27
    assert datetime.fromisoformat(to_text(one)) == one
    assert (to_text(one) < to_text(other)) == (one < other)
