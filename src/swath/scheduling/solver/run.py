"""How long a search may go on, and what it has used up of that."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from swath.scheduling.solver.highs import Effort

log = logging.getLogger(__name__)

T = TypeVar("T")

STEPS_A_ROUND = 100_000
UNCOUNTED = 1 << 40
NODES = 10


@dataclass(frozen=True)
class Budget:
    """How long to look: `seconds` by the clock, and `rounds` of improvement, which are the same on any machine."""

    seconds: float
    rounds: int | None = None


class Run:
    """What is left of a budget, a seeded generator of random numbers, and which means were used."""

    def __init__(self, budget: Budget, seed: int) -> None:
        self.seed, self.random, self.used = seed, np.random.default_rng(seed), list[str]()
        self._rounds, self._stop = budget.rounds, time.monotonic() + budget.seconds

    def part(self, share: float) -> "Run":
        """A run over a share of the seconds that are left, with all the rounds, which tells this one what it used."""
        part = Run(Budget(share * self.left_s, self._rounds), self.seed)
        part.used = self.used
        return part

    @property
    def left_s(self) -> float:
        """Seconds left, 0 when they are over."""
        return max(0.0, self._stop - time.monotonic())

    @property
    def is_counted(self) -> bool:
        """Whether rounds end the search, so that it is the same on any machine."""
        return self._rounds is not None

    @property
    def steps(self) -> int:
        """Steps of local search that the rounds allow."""
        return UNCOUNTED if self._rounds is None else self._rounds * STEPS_A_ROUND

    def effort(self, most_s: float = np.inf) -> Effort:
        """The seconds left, or fewer; where rounds are counted, a number of nodes in whatever time that takes."""
        if self._rounds is not None and most_s < np.inf:
            return Effort(self.left_s, nodes=NODES)
        return Effort(min(self.left_s, most_s))

    def rounds(self) -> Iterator[int]:
        """Rounds until the budget is used up."""
        count = 0
        while self.left_s > 0.0 and (self._rounds is None or count < self._rounds):
            yield count
            count += 1

    def attempt(self, name: str, means: Callable[[], T | None]) -> T | None:
        """What a means finds; one that dies finds nothing, and the log says why."""
        if self.left_s <= 0.0:
            return None
        self.used += [name] * (name not in self.used)
        try:
            return means()
        except Exception:
            log.exception("%s failed; the best plan found before stands", name)
            return None
