"""The test layers of the CQL2 standard, served by the machinery that serves every collection of swath.

    python -m conformance.layers [--port N] [--database-url URL]

A layer is declared by its queryables; table, list, documents and OpenAPI follow. `--database-url` names an empty
PostgreSQL database with PostGIS; by default the layers live in SQLite.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    create_engine,
    insert,
    make_url,
    select,
)

from conformance.cql2_data import LAYERS, read_queryables, read_rows
from swath import wire
from swath.api.app import assemble
from swath.api.collections import Collection, Feature
from swath.api.door import Door
from swath.api.geojson import build_feature
from swath.api.links import API, Links
from swath.api.router import build_collection_routes, build_document_routes
from swath.clock import SystemClock
from swath.cql2 import Queryable
from swath.oauth.tokens import Principal
from swath.query import Page, Query, Record
from swath.settings import Limits, Settings
from swath.store import postgres, spatial
from swath.store.database import SqlStore, build_engine
from swath.store.records import find_records
from swath.store.source import Source
from swath.store.types import Json, Utc, Wkb

MAX_LIMIT = 1_000
TYPES = {
    "geometry": Wkb,
    "string": String,
    "number": Float,
    "integer": Integer,
    "date": Date,
    "timestamp": Utc,
    "boolean": Boolean,
    "array": Json,
}


@dataclass(frozen=True)
class Layer:
    """A table, what it can be filtered by, and how it is listed."""

    queryables: tuple[Queryable, ...]
    source: Source


class LayerFeature(wire.Feature[dict[str, Any]]):
    """A feature of a test layer."""


class Everybody:
    """A guard that lets in whoever knocks: the layers are public, and some suites send a token to everything."""

    def identify(self, headers: list[str], *scopes: str) -> Principal:
        """The same caller, whatever the headers say."""
        return Principal("everybody", "everybody", frozenset(scopes))


def open_engine(url: str) -> Engine:
    """An engine with what compiled filters need, on an empty database."""
    if make_url(url).get_backend_name() == "sqlite":
        return build_engine(url, synchronous="OFF")
    engine = create_engine(url)
    with engine.begin() as connection:
        postgres.install(connection)
    return engine


def fill(engine: Engine) -> dict[str, Layer]:
    """Make the three layers anew, with their indexes of space, and put the standard's features into them."""
    metadata = MetaData()
    layers = {name: declare(name, read_queryables(name), metadata) for name in LAYERS}
    with engine.execution_options(swath_writes=True).begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        fill_layer = _fill_with_boxes if engine.dialect.name == "sqlite" else _fill_with_index
        for name, layer in layers.items():
            fill_layer(connection, name, layer)
    return layers


def _fill_with_boxes(connection: Connection, name: str, layer: Layer) -> None:
    connection.exec_driver_sql(spatial.rtree_sql(name))
    for row in read_rows(name, layer.queryables):
        seq = row.pop("fid")
        connection.execute(insert(layer.source.table).values(seq=seq, **row))
        spatial.insert_boxes(connection, name, seq, row["geom"])


def _fill_with_index(connection: Connection, name: str, layer: Layer) -> None:
    connection.exec_driver_sql(f"CREATE INDEX ON {name} USING gist (geom)")
    for row in read_rows(name, layer.queryables):
        connection.execute(insert(layer.source.table).values(seq=row.pop("fid"), **row))


def declare(name: str, queryables: tuple[Queryable, ...], metadata: MetaData) -> Layer:
    """The layer that has these queryables."""
    columns = [Column(queryable.name, TYPES[queryable.type]) for queryable in queryables]
    table = Table(name, metadata, Column("seq", Integer, primary_key=True), *columns)
    return Layer(
        queryables,
        Source(
            table,
            columns={"id": table.c.seq, **{column.name: column for column in columns}},
            order=(table.c.seq,),
            geometry=table.c.geom,
            rtree=True,
        ),
    )


def build_collection(engine: Engine, layer: Layer) -> Collection:
    """The collection that lists a layer."""
    table = layer.source.table

    def find(query: Query, _: datetime) -> Page[Record[Row[Any]]]:
        with engine.connect() as connection:
            return find_records(connection, layer.source, query, _keep_row)

    def load(feature_id: str, _: str | None, __: datetime) -> Row[Any] | None:
        if not feature_id.isascii() or not feature_id.isdecimal() or len(feature_id) > 9:
            return None
        with engine.connect() as connection:
            return connection.execute(select(table).where(table.c.seq == int(feature_id))).one_or_none()

    return Collection(
        id=table.name,
        title=table.name,
        description=f"The layer {table.name} of the CQL2 test dataset.",
        feature=LayerFeature,
        queryables=layer.queryables,
        find=find,
        load=load,
        build=lambda row, links: show_row(table.name, layer.queryables, row, links),
        max_limit=MAX_LIMIT,
        open=True,
    )


def _keep_row(row: Row[Any]) -> Row[Any]:
    return row


def show_row(layer: str, queryables: Sequence[Queryable], row: Row[Any], links: Links) -> Feature:
    """A row as a GeoJSON feature."""
    values = row._mapping
    properties = {q.name: values[q.name] for q in queryables if q.type != "geometry"}
    return build_feature(links, layer, str(row.seq), values["geom"], properties)


def build_app(engine: Engine, layers: Sequence[Layer]) -> FastAPI:
    """The whole application: landing page, documents, and the layers."""
    door = Door(SqlStore(engine), SystemClock(), Everybody())
    collections = [build_collection(engine, layer) for layer in layers]
    routes = build_document_routes(door, collections)
    for collection in collections:
        routes += build_collection_routes(door, collection, Limits().idempotency)
    return assemble(Settings(data=Path()), routes)


def main() -> None:
    """Serve the layers on the loopback until interrupted."""
    options = argparse.ArgumentParser(description="Serve the test layers of the CQL2 standard.")
    options.add_argument("--port", type=int, default=8010)
    options.add_argument("--database-url")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(asked.database_url or f"sqlite:///{folder}/layers.db")
        app = build_app(engine, list(fill(engine).values()))
        print(f"http://127.0.0.1:{asked.port}{API}", flush=True)
        uvicorn.run(app, host="127.0.0.1", port=asked.port, log_level="warning")
        engine.dispose()


if __name__ == "__main__":
    main()
