"""Statements that the driver runs give and take the same values as through SQLAlchemy."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from shapely import box
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from swath.store.database import build_engine
from swath.store.driver import Prepared, is_listed
from swath.store.types import Json, Packed, Utc, Wkb

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("weight", Float),
    Column("done", Boolean),
    Column("at", Utc),
    Column("area", Wkb),
    Column("facts", Json),
    Column("packed", Packed),
)
FULL: dict[str, Any] = {
    "id": 1,
    "name": "港",
    "weight": 0.1,
    "done": True,
    "at": datetime(2026, 8, 22, 12, 0, 0, 5, tzinfo=UTC),
    "area": box(0, 0, 1, 1),
    "facts": {"a": [1, None, "é"]},
    "packed": {"passes": [[0.1, 2.5]]},
}
EMPTY = {**dict.fromkeys(FULL), "id": 2}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = build_engine(f"sqlite:///{tmp_path / 'things.db'}")
    with engine.execution_options(swath_writes=True).begin() as made:
        THINGS.metadata.create_all(made)
        yield made
    engine.dispose()


@pytest.mark.parametrize("values", [FULL, EMPTY], ids=["full", "empty"])
def test_what_one_writes_the_other_reads(connection: Connection, values: dict[str, Any]) -> None:
    Prepared(insert(THINGS), list(values)).run(connection, values)
    assert dict(connection.execute(select(THINGS)).one()._mapping) == values
    connection.execute(insert(THINGS).values({**values, "id": 3}))
    (_, read) = Prepared(select(THINGS).order_by(THINGS.c.id)).all(connection)
    assert dict(read._mapping) == {**values, "id": 3}


def test_only_the_columns_that_are_named_change(connection: Connection) -> None:
    connection.execute(insert(THINGS).values(FULL))
    change = Prepared(update(THINGS).where(THINGS.c.id == bindparam("which")), ["name"])
    assert change.run(connection, {"which": 1, "name": "harbour"}).rowcount == 1
    assert dict(connection.execute(select(THINGS)).one()._mapping) == {**FULL, "name": "harbour"}


def test_a_list_may_have_any_length(connection: Connection) -> None:
    connection.execute(insert(THINGS), [{**EMPTY, "id": n} for n in range(5)])
    found = Prepared(select(THINGS.c.id).where(is_listed(THINGS.c.id, "ids")).order_by(THINGS.c.id))
    for ids in ([], [3], [4, 0, 2], list(range(100_000))):
        assert [row.id for row in found.all(connection, ids=ids)] == sorted({*ids} & {*range(5)})


def test_nothing_found_is_none(connection: Connection) -> None:
    assert Prepared(select(THINGS)).one(connection) is None


def test_a_value_that_was_forgotten_is_not_taken_for_null(connection: Connection) -> None:
    found = Prepared(select(THINGS).where(THINGS.c.name == bindparam("name")).limit(1))
    assert found.one(connection, name="a") is None
    with pytest.raises(KeyError, match="name"):
        found.one(connection, nam="a")
