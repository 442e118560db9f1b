"""Candidates of a plan: from an area, a time range and limits to captures that can be asked for. Pure arithmetic."""

from collections.abc import Sequence

from swath.fleet import GroundStation, Limits, Satellite
from swath.geo.antimeridian import Area
from swath.orbit.elements import Elements
from swath.planning.model import Finding
from swath.planning.prospects import Craft, Prospect, build_camera, find_prospects
from swath.planning.selection import Terms, select
from swath.planning.uplinks import LOOK_BACK_S, Uplinks
from swath.planning.whynot import MAX_EXTRA_DAYS, find_nearest_change
from swath.planning.uplinks import DAY_S


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
    # Uplinks reach as far as the search for a later end may go; they are computed only when asked for.
    crafts = [_build_craft(satellite, elements, stations, terms) for satellite, elements in satellites]
    prospects = find_prospects(area, crafts, start_s, end_s, limits)
    drafts, lost = select(prospects, area, terms)
    if drafts:
        return Finding(drafts, len(prospects), lost)

    def find_later(until_s: float) -> Sequence[Prospect]:
        return find_prospects(area, crafts, end_s, until_s, limits)

    change = find_nearest_change(prospects, find_later, area, terms)
    return Finding((), len(prospects), lost, change)


def _build_craft(
    satellite: Satellite, elements: Elements, stations: Sequence[GroundStation], terms: Terms
) -> Craft:
    first_s = max(terms.now_s, terms.start_s - LOOK_BACK_S)
    uplinks = Uplinks(elements, stations, first_s, terms.end_s + MAX_EXTRA_DAYS * DAY_S)
    return Craft(satellite, elements, build_camera(satellite, terms.limits), uplinks)
