"""Which captures would leave their places for another: all that are too near, and of a crowd the least painful."""

from collections.abc import Callable, Iterable
from functools import cache

from swath.scheduling.model import Placement, Rules, Work
from swath.scheduling.obstacles import Obstacles, find_obstacles, is_fixed, is_open
from swath.scheduling.timetable import Timetable

Choose = Callable[[Iterable[Placement]], Placement | None]


def find_yielding(
    table: Timetable, obstacles: Obstacles, work: Work, rules: Rules, now_s: float
) -> tuple[Placement, ...] | None:
    """The placements that have to give way for the work to take the chance; None if some need not.

    Only work of a lower rank that is not fixed gives way. Blockers all have to; of a crowd those that can go
    elsewhere first, then the lowest rank, and no more of each than needed.
    """

    def willing(placement: Placement) -> bool:
        return placement.work.rank < work.rank and not is_fixed(placement, now_s)

    if not all(map(willing, obstacles.blockers)):
        return None
    room = table.remove(obstacles.blockers).add(Placement(work, obstacles.chance))
    least_painful = _choose_least_painful(room, rules, now_s)
    relief = find_relief(obstacles, lambda crowd: least_painful(filter(willing, crowd)), rules)
    return None if relief is None else (*obstacles.blockers, *relief)


def find_relief(obstacles: Obstacles, choose: Choose, rules: Rules) -> tuple[Placement, ...] | None:
    """Those of the crowd without whom the chance fits beside the rest, chosen one by one and no more than needed;
    None if there are not enough.
    """
    going: list[Placement] = []
    left = obstacles
    while left.crowded:
        chosen = choose(left.crowd)
        if chosen is None:
            return None
        going.append(chosen)
        left = obstacles.without(going, rules)
    return _spare(obstacles, going, rules)


def _spare(obstacles: Obstacles, going: list[Placement], rules: Rules) -> tuple[Placement, ...]:
    """Without those whom a larger capture, chosen later, made needless."""
    for placement in reversed(going[:-1]):
        fewer = [p for p in going if p is not placement]
        if not obstacles.without(fewer, rules).crowded:
            going = fewer
    return tuple(going)


def _choose_least_painful(room: Timetable, rules: Rules, now_s: float) -> Choose:
    """Whoever can go elsewhere, else the lowest rank; the longest capture of those. `room` holds the newcomer."""

    @cache
    def can_go_elsewhere(work_id: str) -> bool:
        placement = room.places[work_id]
        left = room.remove([placement])
        return any(
            find_obstacles(left, chance, rules).none
            for chance in placement.work.chances
            if is_open(chance, rules, now_s)
        )

    def choose(crowd: Iterable[Placement]) -> Placement | None:
        ranked = sorted(crowd, key=lambda p: (p.work.rank, -p.chance.seconds, p.work.id))
        movable = (p for p in ranked if can_go_elsewhere(p.work.id))
        return next(movable, ranked[0] if ranked else None)

    return choose
