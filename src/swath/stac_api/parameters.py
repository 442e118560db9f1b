"""Reads what a search asks for: one parser for each parameter, all of them pure.

GET brings text, POST brings JSON; both come down to the same `Search`. Everything wrong is BadParameter and
says what would be right.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, cast

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from swath.cql2 import Filter, parse_filter
from swath.errors import BadParameter
from swath.stac_api.fields import Fields, parse_fields, read_fields
from swath.stac_api.queryables import QUERYABLES, SORTABLE

DEFAULT_LIMIT, MAX_LIMIT = 10, 10_000
MAX_OFFSET = 2**31
# As many as a page may have, and far below what a statement of the database can hold.
MAX_NAMES = 10_000
MAX_SORT_KEYS = 50
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
TEXT, JSON = "cql2-text", "cql2-json"

# RFC 3339 section 5.6: four-digit year, zone with a colon, a second of 60 only where a leap second can be.
RFC3339 = re.compile(
    r"(?P<clock>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:)(?P<second>\d\d)(\.(?P<fraction>\d+))?"
    r"(?P<zone>[Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)

Interval = tuple[datetime | None, datetime | None]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Search:
    """What is asked for. `asked` keeps the parameters as they came, for the links of the answer."""

    collections: tuple[str, ...] | None = None
    ids: tuple[str, ...] | None = None
    bbox: Box | None = None
    intersects: BaseGeometry | None = None
    interval: Interval | None = None
    where: Filter | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    fields: Fields | None = None
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    asked: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def within(self, collection: str) -> tuple[str, ...]:
        """The collections that are asked for inside this one: itself, or none."""
        return (collection,) if self.collections is None or collection in self.collections else ()


PARAMETERS = (
    "collections",
    "ids",
    "bbox",
    "intersects",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "fields",
    "limit",
    "offset",
)


def parse_search(params: Iterable[tuple[str, str]]) -> Search:
    """A search out of a query string. Raises BadParameter."""
    asked = dict(params)
    _refuse_unknown(asked)
    given = {name: value for name, value in asked.items() if value != "" or name == "fields"}
    return Search(
        collections=_split(given, "collections"),
        ids=_split(given, "ids"),
        bbox=parse_bbox(given["bbox"].split(",")) if "bbox" in given else None,
        intersects=_parse_intersects_text(given),
        interval=parse_datetime(given["datetime"]) if "datetime" in given else None,
        where=_parse_where(given, TEXT),
        sort=parse_sort(given["sortby"].split(",")) if "sortby" in given else (),
        fields=parse_fields(given["fields"]) if "fields" in given else None,
        limit=parse_limit(given.get("limit", DEFAULT_LIMIT)),
        offset=parse_offset(given.get("offset", 0)),
        asked=asked,
    )


def read_search(body: Any) -> Search:
    """A search out of a JSON body. Raises BadParameter."""
    if not isinstance(body, dict):
        raise BadParameter("body", "The body must be a JSON object.")
    _refuse_unknown(body)
    if "fields" in body and body["fields"] is None:
        raise BadParameter("fields", 'Leave "fields" out, or give an object with "include" and "exclude".')
    given: dict[str, Any] = {name: value for name, value in body.items() if value is not None}
    return Search(
        collections=_read_names(given, "collections"),
        ids=_read_names(given, "ids"),
        bbox=parse_bbox(_read_box(given["bbox"])) if "bbox" in given else None,
        intersects=_read_intersects(given),
        interval=parse_datetime(given["datetime"]) if "datetime" in given else None,
        where=_parse_where(given, JSON),
        sort=read_sort(given["sortby"]) if "sortby" in given else (),
        fields=read_fields(given["fields"]) if "fields" in given else None,
        limit=parse_limit(_read_whole(given, "limit", DEFAULT_LIMIT)),
        offset=parse_offset(_read_whole(given, "offset", 0)),
        asked=body,
    )


def parse_limit(value: Any) -> int:
    """How many items a page may have: at least 1; more than 10000 counts as 10000."""
    limit = _whole("limit", value)
    if limit < 1:
        raise BadParameter("limit", f"limit is {limit}; give a number from 1 to {MAX_LIMIT}.")
    return min(limit, MAX_LIMIT)


def parse_offset(value: Any) -> int:
    """How many items come before the page."""
    offset = _whole("offset", value)
    if not 0 <= offset <= MAX_OFFSET:
        raise BadParameter("offset", f"offset is {offset}; give 0 or more.")
    return offset


def parse_bbox(values: Any) -> Box:
    """West, south, east, north in degrees out of 4 or 6 numbers; west > east crosses the antimeridian."""
    numbers = _numbers(values)
    if len(numbers) == 6:
        if numbers[2] > numbers[5]:
            raise BadParameter(
                "bbox", f"bbox has heights from {numbers[2]:g} to {numbers[5]:g}; the lower is first."
            )
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4:
        raise BadParameter("bbox", f"bbox has {len(numbers)} numbers; give 4 (west,south,east,north) or 6.")
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadParameter(
            "bbox",
            "bbox must have longitudes from -180 to 180, latitudes from -90 to 90, and south <= north.",
        )
    return west, south, east, north


def parse_datetime(text: Any) -> Interval:
    """An instant, or an interval with at most one open end (`..` or nothing), as RFC 3339 writes them."""
    if not isinstance(text, str):
        raise BadParameter("datetime", "datetime must be text.")
    ends = text.split("/")
    if len(ends) == 1:
        instant = parse_instant(text)
        return instant, instant
    if len(ends) != 2:
        raise BadParameter("datetime", f"{text!r} has {len(ends)} parts; an interval has two: start/end.")
    start, end = (None if part in ("", "..") else parse_instant(part) for part in ends)
    if start is None and end is None:
        raise BadParameter(
            "datetime", "An interval needs at least one end; leave datetime out for all times."
        )
    if start is not None and end is not None and end < start:
        raise BadParameter("datetime", f"{text!r} ends before it starts.")
    return start, end


def parse_instant(text: str) -> datetime:
    """An RFC 3339 date-time with its zone; digits beyond the microsecond are cut off."""
    match = RFC3339.fullmatch(text)
    if match is None:
        raise BadParameter("datetime", f"{text!r} is not an RFC 3339 date-time such as 2026-08-22T01:30:00Z.")
    leap = match["second"] == "60"
    second = "59" if leap else match["second"]
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    zone = match["zone"].upper().replace("Z", "+00:00")
    try:
        at = datetime.fromisoformat(f"{match['clock'].upper()}{second}.{fraction}{zone}").astimezone(UTC)
        return at + timedelta(seconds=leap)
    except (ValueError, OverflowError) as error:
        raise BadParameter("datetime", f"{text!r} is not a time that exists: {error}.") from error


def parse_sort(names: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Sort keys out of names with + or - before them; a plus may have become a space on its way."""
    keys = [name.strip() for name in names]
    return _once(_sort_key(key.lstrip("+-"), key.startswith("-")) for key in keys)


def read_sort(keys: Any) -> tuple[tuple[str, bool], ...]:
    """Sort keys out of JSON objects with `field` and `direction`."""
    if not isinstance(keys, list):
        raise BadParameter("sortby", 'sortby must be a list of {"field": ..., "direction": "asc"}.')
    return _once(_read_sort_key(key) for key in keys)


def _once(keys: Iterable[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    """Each field counts where it is named first: what comes later cannot change the order any more."""
    first: dict[str, bool] = {}
    for number, (name, descending) in enumerate(keys, 1):
        if number > MAX_SORT_KEYS:
            raise BadParameter("sortby", f"sortby has more than {MAX_SORT_KEYS} keys; name each field once.")
        first.setdefault(name, descending)
    return tuple(first.items())


def _read_sort_key(key: Any) -> tuple[str, bool]:
    if not isinstance(key, dict) or not isinstance(key.get("field"), str):
        raise BadParameter("sortby", 'Each sort key is an object with a "field" and maybe a "direction".')
    direction = key.get("direction", "asc")
    if direction not in ("asc", "desc"):
        raise BadParameter("sortby", f'The direction is {direction!r}; it must be "asc" or "desc".')
    return _sort_key(key["field"], direction == "desc")


def _sort_key(name: str, descending: bool) -> tuple[str, bool]:
    plain = name.removeprefix("properties.")
    if plain not in SORTABLE:
        raise BadParameter(
            "sortby", f"Items cannot be sorted by {name!r}; use {', '.join(sorted(SORTABLE))}."
        )
    return plain, descending


def _parse_where(given: Mapping[str, Any], usual: str) -> Filter | None:
    crs = given.get("filter-crs", CRS84)
    if crs != CRS84:
        raise BadParameter("filter-crs", f"Geometries in filters are read in {CRS84} only.")
    lang = given.get("filter-lang", usual)
    if lang not in (TEXT, JSON):
        raise BadParameter("filter-lang", f"filter-lang is {lang!r}; use {TEXT} or {JSON}.")
    if "filter" not in given:
        return None
    asked = given["filter"]
    if not isinstance(asked, str | dict):
        raise BadParameter("filter", "filter must be a CQL2 expression: text, or an object in CQL2 JSON.")
    return parse_filter(cast("str | dict[str, Any]", asked), lang, QUERYABLES.values())


def _parse_intersects_text(given: Mapping[str, str]) -> BaseGeometry | None:
    if "intersects" not in given:
        return None
    try:
        return _read_intersects({**given, "intersects": json.loads(given["intersects"])})
    except (ValueError, RecursionError) as error:
        raise BadParameter("intersects", "intersects must be a GeoJSON geometry.") from error


def _read_intersects(given: Mapping[str, Any]) -> BaseGeometry | None:
    if "intersects" not in given:
        return None
    if "bbox" in given:
        raise BadParameter("intersects", "Give bbox or intersects, not both.")
    return parse_geometry(given["intersects"])


def parse_geometry(geojson: Any) -> BaseGeometry:
    """Any GeoJSON geometry in CRS84 that has a shape."""
    try:
        geometry = shape(geojson)
        bounds = shapely.bounds(geometry)
    except Exception as error:
        # What shapely raises for strange input depends on how it is strange; none of it may become a fault
        # of ours.
        raise BadParameter("intersects", "intersects must be a GeoJSON geometry.") from error
    if not all(isfinite(edge) for edge in bounds) or not geometry.is_valid:
        raise BadParameter("intersects", "intersects must be a valid geometry that is not empty.")
    west, south, east, north = bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadParameter("intersects", "Longitudes go from -180 to 180 and latitudes from -90 to 90.")
    return shapely.force_2d(geometry)


def _read_names(given: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """A list of names; a single one may come without its list, as some clients send it."""
    if name not in given:
        return None
    values = [given[name]] if isinstance(given[name], str) else given[name]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadParameter(name, f"{name} must be a list of names.")
    if len(values) > MAX_NAMES:
        raise BadParameter(name, f"{name} has {len(values)} entries; give at most {MAX_NAMES} at once.")
    return tuple(values) or None


def _read_box(values: Any) -> list[float]:
    if not isinstance(values, list) or not all(_is_number(value) for value in values):
        raise BadParameter("bbox", "bbox must be a list of 4 or 6 numbers.")
    return values


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read_whole(given: Mapping[str, Any], name: str, usual: int) -> int:
    """A whole number; JSON has one kind of number, so 10.0 is whole too."""
    value = given.get(name, usual)
    if not _is_number(value) or value != value // 1:
        raise BadParameter(name, f"{name} is {str(value)[:40]!r}; it must be a whole number.")
    return int(value)


def _split(given: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    names = [part.strip() for part in given.get(name, "").split(",") if part.strip()]
    return _read_names({name: names}, name)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        return int(value)
    raise BadParameter(name, f"{name} is {str(value)[:40]!r}; it must be a whole number.")


def _numbers(values: Any) -> list[float]:
    try:
        numbers = [_number(value) for value in values]
    except (TypeError, ValueError, OverflowError) as error:
        raise BadParameter("bbox", "bbox must be numbers: west,south,east,north.") from error
    if not all(isfinite(number) for number in numbers):
        raise BadParameter("bbox", "bbox must be finite numbers.")
    return numbers


def _number(value: Any) -> float:
    """Python reads 1_000 and full-width digits too; the world outside does not."""
    number = float(value)
    if isinstance(value, str) and isfinite(number) and not NUMBER.fullmatch(value.strip()):
        raise ValueError(value)
    return number


def _refuse_unknown(asked: Mapping[str, Any]) -> None:
    for name in asked:
        if name not in PARAMETERS:
            there_are = ", ".join(PARAMETERS)
            raise BadParameter(name, f"There is no parameter {name[:60]!r}; there are {there_are}.")
