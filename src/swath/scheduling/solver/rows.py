"""The limits of an instance as linear rows, `least <= sum(coefficient * chosen) <= most`.

One chance a work; one of each clique; captures and seconds of each orbit; what is on board between any two passes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from swath.scheduling.solver.columns import Columns, build_columns
from swath.scheduling.solver.covers import cover_conflicts
from swath.scheduling.solver.instance import Floats, Instance, Ints
from swath.scheduling.solver.memory_rows import find_ranges


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
    """All limits of an instance; `tails` as in `memory_rows`.

    A work that is kept has to get exactly one chance.
    """
    columns = build_columns(instance)
    blocks = [_once(columns, len(instance.works)), *_cliques(instance, columns), *_duty(columns)]
    blocks += [_memory(instance, i, columns, tails) for i in range(len(instance.crafts))]
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
    n, orbits = len(columns.work), int(columns.orbit.max(initial=-1)) + 1
    craft_of = np.zeros(orbits, np.int64)
    craft_of[columns.orbit] = columns.craft
    yield _Block(columns.orbit, np.arange(n), np.ones(n), columns.captures[craft_of].astype(float))
    yield _Block(columns.orbit, np.arange(n), columns.seconds, columns.seconds_per_orbit[craft_of])


def _memory(instance: Instance, craft: int, columns: Columns, tails: bool) -> _Block:
    rows = instance.slice_of(craft)
    ranges = find_ranges(instance.crafts[craft], columns, rows, tails)
    lengths = ranges.high - ranges.low
    row = np.repeat(np.arange(len(lengths)), lengths)
    chance = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths - ranges.low, lengths)
    return _Block(row, chance, columns.fill_gb_s[craft] * columns.seconds[chance], ranges.most_gb)


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
