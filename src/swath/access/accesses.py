"""Accesses: when a satellite can image places on the ground, by elevation or by off-nadir angle."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swath.access.culminations import Culminations, find_culminations, least_elevation_deg, sample_orbit
from swath.access.look import Floats, Targets, build_targets, cos_off_nadir, sin_elevation
from swath.access.search import find_crossings, find_peaks
from swath.errors import Fault, Invalid
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states
from swath.orbit.sun import sun_angles

Ints = NDArray[np.intp]

# How far from the culmination the least off-nadir angle is looked for: they are within a second of each other in
# near-circular orbits.
LEAST_OFF_NADIR_S = 60.0
# Spans of one target that begin within this of each other are the same.
SAME_S = 1e-3


@dataclass(frozen=True)
class Accesses:
    """Accesses of one satellite as columns (N,), in the order of targets and of time.

    `target` counts the places as they were given. Times are POSIX seconds; `t_max_s` is when the satellite stands
    highest during the access, and the angles, in degrees, are those of that moment.
    """

    satellite: str
    target: Ints
    rise_s: Floats
    set_s: Floats
    t_max_s: Floats
    max_elevation_deg: Floats
    off_nadir_deg: Floats
    sun_elevation_deg: Floats
    sun_azimuth_deg: Floats

    def __len__(self) -> int:
        return len(self.target)


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
class Spans:
    """Intervals (N,) in which a view holds, when the satellite stands highest in each, and at which culmination."""

    culmination: Ints
    target: Ints
    rise_s: Floats
    set_s: Floats
    t_max_s: Floats

    def take(self, index: NDArray[np.bool_] | Ints) -> "Spans":
        """Some of the intervals, in that order."""
        return Spans(*(getattr(self, field.name)[index] for field in fields(self)))

    def touching(self, start_s: float, end_s: float) -> "Spans":
        """Those that have a moment in [start, end)."""
        return self.take((self.set_s > start_s) & (self.rise_s < end_s))


def find_accesses(
    elements: Elements,
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    start_s: float,
    end_s: float,
    *,
    min_elevation_deg: float = 0.0,
    max_off_nadir_deg: float = 90.0,
    min_off_nadir_deg: float = 0.0,
) -> Accesses:
    """All accesses of one satellite to places (T,) on the ellipsoid that touch [start, end).

    Limits may be combined; off-nadir is measured from the geodetic nadir. A least off-nadir angle above 0 splits an
    access that runs through the inner cone in two. An access cut by the range is given with its true rise and set;
    one that lasts longer than a revolution beyond the range ends there. Elevations are without refraction.

    Raises Invalid for a range or limits that make no sense, PropagationFailed when SGP4 gives no position.
    """
    _check_limits(min_elevation_deg, min_off_nadir_deg, max_off_nadir_deg)
    lon, lat = _check_places(lon_deg, lat_deg)
    floor = np.full(len(lon), float(min_elevation_deg))
    view = View(build_targets(lon, lat), floor, max_off_nadir_deg)
    grid = sample_orbit(elements, start_s, end_s)
    lowest = max(min_elevation_deg, least_elevation_deg(grid, max_off_nadir_deg))
    culminations = find_culminations(elements, grid, view.targets, np.full(len(lon), lowest))
    spans = find_spans(elements, view, culminations)
    if min_off_nadir_deg > 0:
        inner = find_spans(elements, View(view.targets, floor, min_off_nadir_deg), culminations)
        spans = _without(spans, inner, len(culminations))
    return _measure(elements, spans.touching(start_s, end_s), lon, lat)


def find_spans(elements: Elements, view: View, culminations: Culminations) -> Spans:
    """The interval around each culmination in which the view holds; culminations without one are left out."""
    best_s = _find_best(elements, view, culminations)
    held = np.flatnonzero(view.margin(compute_states(elements, best_s).r_m, culminations.target) >= 0)
    around, best_s = culminations.take(held), best_s[held]

    def margin(t: Floats) -> Floats:
        return view.margin(compute_states(elements, t).r_m, around.target)

    rise, fall = find_crossings(margin, around.low_s, best_s), find_crossings(margin, best_s, around.high_s)
    rise, fall = np.where(np.isnan(rise), around.low_s, rise), np.where(np.isnan(fall), around.high_s, fall)
    return _merge(Spans(held, around.target, rise, fall, np.clip(around.t_s, rise, fall)))


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


def _merge(spans: Spans) -> Spans:
    """Each interval once: a satellite that never sets between two culminations gave it twice."""
    order = np.lexsort((spans.rise_s, spans.target))
    spans = spans.take(order)
    again = (np.diff(spans.target) == 0) & (np.diff(spans.rise_s) < SAME_S)
    return spans.take(np.concatenate([[True], ~again])[: len(order)])


def _without(outer: Spans, inner: Spans, count: int) -> Spans:
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
    joined = Spans(*(np.concatenate([getattr(f, field.name) for f in found]) for field in fields(Spans)))
    return joined.take(np.lexsort((joined.rise_s, joined.target)))


def _piece(outer: Spans, keep: NDArray[np.bool_], rise_s: Floats, set_s: Floats) -> Spans:
    with np.errstate(invalid="ignore"):
        keep = keep & (set_s > rise_s)
    return Spans(outer.culmination, outer.target, rise_s, set_s, np.clip(outer.t_max_s, rise_s, set_s)).take(
        keep
    )


def _measure(elements: Elements, spans: Spans, lon_deg: Floats, lat_deg: Floats) -> Accesses:
    lon, lat = lon_deg[spans.target], lat_deg[spans.target]
    r_m, places = compute_states(elements, spans.t_max_s).r_m, build_targets(lon, lat)
    sun_elevation, sun_azimuth = sun_angles(spans.t_max_s, lon, lat)
    return Accesses(
        satellite=elements.name,
        target=spans.target,
        rise_s=spans.rise_s,
        set_s=spans.set_s,
        t_max_s=spans.t_max_s,
        max_elevation_deg=np.degrees(np.arcsin(np.clip(sin_elevation(r_m, places), -1, 1))),
        off_nadir_deg=np.degrees(np.arccos(np.clip(cos_off_nadir(r_m, places), -1, 1))),
        sun_elevation_deg=sun_elevation,
        sun_azimuth_deg=sun_azimuth,
    )


def _check_limits(min_elevation_deg: float, min_off_nadir_deg: float, max_off_nadir_deg: float) -> None:
    if not 0 <= min_elevation_deg < 90:
        sentence = f"The least elevation is {min_elevation_deg:g} degrees; it must be from 0 to below 90."
        raise Invalid(Fault("/min_elevation", "elevation_range", sentence))
    if not 0 <= min_off_nadir_deg < max_off_nadir_deg <= 90:
        found = f"{min_off_nadir_deg:g} to {max_off_nadir_deg:g}"
        sentence = f"Off-nadir angles run from {found} degrees; they must rise, from 0 or more to 90 at most."
        raise Invalid(Fault("/max_off_nadir", "off_nadir_range", sentence))


def _check_places(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
    lon, lat = np.broadcast_arrays(np.atleast_1d(np.asarray(lon_deg, float)), np.asarray(lat_deg, float))
    wrong = np.flatnonzero(~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)))
    if wrong.size:
        i = int(wrong[0])
        sentence = (
            f"Target {i} lies at longitude {lon[i]:g}, latitude {lat[i]:g}; expected -180..180 and -90..90."
        )
        raise Invalid(Fault(f"/targets/{i}", "position_range", sentence))
    return lon, lat
