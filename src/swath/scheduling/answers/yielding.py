"""Which captures would leave their places for another: all that are too near, and of a crowd the least painful."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from swath.scheduling.answers.obstacles import Obstacles, is_fixed, is_free, is_open
from swath.scheduling.answers.timetable import Timetable
from swath.scheduling.model import EMERGENCY, Chance, Placement, Rules, Work

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

    def has_others(self, work: Work) -> bool:
        """Whether the work could go elsewhere if nobody else were there."""
        here = self._table.places.get(work.id)
        others = (chance for chance in work.chances if here is None or chance != here.chance)
        return any(is_open(chance, self.rules, self.now_s) for chance in others)

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


@dataclass(frozen=True)
class Claim:
    """Who has to leave without a free chance of his own: whoever is below a rank, and may be lost.

    With a `chain`, emergencies as well, which must then make room for themselves elsewhere. In the chain are those who
    did so before, and stay.
    """

    lose_below: int
    chain: frozenset[str] | None = None

    def may_lose(self, work: Work) -> bool:
        """Whether the work may end without a place."""
        return work.rank < self.lose_below

    def sends_on(self, work: Work, alternatives: Alternatives) -> bool:
        """Whether the work must go and make room for itself."""
        passed_on = self.chain is not None and work.rank == EMERGENCY and work.id not in self.chain
        return passed_on and alternatives.has_others(work)


def find_yielding(
    table: Timetable, obstacles: Obstacles, work: Work, claim: Claim, alternatives: Alternatives
) -> tuple[Placement, ...] | None:
    """The placements that have to give way for the work to take the chance; None if some need not.

    Nobody gives way to a lower rank, nor who is fixed, nor who has no free alternative, unless by the claim. Blockers
    all have to go; of a crowd those that can go elsewhere first, then the lowest rank, and no more of each than needed.
    """

    def gives_way(placement: Placement) -> bool:
        other = placement.work
        return (
            other.rank <= work.rank
            and not is_fixed(placement, alternatives.now_s)
            and (claim.may_lose(other) or bool(alternatives.of(other)) or claim.sends_on(other, alternatives))
        )

    if not all(map(gives_way, obstacles.blockers)):
        return None
    if not obstacles.crowded:
        return obstacles.blockers
    room = table.remove(obstacles.blockers).add(Placement(work, obstacles.chance))
    choose = _choose_least_painful(room, work.rank, claim, alternatives)
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


def _choose_least_painful(room: Timetable, rank: int, claim: Claim, alternatives: Alternatives) -> Choose:
    """Whoever of no higher rank can go elsewhere, else the lowest rank that has to leave; of those the longest
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
        leaving = (p for p in ranked if claim.may_lose(p.work) or claim.sends_on(p.work, alternatives))
        return next(filter(can_go, flexible[:MOST_ASKED]), None) or next(leaving, None)

    return choose
