"""The limits of an instance as linear rows, `least <= sum(coefficient * chosen) <= most`.

One chance a work; one of each clique; captures and seconds of each orbit; what is on board between any two passes. The
last are exact: data on board after pass k is m = max(0, m + in - out), which stays within the capacity when for any
passes i <= j all that is captured from i to j, less what the passes from i to j - 1 can send down, does. What is
captured during a pass and more than its rest can send down (`tails`) takes rows of its own.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from swath.scheduling.columns import Columns, build_columns
from swath.scheduling.covers import cover_conflicts
from swath.scheduling.instance import Floats, Instance, Ints

# Programs keep their rows to a millionth; memory must not be over by that.
ROUNDING_GB = 1e-5


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
    here = instance.crafts[craft]
    rows, passes = instance.slice_of(craft), len(here.passes_s)
    if np.isinf(here.capacity_gb):
        return
    data_gb = here.fill_gb_s * columns.seconds[rows]
    begins = np.searchsorted(columns.segment[rows], np.arange(passes + 2))
    sent_gb = np.concatenate([[0.0], np.cumsum(here.drains_gb)])
    limits = [
        (begins[i], begins[j + 1], here.capacity_gb + sent_gb[j] - sent_gb[i] - here.on_board_gb * (i == 0))
        for i in range(passes + 1)
        for j in range(i, passes + 1)
    ]
    if tails:
        for c in np.flatnonzero(columns.inside[rows]):
            k = int(columns.segment[rows][c])
            rest_gb = here.drain_gb_s * (here.passes_s[k, 1] - columns.start_s[rows][c])
            limits += [
                (c, begins[j + 1], here.capacity_gb + rest_gb + sent_gb[j] - sent_gb[k + 1])
                for j in range(k + 1, passes + 1)
            ]
    yield _ranges(limits, data_gb, rows.start)


def _ranges(limits: list[tuple[int, int, float]], data_gb: Floats, offset: int) -> _Block:
    """One row for each range of chances that could break its limit."""
    held_gb = np.concatenate([[0.0], np.cumsum(data_gb)])
    tight = [
        (low, high, most) for low, high, most in limits if held_gb[high] - held_gb[low] > most - ROUNDING_GB
    ]
    lows, highs, most = (np.array(column) for column in zip(*tight, strict=True)) if tight else ([], [], [])
    lengths = np.asarray(highs, np.int64) - np.asarray(lows, np.int64)
    inside = [np.arange(low, high) for low, high, _ in tight]
    chance = np.concatenate([np.empty(0, np.int64), *inside])
    return _Block(
        np.repeat(np.arange(len(tight)), lengths),
        chance + offset,
        data_gb[chance],
        np.asarray(most, float) - ROUNDING_GB,
    )


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
