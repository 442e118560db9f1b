"""Kernels compiled before anyone waits for them: the first call of each takes seconds, once a version of swath."""

from dataclasses import replace
from datetime import timedelta

from shapely import box

from swath.access import find_accesses, find_area_accesses
from swath.fleet import load_bundled_elements, load_fleet
from swath.planning.candidates import find_candidates
from swath.planning.chances import find_chances
from swath.planning.model import Terms

AREA = box(135.9, 35.9, 136.3, 36.2)
DAYS = 3


def warm_up() -> None:
    """Run every kernel once on a small work, so that it is compiled, or loaded if it was compiled before."""
    fleet, (elements, *_) = load_fleet(), load_bundled_elements()
    satellite, start_s = fleet.satellites[elements.name], elements.epoch_s
    end_s = start_s + timedelta(days=DAYS).total_seconds()
    find_accesses(elements, 0.0, 0.0, start_s, end_s, max_off_nadir_deg=40.0, min_off_nadir_deg=10.0)
    find_accesses(elements, [0.0] * 200, 0.0, start_s, end_s, min_elevation_deg=10.0)
    member, terms = (satellite, elements), Terms(start_s, end_s, (0.0, 30.0), fleet.limits, start_s)
    for candidate in find_candidates(AREA, terms, [member], fleet.stations).candidates[:1]:
        within = replace(terms, start_s=candidate.access_start_s, end_s=candidate.access_end_s)
        find_chances(candidate.chance, candidate.footprint, AREA, member, fleet.stations, within)
    find_area_accesses(elements, [AREA], start_s, end_s, max_off_nadir_deg=40.0)
