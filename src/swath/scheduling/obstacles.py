"""What stands between a chance and a place in the timetable, and which of it would give way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from swath.scheduling.model import Chance, Placement, Rules
from swath.scheduling.slew import compute_shortfall_s
from swath.scheduling.timetable import Timetable, position_of


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
    """What a chance meets: captures too near in time, and an orbit whose allowance is used up.

    `missing_s` is how many seconds the nearest blocker would have to be further away. `crowd` are the
    captures of the same orbit that are not blockers already, and `duty` the allowance with those and the
    chance itself.
    """

    chance: Chance
    blockers: tuple[Placement, ...]
    missing_s: float
    crowd: tuple[Placement, ...]
    duty: DutyUse

    @property
    def none(self) -> bool:
        return not self.blockers and not self.duty.over


def find_obstacles(table: Timetable, chance: Chance, rules: Rules) -> Obstacles:
    """All that keeps a chance out of a timetable; the satellite must be known to the rules."""
    blockers = tuple(_find_blockers(table, chance, rules))
    agility = rules.agility[chance.satellite]
    missing_s = max((compute_shortfall_s(p.chance, chance, agility) for p in blockers), default=0.0)
    crowd = tuple(
        p
        for p in table.lane(chance.satellite)
        if p.chance.revolution == chance.revolution and p not in blockers
    )
    return Obstacles(chance, blockers, missing_s, crowd, _compute_duty(crowd, chance, rules))


def is_open(chance: Chance, rules: Rules, now_s: float) -> bool:
    """Whether a chance can still be commanded, by a satellite that the rules know."""
    return now_s < chance.uplink_by_s and is_known(chance, rules)


def is_known(chance: Chance, rules: Rules) -> bool:
    """Whether the chance's satellite is one of those the rules speak of."""
    return chance.satellite in rules.agility and chance.satellite in rules.duty


def is_fixed(placement: Placement, now_s: float) -> bool:
    """Commanded, or at its last moment to be: it may no longer be moved by anyone."""
    return placement.frozen or now_s >= placement.chance.uplink_by_s


def find_yielding(
    table: Timetable, obstacles: Obstacles, rank: int, rules: Rules, now_s: float
) -> tuple[Placement, ...] | None:
    """The placements that have to give way for work of this rank to take the chance; None if some need not.

    Only work of a lower rank that is not fixed gives way. Blockers all have to; of a crowded orbit those that
    can go elsewhere first, then the lowest rank, and no more of each than needed.
    """
    if not all(_yields(p, rank, now_s) for p in obstacles.blockers):
        return None
    if not obstacles.duty.over:
        return obstacles.blockers
    willing = [p for p in obstacles.crowd if _yields(p, rank, now_s)]
    relief = _find_relief(table, obstacles, willing, rules, now_s)
    return None if relief is None else (*obstacles.blockers, *relief)


def _find_blockers(table: Timetable, chance: Chance, rules: Rules) -> Iterator[Placement]:
    # Fitting is transitive (see slew.py): beyond the first neighbour that fits, all do.
    agility = rules.agility[chance.satellite]
    lane = table.lane(chance.satellite)
    here = position_of(lane, chance.start_s)

    def clashes(placement: Placement) -> bool:
        return compute_shortfall_s(placement.chance, chance, agility) > 0.0

    yield from takewhile(clashes, reversed(lane[:here]))
    yield from takewhile(clashes, lane[here:])


def _compute_duty(crowd: Sequence[Placement], chance: Chance, rules: Rules) -> DutyUse:
    allowed = rules.duty[chance.satellite]
    seconds = sum(p.chance.seconds for p in crowd) + chance.seconds
    return DutyUse(len(crowd) + 1, seconds, allowed.captures_per_orbit, allowed.seconds_per_orbit)


def _yields(placement: Placement, rank: int, now_s: float) -> bool:
    return placement.work.rank < rank and not is_fixed(placement, now_s)


def _find_relief(
    table: Timetable, obstacles: Obstacles, willing: Iterable[Placement], rules: Rules, now_s: float
) -> tuple[Placement, ...] | None:
    """The least painful of the willing whose leaving brings the orbit within its allowance; None if all is
    not enough.
    """
    pain = {p.work.id: _pain(table, p, rules, now_s) for p in willing}
    going: list[Placement] = []
    for placement in sorted(willing, key=lambda p: (pain[p.work.id], -p.chance.seconds, p.work.id)):
        if not _is_over_without(obstacles, going, rules):
            break
        going.append(placement)
    if _is_over_without(obstacles, going, rules):
        return None
    # A longer capture taken later may have made a shorter one needless.
    for placement in sorted(going, key=lambda p: (-pain[p.work.id], p.chance.seconds)):
        rest = [p for p in going if p is not placement]
        if not _is_over_without(obstacles, rest, rules):
            going = rest
    return tuple(going)


def _pain(table: Timetable, placement: Placement, rules: Rules, now_s: float) -> int:
    """0 if the placement could go to another orbit as things stand, else its rank."""
    alone = table.remove([placement])
    here = placement.chance
    elsewhere = (
        c
        for c in placement.work.chances
        if is_open(c, rules, now_s) and (c.satellite, c.revolution) != (here.satellite, here.revolution)
    )
    return 0 if any(find_obstacles(alone, c, rules).none for c in elsewhere) else placement.work.rank


def _is_over_without(obstacles: Obstacles, going: Sequence[Placement], rules: Rules) -> bool:
    staying = [p for p in obstacles.crowd if p not in going]
    return _compute_duty(staying, obstacles.chance, rules).over
