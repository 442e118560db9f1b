"""Reads a fleet from its TOML file; every complaint names the table and the key.

The file has `[limits]`, `[sensors.NAME]`, `[bus.NAME]` (how satellites turn and work, and what they hold on board; a
bus that says nothing of its memory holds everything), `[satellites.ID]` that name a sensor and a bus, and
`[stations.ID]`. `data/grus.toml` is an example.
"""

import dataclasses
import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from math import inf
from pathlib import Path
from typing import Any, TypeVar, cast

from swath.errors import Malformed
from swath.fleet.model import Agility, Band, Duty, Fleet, GroundStation, Limits, Memory, Satellite, Sensor
from swath.orbit.elements import Elements, parse_tle

T = TypeVar("T")
Table = Mapping[str, Any]

# Lowest and highest value of the numbers that could do harm when mistyped.
_RANGES = {
    "swath_km": (0.1, 3_000.0),
    "gsd_m": (0.01, 10_000.0),
    "center_wavelength": (0.1, 100.0),
    "full_width_half_max": (1e-4, 100.0),
    "max_off_nadir_deg": (0.1, 60.0),
    "max_pitch_deg": (0.0, 60.0),
    "settle_s": (0.0, 3_600.0),
    "slew_rate_deg_s": (1e-3, 100.0),
    "captures_per_orbit": (0, 100_000),
    "seconds_per_orbit": (0.0, 10_000.0),
    "capacity_gb": (0.0, 1e6),
    "fill_gb_s": (0.0, 1e3),
    "drain_gb_s": (0.0, 1e3),
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
    "time_margin_sigmas": (0.0, 10.0),
    "max_time_margin_s": (0.0, 60.0),
    "processing_s": (0.0, 864_000.0),
    "min_coverage_percent": (0.0, 100.0),
}
# International, since the first satellite.
_DESIGNATOR = re.compile(r"(?:19[5-9]\d|20\d\d)-\d{3}[A-Z]{1,3}", re.ASCII)
_KINDS = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}


def load_fleet(path: Path | None = None) -> Fleet:
    """The fleet of a TOML file, or the bundled GRUS constellation. Raises Malformed."""
    return parse_fleet(_read_bundled("grus.toml") if path is None else read_fleet(path))


def read_fleet(path: Path) -> str:
    """The text of a TOML file that was found to be a fleet's. Raises Malformed that names the file."""
    try:
        text = path.read_text("utf-8")
        parse_fleet(text)
        return text
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"The fleet file {path} cannot be read: {error}.") from error
    except Malformed as error:
        raise Malformed(f"{path}: {error.message}") from error


def parse_fleet(text: str) -> Fleet:
    """A fleet from the TOML text of its file. Raises Malformed that names table and key."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"The text is not TOML: {error}.") from error
    sensors = {name: _build_sensor(name, table) for name, table in _tables(document, "sensors")}
    buses = dict(_tables(document, "bus"))
    satellites = {
        name: _build_satellite(name, table, sensors, buses) for name, table in _tables(document, "satellites")
    }
    _require_distinct(satellites)
    stations = tuple(
        _build(GroundStation, f"stations.{name}", {**table, "id": name})
        for name, table in _tables(document, "stations")
    )
    return Fleet(satellites, stations, _build_limits(document))


def load_bundled_elements() -> tuple[Elements, ...]:
    """The element sets that come with swath: GRUS with epochs of 2026-08-21 and 2026-08-22."""
    return parse_tle(_read_bundled("grus_elements.txt"))


def _read_bundled(name: str) -> str:
    return (files("swath.fleet") / "data" / name).read_text("utf-8")


def _build_sensor(name: str, table: Table) -> Sensor:
    where = f"sensors.{name}"
    bands = tuple(
        _build(Band, f"{where}.bands[{i}]", _as_table(band, f"{where}.bands[{i}]"))
        for i, band in enumerate(_list(table, "bands", where))
    )
    instruments = tuple(
        _checked(where, "instruments", str, one) for one in _list(table, "instruments", where)
    )
    return _build(Sensor, where, {**table, "bands": bands, "instruments": instruments})


def _build_satellite(
    name: str, table: Table, sensors: Mapping[str, Sensor], buses: Mapping[str, Table]
) -> Satellite:
    where = f"satellites.{name}"
    sensor, bus = _named(sensors, table, "sensor", where), _named(buses, table, "bus", where)
    of_bus = f"bus.{table['bus']}"
    _refuse_unknown(of_bus, bus, [*_fields(Agility), *_fields(Duty), *_fields(Memory)])
    own = {key: value for key, value in table.items() if key not in ("sensor", "bus")}
    parts = {
        "agility": _build(Agility, of_bus, _part(bus, Agility)),
        "duty": _build(Duty, of_bus, _part(bus, Duty)),
        "memory": _build_memory(of_bus, _part(bus, Memory)),
    }
    satellite = _build(Satellite, where, {**own, "id": name, "sensor": sensor, **parts})
    if not _DESIGNATOR.fullmatch(satellite.designator):
        raise Malformed(
            f"[{where}] designator is {satellite.designator!r}; expected year, launch and piece, as 2018-111Q."
        )
    return satellite


def _build_memory(where: str, table: Table) -> Memory | None:
    return _build(Memory, where, table) if table else None


def _build_limits(document: Table) -> Limits:
    limits = _build(Limits, "limits", _as_table(document.get("limits", {}), "limits"))
    if limits.max_strip_s < limits.min_strip_s:
        raise Malformed(
            f"[limits] max_strip_s is {limits.max_strip_s:g}, below min_strip_s {limits.min_strip_s:g}."
        )
    return limits


def _require_distinct(satellites: Mapping[str, Satellite]) -> None:
    if not satellites:
        raise Malformed("The fleet has no satellite; add a table [satellites.ID].")
    if len({name.casefold() for name in satellites}) < len(satellites):
        raise Malformed(
            "[satellites] holds ids that differ in letter case only; ids are found in any letter case."
        )
    numbers = [satellite.norad_id for satellite in satellites.values()]
    for number in numbers:
        if numbers.count(number) > 1:
            raise Malformed(f"[satellites] norad_id {number} stands for two satellites.")


def _build(kind: type[T], where: str, table: Table) -> T:
    """A value of `kind` from a table: no key unknown or missing, each of its type and range."""
    fields = _fields(kind)
    _refuse_unknown(where, table, list(fields))
    for name, field in fields.items():
        if name not in table and field.default is dataclasses.MISSING:
            raise Malformed(f"[{where}] lacks {name}, {_KINDS.get(cast('type', field.type), 'a table')}.")
    return kind(**{key: _checked(where, key, fields[key].type, value) for key, value in table.items()})


def _refuse_unknown(where: str, table: Table, known: Sequence[str]) -> None:
    for key in table:
        if key not in known:
            raise Malformed(f"[{where}] has no key {key!r}; it takes {', '.join(known)}.")


def _fields(kind: type[Any]) -> dict[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(kind)}


def _part(table: Table, kind: type[Any]) -> Table:
    return {key: value for key, value in table.items() if key in _fields(kind)}


def _checked(where: str, key: str, kind: Any, value: Any) -> Any:
    if kind not in _KINDS:
        return value
    if not _is_a(kind, value):
        raise Malformed(f"[{where}] {key} is {value!r}; expected {_KINDS[kind]}.")
    if kind in (float, int):
        low, high = _RANGES.get(key, (-inf, inf))
        if not low <= value <= high:
            raise Malformed(f"[{where}] {key} is {value!r}; expected {low:g} to {high:g}.")
    return kind(value)


def _is_a(kind: type, value: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind


def _named(choices: Mapping[str, T], table: Table, key: str, where: str) -> T:
    name = table.get(key)
    if not isinstance(name, str) or name not in choices:
        raise Malformed(
            f"[{where}] {key} is {name!r}; expected one of {', '.join(choices) or 'none there are'}."
        )
    return choices[name]


def _tables(document: Table, name: str) -> list[tuple[str, Table]]:
    return [
        (key, _as_table(one, f"{name}.{key}")) for key, one in _as_table(document.get(name, {}), name).items()
    ]


def _as_table(value: Any, where: str) -> Table:
    if not isinstance(value, Mapping):
        raise Malformed(f"[{where}] is {value!r}; expected a table.")
    return cast("Table", value)


def _list(table: Table, key: str, where: str) -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise Malformed(f"[{where}] {key} is {value!r}; expected a list.")
    return cast("list[Any]", value)
