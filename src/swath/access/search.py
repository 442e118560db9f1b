"""The search: one satellite over a range of time, asked for any places.

The orbit is fitted in closed form, its approaches to all places are listed, then refined on polynomials of its path.
For a few approaches the path is computed around each of them; for many, once for the whole range. Orbits that no closed
form fits, and machines without numba, are searched densely instead.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from math import ceil, cos, inf, radians

import numpy as np

from swath.access.approaches import Approaches, find_approaches
from swath.access.dense import find_spans_densely
from swath.access.limits import Limits, find_half_s, find_reach_rad
from swath.access.look import Targets
from swath.access.refine import COLUMNS, NO_INNER_LIMIT, NO_OUTER_LIMIT, refine_approaches
from swath.access.spans import Spans
from swath.errors import Fault, Invalid
from swath.orbit.compiled import COMPILED
from swath.orbit.elements import Elements
from swath.orbit.ephemeris import STENCIL, Ephemeris, fit_around, fit_between, segment_s
from swath.orbit.fit import OrbitFit, fit_orbit
from swath.orbit.mean import DAY_S
from swath.orbit.propagate import Propagator

# An orbit is fitted for at most so long; longer ranges are searched piece by piece.
LONGEST_FIT_S = 16 * DAY_S


# Before the first satellite there was nothing to see anything from.
EARLIEST_S = -386_380_800.0


class Search:
    """One satellite over [start, end), POSIX seconds."""

    def __init__(self, elements: Elements, start_s: float, end_s: float) -> None:
        self._range, propagator = (start_s, end_s), Propagator(elements)
        edges = np.linspace(start_s, end_s, ceil((end_s - start_s) / LONGEST_FIT_S) + 1).tolist()
        own = pairwise([-inf, *edges[1:-1], inf])
        self._pieces = [
            _Piece(propagator, *ends, *mine) for ends, mine in zip(pairwise(edges), own, strict=True)
        ]

    def find(self, targets: Targets, limits: Limits) -> Iterator[Spans]:
        """When the limits hold, by place and time within each piece of the range, pieces in order of time.

        Raises PropagationFailed when SGP4 gives no position.
        """
        for piece in self._pieces:
            yield piece.find(targets, limits).touching(*self._range)


class _Piece:
    """A piece of the range, [start, end). Highest moments from `own_from_s` to `own_until_s` are its own."""

    def __init__(
        self, propagator: Propagator, start_s: float, end_s: float, own_from_s: float, own_until_s: float
    ) -> None:
        self._propagator, self._start_s, self._end_s = propagator, start_s, end_s
        self._own_from_s, self._own_until_s = own_from_s, own_until_s
        self._through: Ephemeris | None = None

    def find(self, targets: Targets, limits: Limits) -> Spans:
        half_s = find_half_s(self._fit, limits)
        if not COMPILED or not self._fit.is_usable or 2 * half_s > self._fit.period_s:
            found = find_spans_densely(self._propagator.elements, targets, limits, self._start_s, self._end_s)
            return found.take((found.highest_s >= self._own_from_s) & (found.highest_s < self._own_until_s))
        reach = find_reach_rad(self._fit, targets.distance_m, limits)
        first, last = self._start_s - half_s, self._end_s + half_s
        approaches = find_approaches(self._fit, targets.directions, reach, first, last)
        return self._refine(approaches, half_s, targets, limits)

    @cached_property
    def _fit(self) -> OrbitFit:
        return fit_orbit(self._propagator, self._start_s, self._end_s)

    def _refine(self, approaches: Approaches, half_s: float, targets: Targets, limits: Limits) -> Spans:
        zero_s, path = self._fit.middle_s, self._compute_path(approaches, half_s)
        place = np.empty(2 * len(approaches.place), np.intp)
        found = np.empty((2 * len(approaches.place), COLUMNS))
        count = refine_approaches(
            approaches.place,
            approaches.tau_s,
            half_s,
            (self._own_from_s - zero_s, self._own_until_s - zero_s),
            path.start_s,
            path.step_s,
            path.coefficients,
            targets.r_m,
            targets.up,
            np.sin(np.radians(limits.min_elevation_deg)),
            cos(radians(limits.max_off_nadir_deg)) if limits.max_off_nadir_deg < 90.0 else NO_OUTER_LIMIT,
            cos(radians(limits.min_off_nadir_deg)) if limits.min_off_nadir_deg > 0.0 else NO_INNER_LIMIT,
            place,
            found,
        )
        times, sines = found[:count, :3] + zero_s, found[:count, 3:]
        return Spans(place[:count], *times.T, *sines.T)

    def _compute_path(self, approaches: Approaches, half_s: float) -> Ephemeris:
        """Around each approach, or through the whole piece if that needs fewer positions or is there already."""
        around_s = half_s + self._fit.phase_margin / self._fit.longitude_rate
        step_s = segment_s(self._propagator.elements)
        nodes = len(approaches.place) * (ceil(2 * around_s / step_s) + STENCIL)
        reach_s = self._end_s - self._start_s + 4 * around_s
        if self._through is None and nodes < reach_s / step_s:
            return fit_around(self._propagator, self._fit.middle_s, approaches.tau_s, around_s)
        if self._through is None or self._through.half_s < reach_s / 2:
            self._through = fit_between(self._propagator, self._fit.middle_s, -reach_s / 2, reach_s / 2)
        return self._through


def check_range(start_s: float, end_s: float) -> None:
    """Raises Invalid when the range has no moment in it, or one before anything flew."""
    if not start_s < end_s < np.inf:
        raise Invalid(Fault("/end", "interval", "The end of the range must be after its start."))
    if not start_s >= EARLIEST_S:
        sentence = "The range begins before the first satellite flew, on 1957-10-04."
        raise Invalid(Fault("/start", "interval", sentence))
