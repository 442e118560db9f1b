"""Reads what a search asks for: text out of a query string, JSON out of a body; both come down to one Search.

There is one reader for each parameter in each form. What OGC API Features has too is read as there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from swath.api.links import Params
from swath.api.parameters import (
    check_bbox,
    check_limit,
    check_offset,
    collect_params,
    parse_bbox,
    parse_crs,
    parse_datetime,
    parse_equal,
    parse_format,
    parse_limit,
    parse_offset,
    parse_where,
    refuse_unknown,
)
from swath.errors import BadParameter
from swath.query import Query
from swath.stac_api.fields import Fields, parse_fields, read_fields
from swath.stac_api.queryables import QUERYABLES, SIMPLE
from swath.stac_api.shapes import parse_shape, read_shape
from swath.stac_api.sorting import parse_sort, read_sort

MAX_LIMIT = 10_000
# As many as a page may have, and far below what a statement of the database can hold.
MAX_NAMES = 10_000
TEXT, JSON = "cql2-text", "cql2-json"
# Some clients name one after the other, `collections=grus-1&collections=grus-3`, in place of one text with commas.
LISTS = ("collections", "ids", "sortby", "fields")

Readers = Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True)
class Search:
    """A query, and which parts of each item are wanted; None wants all."""

    query: Query
    fields: Fields | None = None


def parse_search(params: Params, account_id: str) -> Search:
    """A search out of a query string; a list without names is no condition. Raises BadParameter.

    Lists may come in several parts.
    """
    given = collect_params([param for param in params if param[0] not in LISTS])
    given |= {
        name: ",".join(parts) for name in LISTS if (parts := [text for key, text in params if key == name])
    }
    refuse_unknown(given, (*PARAMETERS, "f", *SIMPLE))
    parse_format(given.get("f", "json"))
    equals = {name: parse_equal(SIMPLE[name], given[name]) for name in SIMPLE if name in given}
    return _build_search(given, FROM_TEXT, TEXT, account_id, equals)


def read_search(body: Any, account_id: str) -> Search:
    """A search out of the JSON of a body; null counts as not given. Raises BadParameter."""
    if not isinstance(body, dict):
        raise BadParameter("body", "The body must be a JSON object.")
    refuse_unknown(body, PARAMETERS)
    if "fields" in body and body["fields"] is None:
        raise BadParameter("fields", 'Leave "fields" out, or give an object with "include" and "exclude".')
    given = {name: value for name, value in body.items() if value is not None}
    return _build_search(given, FROM_JSON, JSON, account_id, {})


def _build_search(
    given: Mapping[str, Any], readers: Readers, language: str, account_id: str, equals: Mapping[str, object]
) -> Search:
    found = {name: read(given[name]) for name, read in readers.items() if name in given}
    if "bbox" in found and "intersects" in found:
        raise BadParameter("intersects", "Give bbox or intersects, not both.")
    query = Query(
        account_id=account_id,
        ids=found.get("ids"),
        collections=found.get("collections"),
        bbox=found.get("bbox"),
        intersects=found.get("intersects"),
        interval=found.get("datetime"),
        where=parse_where(given, QUERYABLES, language),
        equals=equals,
        sort=found.get("sortby", ()),
        limit=found.get("limit", Query.limit),
        offset=found.get("offset", Query.offset),
    )
    return Search(query, found.get("fields"))


def _split_names(name: str, text: str) -> tuple[str, ...] | None:
    return _read_names(name, [part.strip() for part in text.split(",") if part.strip()])


def _read_names(name: str, values: Any) -> tuple[str, ...] | None:
    """A list of names; a single one may come without its list, as some clients send it. None are no condition."""
    names = [values] if isinstance(values, str) else values
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise BadParameter(name, f"{name} must be a list of names.")
    if len(names) > MAX_NAMES:
        raise BadParameter(name, f"{name} has {len(names)} entries; give at most {MAX_NAMES} at once.")
    return tuple(names) or None


def _read_bbox(values: Any) -> tuple[float, float, float, float]:
    if not isinstance(values, list) or not all(_is_number(value) for value in values):
        raise BadParameter("bbox", "bbox must be a list of 4 or 6 numbers.")
    return check_bbox(values)


def _read_datetime(text: Any) -> Any:
    if not isinstance(text, str):
        raise BadParameter("datetime", "datetime must be text, as RFC 3339 writes times.")
    return parse_datetime(text)


def _read_whole(name: str, value: Any) -> int:
    """A whole number; JSON has one kind of number, so 10.0 is whole too."""
    if not _is_number(value) or value != value // 1:
        raise BadParameter(name, f"{name} is {str(value)[:40]!r}; it takes a whole number.")
    return int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


FROM_TEXT: Readers = {
    "collections": partial(_split_names, "collections"),
    "ids": partial(_split_names, "ids"),
    "bbox": parse_bbox,
    "intersects": parse_shape,
    "datetime": parse_datetime,
    "filter-crs": partial(parse_crs, "filter-crs"),
    "sortby": parse_sort,
    "fields": parse_fields,
    "limit": lambda text: parse_limit(text, MAX_LIMIT),
    "offset": parse_offset,
}
FROM_JSON: Readers = {
    "collections": partial(_read_names, "collections"),
    "ids": partial(_read_names, "ids"),
    "bbox": _read_bbox,
    "intersects": read_shape,
    "datetime": _read_datetime,
    "filter-crs": partial(parse_crs, "filter-crs"),
    "sortby": read_sort,
    "fields": read_fields,
    "limit": lambda value: check_limit(_read_whole("limit", value), MAX_LIMIT),
    "offset": lambda value: check_offset(_read_whole("offset", value)),
}
# In the order in which they are told.
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
