"""Contacts with ground stations."""

from dataclasses import replace

import numpy as np
import pytest
from access_world import DAY_S, START_S, grus

from swath.access import find_accesses, find_contacts, find_contacts_with_all
from swath.access.look import build_targets, sin_elevation
from swath.fleet import GroundStation, load_fleet
from swath.orbit.propagate import compute_states

STATION = GroundStation("shore", 15.39, 78.23, 0.0, 5.0, uplink=True, downlink=True)


def test_at_height_zero_a_contact_is_an_access_by_elevation() -> None:
    contacts = find_contacts(grus(), STATION, START_S, START_S + DAY_S)
    accesses = find_accesses(grus(), 15.39, 78.23, START_S, START_S + DAY_S, min_elevation_deg=5.0)
    assert [c.start_s for c in contacts] == pytest.approx(accesses.rise_s.tolist(), abs=1e-5)
    assert [c.end_s for c in contacts] == pytest.approx(accesses.set_s.tolist(), abs=1e-5)
    assert [c.max_elevation_deg for c in contacts] == pytest.approx(
        accesses.max_elevation_deg.tolist(), abs=1e-6
    )


def test_the_height_of_a_station_counts() -> None:
    peak = replace(STATION, height_m=3000.0)
    place = build_targets(peak.lon_deg, peak.lat_deg, peak.height_m)
    for contact in find_contacts(grus(), peak, START_S, START_S + DAY_S):
        for edge in (contact.start_s, contact.end_s):
            (sine,) = sin_elevation(compute_states(grus(), edge).r_m, place)
            assert np.degrees(np.arcsin(sine)) == pytest.approx(5.0, abs=1e-5)


def test_all_stations_together_give_what_each_gives_in_order() -> None:
    stations = load_fleet().stations
    together = find_contacts_with_all(grus(), stations, START_S, START_S + DAY_S)
    alone = [c for station in stations for c in find_contacts(grus(), station, START_S, START_S + DAY_S)]
    assert [c.station for c in together] == [c.station for c in sorted(alone, key=lambda c: c.start_s)]
    assert [c.start_s for c in together] == sorted(c.start_s for c in together)


def test_each_station_has_its_own_least_elevation() -> None:
    strict = replace(STATION, id="valley", min_elevation_deg=40.0)
    contacts = find_contacts_with_all(grus(), [STATION, strict], START_S, START_S + DAY_S)
    valley = [c for c in contacts if c.station == "valley"]
    assert 0 < len(valley) < len(contacts) / 2
    assert all(c.max_elevation_deg >= 40.0 for c in valley)


def test_a_contact_under_way_is_listed_whole() -> None:
    first = find_contacts(grus(), STATION, START_S, START_S + DAY_S)[0]
    middle = (first.start_s + first.end_s) / 2
    (found,) = find_contacts(grus(), STATION, middle, middle + 1)
    assert found.start_s == pytest.approx(first.start_s, abs=1e-4)


def test_no_station_no_contact() -> None:
    assert find_contacts_with_all(grus(), [], START_S, START_S + DAY_S) == ()
