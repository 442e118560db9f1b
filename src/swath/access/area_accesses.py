"""Accesses of areas: from the first to the last moment at which a satellite can image any part of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swath.access.area_search import find_area_spans
from swath.access.areas import AreaGiven, Areas, build_areas
from swath.access.inputs import AngleLimits, build_limits, check_sets
from swath.access.limits import Limits
from swath.access.search import check_range
from swath.access.stream import WORTH_A_THREAD_S, Job, OnFailure, run_jobs
from swath.access.table import Accesses, Found, build_empty, fill_accesses
from swath.orbit.choice import name_satellites
from swath.orbit.elements import Elements

AREAS_AT_A_TIME = 1_000


def find_area_accesses(
    elements: Elements | Sequence[Elements],
    areas: Sequence[AreaGiven] | Areas,
    start_s: float,
    end_s: float,
    *,
    min_elevation_deg: float = 0.0,
    max_off_nadir_deg: float = 90.0,
    min_off_nadir_deg: float = 0.0,
    on_failure: OnFailure | None = None,
) -> Accesses:
    """All accesses of satellites to areas that touch [start, end), POSIX seconds: one for each approach.

    Areas are polygons in CRS84, as shapely geometries or GeoJSON, with edges straight in longitude and latitude; they
    reach 8,000 km from their middle at most. Those that are searched often may be built once (`build_areas`). Their
    middles are `lon_deg` and `lat_deg` of the table.
    An access lasts from the first to the last moment at which any part of the area is within the limits, even where
    none is for a while in between: a least off-nadir angle does not split it. The angles are those of the part that is
    seen highest: 90 degrees of elevation, if the satellite flies over the area. With a least off-nadir angle that the
    area comes up to, they are those of the part that does so first.

    Outlines are followed to 5 m, which is a millisecond, and to 0.01 degrees where a satellite is overhead. Limits,
    range, errors and `on_failure` are those of `find_accesses`; raises Invalid, too, for areas that are none.
    """
    angles = min_elevation_deg, min_off_nadir_deg, max_off_nadir_deg
    empty, found = _search(elements, areas, start_s, end_s, angles, on_failure)
    return fill_accesses(empty, list(found))


def stream_area_accesses(
    elements: Elements | Sequence[Elements],
    areas: Sequence[AreaGiven] | Areas,
    start_s: float,
    end_s: float,
    *,
    min_elevation_deg: float = 0.0,
    max_off_nadir_deg: float = 90.0,
    min_off_nadir_deg: float = 0.0,
    on_failure: OnFailure | None = None,
) -> Iterator[Accesses]:
    """The same as `find_area_accesses`, block by block: a satellite and up to a thousand areas."""
    angles = min_elevation_deg, min_off_nadir_deg, max_off_nadir_deg
    empty, found = _search(elements, areas, start_s, end_s, angles, on_failure)
    return (fill_accesses(empty, [piece]) for piece in found)


def count_area_blocks(areas: int) -> int:
    """How many blocks `stream_area_accesses` gives for each satellite that can be propagated."""
    return len(_cut(areas))


def _search(
    elements: Elements | Sequence[Elements],
    areas: Sequence[AreaGiven] | Areas,
    start_s: float,
    end_s: float,
    angles: AngleLimits,
    on_failure: OnFailure | None,
) -> tuple[Accesses, Iterator[Found]]:
    """A table without rows, and what is found for it, piece by piece."""
    check_range(start_s, end_s)
    sets = check_sets(elements, start_s, end_s)
    limits = build_limits(len(areas), angles)
    built = areas if isinstance(areas, Areas) else build_areas(areas)
    empty = build_empty(name_satellites(sets), built.lon_deg, built.lat_deg)
    jobs = _plan(sets, built, limits, (start_s, end_s))
    in_threads = len(sets) * len(built.edges) * (end_s - start_s) > WORTH_A_THREAD_S
    return empty, run_jobs(jobs, in_threads, on_failure)


def _plan(
    sets: Sequence[Elements], areas: Areas, limits: Limits, range_s: tuple[float, float]
) -> Iterator[Job]:
    blocks = _cut(len(areas))
    some = [areas.take(block) for block in blocks]
    for number, one in enumerate(sets):
        for block, part in zip(blocks, some, strict=True):
            yield number, _Piece(number, one, block.start, part, limits.take(block), range_s).find


@dataclass(frozen=True)
class _Piece:
    """Some areas, from the first one's number on, that one satellite may see in a range of POSIX seconds."""

    number: int
    elements: Elements
    first: int
    areas: Areas
    limits: Limits
    range_s: tuple[float, float]

    def find(self) -> Found:
        spans = find_area_spans(self.elements, self.areas, self.limits, *self.range_s)
        return Found(self.number, self.first, spans)


def _cut(areas: int) -> list[slice]:
    return [slice(i, i + AREAS_AT_A_TIME) for i in range(0, areas, AREAS_AT_A_TIME)] or [slice(0, 0)]
