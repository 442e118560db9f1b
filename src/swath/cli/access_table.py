"""Accesses of many satellites and targets, written down as they are found: the heavy half of `swath access`."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TextIO

import numpy as np

from swath.access import Accesses, FarElements, stream_accesses, stream_area_accesses
from swath.access.accesses import count_blocks
from swath.access.ahead import map_ahead
from swath.access.area_accesses import count_area_blocks
from swath.access.areas import build_areas
from swath.access.given import Bounds, build_limits
from swath.access.search import check_range
from swath.access.table import ANGLES
from swath.cli.access_files import Targets, find_shared
from swath.cli.access_text import CSV, DECIMALS, JSON, Form, Rows
from swath.cli.output import build_table, print_table, show_time
from swath.clock import from_seconds, to_seconds
from swath.errors import Malformed
from swath.orbit.choice import choose_elements, days_away
from swath.orbit.elements import Elements
from swath.orbit.propagate import PropagationFailed
from swath.orbit.quality import KNOWN_DAYS

# So many are written at a time.
MOST_ROWS = 100_000
# What a person looks at; programs read CSV or JSON.
MOST_SHOWN = 500
# Of many satellites with the same trouble so many are named.
MOST_NAMED = 5
# After a hundred days nobody knows where in its orbit a satellite is.
GUESS_DAYS = 100.0


@dataclass(frozen=True)
class Question:
    """From when to when, and within which limits in degrees, those of `find_accesses`."""

    start: datetime
    end: datetime
    min_elevation_deg: float
    max_off_nadir_deg: float
    min_off_nadir_deg: float

    @property
    def range_s(self) -> tuple[float, float]:
        """Both ends in POSIX seconds."""
        return to_seconds(self.start), to_seconds(self.end)

    @property
    def bounds(self) -> Bounds:
        """The limits in the order of `build_limits`."""
        return self.min_elevation_deg, self.min_off_nadir_deg, self.max_off_nadir_deg

    @property
    def limits(self) -> dict[str, float]:
        """The limits by their names."""
        names = ("min_elevation_deg", "min_off_nadir_deg", "max_off_nadir_deg")
        return dict(zip(names, self.bounds, strict=True))


class Answer:
    """The accesses of satellites to places and areas, found block by block; and what is to be said about them."""

    def __init__(self, sets: Sequence[Elements], targets: Targets, question: Question) -> None:
        """Raises Invalid for a range, limits or areas that make no sense."""
        check_range(*question.range_s)
        build_limits(len(targets.names), question.bounds)
        self._sets, self._question, self._places = sets, question, targets.places
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
        of_places = count_blocks(places, *self._question.range_s) if places else 0
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
        places, asked = self._places, self._question
        kept = {**asked.limits, "on_failure": self._keep}
        if places:
            where = self.lon_deg[: len(places)], self.lat_deg[: len(places)]
            yield from _quietly(stream_accesses, self._sets, *where, *asked.range_s, **kept)
        if len(self._areas):
            for found in _quietly(stream_area_accesses, self._sets, self._areas, *asked.range_s, **kept):
                yield self._behind_places(found)

    def _behind_places(self, found: Accesses) -> Accesses:
        number = found.target + len(self._places)
        return replace(found, lon_deg=self.lon_deg, lat_deg=self.lat_deg, target=number)

    def _keep(self, failure: PropagationFailed) -> None:
        self.failures.setdefault(failure.elements, failure)


def choose_sets(
    sets: Sequence[Elements], wanted: Sequence[str], question: Question
) -> tuple[tuple[Elements, ...], list[str]]:
    """Of the wanted satellites, all without names, the sets nearest to the middle of the range; and what to say of it.

    Raises Malformed for a name or catalogue number of which there is no set.
    """
    missing = [name for name in wanted if not any(_is_called(one, name) for one in sets)]
    if missing:
        raise Malformed(f"There is no element set of {', '.join(missing)} in the file.")
    some = [one for one in sets if not wanted or any(_is_called(one, name) for name in wanted)]
    chosen = choose_elements(some, question.start + (question.end - question.start) / 2)
    notes = _tell_left_out(len(some) - len(chosen), len(chosen))
    return chosen, [*notes, *_tell_far(chosen, question)]


def tell_shared(names: Sequence[str]) -> list[str]:
    """What to say of targets that share a name."""
    shared = find_shared(names)
    if not shared:
        return []
    which = ", ".join(shared[:MOST_NAMED]) + (", ..." if len(shared) > MOST_NAMED else "")
    return [f"Targets share names ({which}); longitude and latitude tell them apart."]


def tell_failures(failures: Sequence[PropagationFailed]) -> list[str]:
    """What to say of satellites that could not be propagated."""
    more = len(failures) - MOST_NAMED
    return [
        *(failure.message for failure in failures[:MOST_NAMED]),
        *([f"{_count(more, 'more satellite')} cannot be propagated either."] if more > 0 else []),
        f"Accesses of {_count(len(failures), 'satellite')} are missing.",
    ]


def tell_found(found: int, sets: Sequence[Elements], targets: int, question: Question) -> str:
    """How many accesses there are, and how old elements became meanwhile."""
    oldest = max(days_away(one, *question.range_s)[1] for one in sets)
    counts = _count(found, "access"), _count(len(sets), "satellite"), _count(targets, "target")
    return "{} of {} to {}.".format(*counts) + f" Elements are used up to {oldest:.1f} days from their epoch."


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
        for count, texts in map_ahead(lambda found: (len(found), list(self._rows.write(found))), blocks):
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


def _is_called(elements: Elements, name: str) -> bool:
    return name in (elements.name, str(elements.norad_id))


def _tell_left_out(count: int, kept: int) -> list[str]:
    if not count:
        return []
    sets = _count(count, "element set")
    return [f"Left out: {sets}, farther from the middle of the range than the {kept} used."]


def _tell_far(sets: Sequence[Elements], question: Question) -> list[str]:
    days = [(days_away(one, *question.range_s)[0], one) for one in sets]
    far = [_tell_one_far(one, away) for away, one in days if away > KNOWN_DAYS]
    more = len(far) - MOST_NAMED
    rest = [f"Those of {_count(more, 'more satellite')} are more than {KNOWN_DAYS:.0f} days away too."]
    return [*far[:MOST_NAMED], *(rest if more > 0 else [])]


def _tell_one_far(elements: Elements, days: float) -> str:
    worth = "may be minutes off" if days < GUESS_DAYS else "are a guess"
    epoch = f"{elements.epoch:%Y-%m-%d}"
    return (
        f"Elements of {elements.label} are {days:.1f} days from the range (epoch {epoch}); accesses {worth}."
    )


def _count(count: int, thing: str) -> str:
    plural = "es" if thing.endswith("s") else "s"
    return f"{count} {thing}{'' if count == 1 else plural}"


def _quietly(
    stream: Callable[..., Iterator[Accesses]], *arguments: Any, **keywords: Any
) -> Iterator[Accesses]:
    """A stream begun without its warning of far elements, which have been told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FarElements)
        return stream(*arguments, **keywords)
