"""The dense search: complete for any orbit, in plain NumPy, and slow.

The satellite is propagated over a coarse grid for all places; the highest sample of each revolution brackets the
culmination, and everything grows from there. It takes over where no closed form fits the orbit or numba is missing, and
the tests hold the fast search against it.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from swath.access.approaches import Approaches
from swath.access.culminations import (
    VERTICAL_SLACK_DEG,
    Culminations,
    find_culminations,
    least_elevation_deg,
    sample_orbit,
)
from swath.access.limits import Limits
from swath.access.look import Floats, Targets, cos_off_nadir, sin_elevation
from swath.access.peaks import find_crossings, find_peaks
from swath.access.spans import Spans
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states

Ints = NDArray[np.intp]

# How far from the culmination the least off-nadir angle is looked for: they are within a second of each other in
# near-circular orbits, and within minutes high up in eccentric ones.
LEAST_OFF_NADIR_S = 300.0
# Spans of one target that begin within this of each other are the same.
SAME_S = 1e-3


@dataclass(frozen=True)
class View:
    """Which looks count: each target's least elevation, degrees (T,), and the largest off-nadir angle of all."""

    targets: Targets
    min_elevation_deg: Floats
    max_off_nadir_deg: float = 90.0

    def margin(self, r_m: Floats, index: Ints) -> Floats:
        """Positive exactly where positions (N, 3) keep the limits for the targets of that index (N,)."""
        chosen = self.targets.take(index)
        above = sin_elevation(r_m, chosen) - np.sin(np.radians(self.min_elevation_deg[index]))
        if self.max_off_nadir_deg >= 90.0:
            return above
        return np.minimum(above, cos_off_nadir(r_m, chosen) - np.cos(np.radians(self.max_off_nadir_deg)))


@dataclass(frozen=True)
class Intervals:
    """Intervals (N,) in which a view holds, when the satellite stands highest in each, and at which culmination."""

    culmination: Ints
    target: Ints
    rise_s: Floats
    set_s: Floats
    t_max_s: Floats

    def take(self, index: NDArray[np.bool_] | Ints) -> "Intervals":
        """Some of the intervals, in that order."""
        return Intervals(*(getattr(self, field.name)[index] for field in fields(self)))


def find_spans_densely(
    elements: Elements, targets: Targets, limits: Limits, start_s: float, end_s: float
) -> Spans:
    """When the limits hold around [start, end), POSIX seconds, by place and time. Raises PropagationFailed.

    Any orbit will do; a span that lasts longer than a revolution beyond the range ends there.
    """
    grid = sample_orbit(elements, start_s, end_s)
    lowest = np.maximum(limits.min_elevation_deg, least_elevation_deg(grid, limits.max_off_nadir_deg))
    culminations = find_culminations(elements, grid, targets, lowest)
    view = View(targets, limits.min_elevation_deg, limits.max_off_nadir_deg)
    spans = find_intervals(elements, view, culminations)
    if limits.min_off_nadir_deg > 0:
        cone = View(targets, limits.min_elevation_deg, limits.min_off_nadir_deg)
        spans = _without(spans, find_intervals(elements, cone, culminations), len(culminations))
    return _measure(elements, targets, spans)


def find_approaches_densely(
    elements: Elements, targets: Targets, reach_rad: Floats, start_s: float, end_s: float, zero_s: float
) -> Approaches:
    """When a satellite in [start, end) comes within an angle (P,) of places, in seconds from `zero_s`.

    Approaches that are just too far come along. Raises PropagationFailed.
    """
    grid = sample_orbit(elements, start_s, end_s)
    highest_m = float(np.linalg.norm(grid.r_m, axis=1).max())
    floor = np.arctan2(np.cos(reach_rad) - targets.distance_m / highest_m, np.sin(reach_rad))
    found = find_culminations(elements, grid, targets, np.degrees(floor) - VERTICAL_SLACK_DEG)
    inside = np.flatnonzero((found.t_s >= start_s) & (found.t_s < end_s))
    return Approaches(found.target[inside], found.t_s[inside] - zero_s)


def find_intervals(elements: Elements, view: View, culminations: Culminations) -> Intervals:
    """The interval around each culmination in which the view holds; culminations without one are left out."""
    best_s = _find_best(elements, view, culminations)
    held = np.flatnonzero(view.margin(compute_states(elements, best_s).r_m, culminations.target) >= 0)
    around, best_s = culminations.take(held), best_s[held]

    def margin(t: Floats) -> Floats:
        return view.margin(compute_states(elements, t).r_m, around.target)

    rise, fall = find_crossings(margin, around.low_s, best_s), find_crossings(margin, best_s, around.high_s)
    rise, fall = np.where(np.isnan(rise), around.low_s, rise), np.where(np.isnan(fall), around.high_s, fall)
    return _merge(Intervals(held, around.target, rise, fall, np.clip(around.t_s, rise, fall)))


def _find_best(elements: Elements, view: View, culminations: Culminations) -> Floats:
    """When the view holds best near each culmination: at it, or at the least off-nadir angle if that is the limit."""
    if view.max_off_nadir_deg >= 90.0 or not len(culminations):
        return culminations.t_s
    chosen = view.targets.take(culminations.target)
    least = find_peaks(
        lambda t: cos_off_nadir(compute_states(elements, t).r_m, chosen),
        np.maximum(culminations.t_s - LEAST_OFF_NADIR_S, culminations.low_s),
        np.minimum(culminations.t_s + LEAST_OFF_NADIR_S, culminations.high_s),
    )
    either = [
        view.margin(compute_states(elements, t).r_m, culminations.target) for t in (least, culminations.t_s)
    ]
    return np.where(either[0] > either[1], least, culminations.t_s)


def _merge(spans: Intervals) -> Intervals:
    """Each interval once: a satellite that never sets between two culminations gave it twice."""
    order = np.lexsort((spans.rise_s, spans.target))
    spans = spans.take(order)
    again = (np.diff(spans.target) == 0) & (np.diff(spans.rise_s) < SAME_S)
    return spans.take(np.concatenate([[True], ~again])[: len(order)])


def _without(outer: Intervals, inner: Intervals, count: int) -> Intervals:
    """The parts of the outer intervals that lie before and after the inner ones of the same culminations."""
    enter, leave = np.full(count, np.nan), np.full(count, np.nan)
    enter[inner.culmination], leave[inner.culmination] = inner.rise_s, inner.set_s
    enter, leave = enter[outer.culmination], leave[outer.culmination]
    whole = np.isnan(enter)
    pieces = [
        (whole, outer.rise_s, outer.set_s),
        (~whole, outer.rise_s, enter),
        (~whole, leave, outer.set_s),
    ]
    found = [_piece(outer, keep, rise, fall) for keep, rise, fall in pieces]
    joined = Intervals(
        *(np.concatenate([getattr(f, field.name) for f in found]) for field in fields(Intervals))
    )
    return joined.take(np.lexsort((joined.rise_s, joined.target)))


def _piece(outer: Intervals, keep: NDArray[np.bool_], rise_s: Floats, set_s: Floats) -> Intervals:
    with np.errstate(invalid="ignore"):
        keep = keep & (set_s > rise_s)
    return Intervals(
        outer.culmination, outer.target, rise_s, set_s, np.clip(outer.t_max_s, rise_s, set_s)
    ).take(keep)


def _measure(elements: Elements, targets: Targets, spans: Intervals) -> Spans:
    r_m, places = compute_states(elements, spans.t_max_s).r_m, targets.take(spans.target)
    return Spans(
        spans.target,
        spans.rise_s,
        spans.set_s,
        spans.t_max_s,
        sin_elevation(r_m, places),
        cos_off_nadir(r_m, places),
    )
