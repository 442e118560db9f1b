"""A flight: one satellite over some days, ready to be asked when it comes by and what it sees then.

The orbit is fitted in closed form, its approaches to all places are listed, then refined on polynomials of its path.
For a few approaches the path is computed around each of them; for many, once for the whole time. Orbits that no closed
form fits, and machines without numba, are searched densely instead.
"""

from functools import cached_property

import numpy as np

from swath.access.approaches import Approaches, find_approaches
from swath.access.dense import find_approaches_densely, find_spans_densely
from swath.access.limits import Limits, compute_half_s, find_reach_rad, may_sink
from swath.access.look import Floats, Targets
from swath.access.refine import refine_approaches
from swath.access.spans import Spans, build_spans
from swath.compiled import COMPILED
from swath.orbit.elements import Elements
from swath.orbit.ephemeris import AROUND, THROUGH, Ephemeris, fit_around, fit_between
from swath.orbit.fit import OrbitFit, fit_orbit
from swath.orbit.propagate import Propagator

ALL_TIME = (-np.inf, np.inf)


class Flight:
    """One satellite in [start, end), POSIX seconds, three weeks at most. Not for several threads at once.

    Whatever it is asked raises PropagationFailed when SGP4 gives no position.
    """

    def __init__(self, elements: Elements, start_s: float, end_s: float) -> None:
        self.elements, self.start_s, self.end_s = elements, start_s, end_s
        self._propagator = Propagator(elements)
        self._through: Ephemeris | None = None

    @cached_property
    def fit(self) -> OrbitFit:
        """The orbit in closed form."""
        return fit_orbit(self._propagator, self.start_s, self.end_s)

    def find_spans(
        self,
        targets: Targets,
        limits: Limits,
        own: tuple[float, float] = ALL_TIME,
        windows_s: Floats | None = None,
    ) -> Spans:
        """When the limits hold for places, by place and time, for those that touch [start, end).

        Of spans whose highest moment lies outside `own`, POSIX seconds, none is told. With windows (K, 2), also POSIX
        seconds, those that touch none of them may be left out, which saves their computation.
        """
        reach_rad = find_reach_rad(self.fit, targets.distance_m, limits)
        reach_most = float(reach_rad.max(initial=0.0))
        half_s = compute_half_s(self.fit, reach_most)
        if not self._is_fast(half_s):
            found = find_spans_densely(self.elements, targets, limits, self.start_s, self.end_s)
            found = found.take((found.highest_s >= own[0]) & (found.highest_s < own[1]))
        else:
            approaches = self._find_approaches(targets, reach_rad, half_s)
            if windows_s is not None:
                approaches = approaches.within(windows_s - self.fit.middle_s, half_s)
            sinks = may_sink(self.fit, reach_most, half_s, limits)
            found = self._refine(approaches, half_s, targets, limits, sinks, own)
        return found.touching(self.start_s, self.end_s)

    def find_approaches(self, targets: Targets, reach_rad: Floats, around_s: float) -> Approaches:
        """When the satellite comes within an angle (P,) of places, as seen from the Earth's centre, by place and time.

        From `around_s` before the start to as long after the end; times are good to some seconds, and approaches that
        are just too far come along.
        """
        if self._is_fast(around_s):
            return self._find_approaches(targets, reach_rad, around_s)
        first, last = self.start_s - around_s, self.end_s + around_s
        return find_approaches_densely(self.elements, targets, reach_rad, first, last, self.fit.middle_s)

    def compute_path(self, tau_s: Floats, around_s: float) -> Ephemeris:
        """The path around times (N,), seconds from the fit's middle: a row for each, or one through all of them."""
        reach_s = self.end_s - self.start_s + 4 * around_s
        nodes = len(tau_s) * AROUND.count_nodes(self.elements, 2 * around_s)
        if self._through is None and nodes < THROUGH.count_nodes(self.elements, reach_s):
            return fit_around(self._propagator, self.fit.middle_s, tau_s, around_s)
        if self._through is None or self._through.half_s < reach_s / 2:
            self._through = fit_between(self._propagator, self.fit.middle_s, -reach_s / 2, reach_s / 2)
        return self._through

    def _is_fast(self, half_s: float) -> bool:
        return COMPILED and self.fit.is_usable and 2 * half_s < self.fit.period_s

    def _find_approaches(self, targets: Targets, reach_rad: Floats, around_s: float) -> Approaches:
        first, last = self.start_s - around_s, self.end_s + around_s
        return find_approaches(self.fit, targets.directions, reach_rad, first, last)

    def _refine(
        self,
        approaches: Approaches,
        half_s: float,
        targets: Targets,
        limits: Limits,
        sinks: bool,
        own: tuple[float, float],
    ) -> Spans:
        zero_s = self.fit.middle_s
        path = self.compute_path(approaches.tau_s, half_s + self.fit.phase_margin / self.fit.longitude_rate)
        place, found = refine_approaches(
            approaches.packed,
            half_s,
            (own[0] - zero_s, own[1] - zero_s),
            path.packed,
            targets.packed,
            limits.thresholds,
            sinks,
        )
        return build_spans(place, found, zero_s)
