"""Who flies in a study: satellites of a fleet with their elements, or element sets alone with a plain camera."""

from dataclasses import replace
from datetime import timedelta

import pytest
from study_world import ELEMENTS, FLEET, FUKUI, KANTO, build, find

from swath.errors import Invalid
from swath.studies import build_members, choose_members
from swath.studies.members import compute_altitude_km

OLD = replace(ELEMENTS[0], epoch=ELEMENTS[0].epoch - timedelta(days=30))
STRANGER = replace(ELEMENTS[0], name="STRANGER", norad_id=99_999)


def ids(members: tuple[tuple[object, object], ...]) -> list[str]:
    return [getattr(satellite, "id", "") for satellite, _ in members]


def test_all_satellites_of_the_fleet_that_there_are_elements_of() -> None:
    assert ids(choose_members(FLEET, ELEMENTS)) == list(FLEET.satellites)
    assert ids(choose_members(FLEET, (STRANGER, *ELEMENTS[1:3]))) == ["GRUS-1B", "GRUS-1C"]


def test_names_may_be_in_any_letter_case_and_come_once() -> None:
    assert ids(choose_members(FLEET, ELEMENTS, ("grus-3a", "GRUS-1A", "GRUS-1a"))) == ["GRUS-3A", "GRUS-1A"]


def test_of_several_sets_the_nearest_in_time_is_taken_or_the_newest() -> None:
    for sets in ((OLD, ELEMENTS[0]), (ELEMENTS[0], OLD)):
        assert choose_members(FLEET, sets)[0][1] == ELEMENTS[0]
        assert choose_members(FLEET, sets, at_s=OLD.epoch_s + 60.0)[0][1] == OLD


@pytest.mark.parametrize(
    ("sets", "names", "said"),
    [
        (ELEMENTS, ("GRUS-9",), "no satellite GRUS-9 in the fleet; it has GRUS-1A, .*GRUS-3G"),
        (ELEMENTS[:1], ("GRUS-1B",), r"no element set of GRUS-1B \(47934\); found GRUS-1A"),
        ((STRANGER,), (), r"No element set is of a satellite of the fleet \(GRUS-1A.*; found STRANGER"),
        ((), (), "found none"),
    ],
)
def test_who_is_missing_is_told_with_who_is_there(
    sets: tuple[object, ...], names: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        choose_members(FLEET, sets, names)  # type: ignore[arg-type]


def test_a_plain_camera_sees_what_the_fleets_own_sees() -> None:
    """GRUS-1A as it stands in the fleet file, 55 km and 30 degrees, and from its elements alone."""
    own = find(KANTO, members=choose_members(FLEET, ELEMENTS, ("GRUS-1A",)), days=8)
    plain = find(KANTO, members=build_members(ELEMENTS[:1], 55.0), days=8)
    assert len(own.captures) > 0
    assert plain.captures.roll_deg == pytest.approx(own.captures.roll_deg, abs=0.1)


def test_altitude_is_that_of_the_mean_motion() -> None:
    """570.5 km by the satellite catalogue, between perigee and apogee."""
    assert compute_altitude_km(ELEMENTS[0]) == pytest.approx(570.5, abs=10.0)


def test_satellites_of_the_same_name_are_told_apart() -> None:
    sets = (ELEMENTS[0], replace(STRANGER, name="grus-1a"), replace(STRANGER, name="", norad_id=5))
    assert ids(build_members(sets, 55.0)) == ["GRUS-1A 43890", "grus-1a 99999", "5"]
    assert ids(build_members(sets, 55.0, names=("5", "99999"))) == ["grus-1a 99999", "5"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("nobody",), "no element set of nobody; found GRUS-1A, HIGH"),
        (("HIGH",), "HIGH flies 3.* km high; a study"),
    ],
)
def test_orbits_too_high_and_names_unknown_are_refused(names: tuple[str, ...], said: str) -> None:
    high = replace(STRANGER, name="HIGH", mean_motion=1.0027)
    with pytest.raises(Invalid, match=said):
        build_members((ELEMENTS[0], high), 55.0, names=names)


def test_a_camera_looks_as_far_as_it_is_told() -> None:
    study = build(FUKUI, members=build_members(ELEMENTS[:2], 55.0, 12.0), days=10)
    assert all(satellite.agility.max_off_nadir_deg == 12.0 for satellite, _ in study.members)
