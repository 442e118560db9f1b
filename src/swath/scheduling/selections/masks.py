"""Neighbours as bit masks: integers whose bit k stands for thing k, so that sets meet and join at next to no cost."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def build_masks(count: int, pairs: Ints) -> list[int]:
    """The neighbours of each of `count` things, by pairs (K, 2) in any order, repeated or not."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[np.argsort(both[:, 0], kind="stable")]
    ends = np.searchsorted(both[:, 0], np.arange(count + 1))
    return [_pack(count, both[ends[k] : ends[k + 1], 1]) for k in range(count)]


def mask_of(members: Iterable[int]) -> int:
    mask = 0
    for member in members:
        mask |= 1 << member
    return mask


def members_of(mask: int) -> Iterator[int]:
    """In ascending order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def find_components(neighbours: Sequence[int]) -> Iterator[int]:
    """The masks of what hangs together, by the lowest member of each."""
    left = (1 << len(neighbours)) - 1
    while left:
        part, edge = 0, left & -left
        while edge:
            part |= edge
            edge = _join(neighbours[member] for member in members_of(edge)) & ~part
        left &= ~part
        yield part


def _join(masks: Iterable[int]) -> int:
    joined = 0
    for mask in masks:
        joined |= mask
    return joined


def _pack(count: int, members: Ints) -> int:
    row = np.zeros(count, bool)
    row[members] = True
    return int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little")
