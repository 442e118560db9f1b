"""swath itself, called as the peers are."""

from typing import Any

import numpy as np
from shapely import Polygon

from benchmarks.access.works import MAX_OFF_NADIR_DEG, Access, Areas, Floats, Limits, Tles, Work
from swath.access import find_accesses, stream_accesses
from swath.fleet import load_fleet
from swath.orbit.elements import parse_tle
from swath.planning.shots import Shots, Wish, find_shots
from swath.planning.sightings import build_craft

Columns = tuple[Any, ...]
FLEET = load_fleet()


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


def find_areas(
    tles: Tles, areas: Areas, start_s: float, end_s: float, limits: Limits
) -> list[tuple[float, ...]]:
    """The best capture of each access to areas, which are rings of longitudes and latitudes, as a Python list.

    With pointing, times, coverage, GSD, view, incidence and sun. Footprints are drawn for those who ask, not here.
    """
    satellite, rules = next(iter(FLEET.satellites.values())), FLEET.limits
    crafts = [
        build_craft((satellite, one), (), rules, (start_s, end_s)) for one in parse_tle("\n".join(tles))
    ]
    wish = Wish((0.0, limits.get("max_off_nadir_deg", MAX_OFF_NADIR_DEG)), rules)
    found = find_shots([Polygon(ring) for ring in areas], crafts, start_s, end_s, wish)
    return [row for shots in found if len(shots) for row in _list_best(shots)]


def _list_best(shots: Shots) -> list[tuple[float, ...]]:
    _, best = np.unique(shots.sighting, return_index=True)
    columns = (shots.start_s, shots.end_s, shots.roll_deg, shots.coverage_percent, shots.gsd_m, *shots.sun)
    look = (shots.look.off_nadir_deg, shots.look.azimuth_deg, shots.look.incidence_deg)
    return list(zip(*(column[best].tolist() for column in (*columns, *look)), strict=True))
