"""A scheduling problem as columns: every chance of every work, and what each satellite can do.

Solvers read nothing else. Chances stand by satellite and start, so that those of one satellite are a slice in time
order. Times are seconds of any one epoch, angles degrees, data gigabytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOWHERE = -1


@dataclass(frozen=True)
class Craft:
    """One satellite: how fast it turns, how much it may image in one orbit, what it can hold and send down.

    `passes_s` (k, 2) are its downlink contacts, start and end, by time and apart from each other; `on_board_gb` is
    there before the first capture. A capacity of infinity stands for no limit.
    """

    id: str
    settle_s: float
    slew_rate_deg_s: float
    captures_per_orbit: int
    seconds_per_orbit: float
    fill_gb_s: float = 0.0
    capacity_gb: float = np.inf
    drain_gb_s: float = 0.0
    on_board_gb: float = 0.0
    passes_s: Floats = field(default_factory=lambda: np.empty((0, 2)))

    @property
    def drains_gb(self) -> Floats:
        """What each pass can send down, (k,)."""
        return self.drain_gb_s * (self.passes_s[:, 1] - self.passes_s[:, 0])


@dataclass(frozen=True)
class Chances:
    """Ways to make captures, one a row: whose, by which satellite, when, how pointed, worth how much.

    `orbit` numbers the satellite's revolutions from any one on. A chance that is not `open` can no longer be commanded.
    """

    work: Ints
    craft: Ints
    start_s: Floats
    end_s: Floats
    roll_deg: Floats
    pitch_deg: Floats
    value: Floats
    orbit: Ints
    open: Bools

    def __len__(self) -> int:
        return len(self.work)

    def take(self, rows: Ints | Bools) -> "Chances":
        """The same columns for some of the rows."""
        return Chances(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})


@dataclass(frozen=True)
class Works:
    """What wants one capture each, one a row.

    A higher `level` comes first whatever it is worth. `place` is the chance a work has now, or NOWHERE; one that is
    `kept` may move but not lose its place, one that is `fixed` may not even move.
    """

    level: Ints
    place: Ints
    kept: Bools
    fixed: Bools

    def __len__(self) -> int:
        return len(self.level)


@dataclass(frozen=True)
class Instance:
    """The whole problem. `flat_angles` takes roll and pitch as a plane, as published instances do, not a sphere."""

    crafts: tuple[Craft, ...]
    chances: Chances
    works: Works
    flat_angles: bool = False

    def take(self, rows: Iterable[int] | Ints) -> "Instance":
        """The same problem with only these chances; `rows` in growing order. Places that are left out are NOWHERE."""
        rows = np.asarray(rows, np.int64)
        where = np.full(len(self.chances) + 1, NOWHERE, np.int64)
        where[rows] = np.arange(len(rows))
        works = replace(self.works, place=where[self.works.place])
        return replace(self, chances=self.chances.take(rows), works=works)

    def slice_of(self, craft: int) -> slice:
        """The rows of one satellite."""
        first, last = np.searchsorted(self.chances.craft, [craft, craft + 1])
        return slice(int(first), int(last))


def sort_chances(chances: Chances) -> tuple[Chances, Ints]:
    """The chances as an instance wants them, by satellite and start, and the row that each had before."""
    order = np.lexsort((chances.end_s, chances.start_s, chances.craft))
    return chances.take(order), order


def without_places(count: int) -> Works:
    """Works of one level, none of which has a place."""
    nobody = np.zeros(count, bool)
    return Works(np.zeros(count, np.int64), np.full(count, NOWHERE, np.int64), nobody, nobody)
