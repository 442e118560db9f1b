"""Whatever is given: a clear error or a right answer, never silence, never a hang."""

import warnings
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from access_world import DAY_S, START_S, grus, polar

from swath.access import FarElements, find_accesses, find_area_accesses
from swath.access.look import build_targets, sin_elevation
from swath.errors import Invalid, Malformed
from swath.orbit.elements import Elements
from swath.orbit.propagate import PropagationFailed, compute_states

END_S = START_S + DAY_S
NAN = float("nan")
SQUARE = {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}
FALLING = replace(grus("GRUS-1C"), bstar=0.1)
POLES_AND_EDGES = [
    (0, 90),
    (180, 90),
    (33, -90),
    (180, 0),
    (-180, 0),
    (180, 51),
    (-180, 51),
    (180, 90),
    (-180, -90),
]


# Elements.


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"eccentricity": 1.2}, "eccentricity is 1.2; it takes 0 to below 1"),
        ({"eccentricity": NAN}, "eccentricity is nan"),
        ({"mean_motion": -3.0}, "mean motion is -3; it takes above 0"),
        ({"mean_motion": 25.0}, "mean motion is 25; it takes above 0, below 18"),
        ({"mean_motion": float("inf")}, "mean motion is inf"),
        ({"mean_motion": NAN}, "mean motion is nan"),
        ({"inclination_deg": 400.0}, "inclination is 400"),
        ({"raan_deg": NAN}, "right ascension of the node is nan"),
        ({"bstar": NAN}, "B\\* is nan"),
    ],
)
def test_elements_that_are_no_orbit_of_the_earth_cannot_be_made(change: dict[str, float], words: str) -> None:
    with pytest.raises(Malformed, match=words):
        replace(grus(), **change)


def test_a_satellite_that_decays_in_the_range_is_named() -> None:
    with pytest.raises(PropagationFailed, match="GRUS-1C cannot be propagated") as failed:
        find_accesses([grus(), FALLING], 0.0, 0.0, START_S, START_S + 60 * DAY_S)
    assert failed.value.elements == FALLING


@pytest.mark.parametrize("days", [1, 60])
def test_the_others_go_on_if_wanted(days: int) -> None:
    failed: list[PropagationFailed] = []
    end_s = START_S + days * DAY_S
    sets = [grus(), replace(FALLING, bstar=9.0), grus("GRUS-1B")]
    found = find_accesses(sets, [0, 50], [0, 60], START_S, end_s, on_failure=failed.append)
    assert [one.elements for one in failed] == [sets[1]]
    assert set(found.satellite.tolist()) == {0, 2}
    alone = find_accesses(grus(), [0, 50], [0, 60], START_S, end_s)
    assert found.take(found.satellite == 0).rise_s == pytest.approx(alone.rise_s, abs=1e-4)


def test_of_a_satellite_that_decays_late_nothing_is_told() -> None:
    """It flies on for weeks, through whole blocks, before it falls: half a table would look like a whole one."""
    failed: list[PropagationFailed] = []
    late = replace(FALLING, bstar=0.02)
    assert len(find_accesses(late, 0, 60, START_S, START_S + 5 * DAY_S))
    found = find_accesses(late, 0, 60, START_S, START_S + 300 * DAY_S, on_failure=failed.append)
    assert len(failed) == 1
    assert len(found) == 0


def test_if_all_fail_the_table_is_empty() -> None:
    found = find_accesses(replace(FALLING, bstar=9.0), 0, 0, START_S, END_S, on_failure=lambda _: None)
    assert len(found) == 0
    assert found.satellites == ("GRUS-1C",)


def test_epochs_years_away_are_warned_of() -> None:
    old = replace(grus(), epoch=grus().epoch - timedelta(days=2000))
    with pytest.warns(FarElements, match="Elements of GRUS-1A are 2000 days from the range"):
        find_accesses(old, 0.0, 60.0, START_S, END_S)
    with pytest.warns(FarElements, match="and more than 14 days those of 1 others"):
        find_area_accesses([old, replace(old, name="X")], [SQUARE], START_S, END_S)


def test_elements_within_two_weeks_are_not_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        find_accesses(grus(), 0.0, 0.0, START_S + 13 * DAY_S, START_S + 20 * DAY_S)


def test_no_satellite_is_no_access() -> None:
    assert len(find_accesses([], 0.0, 0.0, START_S, END_S)) == 0


# Ranges.


@pytest.mark.parametrize(
    ("start_s", "end_s", "words"),
    [
        (START_S, START_S, "after its start"),
        (END_S, START_S, "after its start"),
        (START_S, float("inf"), "after its start"),
        (NAN, END_S, "after its start"),
        (START_S, NAN, "after its start"),
        (datetime(1957, 10, 3).timestamp(), START_S, "before the first satellite flew, on 1957-10-04"),  # noqa: DTZ001
        (START_S, START_S + 3661 * DAY_S, "3661 days long; the limit is 3660"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(start_s: float, end_s: float, words: str) -> None:
    for find, where in ((find_accesses, (0, 0)), (find_area_accesses, ([SQUARE],))):
        with pytest.raises(Invalid, match=words):
            find(grus(), *where, start_s, end_s)


def test_a_second_is_a_range() -> None:
    day = find_accesses(grus(), 0.0, 80.0, START_S, END_S)
    second = find_accesses(grus(), 0.0, 80.0, day.t_max_s[3], day.t_max_s[3] + 1.0)
    assert second.rise_s == pytest.approx(day.rise_s[[3]], abs=1e-4)
    none = find_accesses(grus(), 0.0, 80.0, day.set_s[3] + 10, day.set_s[3] + 11)
    assert len(none) == 0


def test_400_days_are_a_range() -> None:
    year = find_accesses(grus(), 10.0, 60.0, START_S, START_S + 400 * DAY_S, min_elevation_deg=30.0)
    assert (np.diff(year.rise_s) > 3000).all()
    assert year.rise_s[0] < START_S + DAY_S
    assert year.rise_s[-1] > START_S + 399 * DAY_S
    place = build_targets(np.full(len(year), 10.0), 60.0)
    sine = sin_elevation(compute_states(grus(), year.rise_s).r_m, place)
    assert np.degrees(np.arcsin(sine)) == pytest.approx(30.0, abs=1e-4)


# Targets.


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        (NAN, 0.0, "longitude nan"),
        (0.0, NAN, "latitude nan"),
        (180.001, 0.0, "expected -180..180"),
        ([0.0, 0.0], [0.0, 90.001], "Target 1 lies at longitude 0, latitude 90.001"),
        ([0.0, 1.0, 2.0], [0.0, 1.0], "expected two lists of the same length"),
        ([[0.0], [1.0]], 0.0, "expected two lists of the same length"),
        (float("inf"), 0.0, "longitude inf"),
    ],
)
def test_places_that_are_none_are_refused(lon: object, lat: object, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        find_accesses(grus(), lon, lat, START_S, END_S)


@pytest.mark.parametrize("orbit", [grus(), polar()], ids=["sun-synchronous", "polar"])
@pytest.mark.parametrize("limits", [{"min_elevation_deg": 8.0}, {"max_off_nadir_deg": 45.0}], ids=str)
def test_poles_and_the_antimeridian_are_places_like_others(orbit: Elements, limits: dict[str, float]) -> None:
    """Each is held against a place 11 m beside it, on the other side where there is one."""
    lon, lat = np.array(POLES_AND_EDGES, float).T
    found = find_accesses(orbit, lon, lat, START_S, END_S, **limits)
    beside = find_accesses(orbit, -lon * (1 - 1e-9), lat * (1 - 1e-6), START_S, END_S, **limits)
    assert len(found) > 20 or "max_off_nadir_deg" in limits
    assert found.target.tolist() == beside.target.tolist()
    assert np.abs(found.t_max_s - beside.t_max_s).max(initial=0.0) < 0.2


def test_a_pole_has_many_names() -> None:
    found = find_accesses(grus(), [0, 90, 180, -180], 90.0, START_S, END_S, min_elevation_deg=8.0)
    times = [found.rise_s[found.target == target].tolist() for target in range(4)]
    assert len(times[0]) > 10
    assert times[1:] == [pytest.approx(times[0], abs=1e-4)] * 3


def test_a_place_given_twice_is_answered_twice() -> None:
    found = find_accesses(grus(), [10, 10], [50, 50], START_S, END_S)
    assert found.rise_s[found.target == 0].tolist() == found.rise_s[found.target == 1].tolist()
