"""Ground tracks: they begin and end at ascending nodes, follow each other, and keep their numbers."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from shapely import get_coordinates

from swath.errors import SwathError
from swath.fleet import load_bundled_elements
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.orbit.elements import Elements, parse_tle
from swath.orbit.propagate import compute_states
from swath.orbit.tracks import (
    compute_revolutions,
    find_ground_tracks,
    find_nodes,
    orbit_state_at,
    period_s,
    revolution_at,
)

SETS = load_bundled_elements()
GRUS = SETS[0]
START = GRUS.epoch_s + 20_000.0
DAY = 86_400.0
HISTORY = parse_tle((Path(__file__).parents[1] / "data/grus_history.txt").read_text())

MOLNIYA = replace(
    GRUS, mean_motion=2.006, eccentricity=0.74, inclination_deg=63.4, arg_perigee_deg=280.0, mean_anomaly_deg=10.0,
    bstar=0.0, mean_motion_dot=0.0,
)  # fmt: skip


@pytest.mark.parametrize("elements", [GRUS, SETS[5], MOLNIYA], ids=["GRUS-1A", SETS[5].name, "Molniya"])
def test_at_a_node_the_satellite_crosses_the_equator_northwards(elements: Elements):
    nodes = find_nodes(elements, START, START + 3 * DAY)
    states = compute_states(elements, nodes)
    # At 7.6 km/s, a height of 4 m above the equator is half a millisecond.
    assert np.abs(states.r_m[:, 2]).max() < 0.1
    assert (states.v_ms[:, 2] > 0).all()
    assert len(nodes) == pytest.approx(3 * elements.mean_motion, abs=1.1)


def test_no_node_is_missed_on_an_orbit_that_dips_south_for_a_tenth_of_its_time():
    nodes = find_nodes(MOLNIYA, START, START + 30 * DAY)
    assert np.diff(nodes) == pytest.approx(period_s(MOLNIYA), rel=0.01)


def test_tracks_follow_each_other_from_the_one_that_runs():
    tracks = find_ground_tracks(GRUS, START, START + 2 * DAY)
    assert tracks[0].start_s <= START < tracks[0].end_s
    assert tracks[-1].start_s < START + 2 * DAY <= tracks[-1].end_s
    for one, following in pairwise(tracks):
        assert one.end_s == following.start_s
        assert one.revolution + 1 == following.revolution


def test_a_range_that_ends_at_a_node_does_not_touch_the_next_revolution():
    first = find_ground_tracks(GRUS, START, START + 1.0)[0]
    assert [t.revolution for t in find_ground_tracks(GRUS, first.start_s, first.end_s)] == [first.revolution]
    assert find_ground_tracks(GRUS, START, START) == ()


def test_a_track_is_the_line_below_the_satellite():
    track = find_ground_tracks(GRUS, START, START + 1.0)[0]
    points = get_coordinates(track.geometry)
    assert np.abs(points[:, 0]).max() <= 180
    assert points[0, 1] == pytest.approx(0, abs=1e-5)
    assert points[-1, 1] == pytest.approx(0, abs=1e-5)
    assert np.abs(points[:, 1]).max() == pytest.approx(180 - GRUS.inclination_deg, abs=0.1)
    for t in np.linspace(track.start_s + 1, track.end_s - 1, 50):
        lon, lat, _ = ecef_to_geodetic(compute_states(GRUS, t).r_m[0])
        nearest = np.hypot((points[:, 0] - lon) * np.cos(np.radians(lat)), points[:, 1] - lat).min()
        assert nearest < 1.0


def test_every_track_of_a_week_is_valid_and_cut():
    for track in find_ground_tracks(GRUS, START, START + 7 * DAY):
        assert track.geometry.is_valid
        assert len(track.geometry.geoms) in (1, 2, 3)
        steps = [np.abs(np.diff(get_coordinates(part)[:, 0])).max() for part in track.geometry.geoms]
        assert max(steps) < 60


def test_the_number_at_the_epoch_is_the_sets_own():
    for elements in SETS:
        assert revolution_at(elements, elements.epoch_s + 120.0) == elements.rev_at_epoch
        assert (
            revolution_at(elements, elements.epoch_s + period_s(elements) + 120.0)
            == elements.rev_at_epoch + 1
        )
        assert revolution_at(elements, elements.epoch_s - 120.0) == elements.rev_at_epoch - 1


def test_numbers_stay_when_newer_elements_arrive():
    """Two months of real element sets: in mid-revolution each set counts the same as the one before it did."""
    by_satellite: dict[int, list[Elements]] = {}
    for elements in sorted(HISTORY, key=lambda e: e.epoch):
        by_satellite.setdefault(elements.norad_id, []).append(elements)
    for sets in by_satellite.values():
        for older, newer in pairwise(sets):
            middle = newer.epoch_s + period_s(newer) / 2
            assert revolution_at(older, middle) == revolution_at(newer, middle), (older.name, newer.epoch)


def test_many_times_are_numbered_like_one():
    t = START + 1234.5 * np.arange(-20, 20)
    numbers = compute_revolutions(GRUS, t)
    assert numbers.tolist() == [revolution_at(GRUS, float(at)) for at in t]
    assert set(np.diff(numbers)) == {0, 1}


def test_tracks_carry_the_number_that_runs_during_them():
    for track in find_ground_tracks(GRUS, START, START + DAY):
        assert revolution_at(GRUS, track.start_s + 1e-3) == track.revolution
        assert revolution_at(GRUS, track.end_s - 1e-3) == track.revolution


def test_north_is_ascending_south_is_descending():
    track = find_ground_tracks(GRUS, START, START + 1.0)[0]
    quarter = (track.end_s - track.start_s) / 4
    assert orbit_state_at(GRUS, track.start_s + 1.0) == "ascending"
    assert orbit_state_at(GRUS, track.start_s + 2 * quarter) == "descending"


def test_a_satellite_that_stays_on_the_equator_has_no_tracks():
    # Before 1973 the pole stands still, so that z is zero to the last digit.
    level = replace(GRUS, inclination_deg=0.0, epoch=datetime(1972, 1, 1, tzinfo=UTC))
    with pytest.raises(SwathError, match="no ascending node"):
        find_ground_tracks(level, level.epoch_s, level.epoch_s + DAY)
