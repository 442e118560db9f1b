"""Conflicts covered by few cliques: of each at most one member may be chosen, one row for hundreds of pairs."""

from collections.abc import Sequence

from swath.scheduling.selections.masks import mask_of, members_of


def cover_by_cliques(neighbours: Sequence[int]) -> list[tuple[int, ...]]:
    """Maximal cliques that hold every pair of neighbours between them, found greedily in ascending order.

    `neighbours` are masks (see `masks`). Each clique is in ascending order.
    """
    left, cliques = list(neighbours), list[tuple[int, ...]]()
    for one in range(len(neighbours)):
        while left[one]:
            clique = _grow(neighbours, left[one], one)
            whole = mask_of(clique)
            for member in clique:
                left[member] &= ~whole
            cliques.append(tuple(sorted(clique)))
    return cliques


def _grow(neighbours: Sequence[int], uncovered: int, one: int) -> list[int]:
    """From one thing on, by those first whose pair with it no clique holds yet."""
    clique, common = [one], neighbours[one]
    while common:
        member = next(members_of(common & uncovered or common))
        clique.append(member)
        common &= neighbours[member]
    return clique
