"""Forbidden triples, and large sets of which at most two may be chosen: one row for hundreds of triples.

Three things are a *trio* if they cannot all be chosen, be it that two of them are in conflict or that the three are a
forbidden triple. In a *crowd* every three are a trio, so sum(crowd) <= 2; such rank inequalities, on top of cliques,
are what closes SPOT5 (Ribeiro, Constantino, Lorena 2010).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from swath.scheduling.selections.masks import mask_of, members_of

Trio = tuple[int, int, int]


class Trios:
    """What can be chosen together, by masks of conflicting neighbours (see `masks`) and forbidden triples."""

    def __init__(self, neighbours: Sequence[int], triples: Iterable[Trio]) -> None:
        self.neighbours = neighbours
        self.triples = tuple(trio for trio in _in_order(triples) if not self._has_conflict(trio))
        self._everything = (1 << len(neighbours)) - 1
        self._thirds = _find_thirds(self.triples)

    def find_thirds(self, one: int, other: int) -> int:
        """The mask of all that cannot join these two; everything, if they are in conflict themselves."""
        if self.neighbours[one] >> other & 1:
            return self._everything
        return self.neighbours[one] | self.neighbours[other] | self._thirds[one].get(other, 0)

    def find_crowds(self) -> list[tuple[int, ...]]:
        """Crowds that hold every forbidden triple between them and to which nothing can be added."""
        crowds, held = list[tuple[int, ...]](), set[Trio]()
        for trio in self.triples:
            if trio not in held:
                crowds.append(self._grow(trio))
                held.update(combinations(crowds[-1], 3))
        return crowds

    def _grow(self, trio: Trio) -> tuple[int, ...]:
        """Always by the one that leaves the most to go on with, the first of equals."""
        crowd, common = list[int](trio), self._everything
        for one, other in combinations(trio, 2):
            common &= self.find_thirds(one, other)
        common &= ~mask_of(trio)
        while common:
            common, member = self._choose(crowd, common)
            crowd.append(member)
        return tuple(sorted(crowd))

    def _choose(self, crowd: Sequence[int], common: int) -> tuple[int, int]:
        """What is left after the best next member, and the member."""
        after = {member: self._narrow(crowd, common, member) for member in members_of(common)}
        member = max(after, key=lambda one: after[one].bit_count())
        return after[member], member

    def _narrow(self, crowd: Sequence[int], common: int, member: int) -> int:
        common &= ~(1 << member)
        for other in crowd:
            common &= self.find_thirds(member, other)
        return common

    def _has_conflict(self, trio: Trio) -> bool:
        return any(self.neighbours[one] >> other & 1 for one, other in combinations(trio, 2))


def _in_order(triples: Iterable[Trio]) -> list[Trio]:
    """Each once, ascending inside."""
    return sorted({(low, middle, high) for low, middle, high in map(sorted, triples)})


def _find_thirds(triples: Iterable[Trio]) -> defaultdict[int, dict[int, int]]:
    """By one and another, the mask of those that must not join them."""
    thirds = defaultdict[int, dict[int, int]](dict)
    for a, b, c in triples:
        for one, other, third in ((a, b, c), (a, c, b), (b, c, a)):
            for first, second in ((one, other), (other, one)):
                thirds[first][second] = thirds[first].get(second, 0) | 1 << third
    return thirds
