"""Element sets: read from two-line elements and from OMM, checked, and handed to SGP4.

An `Elements` value holds the mean elements in the units of OMM (degrees, revolutions a day). Whatever it was read from,
the fields are the same, so it can be stored as OMM and come back without loss.
"""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sgp4 import omm
from sgp4.alpha5 import from_alpha5
from sgp4.api import WGS72, Satrec

from swath.errors import Malformed

LINE_LENGTH = 69
FIRST_EPOCH = datetime(1957, 10, 4, tzinfo=UTC)
LAST_EPOCH = datetime(2057, 1, 1, tzinfo=UTC)
MAX_MEAN_MOTION = 18.0
LAST_ALPHA5 = 339_999


@dataclass(frozen=True)
class Elements:
    """Mean elements of one satellite at one epoch, as SGP4 takes them.

    Angles in degrees, mean motion in revolutions a day, its derivatives in OMM's units, B* in 1/earth radii. The epoch
    is UTC to the microsecond (OMM's own precision; a TLE's is 0.9 ms).
    """

    name: str
    norad_id: int
    designator: str
    epoch: datetime
    mean_motion: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    arg_perigee_deg: float
    mean_anomaly_deg: float
    bstar: float
    mean_motion_dot: float
    mean_motion_ddot: float
    rev_at_epoch: int
    element_set_no: int = 999
    ephemeris_type: int = 0
    classification: str = "U"


_OMM_FIELDS = {
    "OBJECT_NAME": "name",
    "NORAD_CAT_ID": "norad_id",
    "OBJECT_ID": "designator",
    "MEAN_MOTION": "mean_motion",
    "ECCENTRICITY": "eccentricity",
    "INCLINATION": "inclination_deg",
    "RA_OF_ASC_NODE": "raan_deg",
    "ARG_OF_PERICENTER": "arg_perigee_deg",
    "MEAN_ANOMALY": "mean_anomaly_deg",
    "BSTAR": "bstar",
    "MEAN_MOTION_DOT": "mean_motion_dot",
    "MEAN_MOTION_DDOT": "mean_motion_ddot",
    "REV_AT_EPOCH": "rev_at_epoch",
    "ELEMENT_SET_NO": "element_set_no",
    "EPHEMERIS_TYPE": "ephemeris_type",
    "CLASSIFICATION_TYPE": "classification",
}
_INTEGERS = {"norad_id", "rev_at_epoch", "element_set_no", "ephemeris_type"}
_TEXTS = {"name", "designator", "classification"}
_OPTIONAL = {
    "name": "",
    "designator": "",
    "classification": "U",
    "element_set_no": 999,
    "ephemeris_type": 0,
    "rev_at_epoch": 0,
    "mean_motion_dot": 0.0,
    "mean_motion_ddot": 0.0,
}
_RANGES = {
    "mean_motion": (0.0, MAX_MEAN_MOTION, "0 < MEAN_MOTION < 18 revolutions a day"),
    "inclination_deg": (-1e-9, 180.0 + 1e-9, "0 <= INCLINATION <= 180 degrees"),
    "eccentricity": (-1e-12, 1.0, "0 <= ECCENTRICITY < 1"),
    "raan_deg": (-360.0, 360.0 + 1e-9, "0 <= RA_OF_ASC_NODE < 360 degrees"),
    "arg_perigee_deg": (-360.0, 360.0 + 1e-9, "0 <= ARG_OF_PERICENTER < 360 degrees"),
    "mean_anomaly_deg": (-360.0, 360.0 + 1e-9, "0 <= MEAN_ANOMALY < 360 degrees"),
    "bstar": (-1.0, 1.0, "-1 < BSTAR < 1 (1/earth radii)"),
}


def parse_elements(text: str) -> tuple[Elements, ...]:
    """Read element sets in whichever format the text is: TLE, or OMM as JSON, XML, CSV or KVN. Raises Malformed."""
    head = text.lstrip("\ufeff \t\r\n")
    if head[:1] in ("[", "{"):
        return parse_omm_json(head)
    if head[:1] == "<":
        return parse_omm_xml(head)
    if head.startswith("CCSDS_OMM_VERS"):
        return parse_omm_kvn(head)
    if "NORAD_CAT_ID" in head.partition("\n")[0]:
        return parse_omm_csv(head)
    return parse_tle(text)


def parse_tle(text: str) -> tuple[Elements, ...]:
    """Read two-line sets, each with or without a name line before; lines that start with # are comments.

    Raises Malformed that names line and column.
    """
    lines = [
        (number, line.rstrip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    found = tuple(_tle_sets(lines))
    if not found:
        raise Malformed("There is no element set in the text; expected two-line sets or OMM.")
    return found


def parse_omm_json(text: str) -> tuple[Elements, ...]:
    """Read OMM as JSON, one object or a list of them, as CelesTrak and Space-Track give it. Raises Malformed."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f"line {error.lineno}, column {error.colno}: " if isinstance(error, json.JSONDecodeError) else ""
        raise Malformed(f"{where}the text is not JSON; expected OMM records.") from error
    records: list[Any] = document if isinstance(document, list) else [document]
    return _from_records(records)


def parse_omm_csv(text: str) -> tuple[Elements, ...]:
    """Read OMM as CSV with a header line. Raises Malformed."""
    return _from_records(list(csv.DictReader(io.StringIO(text))))


def parse_omm_xml(text: str) -> tuple[Elements, ...]:
    """Read OMM as XML (NDM). Raises Malformed; documents with a DOCTYPE are refused, they could name entities."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Malformed("The XML carries a document type; send plain OMM without one.")
    try:
        return _from_records(list(omm.parse_xml(io.StringIO(text))))
    except (SyntaxError, AttributeError, TypeError) as error:
        raise Malformed(f"The text is no OMM in XML: {error}.") from error


def parse_omm_kvn(text: str) -> tuple[Elements, ...]:
    """Read OMM in keyword = value notation; each CCSDS_OMM_VERS starts a record. Raises Malformed."""
    records: list[dict[str, str]] = []
    for line in text.splitlines():
        key, equals, value = (part.strip() for part in line.partition("="))
        if key == "CCSDS_OMM_VERS":
            records.append({})
        elif equals and records:
            records[-1][key] = value.partition("[")[0].strip()
    return _from_records(list(records))


def to_omm(elements: Elements) -> dict[str, Any]:
    """The OMM fields of an element set, JSON-ready; `from_omm` brings the same value back."""
    fields = {field: getattr(elements, name) for field, name in _OMM_FIELDS.items()}
    return {**fields, "EPOCH": elements.epoch.replace(tzinfo=None).isoformat(timespec="microseconds")}


def from_omm(record: Mapping[str, Any], where: str = "OMM record") -> Elements:
    """An element set from OMM fields (numbers or their text). Raises Malformed that names the field."""
    values = {name: _field(record, field, name, where) for field, name in _OMM_FIELDS.items()}
    elements = Elements(epoch=_omm_epoch(record, where), **values)
    _check(elements, where)
    return elements


@lru_cache(maxsize=4096)
def satrec(elements: Elements) -> Satrec:
    """The SGP4 record of an element set, with WGS72 constants (those the sets are made with). Raises Malformed."""
    record = Satrec()
    fields = {key: str(value) for key, value in to_omm(elements).items()}
    # SGP4 itself has no use for the number, and its record cannot hold those above Alpha-5's last.
    fields["NORAD_CAT_ID"] = str(elements.norad_id if elements.norad_id <= LAST_ALPHA5 else 0)
    omm.initialize(record, fields, WGS72)
    if record.error:
        raise Malformed(f"SGP4 refuses the elements of {elements.name or elements.norad_id} (error {record.error}).")
    return record


def elements_age(elements: Elements, now: datetime) -> timedelta:
    """How old an element set is at `now`; negative when its epoch is still to come."""
    return now - elements.epoch


def _tle_sets(lines: list[tuple[int, str]]) -> Iterator[Elements]:
    name, i = "", 0
    while i < len(lines):
        number, line = lines[i]
        if not line.startswith("1 "):
            if line.startswith("2 ") and len(line) == LINE_LENGTH:
                raise Malformed(f"line {number}, column 1: a line 2 without a line 1 before it.")
            name, i = line.removeprefix("0 ").strip(), i + 1
            if i == len(lines):
                raise Malformed(f"line {number}: {line[:24]!r} is followed by no element set.")
            if not lines[i][1].startswith("1 "):
                raise Malformed(f"line {lines[i][0]}, column 1: expected a line 1 that starts with '1 '.")
            continue
        if i + 1 == len(lines) or not lines[i + 1][1].startswith("2 "):
            raise Malformed(f"line {number}: its line 2 is missing.")
        yield _tle(name, lines[i], lines[i + 1])
        name, i = "", i + 2


def _tle(name: str, first: tuple[int, str], second: tuple[int, str]) -> Elements:
    for number, line in (first, second):
        _check_line(number, line)
    (n1, one), (n2, two) = first, second
    if one[2:7] != two[2:7]:
        raise Malformed(f"line {n2}, column 3: catalogue number {two[2:7]!r} differs from line 1's {one[2:7]!r}.")
    elements = Elements(
        name=name,
        norad_id=_norad(n1, one),
        classification=one[7].strip() or "U",
        designator=_designator(one[9:17]),
        epoch=_tle_epoch(n1, one),
        mean_motion_dot=_number(n1, one, 33, 43),
        mean_motion_ddot=_exponent(n1, one, 44, 52),
        bstar=_exponent(n1, one, 53, 61),
        ephemeris_type=int(_number(n1, one, 62, 63, blank="0")),
        element_set_no=int(_number(n1, one, 64, 68, blank="0")),
        inclination_deg=_number(n2, two, 8, 16),
        raan_deg=_number(n2, two, 17, 25),
        eccentricity=int(_digits(n2, two, 26, 33)) / 1e7,
        arg_perigee_deg=_number(n2, two, 34, 42),
        mean_anomaly_deg=_number(n2, two, 43, 51),
        mean_motion=_number(n2, two, 52, 63),
        rev_at_epoch=int(_number(n2, two, 63, 68, blank="0")),
    )
    _check(elements, f"lines {n1} and {n2}")
    return elements


def _check_line(number: int, line: str) -> None:
    if len(line) != LINE_LENGTH:
        raise Malformed(f"line {number}: {len(line)} characters long; an element line has {LINE_LENGTH}.")
    if not line.isascii():
        raise Malformed(f"line {number}: holds characters that are not ASCII.")
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68]) % 10
    if line[68] != str(total):
        raise Malformed(f"line {number}, column 69: checksum is {line[68]!r}, the digits sum to {total}.")


def _norad(number: int, line: str) -> int:
    try:
        return from_alpha5(line[2:7].strip().rjust(5, "0"))
    except ValueError as error:
        raise Malformed(f"line {number}, column 3: {line[2:7]!r} is no catalogue number.") from error


def _designator(field: str) -> str:
    field = field.strip()
    if len(field) < 6 or not field[:5].isdigit():
        return field
    year = int(field[:2])
    return f"{1900 + year if year >= 57 else 2000 + year}-{field[2:]}"


def _tle_epoch(number: int, line: str) -> datetime:
    year, day = int(_digits(number, line, 18, 20)), _number(number, line, 20, 32)
    if not 1 <= day < 367:
        raise Malformed(f"line {number}, column 21: day {day} of the year; expected 1 to 366.")
    start = datetime(1900 + year if year >= 57 else 2000 + year, 1, 1, tzinfo=UTC)
    return start + timedelta(microseconds=round((day - 1) * 86_400e6))


def _digits(number: int, line: str, start: int, end: int) -> str:
    field = line[start:end].strip()
    if not field.isdigit():
        raise Malformed(f"line {number}, column {start + 1}: {line[start:end]!r} is no number.")
    return field


def _number(number: int, line: str, start: int, end: int, blank: str = "") -> float:
    field = line[start:end].strip() or blank
    try:
        value = float(field)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in field:
        raise Malformed(f"line {number}, column {start + 1}: {line[start:end]!r} is no number.")
    return value


def _exponent(number: int, line: str, start: int, end: int) -> float:
    """A field like ' 13568-4': a decimal point is assumed before the digits, the last two characters are a power."""
    field = line[start:end].strip().replace(" ", "")
    sign = -1.0 if field[:1] == "-" else 1.0
    body = field.lstrip("+-")
    mantissa, power = body[:-2], body[-2:]
    try:
        return sign * float(f"0.{mantissa or '0'}") * 10.0 ** int(power or "0")
    except ValueError as error:
        raise Malformed(f"line {number}, column {start + 1}: {line[start:end]!r} is no number.") from error


def _from_records(records: list[Any]) -> tuple[Elements, ...]:
    if not records:
        raise Malformed("There is no OMM record in the text.")
    return tuple(_from_record(record, i) for i, record in enumerate(records, 1))


def _from_record(record: Any, number: int) -> Elements:
    if not isinstance(record, Mapping):
        raise Malformed(f"OMM record {number} is a {type(record).__name__}; expected an object with fields.")
    return from_omm(record, f"OMM record {number}")


def _field(record: Mapping[str, Any], field: str, name: str, where: str) -> Any:
    value = record.get(field)
    if value is None or value == "":
        if name in _OPTIONAL:
            return _OPTIONAL[name]
        raise Malformed(f"{where}: {field} is missing.")
    if name in _TEXTS:
        return str(value)
    return _omm_number(value, field, name, where)


def _omm_number(value: Any, field: str, name: str, where: str) -> float | int:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or (name in _INTEGERS and not number.is_integer()):
        kind = "a whole number" if name in _INTEGERS else "a number"
        raise Malformed(f"{where}: {field} is {value!r}; expected {kind}.")
    return int(number) if name in _INTEGERS else number


def _omm_epoch(record: Mapping[str, Any], where: str) -> datetime:
    value = record.get("EPOCH")
    try:
        epoch = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Malformed(f"{where}: EPOCH is {value!r}; expected a time such as 2026-08-22T06:19:23.0.") from error
    return epoch.replace(tzinfo=UTC) if epoch.tzinfo is None else epoch.astimezone(UTC)


def _check(elements: Elements, where: str) -> None:
    for name, (low, high, rule) in _RANGES.items():
        value = getattr(elements, name)
        if not low < value < high:
            raise Malformed(f"{where}: found {value!r}; must be {rule}.")
    if not FIRST_EPOCH <= elements.epoch < LAST_EPOCH:
        raise Malformed(f"{where}: epoch {elements.epoch.isoformat()}; expected one between 1957-10-04 and 2057.")
    if elements.norad_id < 1:
        raise Malformed(f"{where}: catalogue number {elements.norad_id}; expected 1 or more.")
    satrec(elements)
