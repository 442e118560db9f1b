"""Accesses of many satellites and targets, written down as they are found: the heavy half of `swath access`."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol, TextIO

import numpy as np

from swath.access import Accesses, FarElements, stream_accesses, stream_area_accesses
from swath.access.accesses import count_blocks
from swath.access.area_accesses import count_area_blocks
from swath.access.areas import build_areas
from swath.access.inputs import build_limits
from swath.access.parallel import map_in_threads
from swath.access.search import check_range
from swath.access.table import ANGLES
from swath.cli.access_files import Targets
from swath.cli.access_search import AccessSearch
from swath.cli.access_text import CSV, DECIMALS, JSON, Form, Rows
from swath.cli.output import build_table, print_table, show_time
from swath.clock import from_seconds
from swath.orbit.elements import Elements
from swath.orbit.propagate import PropagationFailed

# So many are written at a time.
MOST_ROWS = 100_000
# What a person looks at; programs read CSV or JSON.
MOST_SHOWN = 500


class Answer:
    """The accesses of satellites to places and areas, found block by block."""

    def __init__(self, sets: Sequence[Elements], targets: Targets, search: AccessSearch) -> None:
        """Raises Invalid for a range, limits or areas that make no sense."""
        check_range(*search.range_s)
        build_limits(len(targets.names), search.angles)
        self._sets, self._search, self._places = sets, search, targets.places
        self._areas = build_areas(targets.areas, targets.area_names)
        self.names = targets.names
        places = np.array([place[1:] for place in targets.places]).reshape(-1, 2)
        areas = np.column_stack([self._areas.lon_deg, self._areas.lat_deg]).round(DECIMALS)
        self.lon_deg, self.lat_deg = np.concatenate([places, areas]).T
        self.done = 0
        self.failures: dict[Elements, PropagationFailed] = {}

    @property
    def blocks(self) -> int:
        """How many blocks come, if no satellite fails."""
        places, areas = len(self._places), len(self._areas)
        of_places = count_blocks(places, *self._search.range_s) if places else 0
        return len(self._sets) * (of_places + (count_area_blocks(areas) if areas else 0))

    def find(self) -> Iterator[Accesses]:
        """Block by block, so many are `done`: places, then areas, each by satellite, target and time.

        `target` counts all names; of a large block some come at a time. Satellites that cannot be propagated are left
        out, and kept as `failures`.
        """
        for found in self._find():
            yield from (found.take(slice(i, i + MOST_ROWS)) for i in range(0, len(found), MOST_ROWS))
            self.done += 1

    def _find(self) -> Iterator[Accesses]:
        places, search = self._places, self._search
        kept = {**search.limits, "on_failure": self._keep}
        if places:
            where = self.lon_deg[: len(places)], self.lat_deg[: len(places)]
            yield from _quietly(stream_accesses, self._sets, *where, *search.range_s, **kept)
        if len(self._areas):
            for found in _quietly(stream_area_accesses, self._sets, self._areas, *search.range_s, **kept):
                yield self._behind_places(found)

    def _behind_places(self, found: Accesses) -> Accesses:
        number = found.target + len(self._places)
        return replace(found, lon_deg=self.lon_deg, lat_deg=self.lat_deg, target=number)

    def _keep(self, failure: PropagationFailed) -> None:
        self.failures.setdefault(failure.elements, failure)


class Writer(Protocol):
    """Takes accesses as they come and ends the document."""

    def write(self, blocks: Iterable[Accesses]) -> Iterator[int]:
        """Write block after block; after each, how many accesses it had."""
        ...

    def end(self) -> None: ...


def build_writer(form: str, stream: TextIO, answer: Answer) -> Writer:
    """The writer for csv, json or table; a table waits for the end."""
    if form == "table":
        return _TableWriter(stream, answer)
    return _TextWriter(CSV if form == "csv" else JSON, stream, answer)


class _TextWriter:
    def __init__(self, form: Form, stream: TextIO, answer: Answer) -> None:
        self._form, self._stream = form, stream
        self._rows = Rows(form, answer.names, answer.lon_deg.tolist(), answer.lat_deg.tolist())
        self._lead = form.lead
        stream.write(form.begin)

    def write(self, blocks: Iterable[Accesses]) -> Iterator[int]:
        # Rows are put together in threads, beside the search for the next ones.
        for count, texts in map_in_threads(lambda found: (len(found), list(self._rows.write(found))), blocks):
            for text in texts:
                self._stream.write(text.removeprefix(self._lead))
                self._lead = ""
            yield count

    def end(self) -> None:
        self._stream.write(self._form.end)


class _TableWriter:
    def __init__(self, stream: TextIO, answer: Answer) -> None:
        self._stream, self._names = stream, answer.names
        self._cells: list[list[str]] = []
        self._count = 0

    def write(self, blocks: Iterable[Accesses]) -> Iterator[int]:
        for found in blocks:
            self._count += len(found)
            shown = range(min(len(found), MOST_SHOWN - len(self._cells)))
            self._cells += (self._row(found, i) for i in shown)
            yield len(found)

    def end(self) -> None:
        columns = ("satellite", "target", "rise (UTC)", "set (UTC)", "highest (UTC)")
        angles = ("elevation>", "off-nadir>", "sun elevation>", "sun azimuth>")
        more = f"; the first {MOST_SHOWN}, csv and json have all" if self._count > MOST_SHOWN else ""
        title = f"{self._count} accesses{more}"
        print_table(build_table(title, (*columns, *angles), self._cells), self._stream)

    def _row(self, found: Accesses, i: int) -> list[str]:
        times = (found.rise_s[i], found.set_s[i], found.t_max_s[i])
        return [
            found.satellites[found.satellite[i]],
            self._names[found.target[i]],
            *(show_time(from_seconds(float(t_s))) for t_s in times),
            *(f"{getattr(found, name)[i]:.2f}" for name in ANGLES),
        ]


def _quietly(
    stream: Callable[..., Iterator[Accesses]], *arguments: Any, **keywords: Any
) -> Iterator[Accesses]:
    """A stream begun without its warning of far elements, which have been told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FarElements)
        return stream(*arguments, **keywords)
