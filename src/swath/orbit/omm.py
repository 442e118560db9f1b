"""Orbit mean-elements messages (CCSDS 502.0): fields to Elements and back, and the four ways they are written."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from math import isfinite
from typing import Any, cast
from xml.etree import ElementTree

from swath.errors import Malformed
from swath.orbit.mean import Elements

Record = Mapping[str, Any]

_TEXTS = {"OBJECT_NAME": "name", "OBJECT_ID": "designator", "CLASSIFICATION_TYPE": "classification"}
_WHOLE = {
    "NORAD_CAT_ID": "norad_id",
    "EPHEMERIS_TYPE": "ephemeris_type",
    "ELEMENT_SET_NO": "element_set_no",
    "REV_AT_EPOCH": "rev_at_epoch",
}
_NUMBERS = {
    "MEAN_MOTION": "mean_motion",
    "ECCENTRICITY": "eccentricity",
    "INCLINATION": "inclination_deg",
    "RA_OF_ASC_NODE": "raan_deg",
    "ARG_OF_PERICENTER": "arg_perigee_deg",
    "MEAN_ANOMALY": "mean_anomaly_deg",
    "BSTAR": "bstar",
    "MEAN_MOTION_DOT": "mean_motion_dot",
    "MEAN_MOTION_DDOT": "mean_motion_ddot",
}
_WHEN_MISSING: Record = {
    "OBJECT_NAME": "",
    "OBJECT_ID": "",
    "CLASSIFICATION_TYPE": "U",
    "EPHEMERIS_TYPE": 0,
    "ELEMENT_SET_NO": 999,
    "REV_AT_EPOCH": 0,
    "MEAN_MOTION_DOT": 0.0,
    "MEAN_MOTION_DDOT": 0.0,
}
# Only these describe what SGP4 propagates; a message that says otherwise would be propagated wrongly.
_FIXED = {
    "CENTER_NAME": ("EARTH",),
    "REF_FRAME": ("TEME",),
    "TIME_SYSTEM": ("UTC",),
    "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4"),
}
_EPOCH = re.compile(
    r"(\d{4})-(?:(\d{2})-(\d{2})|(\d{3}))T(\d{2}):(\d{2}):(\d{2})(\.\d{1,12})?(?:Z|\+00:00)?", re.ASCII
)
_KVN_LINE = re.compile(r"\s*([A-Z][A-Z0-9_]*)\s*=\s*([^\[]*?)\s*(?:\[[^\]]*\]\s*)?")


def from_omm(record: Record, where: str = "OMM record") -> Elements:
    """An element set from OMM fields, numbers or their text; fields that SGP4 does not need may be missing.

    Raises Malformed that names the field, what was found and what is right.
    """
    try:
        _check_fixed(record)
        fields = {name: _text(record, key) for key, name in _TEXTS.items()}
        fields |= {name: _whole(record, key) for key, name in _WHOLE.items()}
        fields |= {name: _number(record, key) for key, name in _NUMBERS.items()}
        return Elements(epoch=_epoch(record), **cast("Any", fields))
    except Malformed as error:
        raise Malformed(f"{where}: {error.message}") from error


def to_omm(elements: Elements) -> dict[str, Any]:
    """The OMM fields of an element set, JSON-ready; `from_omm` brings the very same value back."""
    named = {**_TEXTS, **_WHOLE, **_NUMBERS}
    return {
        "CENTER_NAME": "EARTH",
        "REF_FRAME": "TEME",
        "TIME_SYSTEM": "UTC",
        "MEAN_ELEMENT_THEORY": "SGP4",
        "EPOCH": elements.epoch.replace(tzinfo=None).isoformat(timespec="microseconds"),
        **{key: getattr(elements, name) for key, name in named.items()},
    }


def parse_omm_json(text: str) -> tuple[Elements, ...]:
    """Read OMM written as JSON: one object, or a list as CelesTrak and Space-Track send it. Raises Malformed."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Malformed(
            f"line {error.lineno}, column {error.colno}: the text is not JSON ({error.msg})"
        ) from error
    except (RecursionError, ValueError) as error:
        raise Malformed(f"the text is not JSON that can be read ({error})") from error
    return _from_records(document if isinstance(document, list) else [document])


def parse_omm_csv(text: str) -> tuple[Elements, ...]:
    """Read OMM written as CSV, field names in the first line. Raises Malformed."""
    try:
        return _from_records(list(csv.DictReader(StringIO(text), strict=True)))
    except csv.Error as error:
        raise Malformed(f"the text is not CSV ({error})") from error


def parse_omm_xml(text: str) -> tuple[Elements, ...]:
    """Read OMM written as XML, one message or an NDM of several. Raises Malformed; a document type is refused."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Malformed("the XML declares a document type; OMM needs none, leave it out")
    try:
        root = ElementTree.fromstring(text.strip().encode())  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        line, column = error.position
        raise Malformed(f"line {line}, column {column + 1}: the text is not XML ({error.msg})") from error
    return _from_records([_leaves(segment) for segment in root.iter("segment")])


def parse_omm_kvn(text: str) -> tuple[Elements, ...]:
    """Read OMM written as `KEY = value` lines; each CCSDS_OMM_VERS begins a message. Raises Malformed."""
    records: list[dict[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("COMMENT"):
            continue
        found = _KVN_LINE.fullmatch(line)
        if not found:
            raise Malformed(f"line {number}, column 1: expected `KEY = value`, found {line.strip()[:40]!r}")
        if found[1] == "CCSDS_OMM_VERS":
            records.append({})
        elif not records:
            raise Malformed(
                f"line {number}, column 1: {found[1]} stands before CCSDS_OMM_VERS, the first line"
            )
        records[-1][found[1]] = found[2]
    return _from_records(records)


def _from_records(records: Iterable[Any]) -> tuple[Elements, ...]:
    found = tuple(_from_record(record, i) for i, record in enumerate(records, 1))
    if not found:
        raise Malformed("there is no OMM record in the text")
    return found


def _from_record(record: Any, number: int) -> Elements:
    where = f"OMM record {number}"
    if not isinstance(record, Mapping):
        raise Malformed(f"{where}: found {type(record).__name__}; expected an object with OMM fields")
    return from_omm(cast("Record", record), where)


def _leaves(segment: ElementTree.Element) -> dict[str, str]:
    return {leaf.tag: (leaf.text or "").strip() for leaf in segment.iter() if len(leaf) == 0}


def _check_fixed(record: Record) -> None:
    for key, allowed in _FIXED.items():
        value = record.get(key)
        if value not in (None, "") and str(value).strip().upper() not in allowed:
            raise Malformed(f"{key} is {value!r}; SGP4 takes {allowed[0]}")


def _value(record: Record, key: str) -> Any:
    value = record.get(key)
    if value is not None and value != "":
        return value
    if key not in _WHEN_MISSING:
        raise Malformed(f"{key} is missing")
    return _WHEN_MISSING[key]


def _text(record: Record, key: str) -> str:
    value = _value(record, key)
    if not isinstance(value, str):
        raise Malformed(f"{key} is {value!r}; expected a text")
    return value.strip()


def _number(record: Record, key: str) -> float:
    value = _value(record, key)
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise Malformed(f"{key} is {value!r}; expected a finite number")
    return number


def _whole(record: Record, key: str) -> int:
    number = _number(record, key)
    if number < 0 or not number.is_integer():
        raise Malformed(f"{key} is {_value(record, key)!r}; expected a whole number, 0 or more")
    return int(number)


def _epoch(record: Record) -> datetime:
    text = str(_value(record, "EPOCH")).strip()
    found = _EPOCH.fullmatch(text)
    try:
        if not found:
            raise ValueError("no such form")
        return _compose(found)
    except (ValueError, OverflowError) as error:
        raise Malformed(
            f"EPOCH is {text[:40]!r}; expected a UTC time such as 2026-08-22T06:19:23.117664"
        ) from error


def _compose(found: re.Match[str]) -> datetime:
    year, month, day, day_of_year, hour, minute, second, fraction = found.groups()
    start = datetime(
        int(year), int(month or 1), int(day or 1), int(hour), int(minute), int(second), tzinfo=UTC
    )
    at = start + timedelta(days=int(day_of_year or 1) - 1, microseconds=round(float(fraction or 0) * 1e6))
    if day_of_year and at.year != start.year:
        raise ValueError("no such day in that year")
    return at
