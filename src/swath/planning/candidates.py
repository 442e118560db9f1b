"""Candidates of a plan: from an area, a time range and limits to captures that can be asked for. Pure arithmetic."""

from collections.abc import Sequence

from swath.fleet import GroundStation, Limits, Satellite
from swath.geo.antimeridian import Area
from swath.geo.outline import build_outlines
from swath.orbit.elements import Elements
from swath.orbit.mean import DAY_S
from swath.orbit.propagate import lasts_until
from swath.planning.model import Finding
from swath.planning.sifting import Terms, sift
from swath.planning.sightings import Sightings, build_craft, find_outlined
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
    others: Sequence[tuple[Satellite, Elements]] = (),
) -> Finding:
    """Candidates for an area (CRS84, cut at the antimeridian) in [start, end), POSIX seconds, by start.

    Each access gives the strip that covers most of the area, the least off-nadir of those that cover the same, and
    neighbouring strips where the area is wider than the swath; all at pitch 0. A candidate lies wholly inside the time
    range, in daylight, and can still be commanded at `now_s`. Without any candidate, `change` of the finding tells the
    nearest single change that gives one, be it of a limit or one of the `others` added to the satellites.

    Raises PropagationFailed when SGP4 gives no position for a satellite.
    """
    outlines = build_outlines([area])
    terms = Terms(plan_id, start_s, end_s, off_nadir_range, limits, now_s)

    def find_between(
        crew: Sequence[tuple[Satellite, Elements]], first_s: float, last_s: float
    ) -> Sequence[Sightings]:
        crafts = [build_craft(*one, stations, limits, (first_s, last_s), now_s) for one in crew]
        return [find_outlined(outlines, craft, first_s, last_s) for craft in crafts]

    sightings = find_between(satellites, start_s, end_s)
    sifted = sift(sightings, terms)
    change = None
    if not sifted.drafts:
        change = find_nearest_change(
            sightings,
            lambda last_s: find_between(_that_last(satellites, last_s), end_s, last_s),
            lambda: find_between(_that_last(others, end_s), start_s, end_s),
            terms,
        )
    return Finding(sifted.drafts, sifted.accesses, sifted.lost, change)


def _that_last(
    crew: Sequence[tuple[Satellite, Elements]], until_s: float
) -> Sequence[tuple[Satellite, Elements]]:
    """Those still in orbit a day after a time: nobody is told to wait for a satellite that will have come down."""
    return [one for one in crew if lasts_until(one[1], until_s + DAY_S)]
