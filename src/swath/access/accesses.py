"""Accesses: when satellites can image places on the ground, by elevation or by off-nadir angle, as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from swath.access.flight import Flight
from swath.access.inputs import AngleLimits, build_limits, check_places, check_sets
from swath.access.limits import Limits
from swath.access.look import Floats, Targets, build_targets
from swath.access.search import Stretch, check_range, split_range
from swath.access.stream import WORTH_A_THREAD_S, Job, OnFailure, run_jobs
from swath.access.table import Accesses, Found, build_empty, fill_accesses
from swath.orbit.choice import name_satellites
from swath.orbit.elements import Elements
from swath.orbit.fit import fit_orbit
from swath.orbit.propagate import Propagator

# Places searched at a time: enough for arrays to pay, few enough for memory.
PLACES_AT_A_TIME = 5_000


def find_accesses(
    elements: Elements | Sequence[Elements],
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    start_s: float,
    end_s: float,
    *,
    min_elevation_deg: float = 0.0,
    max_off_nadir_deg: float = 90.0,
    min_off_nadir_deg: float = 0.0,
    on_failure: OnFailure | None = None,
) -> Accesses:
    """All accesses of satellites to places (T,) on the ellipsoid that touch [start, end), POSIX seconds.

    Limits may be combined; off-nadir is measured from the geodetic nadir. A least off-nadir angle above 0 splits an
    access that runs through the inner cone in two. An access cut by the range is given with its true rise and set;
    one that lasts longer than a revolution beyond the range ends there. Elevations are without refraction.

    Raises Invalid for a range, places or limits that make no sense, PropagationFailed when SGP4 gives no position; with
    `on_failure`, that is told of it and the other satellites go on. Warns of FarElements when elements are more than 14
    days from the range.
    """
    angles = min_elevation_deg, min_off_nadir_deg, max_off_nadir_deg
    empty, found = _search(elements, lon_deg, lat_deg, start_s, end_s, angles, on_failure)
    return fill_accesses(empty, list(found))


def stream_accesses(
    elements: Elements | Sequence[Elements],
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    start_s: float,
    end_s: float,
    *,
    min_elevation_deg: float = 0.0,
    max_off_nadir_deg: float = 90.0,
    min_off_nadir_deg: float = 0.0,
    on_failure: OnFailure | None = None,
) -> Iterator[Accesses]:
    """The same as `find_accesses`, block by block: a satellite, up to five thousand places, up to sixteen days.

    At least one block comes for each satellite, by satellite, place and time; memory stays that of some blocks. Raises
    the same errors; those that concern what was given at once, before the first block.
    """
    angles = min_elevation_deg, min_off_nadir_deg, max_off_nadir_deg
    empty, found = _search(elements, lon_deg, lat_deg, start_s, end_s, angles, on_failure)
    return (fill_accesses(empty, [piece]) for piece in found)


def count_blocks(places: int, start_s: float, end_s: float) -> int:
    """How many blocks `stream_accesses` gives for each satellite that can be propagated."""
    return len(_cut(places)) * len(split_range(start_s, end_s))


def _search(
    elements: Elements | Sequence[Elements],
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    start_s: float,
    end_s: float,
    angles: AngleLimits,
    on_failure: OnFailure | None,
) -> tuple[Accesses, Iterator[Found]]:
    """A table without rows, and what is found for it, piece by piece."""
    check_range(start_s, end_s)
    sets = check_sets(elements, start_s, end_s)
    lon, lat = check_places(lon_deg, lat_deg)
    limits = build_limits(len(lon), angles)
    empty = build_empty(name_satellites(sets), lon, lat)
    jobs = _plan(sets, (lon, lat), limits, split_range(start_s, end_s))
    in_threads = len(sets) * len(lon) * (end_s - start_s) > WORTH_A_THREAD_S
    return empty, run_jobs(jobs, in_threads, on_failure)


def _plan(
    sets: Sequence[Elements], places: tuple[Floats, Floats], limits: Limits, stretches: Sequence[Stretch]
) -> Iterator[Job]:
    lon, lat = places
    blocks = _cut(len(lon))
    targets = [build_targets(lon[block], lat[block]) for block in blocks]
    for number, one in enumerate(sets):
        for block, some in zip(blocks, targets, strict=True):
            kept = limits.take(block)
            for stretch in stretches:
                ahead = stretches if stretch is stretches[0] else ()
                yield number, _Piece(number, one, block.start, some, kept, stretch, ahead).find


@dataclass(frozen=True)
class _Piece:
    """Some places, from the first one's number on, that one satellite may see for some days.

    Days that lie `ahead` are looked at too: a satellite that is to fail then does so before any access of it is told.
    """

    number: int
    elements: Elements
    first: int
    targets: Targets
    limits: Limits
    stretch: Stretch
    ahead: Sequence[Stretch]

    def find(self) -> Found:
        for later in self.ahead[1:]:
            fit_orbit(Propagator(self.elements), later.start_s, later.end_s)
        flight = Flight(self.elements, self.stretch.start_s, self.stretch.end_s)
        spans = flight.find_spans(self.targets, self.limits, self.stretch.own)
        return Found(self.number, self.first, spans)


def _cut(places: int) -> list[slice]:
    return [slice(i, i + PLACES_AT_A_TIME) for i in range(0, places, PLACES_AT_A_TIME)] or [slice(0, 0)]
