"""The search: one satellite over any range of time, in flights that follow one another."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, inf

import numpy as np

from swath.access.flight import Flight
from swath.access.limits import Limits
from swath.access.look import Targets
from swath.access.spans import Spans
from swath.errors import Fault, Invalid
from swath.figures import write_beside
from swath.orbit.elements import Elements
from swath.orbit.mean import DAY_S

# The longest time that one fit of the orbit serves well.
LONGEST_FLIGHT_S = 16 * DAY_S
# Before the first satellite there was nothing to see anything from.
EARLIEST_S = -386_380_800.0
# Ten years: what is longer is a slip of the pen, and would be searched for hours.
LONGEST_RANGE_DAYS = 3_660


@dataclass(frozen=True)
class Stretch:
    """Days that one flight serves, [start, end) in POSIX seconds.

    What lies across an edge is found by both neighbours; the one in whose `own` time it is highest has it.
    """

    start_s: float
    end_s: float
    own: tuple[float, float]


def split_range(start_s: float, end_s: float) -> tuple[Stretch, ...]:
    """A range in stretches that one fit of an orbit serves well."""
    edges = np.linspace(start_s, end_s, ceil((end_s - start_s) / LONGEST_FLIGHT_S) + 1).tolist()
    own = pairwise([-inf, *edges[1:-1], inf])
    return tuple(Stretch(*ends, own) for ends, own in zip(pairwise(edges), own, strict=True))


class Search:
    """One satellite over [start, end), POSIX seconds."""

    def __init__(self, elements: Elements, start_s: float, end_s: float) -> None:
        self.stretches = split_range(start_s, end_s)
        self.flights = [Flight(elements, stretch.start_s, stretch.end_s) for stretch in self.stretches]

    def find(self, targets: Targets, limits: Limits) -> Iterator[Spans]:
        """When the limits hold, by place and time within each flight, flights in order of time.

        Raises PropagationFailed when SGP4 gives no position.
        """
        for flight, stretch in zip(self.flights, self.stretches, strict=True):
            yield flight.find_spans(targets, limits, stretch.own)


def check_range(start_s: float, end_s: float) -> None:
    """Raises Invalid when the range has no moment in it, or one before anything flew, or is longer than ten years."""
    if not start_s < end_s < inf:
        raise Invalid(Fault("/end", "interval", "The end of the range must be after its start."))
    if not start_s >= EARLIEST_S:
        sentence = "The range begins before the first satellite flew, on 1957-10-04."
        raise Invalid(Fault("/start", "interval", sentence))
    if end_s - start_s > LONGEST_RANGE_DAYS * DAY_S:
        found = write_beside((end_s - start_s) / DAY_S, LONGEST_RANGE_DAYS, decimals=0)
        sentence = f"The range is {found} days long; the limit is {LONGEST_RANGE_DAYS}. Elements serve for some weeks."
        raise Invalid(Fault("/end", "range_too_long", sentence))
