"""Candidates of a plan: from an area, a time range and limits to captures that can be asked for. Pure arithmetic."""

from collections.abc import Sequence

from swath.fleet import GroundStation, Limits, Satellite
from swath.geo.antimeridian import Area
from swath.orbit.elements import Elements
from swath.planning.coverage import flatten_area
from swath.planning.model import Finding
from swath.planning.prospects import Craft, Prospect, build_camera, find_prospects
from swath.planning.selection import Terms, select
from swath.planning.uplinks import LOOK_BACK_S, Uplinks
from swath.planning.whynot import find_nearest_change


def find_candidates(
    *,
    area: Area,
    start_s: float,
    end_s: float,
    off_nadir_range: tuple[float, float],
    satellites: Sequence[tuple[Satellite, Elements]],
    stations: Sequence[GroundStation],
    limits: Limits,
    now_s: float,
    plan_id: str,
) -> Finding:
    """Candidates for an area (CRS84, cut at the antimeridian) in [start, end), POSIX seconds, by start.

    Each access gives the strip that covers most of the area, the least off-nadir of those that cover the same, and
    neighbouring strips where the area is wider than the swath; all at pitch 0. A candidate lies wholly inside the time
    range, in daylight, and can still be commanded at `now_s`. Without any candidate, `change` of the finding tells the
    nearest single change of a limit that gives one.

    Raises PropagationFailed when SGP4 gives no position for a satellite.
    """
    terms = Terms(plan_id, start_s, end_s, off_nadir_range, limits, now_s)

    def find_between(first_s: float, last_s: float) -> Sequence[Prospect]:
        crafts = [
            _build_craft(satellite, elements, stations, limits, (max(now_s, first_s - LOOK_BACK_S), last_s))
            for satellite, elements in satellites
        ]
        return find_prospects(area, crafts, first_s, last_s)

    prospects, flat = find_between(start_s, end_s), flatten_area(area)
    selection = select(prospects, flat, terms)
    change = None
    if not selection.drafts:
        change = find_nearest_change(prospects, lambda last_s: find_between(end_s, last_s), flat, terms)
    return Finding(selection.drafts, selection.accesses, selection.lost, change)


def _build_craft(
    satellite: Satellite,
    elements: Elements,
    stations: Sequence[GroundStation],
    limits: Limits,
    uplink_range_s: tuple[float, float],
) -> Craft:
    uplinks = Uplinks(elements, stations, *uplink_range_s)
    return Craft(satellite, elements, build_camera(satellite, limits), uplinks)
