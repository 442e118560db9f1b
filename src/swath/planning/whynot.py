"""Why there is no candidate: the nearest single change that gives one, tried out before it is told.

Each way is first opened as far as it goes. Of the candidates that this gives, the one that needs least of it says how
far it must be opened, and with just that the search is run again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil, floor

from swath.clock import from_seconds
from swath.planning.model import CandidateDraft, Change, Terms
from swath.planning.sifting import Sifted, sift
from swath.planning.sightings import Sightings
from swath.planning.uplinks import DAY_S

MAX_EXTRA_DAYS = 14
LEAST_SUN_DEG = 0.0
# Another satellite is as much of a change as half of the largest change of a limit.
SATELLITE_SHARE = 0.5

# A change, and how large it is as a part of the largest one considered.
Way = tuple[float, Change]


def find_nearest_change(
    sightings: Sequence[Sightings],
    find_later: Callable[[float], Sequence[Sightings]],
    find_others: Callable[[], Sequence[Sightings]],
    terms: Terms,
) -> Change | None:
    """The change that is smallest as a part of the largest one considered; None when no single change helps.

    `find_later` gives the sightings between the end of the range and a later time, `find_others` those of satellites
    that the plan leaves out.
    """
    ways = (
        *_widen_off_nadir(sightings, terms),
        *_lower_sun(sightings, terms),
        *_end_later(find_later, terms),
        *_add_satellite(find_others, terms),
    )
    return min(ways, key=lambda way: way[0], default=(0.0, None))[1]


def _widen_off_nadir(sightings: Sequence[Sightings], terms: Terms) -> Iterator[Way]:
    low, high = terms.off_nadir_range
    most = max((some.craft.satellite.agility.max_off_nadir_deg for some in sightings), default=0.0)
    opened = sift(sightings, replace(terms, off_nadir_range=(0.0, most)))

    def outside(draft: CandidateDraft) -> float:
        return max(draft.off_nadir_deg - high, low - draft.off_nadir_deg)

    for draft in _least(opened, outside):
        wider = min(low, _down(draft.off_nadir_deg)), max(high, min(_up(draft.off_nadir_deg), most))
        amount, value = (low - wider[0], wider[0]) if wider[0] < low else (wider[1] - high, wider[1])
        for proved in _prove(sightings, replace(terms, off_nadir_range=wider)):
            message = f"An off-nadir range of {wider[0]:g} to {wider[1]:g} degrees gives {_describe(proved)}."
            yield amount / most, Change("off_nadir_deg", round(amount, 3), value, message)


def _lower_sun(sightings: Sequence[Sightings], terms: Terms) -> Iterator[Way]:
    limit = terms.limits.min_sun_elevation_deg
    if limit <= LEAST_SUN_DEG:
        return
    opened = sift(sightings, _with_sun(terms, LEAST_SUN_DEG))
    for draft in _least(opened, lambda draft: -draft.sun_elevation_deg):
        value = max(_down(draft.sun_elevation_deg), LEAST_SUN_DEG)
        for proved in _prove(sightings, _with_sun(terms, value)):
            message = (
                f"A least sun elevation of {value:g} degrees instead of {limit:g}, which is the operator's to set, "
                f"gives {_describe(proved)}."
            )
            change = Change("min_sun_elevation_deg", round(limit - value, 3), value, message)
            yield (limit - value) / limit, change


def _end_later(find_later: Callable[[float], Sequence[Sightings]], terms: Terms) -> Iterator[Way]:
    last_s = min(terms.end_s + MAX_EXTRA_DAYS * DAY_S, terms.latest_s)
    if last_s <= terms.end_s:
        return
    later = find_later(last_s)
    opened = sift(later, replace(terms, end_s=last_s))
    for draft in _least(opened, lambda draft: draft.end_s):
        days = ceil((draft.end_s - terms.end_s) / DAY_S)
        end_s = min(terms.end_s + days * DAY_S, terms.latest_s)
        start_s = max(terms.start_s, end_s - terms.longest_s)
        for proved in _prove(later, replace(terms, start_s=start_s, end_s=end_s)):
            way = f"An end {days} day{'s' * (days > 1)} later, at {_show(end_s)},"
            if start_s > terms.start_s:
                way = f"A time range from {_show(start_s)} to {_show(end_s)}"
            message = f"{way} gives {_describe(proved)}."
            yield days / MAX_EXTRA_DAYS, Change("toi_days", float(days), end_s, message)


def _add_satellite(find_others: Callable[[], Sequence[Sightings]], terms: Terms) -> Iterator[Way]:
    for draft in _least(sift(find_others(), terms), lambda draft: -draft.coverage_percent):
        message = f"{draft.satellite} added to the satellites gives {_describe(draft)}."
        yield SATELLITE_SHARE, Change("satellites", 1.0, draft.satellite, message)


def _least(opened: Sifted, need: Callable[[CandidateDraft], float]) -> Iterable[CandidateDraft]:
    """The candidate that needs least, if there is any."""
    return sorted(opened.drafts, key=need)[:1]


def _prove(sightings: Sequence[Sightings], terms: Terms) -> Iterable[CandidateDraft]:
    """The best candidate under these terms, if there is any."""
    return sorted(sift(sightings, terms).drafts, key=lambda draft: -draft.coverage_percent)[:1]


def _with_sun(terms: Terms, min_sun_elevation_deg: float) -> Terms:
    return replace(terms, limits=replace(terms.limits, min_sun_elevation_deg=min_sun_elevation_deg))


def _describe(draft: CandidateDraft) -> str:
    return f"a candidate that covers {draft.coverage_percent:.0f} % of the area"


def _show(t_s: float) -> str:
    return from_seconds(t_s).isoformat(timespec="seconds").replace("+00:00", "Z")


def _down(angle_deg: float) -> float:
    return floor(angle_deg * 10) / 10


def _up(angle_deg: float) -> float:
    return ceil(angle_deg * 10) / 10
