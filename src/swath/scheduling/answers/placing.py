"""The search for a place: a free chance, else one that others can leave; only emergencies cost anyone theirs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from swath.scheduling.answers.obstacles import find_obstacles, is_free, is_open
from swath.scheduling.answers.timetable import Timetable
from swath.scheduling.answers.yielding import Alternatives, Claim, find_yielding
from swath.scheduling.model import EMERGENCY, NORMAL, WISHLIST, Chance, Placement, Rules, Work

Harm = tuple[int, ...]
Chain = frozenset[str]

# Nobody is lost by whoever moves others only.
HARMLESS = Claim(lose_below=0)
# Of more chances than this, those that disturb the most are not tried: an answer has to come at once.
MOST_OPTIONS = 6
# When more than this leave, those that find no free chance do not look for a way that moves others.
MOST_LEAVING = 3
# So many emergencies in a row make room for themselves. Planning again knows no such limit.
LONGEST_CHAIN = 3


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

    The first chance that is free is taken. If none is, others that are not fixed and of no higher rank move to
    free chances of their own, as few as possible. If that does not do either, an emergency takes the place of
    lower work: what leaves is placed again at once by the same rules, and may take the place of yet lower work;
    of all ways the one is taken that loses the fewest of the highest rank, then the fewest of the next, then
    moves the fewest. Where only emergencies are in the way, they go first and take the places of others.
    """
    find = _find_place_by_ejecting if work.rank == EMERGENCY else _find_place
    return find(table, work, Alternatives(table, rules, now_s))


def find_fit(table: Timetable, work: Work, rules: Rules, now_s: float) -> Chance | None:
    """The first chance of the work that can be commanded and is free."""
    return next((c for c in work.chances if is_open(c, rules, now_s) and is_free(table, c, rules)), None)


def _find_place(table: Timetable, work: Work, alternatives: Alternatives) -> Trial | None:
    return _find_fit(table, work, alternatives) or next(
        _find_trials(table, work, HARMLESS, alternatives), None
    )


def _find_fit(table: Timetable, work: Work, alternatives: Alternatives) -> Trial | None:
    free = find_fit(table, work, alternatives.rules, alternatives.now_s)
    return None if free is None else Trial(table.add(Placement(work, free)))


def _find_place_by_ejecting(
    table: Timetable, work: Work, alternatives: Alternatives, chain: Chain = frozenset()
) -> Trial | None:
    return (
        _find_place(table, work, alternatives)
        or _take_least_harmful(_find_trials(table, work, Claim(work.rank), alternatives))
        or _find_place_in_turn(table, work, alternatives, chain)
    )


def _find_place_in_turn(
    table: Timetable, work: Work, alternatives: Alternatives, chain: Chain
) -> Trial | None:
    """The place of another emergency, if that has another; of the ways to do that the first, for there are many."""
    if work.rank != EMERGENCY or len(chain) == LONGEST_CHAIN:
        return None
    claim = Claim(work.rank, chain | {work.id})
    return next(_find_trials(table, work, claim, alternatives), None)


def _find_trials(table: Timetable, work: Work, claim: Claim, alternatives: Alternatives) -> Iterator[Trial]:
    """Every way to make room by the claim, the gentlest first as it seems."""
    options = sorted(_find_options(table, work, claim, alternatives), key=lambda o: _disturbance(o.leaving))
    for option in islice(options, MOST_OPTIONS):
        trial = _make_room(table, work, option, claim, alternatives)
        if trial is not None:
            yield trial


def _find_options(
    table: Timetable, work: Work, claim: Claim, alternatives: Alternatives
) -> Iterator[_Option]:
    for chance in work.chances:
        if is_open(chance, alternatives.rules, alternatives.now_s):
            obstacles = find_obstacles(table, chance, alternatives.rules)
            leaving = find_yielding(table, obstacles, work, claim, alternatives)
            if leaving is not None:
                yield _Option(chance, leaving)


def _make_room(
    table: Timetable, work: Work, option: _Option, claim: Claim, alternatives: Alternatives
) -> Trial | None:
    """Let the option's placements leave, place the work, then place again those that left, highest rank first.

    None if one that must not be lost is.
    """
    left = tuple(sorted((p.work for p in option.leaving), key=lambda leaver: -leaver.rank))
    trial = Trial(table.remove(option.leaving).add(Placement(work, option.chance)), left)
    for leaver in left:
        again = _place_again(trial.table, leaver, claim, alternatives, len(left) > MOST_LEAVING)
        if again is not None:
            trial = Trial(again.table, _union(trial.displaced, again.displaced))
        elif not claim.may_lose(leaver):
            return None
    return trial


def _place_again(
    table: Timetable, leaver: Work, claim: Claim, alternatives: Alternatives, crowded: bool
) -> Trial | None:
    if claim.sends_on(leaver, alternatives):
        return _find_place_by_ejecting(table, leaver, alternatives, claim.chain or frozenset())
    find = _find_place_by_ejecting if claim.may_lose(leaver) and not crowded else _find_fit
    return find(table, leaver, alternatives)


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


def _disturbance(leaving: Iterable[Placement]) -> Harm:
    return _count(placement.work for placement in leaving)


def _count(works: Iterable[Work]) -> Harm:
    ranks = [work.rank for work in works]
    return tuple(ranks.count(rank) for rank in (EMERGENCY, NORMAL, WISHLIST))


def _union(some: tuple[Work, ...], more: tuple[Work, ...]) -> tuple[Work, ...]:
    return tuple({work.id: work for work in (*some, *more)}.values())
