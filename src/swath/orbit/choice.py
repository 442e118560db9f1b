"""Which element sets of many to use: of each satellite those nearest in time, under names that tell them apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count

from swath.orbit.mean import DAY_S, Elements

# What SGP4 moves a satellite by; the rest of a set is bookkeeping.
_MOVES = (
    "mean_motion",
    "eccentricity",
    "inclination_deg",
    "raan_deg",
    "arg_perigee_deg",
    "mean_anomaly_deg",
    "bstar",
)


def choose_elements(sets: Iterable[Elements], at: datetime) -> tuple[Elements, ...]:
    """Of each satellite the set whose epoch is nearest to a time; satellites in the order in which they come first.

    A satellite is a name with a catalogue number. Sets of the nearest epoch that move it differently are all kept:
    studies shift copies of one satellite. Of two epochs that are equally near, the earlier one counts.
    """
    of_satellite: dict[tuple[str, int], list[Elements]] = {}
    for one in sets:
        of_satellite.setdefault((one.name, one.norad_id), []).append(one)
    return tuple(one for some in of_satellite.values() for one in _choose_nearest(some, at))


def name_satellites(sets: Sequence[Elements]) -> tuple[str, ...]:
    """A name for each set that no other has: its label; for several of it, with the catalogue number or a count."""
    numbers: dict[str, set[int]] = {}
    for one in sets:
        numbers.setdefault(one.label, set()).add(one.norad_id)
    return _count_same(
        [f"{one.label} ({one.norad_id})" if len(numbers[one.label]) > 1 else one.label for one in sets]
    )


def days_away(elements: Elements, start_s: float, end_s: float) -> tuple[float, float]:
    """How many days the epoch is from the nearest and from the farthest moment of a range of POSIX seconds."""
    before, after = (start_s - elements.epoch_s) / DAY_S, (elements.epoch_s - end_s) / DAY_S
    return max(before, after, 0.0), max(abs(before), abs(after))


def _choose_nearest(sets: Sequence[Elements], at: datetime) -> list[Elements]:
    def away(one: Elements) -> tuple[timedelta, datetime]:
        return abs(one.epoch - at), one.epoch

    epoch = min(sets, key=away).epoch
    nearest = (one for one in sets if one.epoch == epoch)
    return list({tuple(getattr(one, name) for name in _MOVES): one for one in nearest}.values())


def _count_same(names: Sequence[str]) -> tuple[str, ...]:
    same, taken = Counter(names), set(names)
    numbered: list[str] = []
    for name in names:
        free = (f"{name} #{i}" for i in count(1))
        numbered.append(name if same[name] == 1 else next(one for one in free if one not in taken))
        taken.add(numbered[-1])
    return tuple(numbered)
