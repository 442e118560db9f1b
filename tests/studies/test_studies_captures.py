"""Captures of a study are those that planning offers, whoever commands them; none is missing and none comes twice."""

from dataclasses import replace

import numpy as np
import pytest
from study_world import DATE_LINE, DAY_S, FLEET, FUKUI, KANTO, NOW_S, SVALBARD, build, find, members

from swath.access import find_accesses, half_fov_deg
from swath.planning import Terms, find_candidates
from swath.studies.captures import find_captures
from swath.studies.model import StudyArea


@pytest.mark.parametrize("one", [FUKUI, KANTO, DATE_LINE], ids=lambda one: one.name)
def test_captures_are_the_candidates_of_a_plan_that_can_always_be_commanded(one: StudyArea) -> None:
    study = build(one)
    found = find_captures(study, one.area)
    terms = Terms(study.start_s, study.end_s, (0.0, 30.0), FLEET.limits, NOW_S - 10 * DAY_S)
    plan = find_candidates(one.area, terms, study.members, FLEET.stations)
    assert len(found) > 0
    offered = [(c.start_s, c.end_s, c.roll_deg, c.off_nadir_deg, c.coverage_percent) for c in plan.candidates]
    columns = (found.start_s, found.end_s, found.roll_deg, found.off_nadir_deg, found.coverage_percent)
    assert offered == list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_point_is_taken_whole_as_often_as_it_is_within_reach() -> None:
    """Accesses by off-nadir angle come from the access engine, which knows no strips."""
    study = build(SVALBARD, members=members("GRUS-1A"), min_sun_deg=None, days=3)
    found = find_captures(study, SVALBARD.area)
    (satellite, elements), *_ = study.members
    edge = 30.0 + half_fov_deg(satellite.sensor.swath_km, satellite.nominal_altitude_km)
    # Between the two the swath's edge runs through the square.
    fewer, more = (
        find_accesses(elements, 15.4, 78.23, study.start_s, study.end_s, max_off_nadir_deg=edge + slack)
        for slack in (-0.15, 0.15)
    )
    whole = int((found.coverage_percent > 99.9).sum())
    assert 10 < len(fewer) <= whole <= len(more)
    for t_s in fewer.t_max_s:
        assert np.abs((found.start_s + found.end_s) / 2 - t_s).min() < 5.0


def test_every_limit_is_kept() -> None:
    study = build(KANTO, members=members("GRUS-3A"), max_off_nadir_deg=20.0, min_sun_deg=55.0)
    found = find_captures(study, KANTO.area)
    assert len(found) > 0
    assert found.off_nadir_deg.max() <= 20.0
    assert found.sun_elevation_deg.min() >= 55.0
    assert found.start_s.min() >= study.start_s
    assert found.end_s.max() <= study.end_s


def test_without_a_sun_limit_nights_come_along() -> None:
    by_day, always = find(FUKUI), find(FUKUI, min_sun_deg=None)
    night = always.captures.sun_elevation_deg < 10.0
    assert night.any()
    assert np.array_equal(always.captures.start_s[~night], by_day.captures.start_s)


def test_accesses_are_numbered_by_time_and_hold_strips_of_one_satellite() -> None:
    found = find(KANTO).captures
    numbers = np.unique(found.access)
    assert np.array_equal(numbers, np.arange(1, len(numbers) + 1))
    firsts = [found.start_s[found.access == number].min() for number in numbers]
    assert firsts == sorted(firsts)
    for number in numbers:
        strips = found.access == number
        assert len(set(found.satellite[strips].tolist())) == 1
        assert np.ptp(found.start_s[strips]) < 120.0


def test_local_solar_time_is_that_of_a_mean_sun() -> None:
    found = find(FUKUI).captures
    utc_h = (found.start_s + found.end_s) / 2 % DAY_S / 3_600
    assert found.solar_time_h == pytest.approx((utc_h + found.lon_deg / 15) % 24)


def test_no_capture_is_lost_or_doubled_where_orbits_are_fitted_anew() -> None:
    """Twenty days are two stretches; their edge is laid through a capture, and before and after some of them."""
    alone = members("GRUS-1B")
    for late_s in (-60.0, -5.0, 0.0, 5.0, 60.0):
        known = find_captures(build(KANTO, members=alone), KANTO.area)
        middle_s = float(known.start_s[0]) + late_s
        short = build(KANTO, members=alone, start_s=middle_s - 5 * DAY_S, days=10)
        long = replace(short, start_s=middle_s - 10 * DAY_S, end_s=middle_s + 10 * DAY_S)
        expected, found = find_captures(short, KANTO.area), find_captures(long, KANTO.area)
        inside = (found.start_s >= short.start_s) & (found.end_s <= short.end_s)
        assert found.start_s[inside] == pytest.approx(expected.start_s, abs=0.01)
        assert found.roll_deg[inside] == pytest.approx(expected.roll_deg, abs=0.01)


def test_a_range_without_any_access_gives_no_captures() -> None:
    assert len(find_captures(build(FUKUI, days=0.01), FUKUI.area)) == 0
