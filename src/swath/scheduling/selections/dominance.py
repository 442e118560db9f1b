"""Things that need not be looked at, because another is as good and never in the way of more."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from swath.scheduling.selections.masks import members_of
from swath.scheduling.selections.trios import Trios

Loads = Sequence[Mapping[int, float]]


def find_dominated(values: Sequence[float], loads: Loads, trios: Trios) -> dict[int, int]:
    """Things that another can stand in for in any choice, each with that other; in the order in which they go.

    One can stand in for a neighbour if it is worth as much or more, has no conflict and is in no trio that the
    neighbour is not in, and loads no row more. `loads` holds for each thing its weights by row.
    """
    stand_ins = dict[int, int]()
    triples = _by_member(trios)
    left = (1 << len(values)) - 1
    for one in range(len(values)):
        for other in members_of(trios.neighbours[one] & left):
            if (
                values[one] <= values[other]
                and not trios.neighbours[other] & left & ~(trios.neighbours[one] | 1 << one)
                and _loads_no_more(loads[other], loads[one])
                and all(trios.find_thirds(one, a) >> b & 1 for a, b in triples[other] if one not in (a, b))
            ):
                stand_ins[one] = other
                left &= ~(1 << one)
                break
    return stand_ins


def _loads_no_more(light: Mapping[int, float], heavy: Mapping[int, float]) -> bool:
    return all(light.get(row, 0.0) <= heavy.get(row, 0.0) for row in chain(light, heavy))


def _by_member(trios: Trios) -> list[list[tuple[int, int]]]:
    """For each thing the other two of every forbidden triple that it is in."""
    others: list[list[tuple[int, int]]] = [[] for _ in trios.neighbours]
    for trio in trios.triples:
        for member, pair in _split(trio):
            others[member].append(pair)
    return others


def _split(trio: tuple[int, int, int]) -> Iterator[tuple[int, tuple[int, int]]]:
    a, b, c = trio
    return iter(((a, (b, c)), (b, (a, c)), (c, (a, b))))
