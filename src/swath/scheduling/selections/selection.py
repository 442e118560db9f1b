"""The question of what to choose among things of which some exclude each other.

Captures at fixed times are such things, and so are the photographs of SPOT5. `exact` answers it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from swath.scheduling.solver.programs import Status
from swath.scheduling.solver.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Solvers keep rows to within a tolerance of about half of this.
GRACE = 2e-6


@dataclass(frozen=True)
class Row:
    """The weights of the chosen among `members`, each named once, sum to `limit` at most."""

    members: tuple[int, ...]
    weights: tuple[float, ...]
    limit: float


def _none(width: int) -> Ints:
    return np.empty((0, width), np.int64)


@dataclass(frozen=True)
class Selection:
    """Things 0..N-1 by their values (N,), and what a choice of them has to keep.

    `pairs` (K, 2): at most one of each; `triples` (T, 3): at most two of each, both in any order, repeated or not;
    `rows`: capacities. Raises ValueError for things that there are not, and for figures that are not finite.
    """

    values: Floats
    pairs: Ints = field(default_factory=lambda: _none(2))
    triples: Ints = field(default_factory=lambda: _none(3))
    rows: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        for named in (self.pairs, self.triples, *(np.array(row.members, np.int64) for row in self.rows)):
            _check_named(named, len(self))
        for figures in (self.values, *(np.array([*row.weights, row.limit]) for row in self.rows)):
            if not np.isfinite(figures).all():
                raise ValueError("values, weights and limits have to be finite")

    def __len__(self) -> int:
        return len(self.values)

    def allows(self, chosen: Collection[int]) -> bool:
        """Whether these may be chosen together."""
        x = np.zeros(len(self))
        x[list(chosen)] = 1
        return (
            not x[self.pairs].all(axis=1).any()
            and not x[self.triples].all(axis=1).any()
            and all(x[list(row.members)] @ row.weights <= row.limit + GRACE for row in self.rows)
        )

    def weigh(self, chosen: Collection[int]) -> float:
        return float(self.values[list(chosen)].sum())

    def narrow(self, members: Sequence[int]) -> "Selection":
        """The same question about these alone, who get new numbers in the order given."""
        places = np.full(len(self), -1)
        places[members] = np.arange(len(members))
        pairs, triples = places[self.pairs], places[self.triples]
        return Selection(
            self.values[members],
            pairs[(pairs >= 0).all(axis=1)],
            triples[(triples >= 0).all(axis=1)],
            tuple(_narrow_rows(self.rows, places)),
        )

    def list_ties(self) -> Ints:
        """Pairs (L, 2) by which everything hangs together that one limit or conflict concerns."""
        rows = [np.array(row.members, np.int64) for row in self.rows]
        chains = (np.stack([row[:-1], row[1:]], axis=1) for row in rows)
        return np.concatenate([self.pairs, self.triples[:, :2], self.triples[:, 1:], *chains])


@dataclass(frozen=True)
class Selected:
    """A choice in ascending order, its value, and the bound that no choice exceeds.

    Status `optimal`: none is better. `time`: one may be, up to the bound; a value of -inf means that none was found.
    `infeasible`: no choice keeps the rows.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float
    status: Status
    seconds: float


def list_columns(count: int, rows: Sequence[Row]) -> Rows:
    """The rows over `count` things as the solver takes them: sparse, by column."""
    lengths = [len(row.members) for row in rows]
    member = np.array([one for row in rows for one in row.members], np.int64)
    order = np.argsort(member, kind="stable")
    return Rows(
        first=np.searchsorted(member[order], np.arange(count + 1)),
        row=np.repeat(np.arange(len(rows)), lengths)[order],
        coefficient=np.array([weight for row in rows for weight in row.weights], float)[order],
        least=np.full(len(rows), -np.inf),
        most=np.array([row.limit for row in rows], float),
    )


def _check_named(named: Ints, count: int) -> None:
    if named.size and (named.min() < 0 or named.max() >= count):
        raise ValueError(f"there are things 0 to {count - 1}; {named.min()} to {named.max()} are named")


def _narrow_rows(rows: Sequence[Row], places: Ints) -> Iterator[Row]:
    """Rows that concern none of the members are left out."""
    for row in rows:
        kept = [
            (int(places[one]), weight)
            for one, weight in zip(row.members, row.weights, strict=True)
            if places[one] >= 0
        ]
        if kept:
            members, weights = zip(*kept, strict=True)
            yield Row(members, weights, row.limit)
