"""Reads query strings: one parser for each parameter, all of them pure. What is wrong is BadParameter."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import Any

from swath.api.collections import Collection
from swath.api.links import Params
from swath.cql2 import LANGUAGES, Filter, Queryable, parse_filter
from swath.errors import BadParameter
from swath.figures import write_beside
from swath.query import Query
from swath.wire import parse_duration, parse_instant

Box = tuple[float, float, float, float]
Interval = tuple[datetime | None, datetime | None]

# The same system has been written in these ways; all mean longitude before latitude on WGS 84.
CRS84 = (
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "urn:ogc:def:crs:OGC:1.3:CRS84",
    "OGC:CRS84",
    "[OGC:CRS84]",
)
DEFAULT_LIMIT = 10
# Clients ask the same again and again: filters are read once, unless they are so long that many would fill the memory.
LONGEST_KEPT = 1_000
_parse_kept = lru_cache(maxsize=512)(parse_filter)
DEFAULT_LANGUAGE = "cql2-text"
GENERAL = (
    "limit",
    "offset",
    "bbox",
    "bbox-crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "crs",
    "f",
)
PAGING = ("limit", "offset")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
WHOLE = re.compile(r"[+-]?\d{1,100}", re.ASCII)
# What databases count with: none of them has so many rows, and all take the number.
MOST_WHOLE = 10**18
# The greatest `limit` that is understood: more is a slip, while all up to it counts as the most that a page holds.
MOST_LIMIT = 2**31 - 1
SIMPLE = frozenset({"string", "number", "integer", "boolean", "timestamp", "date"})


def parse_query(params: Params, collection: Collection, account_id: str | None) -> Query:
    """A query out of a query string. Raises BadParameter."""
    given = collect_params(params)
    simple = list_simple(collection.queryables)
    refuse_unknown(given, (*GENERAL, *simple))
    for name in ("crs", "bbox-crs", "filter-crs"):
        parse_crs(name, given.get(name, CRS84[0]))
    parse_format(given.get("f", "json"))
    return Query(
        account_id=account_id,
        bbox=parse_bbox(given["bbox"]) if "bbox" in given else None,
        interval=parse_datetime(given["datetime"]) if "datetime" in given else None,
        where=parse_where(given, collection.queryables),
        equals={name: parse_equal(simple[name], given[name]) for name in simple if name in given},
        limit=parse_limit(given.get("limit", str(DEFAULT_LIMIT)), collection.max_limit),
        offset=parse_offset(given.get("offset", "0")),
    )


def collect_params(params: Params) -> dict[str, str]:
    """The parameters by name; one that is repeated must say the same again, or a condition would get lost.

    But of `limit` and `offset` the last counts: who turns pages adds them to an address that has them. Raises
    BadParameter.
    """
    given = dict(params)
    if len(given) < len(params):
        for name, value in params:
            if name not in PAGING and value != given[name]:
                two = f"{value[:40]!r} and {given[name][:40]!r}"
                raise BadParameter(name[:100], f"{name[:60]} is given as {two}; it takes one value.")
    return given


def list_simple(queryables: Iterable[Queryable]) -> Mapping[str, Queryable]:
    """Queryables that are parameters by themselves: `status=ACTIVE`."""
    return {queryable.name: queryable for queryable in queryables if queryable.type in SIMPLE}


def refuse_unknown(given: Mapping[str, str], known: tuple[str, ...]) -> None:
    """Raises BadParameter for the first parameter that is not known, and names those that are."""
    for name in given:
        if name not in known:
            there_are = f"there are {', '.join(known)}" if known else "there are none here"
            raise BadParameter(name[:100], f"There is no parameter {name[:60]!r}; {there_are}.")


def parse_limit(text: str, most: int) -> int:
    """How many features a page may hold: a whole number from 1 on; more than `most` counts as `most`."""
    return check_limit(_whole("limit", text), most)


def parse_offset(text: str) -> int:
    """How many matches come before the page."""
    return check_offset(_whole("offset", text))


def parse_bbox(text: str) -> Box:
    """West, south, east, north in degrees; west > east crosses the antimeridian. Heights are read and left aside."""
    return check_bbox([_number(part) for part in text.split(",")])


def check_limit(limit: int, most: int) -> int:
    """How many features a page holds when so many are asked for."""
    if not 1 <= limit <= MOST_LIMIT:
        raise BadParameter(
            "limit",
            f"limit is {str(limit)[:40]}; it takes a number from 1 to {MOST_LIMIT}, of which more than {most} counts "
            f"as {most}.",
        )
    return min(limit, most)


def check_offset(offset: int) -> int:
    """How many matches come before the page when so many are asked for."""
    if not 0 <= offset <= MOST_WHOLE:
        raise BadParameter(
            "offset", f"offset is {str(offset)[:40]}; it takes 0 or more, at most {MOST_WHOLE}."
        )
    return offset


def check_bbox(numbers: Sequence[float]) -> Box:
    """A box out of 4 numbers, or of 6 with heights."""
    if len(numbers) not in (4, 6):
        raise _bad_bbox(f"bbox has {len(numbers)} number{'s' * (len(numbers) != 1)}")
    if len(numbers) == 6:
        low, high = numbers[2], numbers[5]
        if low > high:
            lower, upper = write_beside(low, high), write_beside(high, low)
            raise _bad_bbox(f"the lower height {lower} of bbox is above the upper height {upper}")
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise _bad_bbox("a longitude of bbox is outside -180..180")
    if not -90 <= south <= north <= 90:
        raise _bad_bbox("the latitudes of bbox must rise and lie in -90..90")
    return west, south, east, north


def parse_datetime(text: str) -> Interval:
    """An instant, or an interval of which at most one end is open (`..` or nothing).

    One end may be a duration from or to the other (`2026-08-22/P2D`), which then may be a day: its midnight in UTC.
    """
    ends = text.split("/")
    if len(ends) == 1:
        return _instant(text), _instant(text)
    if len(ends) != 2:
        raise BadParameter("datetime", f"datetime has {len(ends)} parts; an interval is start/end.")
    start, end = _read_ends(*ends)
    if start is None and end is None:
        raise BadParameter(
            "datetime", "An interval that is open at both ends says nothing; leave datetime out."
        )
    if start is not None and end is not None and end < start:
        raise BadParameter("datetime", f"The interval {text} ends before it starts.")
    return start, end


def _read_ends(first: str, last: str) -> Interval:
    if last.startswith("P"):
        start = _instant(_at_midnight(first))
        return start, _move(start, last)
    if first.startswith("P"):
        end = _instant(_at_midnight(last))
        return _move(end, first, -1), end
    start, end = (None if part in ("", "..") else _instant(part) for part in (first, last))
    return start, end


def parse_crs(name: str, text: Any) -> None:
    """Only CRS84 is served."""
    if text not in CRS84:
        raise BadParameter(
            name, f"{name} {str(text)[:100]!r} is not served; the only one here is {CRS84[0]}."
        )


def parse_format(text: str) -> None:
    """Only JSON is served."""
    if text != "json":
        raise BadParameter("f", f"f is {text[:40]!r}; the only format here is json.")


def parse_equal(queryable: Queryable, text: str) -> object:
    """The value that a queryable must equal, as the type of the queryable."""
    try:
        value = READERS[queryable.type](text)
    except ValueError as error:
        reason = f"{queryable.name} is {text[:60]!r}; it takes a {queryable.type}."
        raise BadParameter(queryable.name, reason) from error
    if queryable.enum and value not in queryable.enum:
        there_are = ", ".join(queryable.enum)
        raise BadParameter(queryable.name, f"{queryable.name} is {text[:60]!r}; there are {there_are}.")
    return value


def parse_where(
    given: Mapping[str, Any], queryables: Iterable[Queryable], usual: str = DEFAULT_LANGUAGE
) -> Filter | None:
    """The filter of a query string, or of a body, where it may also be an object of CQL2 JSON."""
    language, text = given.get("filter-lang", usual), given.get("filter")
    if language not in LANGUAGES:
        there_are = " and ".join(LANGUAGES)
        raise BadParameter("filter-lang", f"filter-lang is {str(language)[:40]!r}; there are {there_are}.")
    if not isinstance(text, str | dict | None):
        raise BadParameter("filter", "filter must be a CQL2 expression: text, or an object of CQL2 JSON.")
    if isinstance(text, str) and len(text) <= LONGEST_KEPT:
        return _parse_kept(text, language, tuple(queryables))
    return parse_filter(text, language, queryables) if text is not None else None


def _whole(name: str, text: str) -> int:
    if WHOLE.fullmatch(text) is None:
        raise BadParameter(name, f"{name} is {text[:40]!r}; it takes a whole number.")
    return int(text)


def _number(text: str) -> float:
    try:
        number = float(text) if re.fullmatch(r"[\s\d.eE+-]{1,60}", text, re.ASCII) else float("nan")
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise _bad_bbox(f"{text[:40]!r} in bbox is not a number")
    return number


def _bad_bbox(wrong: str) -> BadParameter:
    return BadParameter(
        "bbox",
        f"{wrong[0].upper()}{wrong[1:]}; it takes 4 (west,south,east,north) or 6 finite numbers, in degrees.",
    )


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise BadParameter("datetime", f"{error}.") from error


def _at_midnight(text: str) -> str:
    return f"{text}T00:00:00Z" if DAY.fullmatch(text) else text


def _move(at: datetime, duration: str, sign: int = 1) -> datetime:
    try:
        return at + sign * parse_duration(duration)
    except ValueError as error:
        raise BadParameter("datetime", f"{error}.") from error
    except OverflowError as error:
        raise BadParameter("datetime", f"{duration} leads out of the years 1 to 9999.") from error


def _read_number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("not finite")
    return number


def _read_integer(text: str) -> int:
    if WHOLE.fullmatch(text) is None or abs(int(text)) > MOST_WHOLE:
        raise ValueError(text)
    return int(text)


def _read_boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


READERS: Mapping[str, Callable[[str], object]] = {
    "string": str,
    "number": _read_number,
    "integer": _read_integer,
    "boolean": _read_boolean,
    "timestamp": parse_instant,
    "date": lambda text: datetime.strptime(text, "%Y-%m-%d").date(),  # noqa: DTZ007
}
