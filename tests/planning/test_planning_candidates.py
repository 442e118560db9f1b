"""Candidates: what they promise holds, none is missing, wherever on the globe the area lies."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from planning_world import (
    DATE_LINE,
    DAY_S,
    ELEMENTS,
    FLEET,
    FUKUI,
    GRUS_1,
    HISTORY,
    KANTO,
    NOW_S,
    members,
    polar_member,
    search,
)
from shapely import MultiPolygon, Point, Polygon, box, union_all

from swath.access import build_footprint, compute_look, find_accesses, find_contacts_with_all, half_fov_deg
from swath.geo.measures import area_m2
from swath.geo.plane import LocalPlane, coverage_percent
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states
from swath.orbit.sun import sun_angles
from swath.orbit.tracks import orbit_state_at, revolution_at
from swath.planning import CandidateDraft, FoundCandidates, Loss, explain

pytestmark = pytest.mark.slow

POLE_CAP = Polygon([(-180, 89), (-90, 89), (0, 89), (90, 89), (180, 89), (180, 90), (-180, 90)])
RING = Polygon(KANTO.exterior, [box(139.2, 35.6, 140.3, 36.6).exterior])


@pytest.fixture(scope="module")
def small() -> FoundCandidates:
    return search(satellites=members(*GRUS_1))


@pytest.fixture(scope="module")
def wide() -> FoundCandidates:
    return search(KANTO)


def by_access(found: FoundCandidates) -> dict[tuple[str, int], list[CandidateDraft]]:
    accesses: dict[tuple[str, int], list[CandidateDraft]] = {}
    for draft in found.candidates:
        accesses.setdefault((draft.satellite, draft.revolution), []).append(draft)
    return accesses


def test_every_daylight_access_in_range_has_its_candidate(small: FoundCandidates) -> None:
    middle = FUKUI.centroid
    wanted = 0
    for name in GRUS_1:
        accesses = find_accesses(
            ELEMENTS[name], middle.x, middle.y, NOW_S, NOW_S + 5 * DAY_S, max_off_nadir_deg=29.9
        )
        for top, sun in zip(accesses.t_max_s, accesses.sun_elevation_deg, strict=True):
            if sun > 10.5:
                wanted += 1
                assert any(c.satellite == name and abs(c.start_s - top) < 30 for c in small.candidates)
    assert wanted >= 4


def test_every_limit_is_kept(wide: FoundCandidates) -> None:
    for c in wide.candidates:
        assert NOW_S <= c.start_s < c.end_s <= NOW_S + 5 * DAY_S
        assert 2.0 <= c.end_s - c.start_s <= 60.0
        assert 0.0 <= c.off_nadir_deg <= 30.0
        assert c.sun_elevation_deg >= 10.0
        assert 1.0 <= c.coverage_percent <= 100.0
        assert NOW_S < c.uplink_by_s < c.start_s
        assert NOW_S <= c.access_start_s <= c.start_s
        assert c.end_s <= c.access_end_s <= NOW_S + 5 * DAY_S


def test_the_footprint_is_valid_and_holds_its_centre_and_the_coverage_is_what_it_says(
    wide: FoundCandidates,
) -> None:
    for c in wide.candidates:
        assert c.footprint.is_valid
        assert c.footprint.contains(Point(c.centre))
        assert c.coverage_percent == pytest.approx(coverage_percent(c.footprint, KANTO), abs=0.002)


def test_the_footprint_is_that_of_its_pointing(small: FoundCandidates) -> None:
    c = small.candidates[0]
    half = half_fov_deg(55.0, FLEET.satellites[c.satellite].nominal_altitude_km)
    again = build_footprint(ELEMENTS[c.satellite], c.start_s, c.end_s, c.roll_deg, c.pitch_deg, half)
    assert coverage_percent(again, c.footprint) > 99.999


def test_the_centre_is_the_middle_of_the_footprints_area(wide: FoundCandidates) -> None:
    for c in wide.candidates:
        plane = LocalPlane(*c.centre)
        middle = plane.flatten(c.footprint).centroid
        # 100 m are 0.01 degrees at the satellite.
        assert np.hypot(middle.x, middle.y) < 150.0


def test_angles_are_those_at_mid_capture_at_the_footprints_centre(small: FoundCandidates) -> None:
    for c in small.candidates:
        middle = (c.start_s + c.end_s) / 2
        look = compute_look(compute_states(ELEMENTS[c.satellite], middle).r_m, *c.centre)
        sun = sun_angles(middle, *c.centre)
        assert c.off_nadir_deg == pytest.approx(look.off_nadir_deg[0], abs=1e-6)
        assert c.view_azimuth_deg == pytest.approx(look.azimuth_deg[0], abs=1e-5)
        assert c.incidence_deg == pytest.approx(look.incidence_deg[0], abs=1e-6)
        assert (c.sun_elevation_deg, c.sun_azimuth_deg) == pytest.approx((sun[0][0], sun[1][0]))
        assert abs(c.off_nadir_deg - abs(c.roll_deg)) < 0.1
        assert c.gsd_m == pytest.approx(2.5 * (1 + c.incidence_deg**2 / 3000), rel=0.08)
        assert c.orbit_state == orbit_state_at(ELEMENTS[c.satellite], middle)
        assert c.revolution == revolution_at(ELEMENTS[c.satellite], middle)
        assert c.elements_epoch == ELEMENTS[c.satellite].epoch


def test_a_small_area_is_taken_whole_at_the_least_angle_with_the_margin_kept(small: FoundCandidates) -> None:
    for c in small.candidates:
        half = half_fov_deg(55.0, FLEET.satellites[c.satellite].nominal_altitude_km)
        kept = build_footprint(ELEMENTS[c.satellite], c.start_s, c.end_s, c.roll_deg, 0.0, half * 0.899)
        nearer = build_footprint(
            ELEMENTS[c.satellite], c.start_s, c.end_s, c.roll_deg - 0.1 * np.sign(c.roll_deg), 0.0, half * 0.9
        )
        assert c.coverage_percent == pytest.approx(100.0)
        if c.off_nadir_deg < 29.9:
            assert coverage_percent(kept, FUKUI) > 99.8
        assert abs(c.roll_deg) < 0.2 or coverage_percent(nearer, FUKUI) < 99.95


def test_a_wide_area_is_taken_in_strips_that_each_add(wide: FoundCandidates) -> None:
    strips = max(by_access(wide).values(), key=len)
    assert len(strips) >= 4
    strips = sorted(strips, key=lambda c: -c.coverage_percent)
    covered = 0.0
    for count in range(1, len(strips) + 1):
        union = coverage_percent(union_all([c.footprint for c in strips[:count]]), KANTO)
        assert union >= covered + 1.0
        covered = union
    assert covered <= sum(c.coverage_percent for c in strips)


def test_neighbouring_strips_share_a_twentieth_of_the_swath(wide: FoundCandidates) -> None:
    rolls = sorted(c.roll_deg for c in max(by_access(wide).values(), key=len))
    half = half_fov_deg(55.0, FLEET.satellites["GRUS-1B"].nominal_altitude_km)
    steps = np.diff(rolls)
    # The outermost strips need not go beyond the area or the limit: they overlap more.
    assert (steps <= 2 * half * 0.95 + 1e-3).all()
    assert sorted(steps)[-2:] == pytest.approx([2 * half * 0.95] * 2, abs=1e-3)


def test_an_area_over_the_date_line_is_as_good_as_its_twin_on_one_side() -> None:
    assert isinstance(DATE_LINE, MultiPolygon)
    found = search(DATE_LINE, days=9, satellites=members("GRUS-1A", "GRUS-1B"))
    assert found.candidates
    for c in found.candidates:
        again = build_footprint(
            ELEMENTS[c.satellite], c.start_s, c.end_s, c.roll_deg, 0.0,
            half_fov_deg(55.0, FLEET.satellites[c.satellite].nominal_altitude_km),
        )  # fmt: skip
        assert coverage_percent(again, DATE_LINE) == pytest.approx(c.coverage_percent, abs=0.002)
        assert 1.0 <= c.coverage_percent <= 100.0
    assert any(isinstance(c.footprint, MultiPolygon) for c in found.candidates)
    whole = {(c.satellite, c.revolution): 0.0 for c in found.candidates}
    for c in found.candidates:
        whole[c.satellite, c.revolution] += c.coverage_percent
    assert max(whole.values()) > 99.0


def test_an_area_around_a_pole_is_found() -> None:
    found = search(POLE_CAP, days=0.6, satellites=polar_member())
    over = [c for c in found.candidates if Point(0, 90).distance(c.footprint) == 0]
    assert over
    assert all(c.footprint.is_valid for c in found.candidates)
    best = max(found.candidates, key=lambda c: c.coverage_percent)
    # The cap is 223 km across: a strip through its middle of 55 km takes some 31 percent.
    assert best.coverage_percent == pytest.approx(31.0, abs=3.0)


def test_a_square_metre_is_covered_whole() -> None:
    side = 1 / 111_000
    found = search(box(136.1, 36.0, 136.1 + side, 36.0 + side))
    assert found.candidates
    assert all(c.coverage_percent == pytest.approx(100.0) for c in found.candidates)
    for c in found.candidates:
        margin_s = min(2 * c.time_uncertainty_s, 3.0)
        assert c.end_s - c.start_s == pytest.approx(max(FLEET.limits.min_strip_s, 2 * margin_s), abs=0.002)


def test_a_hole_is_no_area() -> None:
    full, ring = (by_access(search(area)) for area in (KANTO, RING))
    assert set(full) == set(ring)
    share = area_m2(RING) / area_m2(KANTO)
    assert 0.6 < share < 0.9
    for c in (c for strips in ring.values() for c in strips):
        in_ring = c.coverage_percent / 100 * area_m2(RING)
        assert in_ring <= coverage_percent(c.footprint, KANTO) / 100 * area_m2(KANTO) * 1.0001


def test_parts_far_apart_are_one_area() -> None:
    parts = MultiPolygon([box(135.9, 35.9, 136.0, 36.0), box(137.5, 35.9, 137.6, 36.0)])
    found = search(parts)
    assert {round(c.coverage_percent) for c in found.candidates} <= {50, 100} | set(range(1, 50))
    assert any(c.coverage_percent == pytest.approx(50.0, abs=1.0) for c in found.candidates)


def test_a_ring_of_angles_is_looked_at_from_both_sides() -> None:
    found = search(days=14, off_nadir_range=(20.0, 30.0))
    assert all(20.0 <= c.off_nadir_deg <= 30.0 for c in found.candidates)
    assert {c.roll_deg > 0 for c in found.candidates} == {True, False}


def test_a_satellites_own_limit_holds_whatever_the_plan_allows() -> None:
    satellite, elements = members("GRUS-1B")[0]
    stiff = replace(satellite, agility=replace(satellite.agility, max_off_nadir_deg=16.0))
    found = search(satellites=[(stiff, elements)])
    assert found.candidates
    assert all(c.off_nadir_deg <= 16.0 for c in found.candidates)


def test_an_extreme_limit_keeps_the_whole_camera_on_the_earth() -> None:
    satellite, elements = members("GRUS-1B")[0]
    acrobat = replace(satellite, agility=replace(satellite.agility, max_off_nadir_deg=80.0))
    found = search(satellites=[(acrobat, elements)], off_nadir_range=(55.0, 80.0))
    assert found.candidates
    assert all(55.0 <= c.off_nadir_deg < 66.0 for c in found.candidates)


def test_the_same_inputs_give_the_same_keys_and_others_do_not() -> None:
    first, again, other = (search(plan_id=plan).candidates for plan in ("plan-1", "plan-1", "plan-2"))
    keys = [c.key for c in first]
    assert keys == [c.key for c in again]
    assert len({*keys, *(c.key for c in other)}) == 2 * len(keys)
    assert all(len(key) == 16 and key.isalnum() for key in keys)


@pytest.mark.parametrize("name", ["GRUS-1A", "GRUS-1B"])
@pytest.mark.parametrize(
    "area",
    [FUKUI, KANTO, box(100, -0.2, 100.4, 0.2), box(0, 80, 5, 81), box(10, -81.9, 16, -81.2)],
    ids=["narrow", "wide", "on the equator", "where it passes every turn", "where it turns"],
)
def test_newer_elements_give_the_same_accesses_the_same_keys(name: str, area: Polygon) -> None:
    """A month of real sets, manoeuvres between them included: they move captures by up to a minute."""
    sets = sorted((e for e in HISTORY if e.name == name), key=lambda e: e.epoch)[::3]
    all_keys, stayed = 0, 0
    for older, newer in pairwise(sets):
        before, after = (keyed(area, name, elements, newer.epoch_s) for elements in (older, newer))
        same = before.keys() & after.keys()
        all_keys, stayed = all_keys + len(after), stayed + len(same)
        assert all(abs(before[key].start_s - after[key].start_s) < 120 for key in same)
    # One or two come and go at a limit.
    assert 0 < all_keys - 2 <= stayed


def keyed(area: Polygon, name: str, elements: Elements, start_s: float) -> dict[str, CandidateDraft]:
    """Candidates of two days by their keys, by night too; no key is there twice."""
    found = search(
        area, days=2, start_s=start_s, now_s=start_s - DAY_S, satellites=[(FLEET.satellites[name], elements)],
        limits={"min_sun_elevation_deg": -90.0},
    ).candidates  # fmt: skip
    keys = {draft.key: draft for draft in found}
    assert len(keys) == len(found)
    return keys


def test_the_command_goes_up_with_the_last_uplink_that_ends_before(small: FoundCandidates) -> None:
    stations = [station for station in FLEET.stations if station.uplink]
    for c in small.candidates:
        contacts = find_contacts_with_all(ELEMENTS[c.satellite], stations, c.start_s - 12 * 3600, c.start_s)
        last = max((k for k in contacts if k.end_s <= c.start_s), key=lambda k: k.start_s)
        assert c.uplink.start_s == pytest.approx(last.start_s, abs=1e-3)
        assert c.uplink.station == last.station
        assert c.uplink_by_s == pytest.approx(last.start_s - FLEET.limits.command_lead_s, abs=1e-3)


def test_what_can_no_longer_be_commanded_is_left_out(small: FoundCandidates) -> None:
    first = small.candidates[0]
    late = search(now_s=first.uplink_by_s + 1)
    assert first.key not in {c.key for c in late.candidates}
    assert late.lost[Loss.LEAD_TIME] >= 1
    just = search(now_s=first.uplink_by_s - 60)
    assert first.start_s in {c.start_s for c in just.candidates}


def test_a_capture_half_outside_the_range_is_left_out(small: FoundCandidates) -> None:
    first = small.candidates[0]
    found = search(start_s=first.start_s + 1.0, days=0.01)
    assert not found.candidates
    assert found.lost == {Loss.TOI: 1}


def test_candidates_come_in_order_of_time(wide: FoundCandidates) -> None:
    starts = [c.start_s for c in wide.candidates]
    assert starts == sorted(starts)


def test_access_and_losses_add_up(small: FoundCandidates) -> None:
    assert small.accesses == len(by_access(small)) + sum(small.lost.values())
    assert small.change is None
    assert explain(small) is None


def test_no_satellite_gives_no_candidate() -> None:
    found = search(satellites=[])
    assert found == FoundCandidates((), 0, {}, None)
