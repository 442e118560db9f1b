"""Contacts before and after many moments at once are those that a search for all contacts gives."""

import numpy as np
import pytest
from planning_world import DAY_S, ELEMENTS, FLEET, NOW_S

from swath.access import find_contacts_with_all
from swath.planning.uplinks import Downlinks, Uplinks

ORBIT = ELEMENTS["GRUS-1C"]
TIMES = NOW_S + DAY_S * np.random.default_rng(3).uniform(1.0, 6.0, 40)


def test_the_last_uplink_before_each_moment() -> None:
    up = [station for station in FLEET.stations if station.uplink]
    every = find_contacts_with_all(ORBIT, up, NOW_S, NOW_S + 7 * DAY_S)
    found = Uplinks(ORBIT, FLEET.stations, NOW_S, NOW_S + 7 * DAY_S).last_before_each(TIMES)
    for at, contact in zip(TIMES, found, strict=True):
        expected = max((c for c in every if c.end_s <= at), key=lambda c: c.start_s)
        assert contact is not None
        assert (contact.station, contact.start_s) == (
            expected.station,
            pytest.approx(expected.start_s, abs=1e-3),
        )


def test_the_first_downlink_after_each_moment() -> None:
    down = [station for station in FLEET.stations if station.downlink]
    every = find_contacts_with_all(ORBIT, down, NOW_S, NOW_S + 8 * DAY_S)
    found = Downlinks(ORBIT, FLEET.stations, NOW_S, NOW_S + 8 * DAY_S).first_after_each(TIMES)
    for at, contact in zip(TIMES, found, strict=True):
        expected = min((c for c in every if c.start_s >= at), key=lambda c: c.start_s)
        assert contact is not None
        assert (contact.station, contact.start_s) == (
            expected.station,
            pytest.approx(expected.start_s, abs=1e-3),
        )


def test_without_moments_or_stations_there_is_none() -> None:
    assert Uplinks(ORBIT, FLEET.stations, NOW_S, NOW_S + DAY_S).last_before_each([]) == []
    assert Downlinks(ORBIT, (), NOW_S, NOW_S + DAY_S).first_after_each([NOW_S]) == [None]
