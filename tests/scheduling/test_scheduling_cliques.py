"""Rows that stand for many conflicts: they hold them all, forbid nothing else, and nothing can be added to them."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from swath.scheduling.selections.cliques import cover_by_cliques
from swath.scheduling.selections.dominance import find_dominated
from swath.scheduling.selections.masks import build_masks, find_components, mask_of, members_of
from swath.scheduling.selections.trios import Trios

COUNT = 10
Groups = frozenset[tuple[int, ...]]


def groups(size: int, most: int) -> st.SearchStrategy[Groups]:
    return st.frozensets(st.sampled_from([*combinations(range(COUNT), size)]), max_size=most)


def masks_of(pairs: Groups) -> list[int]:
    return build_masks(COUNT, np.array(sorted(pairs), np.int64).reshape(-1, 2))


def is_trio(trio: tuple[int, ...], pairs: Groups, triples: Groups) -> bool:
    return trio in triples or any(pair in pairs for pair in combinations(trio, 2))


@given(groups(2, 20))
def test_masks_are_the_pairs(pairs: Groups):
    masks = masks_of(pairs)
    assert {(a, b) for a in range(COUNT) for b in members_of(masks[a]) if a < b} == pairs
    assert all(masks[b] >> a & 1 for a in range(COUNT) for b in members_of(masks[a]))


@given(st.frozensets(st.integers(0, 200)))
def test_a_mask_gives_its_members_back(members: frozenset[int]):
    assert list(members_of(mask_of(members))) == sorted(members)


@given(groups(2, 9))
def test_components_part_what_no_pair_ties(pairs: Groups):
    parts = [set(members_of(part)) for part in find_components(masks_of(pairs))]
    assert sorted(one for part in parts for one in part) == list(range(COUNT))
    assert all(a in part for a, b in pairs for part in parts if b in part)
    ties = sum(len(part) - 1 for part in parts)
    assert ties <= len(pairs)


@given(groups(2, 30))
def test_cliques_hold_every_pair_and_nothing_else(pairs: Groups):
    cliques = cover_by_cliques(masks_of(pairs))
    assert {pair for clique in cliques for pair in combinations(clique, 2)} == pairs


@given(groups(2, 30))
def test_nothing_can_be_added_to_a_clique(pairs: Groups):
    masks = masks_of(pairs)
    for clique in cover_by_cliques(masks):
        assert not any(all(masks[one] >> member & 1 for member in clique) for one in range(COUNT))


@given(groups(2, 15), groups(3, 40))
def test_crowds_hold_every_triple_and_nothing_but_trios(pairs: Groups, triples: Groups):
    crowds = Trios(masks_of(pairs), triples).find_crowds()
    held = {trio for crowd in crowds for trio in combinations(crowd, 3)}
    assert all(is_trio(trio, pairs, triples) for trio in held)
    assert all(trio in held for trio in triples if not is_trio(trio, pairs, frozenset()))


@given(groups(2, 15), groups(3, 40))
def test_nothing_can_be_added_to_a_crowd(pairs: Groups, triples: Groups):
    for crowd in Trios(masks_of(pairs), triples).find_crowds():
        for one in set(range(COUNT)) - set(crowd):
            joined = [tuple(sorted((one, *pair))) for pair in combinations(crowd, 2)]
            assert not all(is_trio(trio, pairs, triples) for trio in joined)


def test_a_crowd_makes_one_row_of_many_triples():
    triples = list(combinations(range(8), 3))
    assert Trios([0] * 8, triples).find_crowds() == [tuple(range(8))]


@given(groups(2, 25), groups(3, 8), st.lists(st.integers(0, 3), min_size=COUNT, max_size=COUNT))
def test_a_stand_in_fits_wherever_the_other_did(pairs: Groups, triples: Groups, values: list[int]):
    trios = Trios(masks_of(pairs), triples)
    left = set(range(COUNT))
    for one, other in find_dominated([float(v) for v in values], [{}] * COUNT, trios).items():
        left.remove(one)
        assert other in left
        assert values[other] >= values[one]
        for pair in combinations(left - {other}, 2):
            if not is_trio(tuple(sorted((one, *pair))), pairs, triples):
                assert not is_trio(tuple(sorted((other, *pair))), pairs, triples)


def test_a_stand_in_loads_no_row_more():
    trios = Trios(masks_of(frozenset({(0, 1)})), [])
    values = [1.0] * COUNT
    free = [{}] * (COUNT - 2)
    assert find_dominated(values, [{0: 2.0}, {0: 1.0}, *free], trios) == {0: 1}
    assert find_dominated(values, [{0: 1.0, 1: 0.5}, {0: 2.0}, *free], trios) == {}
    assert find_dominated(values, [{}, {0: -1.0}, *free], trios) == {0: 1}
