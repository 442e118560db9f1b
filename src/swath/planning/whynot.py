"""Why there is no candidate: the nearest single change of a limit that gives one, tried out before it is told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil, floor

from swath.clock import from_seconds
from swath.geo.antimeridian import Area
from swath.planning.model import CandidateDraft, Change
from swath.planning.prospects import Prospect
from swath.planning.selection import Terms, select
from swath.planning.uplinks import DAY_S

MAX_EXTRA_DAYS = 14
LEAST_SUN_DEG = 0.0

Prospects = Sequence[Prospect]


def find_nearest_change(
    prospects: Prospects, find_later: Callable[[float], Prospects], area: Area, terms: Terms
) -> Change | None:
    """The change that is smallest as a part of the largest one considered; None when no single change helps.

    `find_later` gives the prospects between the end of the range and a later time.
    """
    ways = (
        _widen_off_nadir(prospects, area, terms),
        _lower_sun(prospects, area, terms),
        _end_later(find_later, area, terms),
    )
    changes = [way for way in ways if way is not None]
    return min(changes, key=lambda way: way[0])[1] if changes else None


def _widen_off_nadir(prospects: Prospects, area: Area, terms: Terms) -> tuple[float, Change] | None:
    most = max((p.craft.satellite.agility.max_off_nadir_deg for p in prospects), default=0.0)
    drafts, _ = select(prospects, area, replace(terms, off_nadir_range=(0.0, most)))
    if not drafts:
        return None
    low, high = terms.off_nadir_range
    nearest = min(drafts, key=lambda draft: max(draft.off_nadir_deg - high, low - draft.off_nadir_deg))
    wider = min(low, _down(nearest.off_nadir_deg)), max(high, min(_up(nearest.off_nadir_deg), most))
    amount, value = (low - wider[0], wider[0]) if wider[0] < low else (wider[1] - high, wider[1])
    found, _ = select(prospects, area, replace(terms, off_nadir_range=wider))
    message = f"An off-nadir range of {wider[0]:g} to {wider[1]:g} degrees gives {_count(found)}."
    return (amount / most, Change("off_nadir_deg", round(amount, 3), value, message)) if found else None


def _lower_sun(prospects: Prospects, area: Area, terms: Terms) -> tuple[float, Change] | None:
    limit = terms.limits.min_sun_elevation_deg
    drafts, _ = select(prospects, area, _with_sun(terms, LEAST_SUN_DEG))
    if not drafts or limit <= LEAST_SUN_DEG:
        return None
    value = max(_down(max(draft.sun_elevation_deg for draft in drafts)), LEAST_SUN_DEG)
    found, _ = select(prospects, area, _with_sun(terms, value))
    message = f"A least sun elevation of {value:g} degrees instead of {limit:g} gives {_count(found)}."
    if not found:
        return None
    return (limit - value) / limit, Change("min_sun_elevation_deg", round(limit - value, 3), value, message)


def _end_later(
    find_later: Callable[[float], Prospects], area: Area, terms: Terms
) -> tuple[float, Change] | None:
    last_s = terms.end_s + MAX_EXTRA_DAYS * DAY_S
    later = find_later(last_s)
    drafts, _ = select(later, area, replace(terms, end_s=last_s))
    if not drafts:
        return None
    days = ceil((min(draft.end_s for draft in drafts) - terms.end_s) / DAY_S)
    end_s = terms.end_s + days * DAY_S
    found, _ = select(later, area, replace(terms, end_s=end_s))
    until = from_seconds(end_s).isoformat(timespec="seconds").replace("+00:00", "Z")
    message = f"An end {days} day{'s' * (days > 1)} later, at {until}, gives {_count(found)}."
    return (days / MAX_EXTRA_DAYS, Change("toi_days", float(days), end_s, message)) if found else None


def _with_sun(terms: Terms, min_sun_elevation_deg: float) -> Terms:
    return replace(terms, limits=replace(terms.limits, min_sun_elevation_deg=min_sun_elevation_deg))


def _count(found: Sequence[CandidateDraft]) -> str:
    best = max((draft.coverage_percent for draft in found), default=0.0)
    return f"{len(found)} candidate{'s' * (len(found) != 1)} that cover{'s' * (len(found) == 1)} up to {best:.0f} %"


def _down(angle_deg: float) -> float:
    return floor(angle_deg * 10) / 10


def _up(angle_deg: float) -> float:
    return ceil(angle_deg * 10) / 10
