"""The data of the CQL2 standard (OGC 21-065, Annex A): layers, predicates with their counts, example expressions."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from swath.cql2 import Queryable

DATA = Path(__file__).parent / "data" / "cql2"
COUNTRIES = "ne_110m_admin_0_countries"
PLACES = "ne_110m_populated_places_simple"
RIVERS = "ne_110m_rivers_lake_centerlines"
LAYERS = (COUNTRIES, PLACES, RIVERS)

# Bytes of the envelope in the header of a geometry, by its code (OGC 12-128, clause 2.1.3).
ENVELOPES = (0, 32, 48, 48, 64)


def load_predicates() -> dict[str, Any]:
    """The tables of Annex A: `predicates`, and `combinations` of four of them each."""
    return json.loads((DATA / "test_data_predicates.json").read_text())


def load_errata() -> dict[str, int]:
    """The right counts of the predicates that the published tables count wrongly."""
    return json.loads((DATA / "errata.json").read_text())["expected"]


def load_examples(lang: str) -> dict[str, str]:
    """The example expressions of the standard in `cql2-text` or `cql2-json`, by name."""
    folder, ending = ("text", "txt") if lang == "cql2-text" else ("json", "json")
    return {path.stem: path.read_text() for path in sorted((DATA / folder).glob(f"*.{ending}"))}


def read_queryables(layer: str) -> tuple[Queryable, ...]:
    """What the standard says a layer can be filtered by."""
    schema = json.loads((DATA / "queryables" / f"{layer}.json").read_text())
    return tuple(_read_queryable(name, told) for name, told in schema["properties"].items())


def read_rows(layer: str, queryables: tuple[Queryable, ...]) -> Iterator[dict[str, Any]]:
    """The features of a layer with `fid` and these properties, at full precision and as they are wound."""
    names = ", ".join(f'"{name}"' for name in ("fid", *(queryable.name for queryable in queryables)))
    types = {queryable.name: queryable.type for queryable in queryables}
    with closing(sqlite3.connect(f"file:{DATA / 'ne110m4cql2.gpkg'}?mode=ro&immutable=1", uri=True)) as file:
        file.row_factory = sqlite3.Row
        for row in file.execute(f'SELECT {names} FROM "{layer}"'):
            yield {name: _read(types.get(name, "integer"), row[name]) for name in row.keys()}  # noqa: SIM118


def _read_queryable(name: str, told: Mapping[str, str]) -> Queryable:
    match told:
        case {"$ref": address}:
            kind = address.rsplit("/", 1)[-1].removesuffix(".json").lower()
            return Queryable(name, "geometry", geometry=kind)
        case {"format": "date-time"}:
            return Queryable(name, "timestamp")
        case {"format": "date"}:
            return Queryable(name, "date")
        case _:
            return Queryable(name, told["type"])


def _read(kind: str, value: Any) -> Any:
    read = _READERS.get(kind)
    return value if read is None or value is None else read(value)


def _read_geometry(blob: bytes) -> BaseGeometry:
    return shapely.from_wkb(blob[8 + ENVELOPES[blob[3] >> 1 & 7] :])


def _read_time(text: str) -> datetime:
    # One of them has no zone; the standard means UTC.
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


_READERS = {
    "geometry": _read_geometry,
    "date": date.fromisoformat,
    "timestamp": _read_time,
    "boolean": bool,
}
