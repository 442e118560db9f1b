"""The limits of an instance as linear rows, `least <= sum(coefficient * chosen) <= most`.

One chance a work; one of each clique; captures and seconds of each orbit; what is on board between any two passes. The
last are exact: data on board after pass k is m = max(0, m + in - out), which stays within the capacity when for any
passes i <= j all that is captured from i to j, less what the passes from i to j - 1 can send down, does. What is
captured during a pass and more than its rest can send down (`tails`) takes rows of its own.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from swath.scheduling.solver.columns import Columns, build_columns
from swath.scheduling.solver.covers import cover_conflicts
from swath.scheduling.solver.instance import Bools, Craft, Floats, Instance, Ints

# Sums of gigabytes meet their limit but for rounding.
ROUNDING_GB = 1e-9


class Rows(NamedTuple):
    """Sparse rows by column: those of chance c, and their coefficients, from `first[c]` to `first[c + 1]`."""

    first: Ints
    row: Ints
    coefficient: Floats
    least: Floats
    most: Floats


class _Block(NamedTuple):
    """Some rows: entries as row (from 0 on), chance and coefficient; and the limits of each row."""

    row: Ints
    chance: Ints
    coefficient: Floats
    most: Floats


def build_rows(instance: Instance, *, tails: bool) -> Rows:
    """All limits of an instance; without `tails` those that hold what is captured during passes are left out.

    A work that is kept has to get exactly one chance.
    """
    columns = build_columns(instance)
    blocks = [_once(columns, len(instance.works)), *_cliques(instance, columns), *_duty(columns)]
    blocks += [block for i in range(len(instance.crafts)) for block in _memory(instance, i, columns, tails)]
    least = np.full(sum(len(block.most) for block in blocks), -np.inf)
    least[: len(instance.works)] = np.where(instance.works.kept, 1.0, -np.inf)
    return _stack(blocks, least, len(instance.chances))


def measure_use(rows: Rows, chosen: Ints) -> Floats:
    """How much of each row some chances take."""
    entries = _entries_of(rows, chosen)
    use: Floats = np.zeros(len(rows.most))
    np.add.at(use, rows.row[entries], rows.coefficient[entries])
    return use


def take_columns(rows: Rows, chances: Ints, used: Floats) -> Rows:
    """What is left of the rows for some chances when others have used a part of them; rows without these are gone."""
    entries = _entries_of(rows, chances)
    lengths = rows.first[chances + 1] - rows.first[chances]
    kept, row = np.unique(rows.row[entries], return_inverse=True)
    return Rows(
        first=np.concatenate([[0], np.cumsum(lengths)]),
        row=row,
        coefficient=rows.coefficient[entries],
        least=rows.least[kept] - used[kept],
        most=rows.most[kept] - used[kept],
    )


def _entries_of(rows: Rows, chances: Ints) -> Ints:
    """Where the entries of these chances stand, one after another."""
    lengths = rows.first[chances + 1] - rows.first[chances]
    ends = np.cumsum(lengths)
    return np.repeat(rows.first[chances] - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)


def _once(columns: Columns, works: int) -> _Block:
    n = len(columns.work)
    return _Block(columns.work, np.arange(n), np.ones(n), np.ones(works))


def _cliques(instance: Instance, columns: Columns) -> Iterator[_Block]:
    for i in range(len(instance.crafts)):
        cover = cover_conflicts(columns, instance.slice_of(i))
        sizes = np.diff(cover.first)
        yield _Block(
            np.repeat(np.arange(len(sizes)), sizes),
            cover.member,
            np.ones(len(cover.member)),
            np.ones(len(sizes)),
        )


def _duty(columns: Columns) -> Iterator[_Block]:
    n, orbits = len(columns.work), int(columns.duty.max(initial=-1)) + 1
    craft_of = np.zeros(orbits, np.int64)
    craft_of[columns.duty] = columns.craft
    yield _Block(columns.duty, np.arange(n), np.ones(n), columns.captures[craft_of].astype(float))
    yield _Block(columns.duty, np.arange(n), columns.seconds, columns.seconds_per_orbit[craft_of])


def _memory(instance: Instance, craft: int, columns: Columns, tails: bool) -> Iterator[_Block]:
    """Rows of one satellite. Chances stand by start, so those of a range of passes are a range of chances."""
    here, rows = instance.crafts[craft], instance.slice_of(craft)
    if np.isinf(here.capacity_gb) or rows.start == rows.stop:
        return
    segment = columns.segment[rows]
    # Only passes with chances before them can begin or end a row that is not looser than another.
    used, begins = np.unique(segment, return_index=True)
    ends = np.append(begins[1:], len(segment))
    sent_gb = np.concatenate([[0.0], np.cumsum(here.drains_gb)])
    first, last = np.triu_indices(len(used))
    most_gb = (
        here.capacity_gb + sent_gb[used[last]] - sent_gb[used[first]] - here.on_board_gb * (used[first] == 0)
    )
    ranges = [_Ranges(begins[first], ends[last], most_gb)]
    if tails:
        ranges += _find_tails(here, segment, columns.start_s[rows], columns.inside[rows], used, ends)
    yield _build_ranges(ranges, here.fill_gb_s * columns.seconds[rows], rows.start)


class _Ranges(NamedTuple):
    """Rows over chances one after another: from `low` to before `high`, no more than `most_gb` of them."""

    low: Ints
    high: Ints
    most_gb: Floats


def _find_tails(
    craft: Craft, segment: Ints, start_s: Floats, inside: Bools, used: Ints, ends: Ints
) -> Iterator[_Ranges]:
    """For each chance during a pass: what begins with it has only the rest of that pass to come down."""
    sent_gb = np.concatenate([[0.0], np.cumsum(craft.drains_gb)])
    for chance in np.flatnonzero(inside):
        k = segment[chance]
        later = used > k
        rest_gb = craft.drain_gb_s * (craft.passes_s[k, 1] - start_s[chance])
        most_gb = craft.capacity_gb + rest_gb + sent_gb[used[later]] - sent_gb[k + 1]
        yield _Ranges(np.full(later.sum(), chance), ends[later], most_gb)


def _build_ranges(ranges: list[_Ranges], data_gb: Floats, offset: int) -> _Block:
    """One row for each range of chances that could break its limit."""
    low, high, most_gb = (np.concatenate(column) for column in zip(*ranges, strict=True))
    held_gb = np.concatenate([[0.0], np.cumsum(data_gb)])
    tight = held_gb[high] - held_gb[low] > most_gb + ROUNDING_GB
    # What was on board before may be too much; it is no capture's fault.
    low, high, most_gb = low[tight], high[tight], np.maximum(most_gb[tight] + ROUNDING_GB, 0.0)
    lengths = high - low
    row = np.repeat(np.arange(len(low)), lengths)
    before = np.cumsum(lengths) - lengths
    chance = np.arange(len(row)) - np.repeat(before - low, lengths)
    return _Block(row, chance + offset, data_gb[chance], most_gb)


def _stack(blocks: list[_Block], least: Floats, n: int) -> Rows:
    offsets = np.cumsum([0, *(len(block.most) for block in blocks)])
    row = np.concatenate([block.row + offset for block, offset in zip(blocks, offsets, strict=False)])
    chance = np.concatenate([block.chance for block in blocks])
    coefficient = np.concatenate([block.coefficient for block in blocks])
    order = np.lexsort((row, chance))
    return Rows(
        first=np.searchsorted(chance[order], np.arange(n + 1)),
        row=row[order],
        coefficient=coefficient[order],
        least=least,
        most=np.concatenate([block.most for block in blocks]),
    )
