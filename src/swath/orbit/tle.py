"""Two-line element sets as text, with or without a name line; what is wrong is told by line and column."""

import re
from calendar import isleap
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, NoReturn

from sgp4.alpha5 import from_alpha5

from swath.errors import Malformed
from swath.orbit.mean import DAY_S, Elements

LENGTH = 69
# Two-digit years from here on belong to the twentieth century (Spacetrack Report #3, revisited).
FIRST_YEAR = 57

_NUMBER = re.compile(r" *[+-]?(\d+\.?\d*|\.\d+) *", re.ASCII)
_WHOLE = re.compile(r" *\d+ *", re.ASCII)
_POWER = re.compile(r"([ +-])([ \d]{5})([+-]\d| {2})", re.ASCII)
_DESIGNATOR = re.compile(r"(\d\d)(\d{3}[A-Z]{1,3})", re.ASCII)
# What each character counts in a checksum.
_WORTH = bytes(int(chr(i)) if chr(i) in "0123456789" else int(chr(i) == "-") for i in range(256))
_CATALOGUE = re.compile(r" *\d+|[A-HJ-NP-Z]\d{4}", re.ASCII)


class Line(NamedTuple):
    """A line of the text with its number, from 1."""

    number: int
    text: str


def parse_tle(text: str, source: str = "") -> tuple[Elements, ...]:
    """Read element sets of two lines, or of three with the name first; blank lines and lines with # are skipped.

    Raises Malformed that says where (`source`, line, column), what was found and what is right.
    """
    lines = [Line(i, line.rstrip()) for i, line in enumerate(text.splitlines(), 1) if _counts(line)]
    try:
        return _parse_sets(lines)
    except Malformed as error:
        raise Malformed(f"{source}: {error.message}" if source else error.message) from error


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _parse_sets(lines: Sequence[Line]) -> tuple[Elements, ...]:
    sets: list[Elements] = []
    i = 0
    while i < len(lines):
        name, i = _take_name(lines, i)
        sets.append(_parse_set(name, *_take_pair(lines, i)))
        i += 2
    if not sets:
        raise Malformed("there is no element set in the text; expected lines that start with '1 ' and '2 '")
    return tuple(sets)


def _take_name(lines: Sequence[Line], i: int) -> tuple[str, int]:
    """The name before a set, if there is one, and the index of the set's first line."""
    number, text = lines[i]
    if text.startswith("1 "):
        return "", i
    if text.startswith("2 ") and len(text) == LENGTH:
        _refuse(number, 1, "a line 2 stands without its line 1 before it")
    return text.removeprefix("0 ").strip(), i + 1


def _take_pair(lines: Sequence[Line], i: int) -> tuple[Line, Line]:
    for wanted, at in (("1", i), ("2", i + 1)):
        if at >= len(lines):
            _refuse(lines[-1].number, 1, f"the text ends where line {wanted} of an element set should follow")
        if not lines[at].text.startswith(f"{wanted} "):
            _refuse(
                lines[at].number,
                1,
                f"expected line {wanted} of an element set, which starts with '{wanted} '",
            )
    return lines[i], lines[i + 1]


def _parse_set(name: str, first: Line, second: Line) -> Elements:
    _check_line(first)
    _check_line(second)
    if second.text[2:7] != first.text[2:7]:
        _refuse(second.number, 3, f"catalogue number is {second.text[2:7]!r}, line 1 has {first.text[2:7]!r}")
    fields: dict[str, Any] = {
        "name": name or first.text[2:7].strip(),
        "norad_id": _catalogue_number(first),
        "classification": first.text[7].strip() or "U",
        "designator": _designator(first.text[9:17]),
        "epoch": _epoch(first),
        "mean_motion_dot": _number(first, 34, 43),
        "mean_motion_ddot": _power(first, 45, 52),
        "bstar": _power(first, 54, 61),
        "ephemeris_type": _whole(first, 63, 63, blank=0),
        "element_set_no": _whole(first, 65, 68, blank=0),
        "inclination_deg": _number(second, 9, 16),
        "raan_deg": _number(second, 18, 25),
        "eccentricity": _whole(second, 27, 33) / 1e7,
        "arg_perigee_deg": _number(second, 35, 42),
        "mean_anomaly_deg": _number(second, 44, 51),
        "mean_motion": _number(second, 53, 63),
        "rev_at_epoch": _whole(second, 64, 68, blank=0),
    }
    try:
        return Elements(**fields)
    except Malformed as error:
        raise Malformed(f"lines {first.number} and {second.number}: {error.message}") from error


def _check_line(line: Line) -> None:
    number, text = line
    if not text.isascii():
        _refuse(number, _first_foreign(text), "element lines hold ASCII characters only")
    if len(text) != LENGTH:
        _refuse(number, min(len(text), LENGTH) + 1, f"the line has {len(text)} characters; it takes {LENGTH}")
    total = compute_checksum(text)
    if text[-1] != str(total):
        _refuse(number, LENGTH, f"checksum is {text[-1]}, the digits sum to {total}")


def compute_checksum(line: str) -> int:
    """The last digit of an element line: the sum of its first 68 characters modulo 10, a minus sign counting 1."""
    return sum(line[: LENGTH - 1].encode("ascii", "replace").translate(_WORTH)) % 10


def _first_foreign(text: str) -> int:
    return next(i for i, c in enumerate(text, 1) if not c.isascii())


def _catalogue_number(line: Line) -> int:
    field = line.text[2:7]
    if not _CATALOGUE.fullmatch(field):
        _refuse(
            line.number, 3, f"{field!r} is not a catalogue number; expected five digits, or a letter and four"
        )
    return from_alpha5(field.strip().rjust(5, "0"))


def _designator(field: str) -> str:
    """`18111Q` as `2018-111Q`; a field that is not of this form is left out."""
    found = _DESIGNATOR.fullmatch(field.strip())
    return f"{_full_year(int(found[1]))}-{found[2]}" if found else ""


def _full_year(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= FIRST_YEAR else 2000)


def _epoch(line: Line) -> datetime:
    start = datetime(_full_year(_whole(line, 19, 20)), 1, 1, tzinfo=UTC)
    day = _number(line, 21, 32)
    days = 366 if isleap(start.year) else 365
    if not 1 <= day < days + 1:
        _refuse(line.number, 21, f"day of the year is {day:g}; {start.year} takes 1 to below {days + 1}")
    # Eight decimals of a day are whole multiples of 864 microseconds: rounding restores the printed digits.
    return start + timedelta(microseconds=round((day - 1) * DAY_S * 1e6))


def _number(line: Line, first: int, last: int) -> float:
    field = _field(line, first, last)
    if not _NUMBER.fullmatch(field):
        _refuse(line.number, first, f"{field!r} is not a decimal number")
    return float(field)


def _whole(line: Line, first: int, last: int, blank: int | None = None) -> int:
    field = _field(line, first, last)
    if blank is not None and not field.strip():
        return blank
    if not _WHOLE.fullmatch(field):
        _refuse(line.number, first, f"{field!r} is not a whole number")
    return int(field)


def _power(line: Line, first: int, last: int) -> float:
    """A field like ` 13568-4`: 0.13568e-4, its decimal point left out."""
    field = _field(line, first, last)
    found = _POWER.fullmatch(field)
    if not found:
        _refuse(line.number, first, f"{field!r} is not of the form ' 12345-6', which stands for 0.12345e-6")
    sign, digits, power = found.groups()
    return float(f"{sign.strip()}0.{digits.replace(' ', '0')}e{power.strip() or '0'}")


def _field(line: Line, first: int, last: int) -> str:
    return line.text[first - 1 : last]


def _refuse(number: int, column: int, what: str) -> NoReturn:
    raise Malformed(f"line {number}, column {column}: {what}")
