"""Chances that need not be looked at, because another of the same work and pass is as good and in the way of no more.

A pass is sampled at several pitches, and where little else is wanted some of them only double the others: a third of a
generated day's chances.
"""

import numpy as np

from swath.compiled import kernel
from swath.scheduling.solver.columns import Columns, build_columns, fits
from swath.scheduling.solver.covers import find_near
from swath.scheduling.solver.instance import Bools, Instance, Ints


def find_undominated(instance: Instance) -> Ints:
    """The rows among which there is a plan worth as much as any, in growing order.

    One chance stands in for another of its work if it is worth as much or more, excludes only what the other excludes,
    and loads the same orbit and the same passes no more.
    """
    columns = build_columns(instance)
    left = np.ones(len(instance.chances), np.bool_)
    for i in range(len(instance.crafts)):
        rows = instance.slice_of(i)
        _thin_out(columns, rows.start, find_near(columns, rows), left)
    return np.flatnonzero(left)


@kernel
def _thin_out(columns: Columns, low: int, near: Ints, left: Bools) -> None:
    """Takes out of `left` the chances of a satellite, from `low` on, for which another that is left can stand in.

    Those that chance low + i may exclude lie from `near[i, 0]` to before `near[i, 1]`.
    """
    for a in range(low, low + len(near)):
        for b in columns.by_work[columns.first[columns.work[a]] : columns.first[columns.work[a] + 1]]:
            if b == a or not left[b] or not _loads_no_more(columns, b, a):
                continue
            if _excludes_no_more(columns, b, a, near[b - low], left):
                left[a] = False
                break


@kernel
def _loads_no_more(columns: Columns, b: int, a: int) -> bool:
    """Whether b is worth as much as a, and takes no more of the same orbit and passes."""
    return bool(
        columns.craft[b] == columns.craft[a]
        and columns.value[b] >= columns.value[a]
        and columns.seconds[b] <= columns.seconds[a]
        and columns.orbit[b] == columns.orbit[a]
        and columns.segment[b] == columns.segment[a]
        and not columns.inside[b]
        and not columns.inside[a]
    )


@kernel
def _excludes_no_more(columns: Columns, b: int, a: int, near: Ints, left: Bools) -> bool:
    """Whether what is left of others and excluded by b is excluded by a, too."""
    for k in range(near[0], near[1]):
        counts = left[k] and columns.work[k] != columns.work[b]
        if counts and not _fit(columns, k, b) and _fit(columns, k, a):
            return False
    return True


@kernel
def _fit(columns: Columns, k: int, c: int) -> bool:
    return fits(columns, min(k, c), max(k, c))
