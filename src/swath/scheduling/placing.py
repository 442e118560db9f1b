"""The search for a place: a free chance first, else one that lower work can leave with the least harm."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from swath.scheduling.model import EMERGENCY, NORMAL, WISHLIST, Chance, Placement, Rules, Work
from swath.scheduling.obstacles import Obstacles, find_obstacles, is_open
from swath.scheduling.timetable import Timetable
from swath.scheduling.yielding import find_yielding

Harm = tuple[int, ...]


@dataclass(frozen=True)
class Trial:
    """A timetable that holds the work, and the works that had to leave their places for it."""

    table: Timetable
    displaced: tuple[Work, ...] = ()

    @property
    def lost(self) -> tuple[Work, ...]:
        return tuple(work for work in self.displaced if work.id not in self.table.places)


@dataclass(frozen=True)
class _Option:
    """A chance, and those that have to leave for it."""

    chance: Chance
    leaving: tuple[Placement, ...]


def find_place(table: Timetable, work: Work, rules: Rules, now_s: float) -> Trial | None:
    """A timetable with the work in it, or None.

    The first chance that is free is taken. If none is, work of a lower rank that is not fixed makes room:
    every option is tried until one loses nobody; otherwise the one that loses the fewest of the highest rank,
    then the fewest of the next, then moves the fewest. Whoever leaves is placed again at once, by the same
    rules.
    """
    met = [find_obstacles(table, chance, rules) for chance in work.chances if is_open(chance, rules, now_s)]
    free = next((obstacles.chance for obstacles in met if obstacles.none), None)
    if free is not None:
        return Trial(table.add(Placement(work, free)))
    options = sorted(_find_options(table, met, work, rules, now_s), key=lambda o: _count(_works(o.leaving)))
    return _take_least_harmful(_make_room(table, work, option, rules, now_s) for option in options)


def _find_options(
    table: Timetable, met: Iterable[Obstacles], work: Work, rules: Rules, now_s: float
) -> Iterator[_Option]:
    for obstacles in met:
        leaving = find_yielding(table, obstacles, work, rules, now_s)
        if leaving is not None:
            yield _Option(obstacles.chance, leaving)


def _make_room(table: Timetable, work: Work, option: _Option, rules: Rules, now_s: float) -> Trial:
    """Let the option's placements leave, place the work, then place again those that left, highest rank first."""
    trial = Trial(table.remove(option.leaving).add(Placement(work, option.chance)), _works(option.leaving))
    for leaver in sorted(trial.displaced, key=lambda left: -left.rank):
        again = find_place(trial.table, leaver, rules, now_s)
        if again is not None:
            trial = Trial(again.table, _union(trial.displaced, again.displaced))
    return trial


def _take_least_harmful(trials: Iterable[Trial]) -> Trial | None:
    best: Trial | None = None
    for trial in trials:
        if not trial.lost:
            return trial
        if best is None or _harm(trial) < _harm(best):
            best = trial
    return best


def _harm(trial: Trial) -> Harm:
    return (*_count(trial.lost), *_count(trial.displaced))


def _count(works: Iterable[Work]) -> Harm:
    ranks = [work.rank for work in works]
    return tuple(ranks.count(rank) for rank in (EMERGENCY, NORMAL, WISHLIST))


def _works(placements: Iterable[Placement]) -> tuple[Work, ...]:
    return tuple(placement.work for placement in placements)


def _union(some: tuple[Work, ...], more: tuple[Work, ...]) -> tuple[Work, ...]:
    return tuple({work.id: work for work in (*some, *more)}.values())
