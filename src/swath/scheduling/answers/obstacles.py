"""What stands between a chance and a place in the timetable: time to turn, the orbit's allowance, memory."""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import takewhile

from swath.scheduling.answers.memory import Overflow
from swath.scheduling.answers.slew import compute_shortfall_s
from swath.scheduling.answers.timetable import Lane, Timetable
from swath.scheduling.model import Chance, Placement, Rules


@dataclass(frozen=True)
class DutyUse:
    """Captures and imaging seconds of one orbit, the chance in question included, beside what is allowed."""

    captures: int
    seconds: float
    captures_limit: int
    seconds_limit: float

    @property
    def over(self) -> bool:
        return self.captures > self.captures_limit or self.seconds > self.seconds_limit


@dataclass(frozen=True)
class Obstacles:
    """What a chance meets: captures too near in time, an orbit or a memory that has no room for it.

    `missing_s` is how many seconds the nearest blocker would have to be further away. `rest` are the captures of
    the satellite that are no blockers; `duty` and `overflow` count those and the chance itself.
    """

    chance: Chance
    blockers: tuple[Placement, ...]
    missing_s: float
    rest: Lane
    duty: DutyUse
    overflow: Overflow | None

    @property
    def none(self) -> bool:
        return not self.blockers and not self.crowded

    @property
    def crowded(self) -> bool:
        """Whether it would not fit even with the blockers gone."""
        return self.duty.over or self.overflow is not None

    @property
    def crowd(self) -> tuple[Placement, ...]:
        """The captures that use up what the chance lacks."""
        full_s = {c.start_s for c in self.overflow.captures} if self.overflow else set[float]()
        return tuple(
            p
            for p in self.rest.placements
            if p.chance.start_s in full_s
            or (self.duty.over and p.chance.revolution == self.chance.revolution)
        )

    def without(self, gone: Collection[Placement], rules: Rules) -> "Obstacles":
        """What it would meet if these of the rest were gone."""
        return _meet(self.chance, self.blockers, self.missing_s, self.rest.remove(gone), rules)


def find_obstacles(table: Timetable, chance: Chance, rules: Rules) -> Obstacles:
    """All that keeps a chance out of a timetable; the satellite must be known to the rules."""
    lane = table.lane(chance.satellite)
    blockers = tuple(_find_blockers(lane, chance, rules))
    agility = rules.agility[chance.satellite]
    missing_s = max((compute_shortfall_s(p.chance, chance, agility) for p in blockers), default=0.0)
    # Known of the whole lane, it need not be counted for the rest.
    lane.tally(chance.satellite, rules)
    rest = lane.remove(blockers) if blockers else lane
    return _meet(chance, blockers, missing_s, rest, rules)


def is_free(table: Timetable, chance: Chance, rules: Rules) -> bool:
    """Whether a chance meets no obstacle: what `find_obstacles` would say, but sooner."""
    lane = table.lane(chance.satellite)
    if next(_find_blockers(lane, chance, rules), None) or _compute_duty(lane, chance, rules).over:
        return False
    tally = lane.tally(chance.satellite, rules)
    return tally is None or tally.fits(chance)


def is_open(chance: Chance, rules: Rules, now_s: float) -> bool:
    """Whether a chance can still be commanded, by a satellite that the rules know."""
    return now_s < chance.uplink_by_s and is_known(chance, rules)


def is_known(chance: Chance, rules: Rules) -> bool:
    """Whether the chance's satellite is one of those the rules speak of."""
    return chance.satellite in rules.agility and chance.satellite in rules.duty


def is_fixed(placement: Placement, now_s: float) -> bool:
    """Commanded, or at its last moment to be: it may no longer be moved by anyone."""
    return placement.frozen or now_s >= placement.chance.uplink_by_s


def _meet(
    chance: Chance, blockers: tuple[Placement, ...], missing_s: float, rest: Lane, rules: Rules
) -> Obstacles:
    duty, tally = _compute_duty(rest, chance, rules), rest.tally(chance.satellite, rules)
    overflow = None if tally is None else tally.find_overflow(chance)
    return Obstacles(chance, blockers, missing_s, rest, duty, overflow)


def _find_blockers(lane: Lane, chance: Chance, rules: Rules) -> Iterator[Placement]:
    # Fitting is transitive (see slew.py): beyond the first neighbour that fits, all do.
    agility = rules.agility[chance.satellite]
    here = bisect_left(lane.starts_s, chance.start_s)

    def clashes(placement: Placement) -> bool:
        return compute_shortfall_s(placement.chance, chance, agility) > 0.0

    yield from takewhile(clashes, reversed(lane.placements[:here]))
    yield from takewhile(clashes, lane.placements[here:])


def _compute_duty(rest: Lane, chance: Chance, rules: Rules) -> DutyUse:
    allowed, orbit_s = rules.duty[chance.satellite], rest.seconds.get(chance.revolution, ())
    return DutyUse(
        len(orbit_s) + 1, sum(orbit_s) + chance.seconds, allowed.captures_per_orbit, allowed.seconds_per_orbit
    )
