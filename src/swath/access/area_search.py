"""The search for areas: one satellite over any range of time, met by the outlines of areas.

Orbits that fly by once a revolution are solved edge by edge (`touches.py`). For others - slow ones, very eccentric
ones, those along the equator - points of the outlines, 12 km apart, are searched as places, and what belongs to one
approach is joined.
"""

from dataclasses import replace

import numpy as np

from swath.access.areas import Areas
from swath.access.flight import Flight
from swath.access.limits import Limits, compute_half_s, find_reach_rad
from swath.access.look import Floats, Targets
from swath.access.search import Search
from swath.access.spans import Ints, Spans, build_spans, join_spans
from swath.access.touches import find_touches, holds_nadir
from swath.geo.ellipsoid import B_M
from swath.orbit.elements import Elements
from swath.orbit.ephemeris import fit_between
from swath.orbit.fit import period_s
from swath.orbit.propagate import Propagator

# Moments at which it is asked whether the satellite is above the area itself, where that is not known from edges.
MOMENTS = 33
# By how much the ends of an edge are nearer before or after its middle, and then some.
BESIDE_S = 10.0
# Area, rise, set, highest moment, and the sine and cosine of then.
Row = tuple[int, float, float, float, float, float]


def find_area_spans(elements: Elements, areas: Areas, limits: Limits, start_s: float, end_s: float) -> Spans:
    """When a satellite has any part of areas within the limits, by area and time, if that touches [start, end).

    The angles are those of the part that is seen highest. Raises PropagationFailed when SGP4 gives no position.
    """
    search = Search(elements, start_s, end_s)
    if not all(_flies_by(flight, areas, limits) for flight in search.flights):
        return _find_by_points(elements, areas, limits, start_s, end_s)
    pairs = zip(search.flights, search.stretches, strict=True)
    parts = [_find_by_edges(flight, stretch.own, areas, limits) for flight, stretch in pairs]
    return join_spans(parts).touching(start_s, end_s)


def _flies_by(flight: Flight, areas: Areas, limits: Limits) -> bool:
    """Whether the satellite leaves all areas behind before it comes again."""
    fit = flight.fit
    return (
        fit.is_usable
        and 2 * compute_half_s(fit, _largest(_find_reach_rad(flight, areas, limits))) < fit.period_s
    )


def _find_reach_rad(flight: Flight, areas: Areas, limits: Limits) -> Floats:
    """How far the satellite may be from the middles of areas (A,), as an angle at the Earth's centre."""
    return find_reach_rad(flight.fit, np.full(len(areas), B_M), limits) + areas.radius_rad


def _largest(angles_rad: Floats) -> float:
    return float(angles_rad.max(initial=0.0))


def _find_by_edges(flight: Flight, own: tuple[float, float], areas: Areas, limits: Limits) -> Spans:
    reach_rad = _find_reach_rad(flight, areas, limits)
    around_s = compute_half_s(flight.fit, _largest(reach_rad))
    half_s = compute_half_s(flight.fit, _largest(reach_rad - areas.radius_rad)) + BESIDE_S
    approaches = flight.find_approaches(areas.middles, reach_rad, around_s)
    path = flight.compute_path(approaches.tau_s, around_s)
    area, found = find_touches(
        approaches.packed,
        around_s,
        half_s,
        (own[0] - path.zero_s, own[1] - path.zero_s),
        path.packed,
        areas.packed,
        limits.thresholds,
    )
    return build_spans(area, found, path.zero_s)


def _find_by_points(elements: Elements, areas: Areas, limits: Limits, start_s: float, end_s: float) -> Spans:
    turn_s = period_s(elements)
    points = areas.edges[:, :2].reshape(-1, 6)
    area = np.repeat(np.arange(len(areas)), 2 * np.diff(areas.first_edge))
    each = Limits(limits.min_elevation_deg[area], limits.max_off_nadir_deg, limits.min_off_nadir_deg)
    search = Search(elements, start_s - turn_s, end_s + turn_s)
    spans = join_spans(list(search.find(Targets(points[:, :3], points[:, 3:]), each)))
    merged = _merge(area[spans.place], spans, turn_s / 2).touching(start_s, end_s)
    return merged if limits.min_off_nadir_deg > 0 else _look_below(elements, areas, merged)


def _merge(area: Ints, spans: Spans, apart_s: float) -> Spans:
    """One span for all of an area that are highest so short after one another, or that overlap."""
    order = np.lexsort((spans.highest_s, area))
    spans = replace(spans, place=area).take(order)
    begins = (np.diff(spans.place, prepend=-1) > 0) | (np.diff(spans.highest_s, prepend=0.0) > apart_s)
    groups = np.split(np.arange(len(spans)), np.flatnonzero(begins)[1:]) if len(spans) else []
    rows: list[Row] = []
    for group in groups:
        row = _join(spans.take(group))
        if rows and rows[-1][0] == row[0] and row[1] <= rows[-1][2]:
            row = _widen(rows.pop(), row)
        rows.append(row)
    place, *columns = np.array(rows, float).reshape(-1, 6).T
    return Spans(place.astype(np.intp), *columns)


def _join(group: Spans) -> Row:
    best = int(group.sin_elevation.argmax())
    rise_s, set_s = float(group.rise_s.min()), float(group.set_s.max())
    top_s, sine, cosine = (
        float(column[best]) for column in (group.highest_s, group.sin_elevation, group.cos_off_nadir)
    )
    return int(group.place[0]), rise_s, set_s, top_s, sine, cosine


def _widen(one: Row, other: Row) -> Row:
    higher = max(one, other, key=lambda row: row[4])
    return one[0], min(one[1], other[1]), max(one[2], other[2]), *higher[3:]


def _look_below(elements: Elements, areas: Areas, spans: Spans) -> Spans:
    """The same spans; where the satellite is above an area for a while, that is when it is highest."""
    propagator = Propagator(elements)
    above_s = np.array(
        [
            _find_above(propagator, areas, *span)
            for span in zip(spans.place, spans.rise_s, spans.set_s, strict=True)
        ]
    )
    above = np.isfinite(above_s)
    return replace(
        spans,
        highest_s=np.where(above, above_s, spans.highest_s),
        sin_elevation=np.where(above, 1.0, spans.sin_elevation),
        cos_off_nadir=np.where(above, 1.0, spans.cos_off_nadir),
    )


def _find_above(propagator: Propagator, areas: Areas, area: int, rise_s: float, set_s: float) -> float:
    """A moment at which the satellite is above the area, as near to the middle as may be; NaN without one."""
    middle_s = (rise_s + set_s) / 2
    moments = sorted(np.linspace(rise_s, set_s, MOMENTS).tolist(), key=lambda t: abs(t - middle_s))
    path = fit_between(propagator, middle_s, rise_s - middle_s, set_s - middle_s).path(0)
    outline = int(areas.first_edge[area]), int(areas.first_edge[area + 1])
    return next((t for t in moments if holds_nadir(path, areas.edges, outline, t - middle_s)), np.nan)
