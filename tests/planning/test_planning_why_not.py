"""Why there is no candidate, and what would help."""

from dataclasses import replace

import pytest
from planning_world import DAY_S, FLEET, NOW_S, members, search
from shapely import box

from swath.planning import Loss, explain

pytestmark = pytest.mark.slow

NIGHT_SIDE = box(20.0, -75.0, 22.0, -74.5)


def test_a_narrow_range_is_lost_to_off_nadir_and_the_widening_told_helps() -> None:
    found = search(days=2, off_nadir_range=(0.0, 1.0))
    assert not found.candidates
    assert found.lost[Loss.OFF_NADIR] > 0
    change = found.change
    assert change is not None
    assert change.kind == "off_nadir_deg"
    assert change.amount == pytest.approx(change.value - 1.0)
    (helped,) = search(days=2, off_nadir_range=(0.0, change.value)).candidates
    assert f"{helped.coverage_percent:.0f} %" in change.message
    less = search(days=2, off_nadir_range=(0.0, change.value - 1.0)).candidates
    assert all(c.coverage_percent < helped.coverage_percent - 5 for c in less)


def test_a_range_that_starts_too_high_is_told_to_start_lower() -> None:
    # Two weeks on, this satellite comes closer to the area from day to day: waiting does not help.
    later = {"start_s": NOW_S + 14 * DAY_S, "days": 0.9, "satellites": members("GRUS-1A")}
    (near,) = search(**later).candidates
    least = near.off_nadir_deg + 7.0
    change = search(**later, off_nadir_range=(least, 30.0)).change
    assert change is not None
    assert change.kind == "off_nadir_deg"
    assert change.value == pytest.approx(near.off_nadir_deg, abs=0.2)
    assert change.amount == pytest.approx(least - change.value, abs=1e-3)
    assert search(**later, off_nadir_range=(change.value, 30.0)).candidates


def test_a_short_range_is_told_how_much_longer_it_must_be() -> None:
    found = search(days=0.05)
    change = found.change
    assert not found.candidates
    assert change is not None
    assert change.kind == "toi_days"
    assert change.value == NOW_S + 0.05 * DAY_S + change.amount * DAY_S
    assert search(days=0.05 + change.amount).candidates
    assert not search(days=0.05 + change.amount - 1).candidates


def test_a_range_that_may_be_no_longer_is_told_when_else() -> None:
    terms = {"days": 0.05, "longest_s": 0.6 * DAY_S}
    change = search(**terms).change
    assert change is not None
    assert (change.kind, change.message.split(" from ")[0]) == ("toi_days", "A time range")
    days = change.amount - 0.55
    assert search(start_s=NOW_S + days * DAY_S, days=0.6).candidates


def test_no_range_is_told_that_ends_later_than_any_may() -> None:
    change = search(days=0.05, latest_s=NOW_S + 0.1 * DAY_S).change
    assert change is None or change.kind != "toi_days"


def test_the_dark_is_lost_to_night_and_told_how_low_the_sun_stands() -> None:
    found = search(NIGHT_SIDE, days=3)
    assert not found.candidates
    assert set(found.lost) == {Loss.NIGHT}
    change = found.change
    assert change is not None
    if change.kind == "min_sun_elevation_deg":
        assert search(NIGHT_SIDE, days=3, limits={"min_sun_elevation_deg": change.value}).candidates


def test_no_uplink_station_loses_every_lit_access_to_lead_time() -> None:
    deaf = [replace(station, uplink=False) for station in FLEET.stations]
    found = search(stations=deaf)
    assert set(found.lost) == {Loss.NIGHT, Loss.LEAD_TIME}
    assert found.change is None


def test_too_little_coverage_is_a_loss_of_its_own() -> None:
    found = search(limits={"min_coverage_percent": 100.5})
    assert set(found.lost) == {Loss.NIGHT, Loss.COVERAGE}


def test_the_explanation_is_a_plain_document() -> None:
    document = explain(search(days=2, off_nadir_range=(0.0, 1.0)))
    assert document is not None
    assert set(document) == {"accesses", "lost", "nearest_change"}
    assert set(document["lost"]) == {loss.value for loss in Loss}
    assert sum(document["lost"].values()) == document["accesses"]
    assert document["nearest_change"]["message"].startswith("An off-nadir range of 0 to ")
    nothing = explain(search(satellites=[]))
    assert nothing is not None
    assert nothing["nearest_change"] is None


def test_a_satellite_that_would_help_is_named_and_helps() -> None:
    alone = {"days": 1.0, "satellites": members("GRUS-1A")}
    change = search(**alone, others=members("GRUS-1B", "GRUS-1C", "GRUS-1D", "GRUS-1E")).change
    assert change is not None
    assert change.kind == "satellites"
    assert str(change.value) in change.message
    assert search(**{**alone, "satellites": members("GRUS-1A", str(change.value))}).candidates
