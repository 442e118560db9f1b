"""Candidates of a plan: from an area, a time range and limits to captures that can be asked for. Pure arithmetic."""

from collections.abc import Sequence

from swath.fleet import GroundStation
from swath.geo.antimeridian import Area
from swath.geo.outline import build_outlines
from swath.orbit.mean import DAY_S
from swath.orbit.propagate import lasts_until
from swath.planning.model import FoundCandidates, Member, Terms
from swath.planning.sifting import sift
from swath.planning.sightings import Sightings, build_craft, find_sightings
from swath.planning.whynot import find_nearest_change


def find_candidates(
    area: Area,
    terms: Terms,
    members: Sequence[Member],
    stations: Sequence[GroundStation],
    others: Sequence[Member] = (),
) -> FoundCandidates:
    """Candidates for an area (CRS84, cut at the antimeridian) that keep the terms, by start.

    Each access gives the strip that covers most of the area, the least off-nadir of those that cover the same, and
    neighbouring strips where the area is wider than the swath; all at pitch 0. Without any candidate, `change` of what
    is found tells the nearest single change that gives one, be it of a limit or one of the `others` added to the
    members.

    Raises PropagationFailed when SGP4 gives no position for a satellite.
    """
    outlines = build_outlines([area])

    def find_between(some: Sequence[Member], first_s: float, last_s: float) -> Sequence[Sightings]:
        range_s = first_s, last_s
        crafts = [build_craft(one, stations, terms.limits, range_s, terms.now_s) for one in some]
        return [find_sightings(outlines, craft, *range_s) for craft in crafts]

    sightings = find_between(members, terms.start_s, terms.end_s)
    sifted = sift(sightings, terms)
    change = None
    if not sifted.drafts:
        change = find_nearest_change(
            sightings,
            lambda last_s: find_between(_that_last(members, last_s), terms.end_s, last_s),
            lambda: find_between(_that_last(others, terms.end_s), terms.start_s, terms.end_s),
            terms,
        )
    return FoundCandidates(sifted.drafts, sifted.accesses, sifted.lost, change)


def _that_last(members: Sequence[Member], until_s: float) -> Sequence[Member]:
    """Those still in orbit a day after a time: nobody is told to wait for a satellite that will have come down."""
    return [one for one in members if lasts_until(one[1], until_s + DAY_S)]
