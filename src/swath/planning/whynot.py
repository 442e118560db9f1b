"""Why there is no candidate: the nearest single change of a limit that gives one, tried out before it is told.

For each limit the prospects are tried in the order in which they need least of a change, until one gives a candidate;
a bound on how many keeps the cost small.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from math import ceil, floor

import numpy as np

from swath.clock import from_seconds
from swath.planning.coverage import FlatArea
from swath.planning.model import CandidateDraft, Change
from swath.planning.prospects import Prospect
from swath.planning.selection import Terms, may_be_lit, select
from swath.planning.uplinks import DAY_S

MAX_EXTRA_DAYS = 14
LEAST_SUN_DEG = 0.0
MAX_TRIED = 60

Prospects = Sequence[Prospect]


def find_nearest_change(
    prospects: Prospects, find_later: Callable[[float], Prospects], area: FlatArea, terms: Terms
) -> Change | None:
    """The change that is smallest as a part of the largest one considered; None when no single change helps.

    `find_later` gives the prospects between the end of the range and a later time.
    """
    ways = (
        _widen_off_nadir(prospects, area, terms),
        _lower_sun(prospects, area, terms),
        _end_later(find_later, area, terms),
    )
    return min((way for way in ways if way), key=lambda way: way[0], default=(0.0, None))[1]


def _widen_off_nadir(prospects: Prospects, area: FlatArea, terms: Terms) -> tuple[float, Change] | None:
    low, high = terms.off_nadir_range
    most = max((p.craft.satellite.agility.max_off_nadir_deg for p in prospects), default=0.0)

    def outside(off_nadir_deg: float) -> float:
        return max(off_nadir_deg - high, low - off_nadir_deg)

    lit = (p for p in prospects if may_be_lit(p, terms.limits.min_sun_elevation_deg))
    by_need = sorted(lit, key=lambda p: outside(float(np.abs(p.sweep.roll_deg.mean()))))
    found = _try(by_need, area, replace(terms, off_nadir_range=(0.0, most)))
    if found is None:
        return None
    prospect, draft = found
    wider = min(low, _down(draft.off_nadir_deg)), max(high, min(_up(draft.off_nadir_deg), most))
    proved = _try([prospect], area, replace(terms, off_nadir_range=wider))
    amount, value = (low - wider[0], wider[0]) if wider[0] < low else (wider[1] - high, wider[1])
    if proved is None:
        return None
    message = f"An off-nadir range of {wider[0]:g} to {wider[1]:g} degrees gives {_describe(proved[1])}."
    return amount / most, Change("off_nadir_deg", round(amount, 3), value, message)


def _lower_sun(prospects: Prospects, area: FlatArea, terms: Terms) -> tuple[float, Change] | None:
    limit = terms.limits.min_sun_elevation_deg
    by_sun = sorted(
        (p for p in prospects if may_be_lit(p, LEAST_SUN_DEG)), key=lambda p: -p.sun_elevation_deg
    )
    found = _try(by_sun, area, _with_sun(terms, LEAST_SUN_DEG))
    if found is None or limit <= LEAST_SUN_DEG:
        return None
    value = max(_down(found[1].sun_elevation_deg), LEAST_SUN_DEG)
    proved = _try([found[0]], area, _with_sun(terms, value))
    if proved is None:
        return None
    message = f"A least sun elevation of {value:g} degrees instead of {limit:g} gives {_describe(proved[1])}."
    return (limit - value) / limit, Change("min_sun_elevation_deg", round(limit - value, 3), value, message)


def _end_later(
    find_later: Callable[[float], Prospects], area: FlatArea, terms: Terms
) -> tuple[float, Change] | None:
    last_s = terms.end_s + MAX_EXTRA_DAYS * DAY_S
    by_time = sorted(find_later(last_s), key=lambda p: p.arc.middle_s)
    lit = (p for p in by_time if may_be_lit(p, terms.limits.min_sun_elevation_deg))
    found = _try(lit, area, replace(terms, end_s=last_s))
    if found is None:
        return None
    days = ceil((found[1].end_s - terms.end_s) / DAY_S)
    end_s = terms.end_s + days * DAY_S
    proved = _try([found[0]], area, replace(terms, end_s=end_s))
    if proved is None:
        return None
    until = from_seconds(end_s).isoformat(timespec="seconds").replace("+00:00", "Z")
    message = f"An end {days} day{'s' * (days > 1)} later, at {until}, gives {_describe(proved[1])}."
    return days / MAX_EXTRA_DAYS, Change("toi_days", float(days), end_s, message)


def _try(
    prospects: Iterable[Prospect], area: FlatArea, terms: Terms
) -> tuple[Prospect, CandidateDraft] | None:
    """The first of the prospects that gives a candidate under these terms, and its first candidate."""
    for prospect in islice(prospects, MAX_TRIED):
        drafts = select([prospect], area, terms).drafts
        if drafts:
            return prospect, drafts[0]
    return None


def _with_sun(terms: Terms, min_sun_elevation_deg: float) -> Terms:
    return replace(terms, limits=replace(terms.limits, min_sun_elevation_deg=min_sun_elevation_deg))


def _describe(draft: CandidateDraft) -> str:
    return f"a candidate that covers {draft.coverage_percent:.0f} % of the area"


def _down(angle_deg: float) -> float:
    return floor(angle_deg * 10) / 10


def _up(angle_deg: float) -> float:
    return ceil(angle_deg * 10) / 10
