"""Within what a request may be captured: narrow by itself, as wide as its plan when the customer says so."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.tasking_world import Desk, add_candidate, make_chance

from swath.errors import Invalid
from swath.tasking.bounds import BoundsDraft, bounds_of, widen_bounds
from swath.tasking.model import Candidate, Plan
from swath.tasking.rules import Rules

HOUR = timedelta(hours=1)


@pytest.fixture
def plan(desk: Desk) -> Plan:
    return replace(desk.plan, off_nadir_range=(0.0, 25.0), satellites=("GRUS-1A", "GRUS-1B"))


@pytest.fixture
def candidate(desk: Desk, start: datetime) -> Candidate:
    return add_candidate(desk.store, desk.plan, make_chance(start), desk.now)


def test_by_itself_a_request_is_for_its_candidates_access_within_a_degree(candidate: Candidate) -> None:
    bounds = bounds_of(candidate)
    assert (bounds.valid_start, bounds.valid_end) == (candidate.access_start, candidate.access_end)
    assert bounds.off_nadir_range == (9.0, 11.0)
    assert bounds.satellites == ("GRUS-1A",)


def test_a_band_never_begins_below_nadir(desk: Desk, start: datetime) -> None:
    straight_down = add_candidate(desk.store, desk.plan, make_chance(start, roll_deg=0.25), desk.now)
    assert bounds_of(straight_down).off_nadir_range == (0.0, 1.25)


@pytest.mark.parametrize("member", ["valid_start", "valid_end", "off_nadir_range", "satellites"])
def test_one_limit_given_leaves_the_others_as_wide_as_the_plan(
    rules: Rules, plan: Plan, candidate: Candidate, now: datetime, start: datetime, member: str
) -> None:
    given = {
        "valid_start": start - HOUR,
        "valid_end": start + HOUR,
        "off_nadir_range": (5.0, 20.0),
        "satellites": ("GRUS-1A",),
    }[member]
    bounds = widen_bounds(rules, plan, candidate, BoundsDraft(**{member: given}), now)
    assert getattr(bounds, member) == given
    for other in {"valid_start", "valid_end", "off_nadir_range", "satellites"} - {member}:
        assert getattr(bounds, other) == getattr(plan, other)


def test_satellites_are_found_in_any_letter_case_and_named_once(
    rules: Rules, plan: Plan, candidate: Candidate, now: datetime
) -> None:
    draft = BoundsDraft(satellites=("grus-1a", "GRUS-1A"))
    assert widen_bounds(rules, plan, candidate, draft, now).satellites == ("GRUS-1A",)


@pytest.mark.parametrize(
    ("given", "pointer", "code", "cure"),
    [
        ({"valid_start": -HOUR}, "valid_start", "outside_plan", "valid from 2026-08-22T12:00:00Z"),
        ({"valid_end": 15 * 24 * HOUR}, "valid_end", "outside_plan", "to 2026-09-05T12:00:00Z"),
        (
            {"valid_start": 30 * HOUR, "valid_end": 2 * HOUR},
            "valid_end",
            "window_reversed",
            "must be after valid_start 2026-08-23T18:00:00Z",
        ),
        ({"valid_end": -HOUR}, "valid_end", "window_reversed", "must be after"),
        ({"off_nadir_range": (5.0, 26.0)}, "off_nadir_range", "off_nadir_range", "0 <= min < max <= 25"),
        ({"off_nadir_range": (20.0, 5.0)}, "off_nadir_range", "off_nadir_range", "is [20, 5]"),
        ({"off_nadir_range": (5.0, 25.0000001)}, "off_nadir_range", "off_nadir_range", "is [5, 25.0000001]"),
        ({"off_nadir_range": (float("nan"), 5.0)}, "off_nadir_range", "off_nadir_range", "is [nan, 5]"),
        ({"satellites": ()}, "satellites", "satellites_empty", "GRUS-1A, GRUS-1B"),
        (
            {"satellites": ("GRUS-1A", "GRUS-1C")},
            "satellites/1",
            "satellite_not_in_plan",
            "it has GRUS-1A, GRUS-1B",
        ),
        ({"satellites": ("GRUS-1A",) * 101}, "satellites", "too_many_satellites", "has 101 members"),
        ({"satellites": ("Hubble",)}, "satellites/0", "satellite_not_in_plan", "'Hubble' is not in the plan"),
        ({"valid_start": 21 * HOUR}, "valid_start", "candidate_left_out", "starts at 2026-08-23T08:00:00Z"),
        ({"valid_end": 19 * HOUR}, "valid_end", "candidate_left_out", "ends at 2026-08-23T08:00:08Z"),
        ({"off_nadir_range": (11.0, 20.0)}, "off_nadir_range", "candidate_left_out", "is 10.00 degrees"),
        ({"satellites": ("GRUS-1B",)}, "satellites", "candidate_left_out", "is of GRUS-1A"),
    ],
)
def test_bad_limits_are_told_with_place_finding_and_cure(
    rules: Rules,
    plan: Plan,
    candidate: Candidate,
    now: datetime,
    given: dict[str, Any],
    pointer: str,
    code: str,
    cure: str,
) -> None:
    times = {name: now + value for name, value in given.items() if isinstance(value, timedelta)}
    with pytest.raises(Invalid) as caught:
        widen_bounds(rules, plan, candidate, BoundsDraft(**{**given, **times}), now)
    told = {(fault.pointer, fault.code): fault.message for fault in caught.value.faults}
    assert cure in told[f"/properties/{pointer}", code]


def test_a_window_that_is_over_is_told_by_the_clock(
    rules: Rules, plan: Plan, candidate: Candidate, now: datetime
) -> None:
    draft = BoundsDraft(valid_end=now + HOUR)
    with pytest.raises(Invalid, match="in the past; it is now 2026-08-22T14:00:00Z"):
        widen_bounds(rules, plan, candidate, draft, now + 2 * HOUR)


def test_every_fault_is_told_at_once(rules: Rules, plan: Plan, candidate: Candidate, now: datetime) -> None:
    draft = BoundsDraft(now - HOUR, now + 500 * HOUR, (3.0, 2.0), ("Hubble",))
    with pytest.raises(Invalid) as caught:
        widen_bounds(rules, plan, candidate, draft, now)
    assert {fault.pointer for fault in caught.value.faults} == {
        "/properties/valid_start",
        "/properties/valid_end",
        "/properties/off_nadir_range",
        "/properties/satellites/0",
    }
