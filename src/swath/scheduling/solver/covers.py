"""Cliques: sets of chances of one satellite of which a plan can hold one at most.

"At most one of these" for every clique of a cover says all that the pairs say, and far more to a linear program: for
chances in time order, where fitting is transitive, cliques alone describe the plans of one satellite exactly. Two
chances of one work exclude each other, too; with them the bound is another percent tighter.
"""

from typing import NamedTuple

import numpy as np

from swath.compiled import kernel
from swath.scheduling.solver.columns import SPARE_S, Columns, fits
from swath.scheduling.solver.instance import Bools, Ints


class Cover(NamedTuple):
    """Cliques one after another: members of clique i from `first[i]` to `first[i + 1]`."""

    first: Ints
    member: Ints


def cover_conflicts(columns: Columns, rows: slice) -> Cover:
    """Maximal cliques that together hold every pair of a satellite's chances that excludes each other.

    A chance that excludes nothing is in none. Takes memory for as many pairs as are near each other in time
    (`count_pairs`).
    """
    first, member = _cover(columns, rows.start, rows.stop, _find_reach_s(columns, rows))
    return Cover(first, member)


def count_pairs(columns: Columns, rows: slice) -> int:
    """How many pairs of a satellite's chances are so near in time that they may exclude each other, at most."""
    if rows.start >= rows.stop:
        return 0
    last = find_near(columns, rows)[:, 1]
    return int(np.max(last - rows.start - np.arange(len(last)))) * len(last)


def find_near(columns: Columns, rows: slice) -> Ints:
    """For each chance of a satellite the first of those that it may exclude, and the one after the last, (n, 2)."""
    start_s, end_s, reach_s = columns.start_s[rows], columns.end_s[rows], _find_reach_s(columns, rows)
    longest_s = float(np.max(end_s - start_s, initial=0.0))
    first = np.searchsorted(start_s, start_s - longest_s - reach_s, side="right")
    last = np.searchsorted(start_s, end_s + reach_s)
    return rows.start + np.stack([first, last], axis=1)


def _find_reach_s(columns: Columns, rows: slice) -> float:
    """After this many seconds the satellite has turned from any of its pointings to any other."""
    if rows.start >= rows.stop:
        return 0.0
    craft = columns.craft[rows.start]
    spans = np.array([np.ptp(axis[rows]) for axis in (columns.x, columns.y, columns.z)])
    chord = float(np.linalg.norm(spans))
    turn_deg = chord if columns.flat_angles else 2.0 * np.degrees(np.arcsin(min(chord / 2.0, 1.0)))
    return float(columns.settle_s[craft] + turn_deg / columns.slew_rate_deg_s[craft] + 2 * SPARE_S)


@kernel
def _cover(columns: Columns, low: int, high: int, reach_s: float) -> tuple[Ints, Ints]:
    """Each pair that no clique holds yet begins one, which takes in what it can: first what brings new pairs."""
    excludes = _find_excluding(columns, low, high, reach_s)
    n, width = excludes.shape
    covered = np.zeros((n, width), np.bool_)
    clique = np.empty(2 * width, np.int64)
    first, member = [0], [np.int64(0) for _ in range(0)]
    for i in range(n):
        for j in range(i + 1, min(n, i + width)):
            if not excludes[i, j - i] or covered[i, j - i]:
                continue
            size = _grow(clique, i, j, excludes, covered)
            for a in range(size):
                member.append(low + clique[a])
                for b in range(a + 1, size):
                    covered[min(clique[a], clique[b]), abs(clique[a] - clique[b])] = True
            first.append(len(member))
    return np.array(first), np.array(member)


@kernel
def _find_excluding(columns: Columns, low: int, high: int, reach_s: float) -> Bools:
    """Whether chance i of the satellite excludes chance i + k, as [i, k]."""
    n, width, j = high - low, 1, 0
    for i in range(n):
        while j < n and columns.start_s[low + j] < columns.end_s[low + i] + reach_s:
            j += 1
        width = max(width, j - i)
    excludes = np.zeros((n, width), np.bool_)
    for i in range(n):
        for j in range(i + 1, min(n, i + width)):
            same = columns.work[low + i] == columns.work[low + j]
            excludes[i, j - i] = same or not fits(columns, low + i, low + j)
    return excludes


@kernel
def _grow(clique: Ints, i: int, j: int, excludes: Bools, covered: Bools) -> int:
    n, width = excludes.shape
    clique[0], clique[1], size = i, j, 2
    for any_will_do in (False, True):
        for k in range(max(0, i - width + 1), min(n, i + width)):
            if _joins(k, clique[:size], excludes, covered, any_will_do):
                clique[size] = k
                size += 1
    return size


@kernel
def _joins(k: int, clique: Ints, excludes: Bools, covered: Bools, any_will_do: bool) -> bool:
    """Whether chance k excludes every member, and brings a pair that is not covered if it has to."""
    brings = any_will_do
    for m in clique:
        a, b = min(k, m), max(k, m) - min(k, m)
        if b == 0 or b >= excludes.shape[1] or not excludes[a, b]:
            return False
        brings = brings or not covered[a, b]
    return brings
