"""What SQLite lacks for CQL2, as plain functions: matching and folding of texts, arithmetic, arrays, and our own.

Each takes None for NULL and gives None for it, as SQL does; arithmetic without a result gives None too.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import shapely
from shapely import MultiPolygon, Polygon

from swath.geo.measures import area_m2

P = ParamSpec("P")
R = TypeVar("R")

# Canonical combining classes from here on are accents; below are vowel signs, voicing marks and the like.
FIRST_ACCENT = 200
_LIKE_PART = re.compile(r"\\(?P<escaped>.)|(?P<any>%)|(?P<one>_)|(?P<plain>.)", re.DOTALL)


def _null_in_null_out(function: Callable[P, R]) -> Callable[P, R | None]:
    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R | None:
        return None if None in args else function(*args, **kwargs)

    return call


@_null_in_null_out
def fold_case(text: str) -> str:
    """Full Unicode case folding: `Straße` and `STRASSE` become one."""
    return text.casefold()


@_null_in_null_out
def strip_accents(text: str) -> str:
    """The text without its accents: `Chișinău` becomes `Chisinau`; letters of their own such as ø stay."""
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in apart if unicodedata.combining(letter) < FIRST_ACCENT)
    return unicodedata.normalize("NFC", bare)


@_null_in_null_out
def start_of_day(day: str) -> str:
    """The first microsecond of a day, as columns of times hold it."""
    return f"{day}T00:00:00.000000Z"


@_null_in_null_out
def end_of_day(day: str) -> str:
    """The last microsecond of a day, as columns of times hold it."""
    return f"{day}T23:59:59.999999Z"


class _Piece(NamedTuple):
    """A stretch of a pattern between two `%`: it matches exactly `width` letters."""

    regex: re.Pattern[str]
    width: int


@_null_in_null_out
def is_like(text: str, pattern: str) -> bool:
    r"""SQL LIKE, case sensitive, `\` before a letter takes it literally.

    Pieces are found from left to right and never given up again, so time grows at most with text times pattern.
    """
    first, *rest = _pieces(pattern)
    if not rest:
        return first.regex.fullmatch(text) is not None
    *middle, last = rest
    end = _end_of(first.regex.match(text))
    for piece in middle:
        end = _end_of(piece.regex.search(text, end)) if end >= 0 else end
    return (
        0 <= end <= len(text) - last.width and last.regex.fullmatch(text, len(text) - last.width) is not None
    )


def _end_of(found: re.Match[str] | None) -> int:
    return found.end() if found else -1


@lru_cache(maxsize=64)
def _pieces(pattern: str) -> tuple[_Piece, ...]:
    pieces: list[list[str]] = [[]]
    for part in _LIKE_PART.finditer(pattern):
        if part["any"]:
            pieces.append([])
        else:
            pieces[-1].append("." if part["one"] else re.escape(part["escaped"] or part["plain"]))
    return tuple(_Piece(re.compile("".join(piece), re.DOTALL), len(piece)) for piece in pieces)


def _or_null(function: Callable[[float, float], float]) -> Callable[[float, float], float | None]:
    @wraps(function)
    def compute(left: float, right: float) -> float | None:
        try:
            result = function(left, right)
        except (ArithmeticError, ValueError):  # no real result, or too large a one
            return None
        return result if math.isfinite(result) else None

    return compute


@_null_in_null_out
@_or_null
def add(left: float, right: float) -> float:
    """`left + right`."""
    return float(left) + float(right)


@_null_in_null_out
@_or_null
def subtract(left: float, right: float) -> float:
    """`left - right`."""
    return float(left) - float(right)


@_null_in_null_out
@_or_null
def multiply(left: float, right: float) -> float:
    """`left * right`."""
    return float(left) * float(right)


@_null_in_null_out
@_or_null
def power(base: float, exponent: float) -> float:
    """`base ^ exponent`, None where it is not a real number."""
    return math.pow(base, exponent)


@_null_in_null_out
@_or_null
def divide(left: float, right: float) -> float:
    """`left / right`, whole numbers too are not cut."""
    return float(left) / float(right)


@_null_in_null_out
@_or_null
def divide_whole(left: float, right: float) -> float:
    """`left div right`, cut towards zero."""
    return float(math.trunc(left / right))


@_null_in_null_out
@_or_null
def modulo(left: float, right: float) -> float:
    """`left % right` with the sign of `left`, fractions included."""
    return math.fmod(left, right)


@_null_in_null_out
def seconds_between(start: str, end: str) -> float:
    """Seconds from one time to another, both as columns of times hold them."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


@_null_in_null_out
def area_km2(wkb: bytes) -> float:
    """What the areas of a geometry cover, 0 where it has none."""
    parts = shapely.get_parts(shapely.from_wkb(wkb))
    areas = (part for part in parts if isinstance(part, Polygon | MultiPolygon))
    return sum(map(area_m2, areas)) / 1e6


def _on_arrays(holds: Callable[[frozenset[Any], frozenset[Any]], bool]) -> Callable[..., bool | None]:
    def decide(left: str, right: str) -> bool:
        return holds(_members(left), _members(right))

    return _null_in_null_out(decide)


@lru_cache(maxsize=256)
def _members(array: str) -> frozenset[Any]:
    # True is 1 for Python but not for JSON.
    return frozenset((isinstance(each, bool), each) for each in _scalars(json.loads(array)))


def _scalars(values: Any) -> Iterator[Any]:
    yield from (each if isinstance(each, str | float | int) else json.dumps(each) for each in values)


# Name in SQL, number of arguments, function. Arrays compare as sets: neither order nor repetition counts.
FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "swath_fold_case": (1, fold_case),
    "swath_strip_accents": (1, strip_accents),
    "swath_like": (2, is_like),
    "swath_start_of_day": (1, start_of_day),
    "swath_end_of_day": (1, end_of_day),
    "swath_add": (2, add),
    "swath_subtract": (2, subtract),
    "swath_multiply": (2, multiply),
    "swath_power": (2, power),
    "swath_divide": (2, divide),
    "swath_div": (2, divide_whole),
    "swath_mod": (2, modulo),
    "swath_abs": (1, _null_in_null_out(abs)),
    "swath_floor": (1, _null_in_null_out(math.floor)),
    "swath_ceil": (1, _null_in_null_out(math.ceil)),
    "swath_length": (1, _null_in_null_out(len)),
    "swath_duration_s": (2, seconds_between),
    "swath_area_km2": (1, area_km2),
    "swath_array_contains": (2, _on_arrays(frozenset.issuperset)),
    "swath_array_containedby": (2, _on_arrays(frozenset.issubset)),
    "swath_array_equals": (2, _on_arrays(frozenset.__eq__)),
    "swath_array_overlaps": (2, _on_arrays(lambda left, right: not left.isdisjoint(right))),
}
