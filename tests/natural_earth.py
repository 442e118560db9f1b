"""The dataset of the CQL2 abstract tests (OGC 21-065, Annex A) in a SQLite database, and its predicates."""

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
)
from sqlalchemy.pool import StaticPool

from swath.cql2 import Queryable
from swath.store import spatial
from swath.store.pages import Source
from swath.store.types import Utc, Wkb

DATA = Path(__file__).parent / "data" / "cql2"
COUNTRIES = "ne_110m_admin_0_countries"
PLACES = "ne_110m_populated_places_simple"
RIVERS = "ne_110m_rivers_lake_centerlines"
QUERYABLES = {
    COUNTRIES: (Queryable("geom", "geometry"), Queryable("NAME", "string"), Queryable("POP_EST", "number")),
    PLACES: (
        Queryable("geom", "geometry"),
        Queryable("name", "string"),
        Queryable("nameascii", "string"),
        Queryable("pop_max", "integer"),
        Queryable("pop_min", "integer"),
        Queryable("pop_other", "integer"),
        Queryable("date", "date"),
        Queryable("start", "timestamp"),
        Queryable("end", "timestamp"),
        Queryable("boolean", "boolean"),
    ),
    RIVERS: (Queryable("geom", "geometry"), Queryable("name", "string")),
}
_TYPES = {
    "geometry": Wkb,
    "string": String,
    "number": Float,
    "integer": Integer,
    "date": Date,
    "timestamp": Utc,
    "boolean": Boolean,
}
_READERS = {
    "geometry": lambda text: shapely.from_wkb(bytes.fromhex(text)),
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "boolean": bool,
}


def load_predicates() -> dict[str, Any]:
    return json.loads((DATA / "predicates.json").read_text())


def load_examples() -> dict[str, dict[str, Any]]:
    return json.loads((DATA / "examples.json").read_text())


def load_dataset() -> tuple[Engine, dict[str, Source]]:
    """The three tables with their boxes, in memory."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    spatial.install(engine)
    metadata = MetaData()
    tables = {name: _table(name, metadata) for name in QUERYABLES}
    metadata.create_all(engine)
    for name, rows in json.loads(gzip.decompress((DATA / "ne110m.json.gz").read_bytes())).items():
        _fill(engine, tables[name], rows)
    return engine, {name: _source(table) for name, table in tables.items()}


def _table(name: str, metadata: MetaData) -> Table:
    columns = (Column(q.name, _TYPES[q.type]) for q in QUERYABLES[name])
    return Table(name, metadata, Column("seq", Integer, primary_key=True), *columns)


def _fill(engine: Engine, table: Table, rows: list[dict[str, Any]]) -> None:
    types = {q.name: q.type for q in QUERYABLES[table.name]}
    with engine.begin() as connection:
        connection.exec_driver_sql(spatial.rtree_sql(table.name))
        for seq, row in enumerate(rows, 1):
            values = {name: _read(types[name], value) for name, value in row.items()}
            connection.execute(insert(table).values(seq=seq, **values))
            spatial.insert_boxes(connection, table.name, seq, values["geom"])


def _read(kind: str, value: Any) -> Any:
    return value if value is None else _READERS.get(kind, lambda plain: plain)(value)


def _source(table: Table) -> Source:
    columns = {column.name: column for column in table.c if column.name != "seq"}
    return Source(table, {"id": table.c.seq, **columns}, (table.c.seq,), geometry=table.c.geom, rtree=True)
