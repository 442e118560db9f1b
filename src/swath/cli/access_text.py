"""Accesses as rows of CSV or JSON, thousands at a time, put together from columns of bytes.

A column is an array (N, width) of UTF-8; what is shorter than its column is filled up with a byte that UTF-8 never has,
and that byte is dropped when the rows are done. Digits come from tables.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from swath.access.table import ANGLES, Accesses, to_micros

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COLUMNS = ("satellite", "target", "lon_deg", "lat_deg", "rise_utc", "set_utc", "t_max_utc", *ANGLES)
FILLER = 0xFF
# A micro-degree is a tenth of a metre on the ground; more digits would be noise.
DECIMALS = 6
MILLION, THOUSAND, DAY = 1_000_000, 1_000, 86_400
# How many bytes a time and an angle take.
TIME, NUMBER = 27, 11
# Rows are put together in pieces of about this size.
PIECE_BYTES = 16_000_000


@dataclass(frozen=True)
class Form:
    """How accesses are written down: what begins the document, what is around each value, what ends the document.

    `satellite` and `target` write what comes before the times, `between` (8,) stands around these and the angles. The
    first row of all goes without its `lead`.
    """

    begin: str
    lead: str
    satellite: Callable[[str], str]
    target: Callable[[str, float, float], str]
    between: tuple[str, ...]
    end: str


def _write_cells(*cells: object) -> str:
    line = StringIO()
    csv.writer(line, lineterminator=",").writerow(cells)
    return line.getvalue()


def _write_members(names: Sequence[str], *values: object) -> str:
    members = zip(names, values, strict=True)
    return "".join(f'"{name}": {json.dumps(value, ensure_ascii=False)}, ' for name, value in members)


CSV = Form(
    begin=",".join(COLUMNS) + "\n",
    lead="",
    satellite=_write_cells,
    target=_write_cells,
    between=("", *[","] * 6, "\n"),
    end="",
)
JSON = Form(
    begin="[",
    lead=",",
    satellite=lambda name: ",\n{" + _write_members(COLUMNS[:1], name),
    target=lambda name, lon, lat: _write_members(COLUMNS[1:4], name, lon, lat) + '"rise_utc": "',
    between=(
        "",
        '", "set_utc": "',
        '", "t_max_utc": "',
        '", "max_elevation_deg": ',
        *(f', "{name}": ' for name in ANGLES[1:]),
        "}",
    ),
    end="\n]\n",
)


class Rows:
    """Rows of one search: the names of its targets, and where they lie, are known before any access is."""

    def __init__(self, form: Form, names: Sequence[str], lon_deg: Sequence[float], lat_deg: Sequence[float]):
        self._form = form
        places = zip(names, lon_deg, lat_deg, strict=True)
        self._targets = pack([form.target(name, lon, lat) for name, lon, lat in places])
        self._between = [np.frombuffer(text.encode(), np.uint8) for text in form.between]

    def write(self, found: Accesses) -> Iterator[str]:
        """The rows of a table, in pieces of text."""
        satellites = pack([self._form.satellite(name) for name in found.satellites])
        width = (
            satellites.shape[1]
            + self._targets.shape[1]
            + 3 * TIME
            + 4 * NUMBER
            + sum(map(len, self._between))
        )
        step = max(PIECE_BYTES // width, 1)
        for i in range(0, len(found), step):
            yield self._put_together(satellites, found, slice(i, i + step), width)

    def _put_together(self, satellites: Bytes, found: Accesses, some: slice, width: int) -> str:
        times = (write_times(to_micros(t_s[some])) for t_s in (found.rise_s, found.set_s, found.t_max_s))
        angles = (write_degrees(getattr(found, name)[some]) for name in ANGLES)
        columns = [
            np.take(satellites, found.satellite[some], axis=0),
            np.take(self._targets, found.target[some], axis=0),
        ]
        for before, column in zip(self._between[:-1], (*times, *angles), strict=True):
            columns += [before, column]
        return join_columns([*columns, self._between[-1]], len(found.satellite[some]), width)


def pack(texts: Sequence[str]) -> Bytes:
    """Texts (N,) as a column as wide as the longest."""
    encoded = [text.encode() for text in texts]
    width = max(map(len, encoded), default=0)
    padded = b"".join(text.ljust(width, bytes([FILLER])) for text in encoded)
    return np.frombuffer(padded, np.uint8).reshape(len(encoded), width)


def join_columns(columns: Sequence[Bytes], count: int, width: int) -> str:
    """So many rows of columns (count, ...), or of what is the same in all of them (...), as one text."""
    rows, at = np.empty((count, width), np.uint8), 0
    for column in columns:
        rows[:, at : at + column.shape[-1]] = column
        at += column.shape[-1]
    return rows[rows != FILLER].tobytes().decode()


def write_times(micros: Ints) -> Bytes:
    """Microseconds since 1970 (N,) as `2026-08-22T12:00:00.000000Z`, (N, 27)."""
    seconds, rest = np.divmod(micros, MILLION)
    days, seconds = np.divmod(seconds, DAY)
    out = np.empty((len(micros), TIME), np.uint8)
    out[:, :11] = _write_days(days)
    out[:, 11:20] = np.take(_clock(), seconds, axis=0)
    out[:, 20:26] = _write_six(rest)
    out[:, 26] = ord("Z")
    return out


def write_degrees(values: Floats) -> Bytes:
    """Numbers (N,) below a thousand with six decimals, (N, 11) with fillers."""
    millionths = np.rint(values * MILLION).astype(np.int64)
    whole, rest = np.divmod(np.abs(millionths), MILLION)
    out = np.empty((len(values), NUMBER), np.uint8)
    out[:, 0] = np.where(millionths < 0, ord("-"), FILLER)
    out[:, 1:4] = np.take(_thousand()[1], whole, axis=0)
    out[:, 4] = ord(".")
    out[:, 5:] = _write_six(rest)
    return out


def _write_six(values: Ints) -> Bytes:
    """Numbers (N,) below a million with all their zeros, (N, 6)."""
    thousands, rest = np.divmod(values, THOUSAND)
    digits = _thousand()[0]
    return np.hstack([np.take(digits, thousands, axis=0), np.take(digits, rest, axis=0)])


def _write_days(days: Ints) -> Bytes:
    """Days since 1970 (N,) as `2026-08-22T`, (N, 11)."""
    first = int(days.min())
    calendar = np.datetime_as_string(np.arange(first, int(days.max()) + 1).astype("M8[D]"))
    return np.take(pack([f"{day}T" for day in calendar]), days - first, axis=0)


@lru_cache(maxsize=1)
def _clock() -> Bytes:
    """Every second of a day as `12:00:00.`, (86400, 9)."""
    return pack([f"{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}." for i in range(DAY)])


@lru_cache(maxsize=1)
def _thousand() -> tuple[Bytes, Bytes]:
    """Numbers below a thousand with all their zeros, and without those in front, (1000, 3) each."""
    plain = [str(i) for i in range(THOUSAND)]
    return pack([digits.zfill(3) for digits in plain]), pack(plain)
