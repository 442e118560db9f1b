"""swath itself, called as the peers are."""

from typing import Any

from benchmarks.access.works import Access, Areas, Floats, Limits, Tles, Work
from swath.access import find_accesses, stream_accesses
from swath.orbit.elements import parse_tle

Columns = tuple[Any, ...]


def find(tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float, limits: Limits) -> list[Access]:
    """A Python list, which is what the peers give."""
    columns = find_arrays(tles, lon, lat, start_s, end_s, limits)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def find_arrays(
    tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float, limits: Limits
) -> Columns:
    """Columns of satellite, target, rise and set, which is what swath gives."""
    found = find_accesses(parse_tle("\n".join(tles)), lon, lat, start_s, end_s, **limits)
    return found.satellite, found.target, found.rise_s, found.set_s


def count_streamed(work: Work, limits: Limits) -> int:
    """How many accesses come by, block after block, none of them kept."""
    tles, *rest = work.arguments
    return sum(len(block) for block in stream_accesses(parse_tle("\n".join(tles)), *rest, **limits))


def find_areas(tles: Tles, areas: Areas, start_s: float, end_s: float, limits: Limits) -> Any:
    """Pointing, footprint, coverage and sun of every access of every area; anything with a length."""
    raise NotImplementedError("this engine does not search areas yet")
