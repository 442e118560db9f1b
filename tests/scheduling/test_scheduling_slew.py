"""Turning from one capture to another: checked by hand, against other people's geometry, and as a metric."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scheduling.scheduling_world import AGILITY, chance

from swath.fleet.model import Agility
from swath.scheduling.answers.slew import (
    compute_pointing,
    compute_shortfall_s,
    compute_slew_s,
    compute_turn_deg,
)

angles = st.floats(-45.0, 45.0)
pointings = st.tuples(angles, angles)


def at(roll: float, pitch: float = 0.0):
    return chance(10_000.0, roll=roll, pitch=pitch)


def test_pure_roll_turns_by_the_difference_of_the_rolls():
    assert compute_turn_deg(at(-12.0), at(18.0)) == pytest.approx(30.0, abs=1e-12)


def test_pure_pitch_turns_by_the_difference_of_the_pitches():
    assert compute_turn_deg(at(0.0, -20.0), at(0.0, 20.0)) == pytest.approx(40.0, abs=1e-12)


def test_pitch_counts_less_when_rolled_away():
    # At 60 degrees of roll a turn of 90 degrees about the y axis is the chord of a circle of radius cos 60.
    expected = 2.0 * math.degrees(math.asin(math.cos(math.radians(60.0)) * math.sin(math.radians(45.0))))
    assert compute_turn_deg(at(60.0, -45.0), at(60.0, 45.0)) == pytest.approx(expected, abs=1e-12)


def test_very_small_turns_are_not_lost_to_rounding():
    assert compute_turn_deg(at(10.0), at(10.0 + 1e-9)) == pytest.approx(1e-9, rel=1e-5)


def test_a_slew_time_is_that_of_a_sum_by_hand():
    # settle 6 s + 45 deg / 1.5 deg/s = 36 s
    assert compute_slew_s(at(-25.0), at(20.0), AGILITY) == pytest.approx(36.0)


def test_settle_and_rate_from_one_agile_satellite_foretell_another():
    # Pleiades covers 200 km across in 11 s and 800 km in 25 s, stabilisation included, from 694 km (ISPRS
    # Technical Commission III, 2011). SPOT 6, on the same orbit and with the same kind of gyros, turns by
    # 30 degrees in 14 s, stabilisation included (NASA GCMD, SPOT-6). Half a strip: atan(half / height).
    narrow, wide = (2.0 * math.degrees(math.atan(half_km / 694.0)) for half_km in (100.0, 400.0))
    rate = (wide - narrow) / (25.0 - 11.0)
    pleiades = Agility(47.0, 47.0, settle_s=11.0 - narrow / rate, slew_rate_deg_s=rate)
    assert compute_slew_s(at(-wide / 2), at(wide / 2), pleiades) == pytest.approx(25.0)
    assert compute_slew_s(at(-15.0), at(15.0), pleiades) == pytest.approx(14.0, abs=2.0)


@given(pointings)
def test_off_nadir_is_that_of_the_access_geometry(pointing: tuple[float, float]):
    roll, pitch = map(math.radians, pointing)
    toward_nadir = compute_pointing(*pointing)[2]
    assert toward_nadir == pytest.approx(math.cos(roll) * math.cos(pitch), abs=1e-15)


@given(pointings, pointings)
def test_turning_back_takes_as_long(a: tuple[float, float], b: tuple[float, float]):
    assert compute_slew_s(at(*a), at(*b), AGILITY) == compute_slew_s(at(*b), at(*a), AGILITY)


@given(pointings, pointings, pointings)
def test_a_detour_is_never_faster(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]):
    there = compute_turn_deg(at(*a), at(*c))
    assert there <= compute_turn_deg(at(*a), at(*b)) + compute_turn_deg(at(*b), at(*c)) + 1e-9


@given(st.lists(st.tuples(pointings, st.floats(0.0, 60.0), st.floats(0.1, 30.0)), min_size=3, max_size=3))
def test_if_one_fits_before_another_and_that_before_a_third_the_first_fits_before_the_third(
    steps: list[tuple[tuple[float, float], float, float]],
):
    chances, start_s = [], 10_000.0
    for (roll, pitch), wait_s, seconds in steps:
        chances.append(chance(start_s, roll=roll, pitch=pitch, seconds=seconds))
        start_s += seconds + wait_s
    a, b, c = chances
    both_fit = compute_shortfall_s(a, b, AGILITY) <= 0 and compute_shortfall_s(b, c, AGILITY) <= 0
    assert not both_fit or compute_shortfall_s(a, c, AGILITY) <= 0


def test_shortfall_counts_from_end_to_start_whichever_comes_first():
    early, late = chance(10_000.0, roll=0.0), chance(10_020.0, roll=15.0)
    # 10 s lie between them; 6 + 15 / 1.5 = 16 s are needed.
    assert compute_shortfall_s(early, late, AGILITY) == pytest.approx(6.0)
    assert compute_shortfall_s(late, early, AGILITY) == pytest.approx(6.0)
