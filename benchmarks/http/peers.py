"""The peers: tipg over the plans and candidates, stac-fastapi-pgstac over the items, on the same data in PostGIS.

Run by the peers' own Python (`python peers.py DATA`), which knows nothing of swath, it fills the database that the
environment names.
"""

import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

TABLES = ("plans", "candidates")
KINDS = {"INTEGER": "bigint", "FLOAT": "double precision", "BLOB": "geometry(Geometry, 4326)"}
COLLECTION = {
    "type": "Collection",
    "stac_version": "1.1.0",
    "description": "The items of the benchmark.",
    "license": "other",
    "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}},
    "links": [],
}


def fill(data: Path) -> None:
    """Copy tables as they are, with times as times, and load the items' documents."""
    import psycopg

    source = sqlite3.connect(data / "swath.db")
    with psycopg.connect("", autocommit=True) as target:
        target.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        for table in TABLES:
            copy_table(source, target, table)
    load_items([json.loads(text) for (text,) in source.execute("SELECT document FROM items")])


def copy_table(source: sqlite3.Connection, target: Any, table: str) -> None:
    columns = [
        (name, find_kind(name, kind)) for _, name, kind, *_ in source.execute(f"PRAGMA table_info({table})")
    ]
    described = ", ".join(f'"{name}" {kind}' for name, kind in columns)
    target.execute(f"CREATE TABLE {table} ({described}, PRIMARY KEY (seq))")
    places = ", ".join("ST_GeomFromWKB(%s, 4326)" if "geometry" in kind else "%s" for _, kind in columns)
    rows = source.execute(f"SELECT * FROM {table}").fetchall()
    with target.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
    target.execute(f"CREATE INDEX ON {table} USING gist (geometry)")
    target.execute(f"ANALYZE {table}")


def find_kind(name: str, kind: str) -> str:
    if kind.startswith("VARCHAR(27)"):
        return "timestamptz"
    return KINDS.get(kind.partition("(")[0], "text")


def load_items(items: list[dict[str, Any]]) -> None:
    from pypgstac.db import PgstacDB
    from pypgstac.load import Loader, Methods
    from pypgstac.migrate import Migrate

    with PgstacDB() as database:
        Migrate(database).run_migration()
        loader = Loader(database)
        names = sorted({item["collection"] for item in items})
        loader.load_collections(write_lines([{**COLLECTION, "id": name} for name in names]), Methods.insert)
        loader.load_items(write_lines(items), Methods.insert)


def write_lines(documents: list[dict[str, Any]]) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", delete=False) as file:
        file.writelines(json.dumps(document) + "\n" for document in documents)
    return file.name


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
