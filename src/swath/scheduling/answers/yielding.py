"""Which captures would leave their places for another: all that are too near, and of a crowd the least painful."""

from collections.abc import Callable, Iterable

from swath.scheduling.answers.obstacles import Obstacles, is_fixed, is_free, is_open
from swath.scheduling.answers.timetable import Timetable
from swath.scheduling.model import Chance, Placement, Rules, Work

# Of a larger crowd no more are asked whether they can go elsewhere: an answer has to come at once.
MOST_ASKED = 4

Choose = Callable[[Iterable[Placement]], Placement | None]


class Alternatives:
    """Where placed work could go instead, as a timetable stands: looked for once for each work."""

    def __init__(self, table: Timetable, rules: Rules, now_s: float) -> None:
        self.rules, self.now_s = rules, now_s
        self._table = table
        self._found: dict[str, tuple[Chance, ...]] = {}

    def of(self, work: Work) -> tuple[Chance, ...]:
        """The chances of the work that are free but for itself, without the one it has."""
        if work.id not in self._found:
            self._found[work.id] = tuple(self._find(work))
        return self._found[work.id]

    def _find(self, work: Work) -> Iterable[Chance]:
        here = self._table.places.get(work.id)
        others = self._table.remove([here]) if here else self._table
        return (
            chance
            for chance in work.chances
            if (here is None or chance != here.chance)
            and is_open(chance, self.rules, self.now_s)
            and is_free(others, chance, self.rules)
        )


def find_yielding(
    table: Timetable, obstacles: Obstacles, work: Work, lose_below: int, alternatives: Alternatives
) -> tuple[Placement, ...] | None:
    """The placements that have to give way for the work to take the chance; None if some need not.

    Nobody gives way to a lower rank, nor who is fixed, nor who has no alternative, unless of a rank
    `lose_below`. Blockers all have to go; of a crowd those that can go elsewhere first, then the lowest rank, and
    no more of each than needed.
    """

    def gives_way(placement: Placement) -> bool:
        return (
            placement.work.rank <= work.rank
            and not is_fixed(placement, alternatives.now_s)
            and (placement.work.rank < lose_below or bool(alternatives.of(placement.work)))
        )

    if not all(map(gives_way, obstacles.blockers)):
        return None
    if not obstacles.crowded:
        return obstacles.blockers
    room = table.remove(obstacles.blockers).add(Placement(work, obstacles.chance))
    choose = _choose_least_painful(room, work.rank, lose_below, alternatives)
    relief = find_relief(obstacles, choose, alternatives.rules)
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


def _choose_least_painful(room: Timetable, rank: int, lose_below: int, alternatives: Alternatives) -> Choose:
    """Whoever of no higher rank can go elsewhere, else the lowest rank that may be lost; of those the longest
    capture. `room` already holds the newcomer.
    """

    def can_go(placement: Placement) -> bool:
        places = alternatives.of(placement.work)
        left = room.remove([placement]) if places else room
        return any(is_free(left, chance, alternatives.rules) for chance in places)

    def choose(crowd: Iterable[Placement]) -> Placement | None:
        movable = (p for p in crowd if p.work.rank <= rank and not is_fixed(p, alternatives.now_s))
        ranked = sorted(movable, key=lambda p: (p.work.rank, -p.chance.seconds, p.work.id))
        flexible = [p for p in ranked if len(p.work.chances) > 1]
        losable = (p for p in ranked if p.work.rank < lose_below)
        return next(filter(can_go, flexible[:MOST_ASKED]), None) or next(losable, None)

    return choose
