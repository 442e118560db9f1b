"""How often an area is come back to: gaps from one access to the next, and what lies open at the ends of the range.

    start     access        access   access               end
      |---------|-------------|--------|-------------------|
      before the first   gap      gap      after the last

A gap at an end of the range is cut off: how long it really is nobody knows, only that it is at least that long. So ends
take no part in the mean, the median and the largest gap; they are told by themselves and count for the longest wait.
Together all of them are the range.

Satellites that fly behind one another make many small gaps, and the mean of the gaps says little then. The mean wait
does: how long it is from a moment anywhere in the range to the next access. After the last access it is as if the next
one came at the end of the range, so the mean wait is at least that long, and so is the longest.
"""

from dataclasses import dataclass

import numpy as np

from swath.access.look import Floats
from swath.studies.captures import Captures


@dataclass(frozen=True)
class Revisits:
    """When accesses begin, (A,) by time, in a range; POSIX seconds. Figures that there are no accesses for are None."""

    start_s: float
    end_s: float
    accesses_s: Floats

    @property
    def gaps_s(self) -> Floats:
        """From each access to the next, (A - 1,)."""
        return np.diff(self.accesses_s)

    @property
    def before_first_s(self) -> float:
        """From the start of the range to the first access; without any, to the end of the range."""
        return float(np.append(self.accesses_s, self.end_s)[0]) - self.start_s

    @property
    def after_last_s(self) -> float | None:
        """From the last access to the end of the range."""
        return self.end_s - float(self.accesses_s[-1]) if len(self.accesses_s) else None

    @property
    def mean_gap_s(self) -> float | None:
        """The mean of the whole gaps; needs two accesses."""
        return float(self.gaps_s.mean()) if len(self.gaps_s) else None

    @property
    def median_gap_s(self) -> float | None:
        """The median of the whole gaps."""
        return float(np.median(self.gaps_s)) if len(self.gaps_s) else None

    @property
    def max_gap_s(self) -> float | None:
        """The largest of the whole gaps."""
        return float(self.gaps_s.max()) if len(self.gaps_s) else None

    @property
    def mean_wait_s(self) -> float:
        """The mean time to the next access, or to the end of the range, over all moments of the range."""
        return float((self._waits_s**2).sum()) / 2 / (self.end_s - self.start_s)

    @property
    def longest_wait_s(self) -> float:
        """The longest time in the range without an access, its ends included."""
        return float(self._waits_s.max())

    @property
    def _waits_s(self) -> Floats:
        """From the start of the range, over all accesses, to its end, (A + 1,)."""
        return np.diff(self.accesses_s, prepend=self.start_s, append=self.end_s)


def compute_revisits(
    captures: Captures, start_s: float, end_s: float, min_coverage_percent: float
) -> Revisits:
    """The accesses of a range that count: those whose best capture covers enough. They begin when that one does."""
    # By access, the best first; of equals the earlier.
    order = np.lexsort((captures.start_s, -captures.coverage_percent, captures.access))
    best = order[np.diff(captures.access[order], prepend=0) > 0]
    counted = best[captures.coverage_percent[best] >= min_coverage_percent]
    return Revisits(start_s, end_s, np.sort(captures.start_s[counted]))
