"""The search: one satellite over any range of time, in flights that follow one another."""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil, inf

import numpy as np

from swath.access.flight import Flight
from swath.access.limits import Limits
from swath.access.look import Targets
from swath.access.spans import Spans
from swath.errors import Fault, Invalid
from swath.orbit.elements import Elements
from swath.orbit.mean import DAY_S

# The longest time that one fit of the orbit serves well.
LONGEST_FLIGHT_S = 16 * DAY_S
# Before the first satellite there was nothing to see anything from.
EARLIEST_S = -386_380_800.0


class Search:
    """One satellite over [start, end), POSIX seconds."""

    def __init__(self, elements: Elements, start_s: float, end_s: float) -> None:
        edges = np.linspace(start_s, end_s, ceil((end_s - start_s) / LONGEST_FLIGHT_S) + 1).tolist()
        self._flights = [Flight(elements, *ends) for ends in pairwise(edges)]
        # A span across an edge is found by both neighbours; the one in whose time it is highest has it.
        self._own = list(pairwise([-inf, *edges[1:-1], inf]))

    def find(self, targets: Targets, limits: Limits) -> Iterator[Spans]:
        """When the limits hold, by place and time within each flight, flights in order of time.

        Raises PropagationFailed when SGP4 gives no position.
        """
        for flight, own in zip(self._flights, self._own, strict=True):
            yield flight.find_spans(targets, limits, own)


def check_range(start_s: float, end_s: float) -> None:
    """Raises Invalid when the range has no moment in it, or one before anything flew."""
    if not start_s < end_s < inf:
        raise Invalid(Fault("/end", "interval", "The end of the range must be after its start."))
    if not start_s >= EARLIEST_S:
        sentence = "The range begins before the first satellite flew, on 1957-10-04."
        raise Invalid(Fault("/start", "interval", sentence))
