"""Reads a fleet from its TOML file; every complaint names the table and the key."""

import dataclasses
import math
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast

from swath.errors import Malformed
from swath.fleet.model import Agility, Band, Duty, Fleet, GroundStation, Limits, Satellite, Sensor
from swath.orbit.elements import Elements, parse_tle

T = TypeVar("T")
Table = Mapping[str, Any]

# Lowest and highest value of the numbers that could do harm when mistyped.
_RANGES = {
    "swath_km": (0.1, 3_000.0),
    "gsd_m": (0.01, 10_000.0),
    "max_off_nadir_deg": (0.1, 60.0),
    "max_pitch_deg": (0.0, 60.0),
    "settle_s": (0.0, 3_600.0),
    "slew_rate_deg_s": (1e-3, 100.0),
    "captures_per_orbit": (0, 100_000),
    "seconds_per_orbit": (0.0, 10_000.0),
    "norad_id": (1, 999_999_999),
    "nominal_altitude_km": (100.0, 3_000.0),
    "lon_deg": (-180.0, 180.0),
    "lat_deg": (-90.0, 90.0),
    "height_m": (-500.0, 9_000.0),
    "min_elevation_deg": (0.0, 89.0),
    "min_sun_elevation_deg": (-90.0, 90.0),
    "command_lead_s": (0.0, 86_400.0),
    "strip_overlap": (0.0, 0.9),
    "edge_margin": (0.0, 0.45),
    "min_strip_s": (0.0, 600.0),
    "max_strip_s": (0.1, 600.0),
    "min_coverage_percent": (0.0, 100.0),
}


def load_fleet(path: Path | None = None) -> Fleet:
    """The fleet of a TOML file, or the bundled GRUS constellation. Raises Malformed."""
    try:
        text = path.read_text("utf-8") if path else _bundled("grus.toml")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Malformed(f"The fleet file {path} cannot be read: {error}.") from error
    return parse_fleet(document)


def parse_fleet(document: Table) -> Fleet:
    """A fleet from the tables of its file. Raises Malformed that names table and key."""
    sensors = {name: _sensor(name, table) for name, table in _tables(document, "sensors")}
    buses = dict(_tables(document, "bus"))
    satellites = {
        name: _satellite(name, table, sensors, buses) for name, table in _tables(document, "satellites")
    }
    stations = tuple(_build(GroundStation, f"stations.{n}", {"id": n, **t}) for n, t in _tables(document, "stations"))
    if not satellites:
        raise Malformed("The fleet has no satellite; add a table [satellites.NAME].")
    return Fleet(satellites, stations, _build(Limits, "limits", _table(document, "limits")))


def load_bundled_elements() -> tuple[Elements, ...]:
    """The element sets that come with swath (GRUS, 2026-08-22)."""
    return parse_tle(_bundled("grus_elements.txt"))


def _bundled(name: str) -> str:
    return (files("swath.fleet") / "data" / name).read_text("utf-8")


def _sensor(name: str, table: Table) -> Sensor:
    where = f"sensors.{name}"
    bands = tuple(_build(Band, f"{where}.bands[{i}]", band) for i, band in enumerate(table.get("bands", ())))
    return _build(Sensor, where, {**table, "bands": bands, "instruments": tuple(table.get("instruments", ()))})


def _satellite(
    name: str, table: Table, sensors: Mapping[str, Sensor], buses: Mapping[str, Table]
) -> Satellite:
    where = f"satellites.{name}"
    sensor = _named(sensors, table, "sensor", where)
    bus = _named(buses, table, "bus", where)
    own = {key: value for key, value in table.items() if key not in ("sensor", "bus")}
    parts = {
        "id": name,
        "sensor": sensor,
        "agility": _build(Agility, where, _part(bus, Agility)),
        "duty": _build(Duty, where, _part(bus, Duty)),
    }
    return _build(Satellite, where, {**own, **parts})


def _part(table: Table, kind: type[Any]) -> Table:
    wanted = {field.name for field in dataclasses.fields(kind)}
    return {key: value for key, value in table.items() if key in wanted}


def _named(choices: Mapping[str, T], table: Table, key: str, where: str) -> T:
    name = table.get(key)
    if not isinstance(name, str) or name not in choices:
        raise Malformed(f"[{where}] {key} is {name!r}; expected one of {', '.join(choices) or 'none there are'}.")
    return choices[name]


def _tables(document: Table, name: str) -> list[tuple[str, Table]]:
    return [(key, _table(cast("Table", document.get(name, {})), key, name)) for key in _table(document, name, "")]


def _table(document: Table, name: str, parent: str = "") -> Table:
    table = document.get(name, {})
    if not isinstance(table, Mapping):
        raise Malformed(f"[{parent + '.' * bool(parent)}{name}] must be a table.")
    return cast("Table", table)


def _build(kind: type[T], where: str, table: Table) -> T:
    """A value of `kind` from a table: no key missing, none unknown, each of its type and range."""
    fields = {field.name: field for field in dataclasses.fields(cast("Any", kind))}
    unknown = [key for key in table if key not in fields]
    if unknown:
        raise Malformed(f"[{where}] knows no {unknown[0]!r}; it takes {', '.join(fields)}.")
    missing = [n for n, f in fields.items() if n not in table and f.default is dataclasses.MISSING]
    if missing:
        raise Malformed(f"[{where}] lacks {missing[0]!r}.")
    return kind(**{key: _checked(where, key, fields[key].type, value) for key, value in table.items()})


def _checked(where: str, key: str, kind: Any, value: Any) -> Any:
    if kind in (float, int) and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Malformed(f"[{where}] {key} is {value!r}; expected a number.")
    if kind is int and not float(value).is_integer():
        raise Malformed(f"[{where}] {key} is {value!r}; expected a whole number.")
    if (kind is str and not isinstance(value, str)) or (kind is bool and not isinstance(value, bool)):
        raise Malformed(f"[{where}] {key} is {value!r}; expected a {kind.__name__}.")
    low, high = _RANGES.get(key, (-math.inf, math.inf))
    if kind in (float, int) and not low <= value <= high:
        raise Malformed(f"[{where}] {key} is {value!r}; expected {low} to {high}.")
    return kind(value) if kind in (float, int) else value
