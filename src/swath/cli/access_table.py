"""Accesses of many targets, computed batch by batch and written down as they come: the heavy half of `swath access`."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol, TextIO

from swath.access.accesses import Accesses, find_accesses
from swath.access.target_file import Target, read_text
from swath.cli.output import build_table, print_table
from swath.clock import from_seconds, to_seconds
from swath.errors import Fault, Invalid, Malformed
from swath.orbit.elements import Elements, parse_elements

# Enough for arrays to pay, little enough that the first rows come soon and memory stays small.
BATCH = 1_000
# A micro-degree is a tenth of a metre on the ground; more digits would be noise.
DECIMALS = 6


class Row(NamedTuple):
    """One access as it is written; the last four are those of `t_max_utc`."""

    satellite: str
    target: str
    lon_deg: float
    lat_deg: float
    rise_utc: str
    set_utc: str
    t_max_utc: str
    max_elevation_deg: float
    off_nadir_deg: float
    sun_elevation_deg: float
    sun_azimuth_deg: float


class Search(NamedTuple):
    """What is looked for: a time range and the limits of `find_accesses`."""

    start: datetime
    end: datetime
    min_elevation_deg: float
    max_off_nadir_deg: float


class Writer(Protocol):
    """Takes rows as they come and ends the document."""

    def write(self, rows: Iterable[Row]) -> None: ...
    def end(self) -> None: ...


def load_elements(path: Path) -> tuple[Elements, ...]:
    """The element sets of a file in any format we read; raises Malformed."""
    found = parse_elements(read_text(path))
    if not found:
        raise Malformed(f"{path} holds no element set.")
    return found


def find_rows(
    elements: Sequence[Elements], targets: Sequence[Target], search: Search
) -> Iterator[tuple[int, list[Row]]]:
    """Rows of each batch of targets, and how many targets are done; by satellite, target and time in a batch."""
    if search.end <= search.start:
        raise Invalid(
            Fault("/end", "time_order", f"The end {search.end} must come after the start {search.start}.")
        )
    done = 0
    for batch in _batches(targets):
        rows = [row for one in elements for row in _rows_of(one, batch, search)]
        done += len(batch)
        yield done, rows


def build_writer(form: str, stream: TextIO) -> Writer:
    """The writer for csv, json or table; tables wait for the end and go to stdout."""
    writers = {"csv": _CsvWriter, "json": _JsonWriter, "table": _TableWriter}
    return writers[form](stream)


class _CsvWriter:
    def __init__(self, stream: TextIO) -> None:
        self._csv = csv.writer(stream, lineterminator="\n")
        self._csv.writerow(Row._fields)

    def write(self, rows: Iterable[Row]) -> None:
        self._csv.writerows(rows)

    def end(self) -> None:
        pass


class _JsonWriter:
    """An array that grows while it is written, one access a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._before = stream, "[\n"

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._stream.write(self._before + json.dumps(row._asdict(), ensure_ascii=False))
            self._before = ",\n"

    def end(self) -> None:
        self._stream.write("[]\n" if self._before == "[\n" else "\n]\n")


class _TableWriter:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rows: list[Row] = []

    def write(self, rows: Iterable[Row]) -> None:
        self._rows.extend(rows)

    def end(self) -> None:
        columns = ("satellite", "target", "rise (UTC)", "set (UTC)", "highest (UTC)")
        angles = ("elevation>", "off-nadir>", "sun elevation>", "sun azimuth>")
        cells = ([*r[:2], *map(_to_second, r[4:7]), *(f"{angle:.2f}" for angle in r[7:])] for r in self._rows)
        print_table(build_table(f"{len(self._rows)} accesses", (*columns, *angles), cells), self._stream)


def _rows_of(elements: Elements, batch: Sequence[Target], search: Search) -> Iterator[Row]:
    found = find_accesses(
        elements,
        [target.lon_deg for target in batch],
        [target.lat_deg for target in batch],
        to_seconds(search.start),
        to_seconds(search.end),
        min_elevation_deg=search.min_elevation_deg,
        max_off_nadir_deg=search.max_off_nadir_deg,
    )
    name = elements.name or str(elements.norad_id)
    return (_row(name, batch[found.target[i]], found, i) for i in range(len(found)))


def _row(satellite: str, target: Target, found: Accesses, i: int) -> Row:
    times = (found.rise_s[i], found.set_s[i], found.t_max_s[i])
    angles = (
        found.max_elevation_deg[i],
        found.off_nadir_deg[i],
        found.sun_elevation_deg[i],
        found.sun_azimuth_deg[i],
    )
    rise, set_, highest = (_iso(float(t_s)) for t_s in times)
    return Row(satellite, *target, rise, set_, highest, *(round(float(angle), DECIMALS) for angle in angles))


def _iso(t_s: float) -> str:
    return from_seconds(t_s).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _to_second(iso: str) -> str:
    return iso[:19].replace("T", " ")


def _batches(targets: Sequence[Target]) -> Iterator[Sequence[Target]]:
    return (targets[i : i + BATCH] for i in range(0, len(targets), BATCH))
