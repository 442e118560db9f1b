"""Other chances to capture what a candidate promises, and the contacts it depends on."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from planning_world import DAY_S, ELEMENTS, FLEET, FUKUI, KANTO, NOW_S, members, search
from shapely import box

from swath.access import build_footprint, find_contacts_with_all, half_fov_deg
from swath.geo.antimeridian import Area
from swath.geo.plane import coverage_percent
from swath.orbit.propagate import compute_states
from swath.orbit.tracks import revolution_at
from swath.planning import CandidateDraft, Chance, Terms, find_chances, first_downlink
from swath.planning.uplinks import Uplinks

pytestmark = pytest.mark.slow
# Other pitches are taken from the other side of it.
UPLINKING = [station for station in FLEET.stations if station.uplink]
EQUATOR = box(135.9, -0.2, 136.1, 0.2)


def chances_of(candidate: CandidateDraft, area: Area = FUKUI, **changes: Any) -> tuple[Chance, ...]:
    stations = changes.pop("stations", FLEET.stations)
    terms = Terms(candidate.access_start_s, candidate.access_end_s, (0.0, 30.0), FLEET.limits, NOW_S)
    (member,) = changes.pop("members", members(candidate.satellite))
    return find_chances(
        candidate.chance, candidate.footprint, area, member, stations, replace(terms, **changes)
    )


@pytest.fixture(scope="module")
def near() -> CandidateDraft:
    return min(search().candidates, key=lambda c: c.off_nadir_deg)


def test_the_candidate_itself_comes_first_then_growing_pitches(near: CandidateDraft) -> None:
    first, *others = chances_of(near)
    assert first == near.chance
    pitches = [abs(chance.pitch_deg) for chance in others]
    assert pitches == sorted(pitches)
    assert len(others) >= 4
    assert len({chance.pitch_deg for chance in others}) == len(others)
    assert all(chance.pitch_deg % 5 == 0 for chance in others)


def test_looking_ahead_is_earlier(near: CandidateDraft) -> None:
    by_pitch = sorted(chances_of(near), key=lambda chance: -chance.pitch_deg)
    starts = [chance.start_s for chance in by_pitch]
    assert starts == sorted(starts)
    assert starts[-1] - starts[0] > 20


@pytest.mark.parametrize("area", [FUKUI, KANTO], ids=["small", "wide"])
def test_every_chance_covers_what_the_candidate_promised(area: Area) -> None:
    candidate = min(search(area).candidates, key=lambda c: c.off_nadir_deg)
    half = half_fov_deg(55.0, FLEET.satellites[candidate.satellite].nominal_altitude_km)
    for chance in chances_of(candidate, area):
        footprint = build_footprint(
            ELEMENTS[candidate.satellite],
            chance.start_s,
            chance.end_s,
            chance.roll_deg,
            chance.pitch_deg,
            half,
        )
        assert coverage_percent(footprint, area) >= candidate.coverage_percent - 1.0


def test_chances_keep_the_off_nadir_range_and_the_time_range(near: CandidateDraft) -> None:
    most = near.off_nadir_deg + 2.0
    kept = chances_of(near, off_nadir_range=(0.0, most), start_s=near.start_s - 10)
    assert 1 < len(kept) < len(chances_of(near))
    assert all(chance.off_nadir_deg <= most for chance in kept)
    assert all(chance.start_s >= near.start_s - 10 for chance in kept)


@pytest.mark.parametrize("area", [FUKUI, EQUATOR], ids=["north", "equator"])
@pytest.mark.parametrize(("less_deg", "more_deg"), [(30.0, 0.1), (30.0, 4.0), (1.0, 1.0), (0.1, 0.1)])
def test_a_narrower_range_leaves_what_lies_in_it_as_it_was(
    less_deg: float, more_deg: float, area: Area
) -> None:
    for candidate in search(area, days=8).candidates[:12]:
        least, most = candidate.off_nadir_deg - less_deg, candidate.off_nadir_deg + more_deg
        inside = [one for one in chances_of(candidate, area) if least <= one.off_nadir_deg <= most]
        assert list(chances_of(candidate, area, off_nadir_range=(max(0.0, least), most))) == inside


def test_revolutions_are_those_of_each_moment_on_both_sides_of_the_equator() -> None:
    candidates = search(EQUATOR, days=8).candidates
    found = [chance for candidate in candidates for chance in chances_of(candidate, EQUATOR)]
    numbers = [revolution_at(ELEMENTS[one.satellite], (one.start_s + one.end_s) / 2) for one in found]
    assert [one.revolution for one in found] == numbers
    assert len(set(numbers)) > len(candidates)


def test_a_satellite_that_cannot_pitch_has_one_chance(near: CandidateDraft) -> None:
    satellite = FLEET.satellites[near.satellite]
    stiff = replace(satellite, agility=replace(satellite.agility, max_pitch_deg=0.0))
    assert chances_of(near, members=[(stiff, ELEMENTS[near.satellite])]) == (near.chance,)


@pytest.mark.parametrize("beside_deg", [0.0, 8.0, 20.0, 60.0])
def test_commands_go_up_with_the_last_contact_before_each_chance(beside_deg: float) -> None:
    """From where stations see the satellite, from where they just do not, and from far away."""
    station = next(station for station in FLEET.stations if station.uplink)
    lon = (station.lon_deg + beside_deg + 180) % 360 - 180
    area = box(lon, station.lat_deg - 0.1, lon + 0.2, station.lat_deg + 0.1)
    found = [one for candidate in search(area, days=8).candidates for one in chances_of(candidate, area)]
    for one in found:
        uplinks = Uplinks(ELEMENTS[one.satellite], FLEET.stations, one.start_s - 2 * DAY_S, one.start_s)
        last = uplinks.last_before(one.start_s)
        assert last is not None
        assert one.uplink_by_s == pytest.approx(last.start_s - FLEET.limits.command_lead_s, abs=1e-3)
    assert any(one.pitch_deg for one in found)


def test_a_station_is_out_of_reach_only_where_no_contact_ends() -> None:
    elements = ELEMENTS["GRUS-1A"]
    ends_s = [one.end_s for one in find_contacts_with_all(elements, UPLINKING, NOW_S, NOW_S + DAY_S)]
    uplinks = Uplinks(elements, FLEET.stations, NOW_S, NOW_S + DAY_S)
    t = NOW_S + np.arange(0.0, DAY_S, 20.0)
    far = [uplinks.are_out_of_reach(r_m, 40.0) for r_m in compute_states(elements, t).r_m]
    assert 0.5 < np.mean(far) < 1.0
    assert not [
        t_s for t_s, is_far in zip(t, far, strict=True) if is_far and np.abs(t_s - ends_s).min() <= 40
    ]


def test_when_it_is_too_late_to_command_only_the_candidate_is_left(near: CandidateDraft) -> None:
    assert chances_of(near, now_s=near.uplink_by_s + 1) == (near.chance,)


def test_the_first_downlink_starts_after_the_capture(near: CandidateDraft) -> None:
    elements = ELEMENTS[near.satellite]
    found = first_downlink(elements, FLEET.stations, near.end_s)
    assert found is not None
    assert found.start_s >= near.end_s
    between = find_contacts_with_all(elements, FLEET.stations, near.end_s, found.start_s - 1)
    assert all(contact.start_s < near.end_s for contact in between)


def test_without_a_downlink_station_there_is_none() -> None:
    mute = [replace(station, downlink=False) for station in FLEET.stations]
    assert first_downlink(ELEMENTS["GRUS-1A"], mute, NOW_S) is None


def test_the_last_uplink_before_is_over_by_then() -> None:
    uplinks = Uplinks(ELEMENTS["GRUS-1A"], FLEET.stations, NOW_S, NOW_S + DAY_S)
    later = uplinks.last_before(NOW_S + DAY_S)
    assert later is not None
    assert later.end_s <= NOW_S + DAY_S
    earlier = uplinks.last_before(later.end_s - 1)
    assert earlier is not None
    assert earlier.start_s < later.start_s
    assert uplinks.last_before(NOW_S) is None
