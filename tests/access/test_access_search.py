"""The fast search finds what the dense one finds, on every kind of orbit; pieces of long ranges fit together."""

from dataclasses import replace

import numpy as np
import pytest
from access_world import DAY_S, START_S, grus, spread

from swath.access.approaches import find_approaches
from swath.access.dense import find_spans_densely
from swath.access.limits import Limits
from swath.access.look import Targets, build_targets, cos_off_nadir, sin_elevation
from swath.access.search import LONGEST_FLIGHT_S, Search
from swath.access.spans import Spans, join_spans
from swath.orbit.elements import Elements
from swath.orbit.fit import fit_orbit
from swath.orbit.propagate import Propagator, compute_states

HARD = [(0, 90), (180, -90), (-180, 82.5), (20, -82.5), (179.9999, 85), (0, 0), (33, 81.9), (-70, -81)]
ORBITS = {
    "sun-synchronous": grus(),
    "polar": replace(grus(), inclination_deg=90.0),
    "along the tropics": replace(grus(), inclination_deg=8.0),
    "almost along the equator": replace(grus(), inclination_deg=0.2),
    "mid-latitude": replace(grus(), inclination_deg=51.6),
    "retrograde": replace(grus(), inclination_deg=120.0, mean_motion=12.6),
    "eccentric": replace(grus(), inclination_deg=63.4, eccentricity=0.1, mean_motion=13.0),
    "more eccentric": replace(grus(), inclination_deg=30.0, eccentricity=0.18, mean_motion=11.0),
    "decaying": replace(grus(), mean_motion=16.1, bstar=1e-3),
}
LIMITS = {
    "elevation 5": (5.0, 90.0, 0.0),
    "elevation 55": (55.0, 90.0, 0.0),
    "off-nadir 30": (0.0, 30.0, 0.0),
    "a ring": (0.0, 30.0, 10.0),
    "both": (20.0, 45.0, 5.0),
}


def places() -> Targets:
    lon, lat = np.concatenate([np.array(HARD, float).T, np.array(spread(16))], axis=1)
    return build_targets(lon, lat)


def search(elements: Elements, limits: Limits, days: float) -> Spans:
    return join_spans(list(Search(elements, START_S, START_S + days * DAY_S).find(places(), limits)))


@pytest.mark.slow
@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("elements", ORBITS.values(), ids=ORBITS)
def test_fast_and_dense_search_agree(elements: Elements, limits: tuple[float, float, float]) -> None:
    wanted = Limits(np.full(24, limits[0]), *limits[1:])
    fast, end_s = search(elements, wanted, 3.0), START_S + 3 * DAY_S
    dense = join_spans(
        [find_spans_densely(elements, places(), wanted, START_S, end_s).touching(START_S, end_s)]
    )
    assert fast.place.tolist() == dense.place.tolist()
    assert len(fast) > 20
    for column, tolerance in (
        ("rise_s", 2e-3),
        ("set_s", 2e-3),
        ("highest_s", 1e-3),
        ("sin_elevation", 1e-6),
    ):
        assert np.abs(getattr(fast, column) - getattr(dense, column)).max() < tolerance


@pytest.mark.parametrize("reach_rad", [0.03, 0.35])
@pytest.mark.parametrize("name", ["sun-synchronous", "polar", "along the tropics", "eccentric"])
def test_no_approach_is_missed(name: str, reach_rad: float) -> None:
    elements, end_s = ORBITS[name], START_S + DAY_S
    fit = fit_orbit(Propagator(elements), START_S, end_s)
    targets = places()
    found = find_approaches(fit, targets.directions, np.full(len(targets), reach_rad), START_S, end_s)
    t = np.arange(START_S, end_s, 10.0)
    r = compute_states(elements, t).r_m
    near = (r / np.linalg.norm(r, axis=1)[:, None]) @ targets.directions.T
    for place in range(len(targets)):
        c = near[:, place]
        (peaks,) = np.nonzero((c[1:-1] >= c[:-2]) & (c[1:-1] > c[2:]) & (c[1:-1] >= np.cos(reach_rad)))
        times = fit.middle_s + found.tau_s[found.place == place]
        assert (np.diff(times) > fit.period_s / 2).all()
        assert all(np.abs(times - at).min(initial=np.inf) < 60.0 for at in t[peaks + 1])


def test_pieces_of_a_long_range_fit_together() -> None:
    days = 2.5 * LONGEST_FLIGHT_S / DAY_S
    limits = Limits(np.full(24, 60.0))
    whole = search(grus(), limits, days)
    assert len(set(zip(whole.place.tolist(), np.round(whole.rise_s).tolist(), strict=True))) == len(whole)
    inside = (whole.rise_s > START_S + 15 * DAY_S) & (whole.set_s < START_S + 18 * DAY_S)
    parts = Search(grus(), START_S + 15 * DAY_S, START_S + 18 * DAY_S).find(places(), limits)
    alone = join_spans(list(parts))
    alone = alone.take((alone.rise_s > START_S + 15 * DAY_S) & (alone.set_s < START_S + 18 * DAY_S))
    assert whole.take(inside).rise_s == pytest.approx(alone.rise_s, abs=1e-4)


def test_one_search_may_be_asked_for_few_places_and_then_for_many() -> None:
    limits, seeker = Limits(np.full(24, 30.0)), Search(grus(), START_S, START_S + DAY_S)
    few, many = Targets(places().r_m[:2], places().up[:2]), places()
    first = join_spans(list(seeker.find(few, limits.take(slice(2)))))
    second = join_spans(list(seeker.find(many, limits)))
    assert second.take(second.place < 2).rise_s == pytest.approx(first.rise_s, abs=1e-4)


def test_places_on_the_horizon_seen_less_far_off_nadir_than_nearer_ones_are_found() -> None:
    """Where the satellite climbs the limit may hold at the horizon, and not between there and the culmination."""
    climbing = replace(grus(), inclination_deg=28.4, eccentricity=0.05, mean_motion=12.3)
    limits = Limits(np.full(24, 0.0), 53.0)
    found, targets = search(climbing, limits, 2.0), places()
    t = np.arange(START_S, START_S + 2 * DAY_S, 10.0)
    r = compute_states(climbing, t).r_m
    apart = 0
    for place in range(len(targets)):
        here = targets.take(np.full(len(t), place))
        sees = (sin_elevation(r, here) > 1e-4) & (cos_off_nadir(r, here) > np.cos(np.radians(52.99)))
        mine = found.take(found.place == place)
        within = (t[sees, None] >= mine.rise_s) & (t[sees, None] <= mine.set_s)
        assert within.any(axis=1).all()
        middle = compute_states(climbing, (mine.rise_s + mine.set_s) / 2).r_m
        assert (cos_off_nadir(middle, targets.take(mine.place)) >= np.cos(np.radians(53.0))).all()
        apart += int((np.diff(mine.rise_s) < 1800.0).sum())
    assert apart > 0, "two parts of one fly-by"
