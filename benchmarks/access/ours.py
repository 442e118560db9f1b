"""swath itself, called as the peers are."""

from typing import Any

import numpy as np

from benchmarks.access.works import Access, Areas, Floats, Limits, Tles, Work
from swath.access import find_accesses
from swath.orbit.elements import parse_tle

try:
    from swath.access import stream_accesses
except ImportError:  # an engine that takes one satellite and has no stream; goes when the new one is there
    stream_accesses = None

COLUMNS = ("satellite", "target", "rise_s", "set_s")
Columns = tuple[Any, ...]


def find(tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float, limits: Limits) -> list[Access]:
    """A Python list, which is what the peers give."""
    columns = find_arrays(tles, lon, lat, start_s, end_s, limits)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def find_arrays(
    tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float, limits: Limits
) -> Columns:
    """Columns of satellite, target, rise and set, which is what swath gives."""
    elements = parse_tle("\n".join(tles))
    if stream_accesses is None:
        return find_one_by_one(elements, lon, lat, start_s, end_s, limits)
    found = find_accesses(elements, lon, lat, start_s, end_s, **limits)
    return tuple(getattr(found, name) for name in COLUMNS)


def find_one_by_one(
    elements: Any, lon: Floats, lat: Floats, start_s: float, end_s: float, limits: Limits
) -> Columns:
    found = [find_accesses(one, lon, lat, start_s, end_s, **limits) for one in elements]
    satellite = np.repeat(np.arange(len(found)), [len(one) for one in found])
    return satellite, *(np.concatenate([getattr(one, name) for one in found]) for name in COLUMNS[1:])


def count_streamed(work: Work, limits: Limits) -> int:
    """How many accesses come by, block after block, none of them kept."""
    if stream_accesses is None:
        raise NotImplementedError("this engine cannot stream accesses yet")
    tles, *rest = work.arguments
    return sum(len(block.target) for block in stream_accesses(parse_tle("\n".join(tles)), *rest, **limits))


def find_areas(tles: Tles, areas: Areas, start_s: float, end_s: float, limits: Limits) -> Any:
    """Pointing, footprint, coverage and sun of every access of every area; anything with a length."""
    raise NotImplementedError("this engine does not search areas yet")
