"""Weather belongs to a place and a day, and clouds cover just as much as was said."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from swath.simulator.grid import Grid
from swath.simulator.sky import build_clouds, compute_cloud_percent, compute_storm_percent

MORNING = datetime(2026, 8, 22, 1, 30, tzinfo=UTC)
GRID = Grid(32654, 300_000, 4_000_000, 100, 300, 240)
EVERYWHERE = np.ones((300, 240), bool)


def clouds(percent: float, sun: tuple[float, float] = (45.0, 90.0)):
    return build_clouds(GRID, EVERYWHERE, MORNING, percent, sun)


def test_neighbours_on_the_same_day_have_the_same_weather():
    assert compute_cloud_percent(140.1, 36.1, MORNING) == compute_cloud_percent(140.2, 36.3, MORNING)


def test_weather_changes_from_day_to_day():
    days = {compute_cloud_percent(140, 36, MORNING + timedelta(days=n)) for n in range(10)}
    assert len(days) > 5


def test_an_ordinary_day_is_usable_and_a_storm_is_not():
    days = [compute_cloud_percent(140, 36, MORNING + timedelta(days=n)) for n in range(300)]
    assert 0 <= min(days) <= max(days) <= 40
    assert all(65 <= compute_storm_percent(str(n)) <= 100 for n in range(50))


@pytest.mark.parametrize("percent", [0, 3.5, 40, 97, 100])
def test_clouds_cover_what_was_said(percent: float):
    assert 100 * clouds(percent).cloud.mean() == pytest.approx(percent, abs=0.1)


def test_shadows_fall_away_from_the_sun_and_never_on_clouds():
    east = clouds(20, sun=(45.0, 90.0))
    # At 45 degrees a cloud base of 1500 m throws its shadow 1500 m, 15 pixels of 100 m, to the west.
    fallen = np.roll(east.cloud, -15, axis=1)[:, :-15]
    assert np.array_equal((fallen & ~east.cloud[:, :-15]), east.shadow[:, :-15])
    assert not (east.shadow & east.cloud).any()
