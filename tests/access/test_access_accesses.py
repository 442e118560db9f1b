"""Properties that accesses have wherever the satellite flies."""

from dataclasses import replace

import numpy as np
import pytest
from access_world import DAY_S, START_S, geosynchronous, grus, polar, spread

from swath.access import Accesses, find_accesses
from swath.access.look import build_targets, cos_off_nadir, sin_elevation
from swath.errors import Invalid
from swath.orbit.propagate import PropagationFailed, compute_states

LON, LAT = spread(40)


def elevation_deg(found: Accesses, t_s: np.ndarray) -> np.ndarray:
    places = build_targets(LON[found.target], LAT[found.target])
    return np.degrees(np.arcsin(sin_elevation(compute_states(grus(), t_s).r_m, places)))


def off_nadir_deg(found: Accesses, t_s: np.ndarray) -> np.ndarray:
    places = build_targets(LON[found.target], LAT[found.target])
    return np.degrees(np.arccos(cos_off_nadir(compute_states(grus(), t_s).r_m, places)))


@pytest.fixture(scope="module")
def found() -> Accesses:
    return find_accesses(grus(), LON, LAT, START_S, START_S + 2 * DAY_S, min_elevation_deg=20.0)


def test_a_rise_crosses_upwards_and_a_set_downwards(found: Accesses) -> None:
    assert elevation_deg(found, found.rise_s) == pytest.approx(20.0, abs=1e-5)
    assert elevation_deg(found, found.set_s) == pytest.approx(20.0, abs=1e-5)
    assert (elevation_deg(found, found.rise_s + 0.1) > 20.0).all()
    assert (elevation_deg(found, found.set_s + 0.1) < 20.0).all()


def test_a_culmination_is_a_maximum(found: Accesses) -> None:
    beside = np.maximum(*(elevation_deg(found, found.t_max_s + away) for away in (-0.5, 0.5)))
    assert (found.max_elevation_deg > beside).all()
    assert (found.max_elevation_deg >= 20.0).all()


def test_nothing_is_above_the_limit_outside_the_accesses(found: Accesses) -> None:
    t = np.arange(START_S, START_S + 2 * DAY_S, 7.0)
    r = compute_states(grus(), t).r_m
    for target in range(0, len(LON), 4):
        place = build_targets(np.full(len(t), LON[target]), np.full(len(t), LAT[target]))
        above = t[sin_elevation(r, place) > np.sin(np.radians(20.0))]
        mine = found.target == target
        inside = (above[:, None] >= found.rise_s[mine]) & (above[:, None] <= found.set_s[mine])
        assert inside.any(axis=1).all()


def test_many_targets_give_what_each_gives_alone(found: Accesses) -> None:
    """For many the path is computed once, for a few around each approach: the two are within 0.2 m of SGP4."""
    for target in (0, 7, 39):
        alone = find_accesses(
            grus(), LON[target], LAT[target], START_S, START_S + 2 * DAY_S, min_elevation_deg=20.0
        )
        assert alone.rise_s == pytest.approx(found.rise_s[found.target == target], abs=1e-4)


def test_an_access_cut_by_the_range_keeps_its_true_rise_and_set(found: Accesses) -> None:
    middle = found.t_max_s[5]
    cut = find_accesses(
        grus(), LON[found.target[5]], LAT[found.target[5]], middle, middle + 1.0, min_elevation_deg=20.0
    )
    assert len(cut) == 1
    assert cut.rise_s[0] == pytest.approx(found.rise_s[5], abs=1e-5)
    assert cut.set_s[0] == pytest.approx(found.set_s[5], abs=1e-5)
    assert cut.t_max_s[0] == pytest.approx(found.t_max_s[5], abs=1e-3)


def test_the_range_is_half_open(found: Accesses) -> None:
    place = LON[found.target[5]], LAT[found.target[5]]
    after = find_accesses(grus(), *place, found.set_s[5] + 1e-3, found.set_s[5] + 60, min_elevation_deg=20.0)
    before = find_accesses(
        grus(), *place, found.rise_s[5] - 60, found.rise_s[5] - 1e-3, min_elevation_deg=20.0
    )
    assert len(after) == len(before) == 0


def test_an_annulus_is_the_outer_accesses_without_the_inner_ones() -> None:
    limits = ({"max_off_nadir_deg": 30.0}, {"max_off_nadir_deg": 15.0})
    outer, inner, ring = (
        find_accesses(grus(), LON, LAT, START_S, START_S + 4 * DAY_S, **kept)
        for kept in (*limits, {"max_off_nadir_deg": 30.0, "min_off_nadir_deg": 15.0})
    )
    lengths = [float((found.set_s - found.rise_s).sum()) for found in (outer, inner, ring)]
    assert len(inner) > 0
    assert len(ring) == len(outer) + len(inner)
    assert lengths[2] == pytest.approx(lengths[0] - lengths[1], abs=1e-3)
    middle = (ring.rise_s + ring.set_s) / 2
    assert (np.abs(off_nadir_deg(ring, middle) - 22.5) <= 7.5).all()


def test_off_nadir_stays_within_its_limit() -> None:
    found = find_accesses(grus(), LON, LAT, START_S, START_S + 4 * DAY_S, max_off_nadir_deg=25.0)
    assert off_nadir_deg(found, found.rise_s) == pytest.approx(25.0, abs=1e-5)
    assert off_nadir_deg(found, found.set_s) == pytest.approx(25.0, abs=1e-5)
    assert (off_nadir_deg(found, (found.rise_s + found.set_s) / 2) < 25.0).all()


def test_a_limit_beyond_the_horizon_is_the_horizon() -> None:
    wide, all_above = (
        find_accesses(grus(), LON, LAT, START_S, START_S + DAY_S, max_off_nadir_deg=limit)
        for limit in (89.0, 90.0)
    )
    assert wide.rise_s == pytest.approx(all_above.rise_s, abs=1e-3)


def test_both_poles_are_seen_every_revolution_of_a_polar_orbit() -> None:
    found = find_accesses(
        polar(), [0.0, 77.0], [90.0, -90.0], START_S, START_S + DAY_S, min_elevation_deg=60.0
    )
    assert np.bincount(found.target).tolist() == pytest.approx([15, 15], abs=1)


def test_a_place_on_the_antimeridian_has_two_names() -> None:
    east, west = (
        find_accesses(grus(), lon, -16.5, START_S, START_S + 3 * DAY_S, min_elevation_deg=30.0)
        for lon in (180, -180)
    )
    assert len(east) > 0
    assert east.rise_s == pytest.approx(west.rise_s, abs=1e-5)


def test_a_satellite_that_never_sets_is_seen_all_the_time() -> None:
    orbit = geosynchronous()
    (state,) = compute_states(orbit, START_S).r_m
    below = np.degrees(np.arctan2(state[1], state[0]))
    found = find_accesses(orbit, below, 0.0, START_S, START_S + 2 * DAY_S, min_elevation_deg=20.0)
    assert found.rise_s[0] < START_S
    assert found.set_s[-1] > START_S + 2 * DAY_S


def test_no_target_gives_no_access() -> None:
    assert len(find_accesses(grus(), [], [], START_S, START_S + DAY_S)) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"end_s": START_S}, "after its start"),
        ({"min_elevation_deg": 90.0}, "least elevation is 90"),
        ({"min_elevation_deg": float("nan")}, "least elevation"),
        ({"max_off_nadir_deg": 10.0, "min_off_nadir_deg": 20.0}, "20 to 10"),
        ({"max_off_nadir_deg": -1.0}, "must rise"),
        ({"lon_deg": [0.0, 540.0]}, "Target 1 lies at longitude 540"),
        ({"lat_deg": float("nan")}, "latitude nan"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(change: dict[str, object], words: str) -> None:
    given = {"lon_deg": [0.0, 1.0], "lat_deg": 0.0, "start_s": START_S, "end_s": START_S + DAY_S, **change}
    with pytest.raises(Invalid, match=words):
        find_accesses(grus(), **given)


def test_a_decayed_satellite_is_named() -> None:
    falling = replace(grus(), bstar=0.1)
    with pytest.raises(PropagationFailed, match="GRUS-1A"):
        find_accesses(falling, 0.0, 0.0, START_S, START_S + 60 * DAY_S)
