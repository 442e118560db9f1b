"""Which candidates may serve a request: those inside its bounds that show the same ground."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from shapely import affinity
from shapely.geometry import box
from tests.tasking_world import AREA, Desk, add_candidate, make_candidate, make_chance

from swath.geo.antimeridian import Area
from swath.tasking.bounds import BoundsDraft
from swath.tasking.chances import MOST_CHANCES, find_chances
from swath.tasking.model import Candidate, Chance

DAY = timedelta(days=1)
# Wide open, but said: other candidates may serve.
FLEXIBLE = BoundsDraft(off_nadir_range=(0.0, 30.0))


def also(desk: Desk, start: datetime, footprint: Area = AREA, roll_deg: float = 10.0) -> Candidate:
    candidate = add_candidate(desk.store, desk.plan, make_chance(start, roll_deg=roll_deg), desk.now)
    with desk.store.begin() as uow:
        others = [c for c in uow.candidates_of_plan(desk.plan.id) if c.id != candidate.id]
        moved = replace(candidate, footprint=footprint)
        uow.replace_candidates(desk.plan.id, [*others, moved], desk.now)
    return moved


def starts(chances: tuple[Chance, ...]) -> list[datetime]:
    return [chance.start for chance in chances]


def test_without_limits_only_the_candidates_own_access_serves(desk: Desk, start: datetime) -> None:
    also(desk, start + DAY)
    assert starts(desk.ask(make_chance(start)).chances) == [start]


def test_with_limits_the_picked_candidate_comes_first_and_others_by_start(
    desk: Desk, start: datetime
) -> None:
    for days in (3, 1):
        also(desk, start + days * DAY)
    request = desk.ask(make_chance(start + 2 * DAY), bounds=FLEXIBLE)
    assert request.flexible
    assert starts(request.chances) == [start + days * DAY for days in (2, 1, 3)]
    assert request.planned_start == start + 2 * DAY


@pytest.mark.parametrize(
    ("bounds", "days"),
    [
        (BoundsDraft(off_nadir_range=(5.0, 15.0)), [0, 1, 2]),
        (BoundsDraft(off_nadir_range=(0.0, 30.0)), [0, 1, 2, 3]),
    ],
)
def test_other_chances_keep_the_angles(
    desk: Desk, start: datetime, bounds: BoundsDraft, days: list[int]
) -> None:
    for day in (1, 2):
        also(desk, start + day * DAY)
    also(desk, start + 3 * DAY, roll_deg=20.0)
    assert starts(desk.ask(make_chance(start), bounds=bounds).chances) == [start + d * DAY for d in days]


def test_other_chances_lie_wholly_inside_the_window(desk: Desk, start: datetime) -> None:
    inside, across = start + DAY, start + 2 * DAY
    also(desk, inside)
    also(desk, across)
    bounds = BoundsDraft(valid_end=across + timedelta(seconds=7))
    assert starts(desk.ask(make_chance(start), bounds=bounds).chances) == [start, inside]


@pytest.mark.parametrize(("part_missing", "serves"), [(0.005, True), (0.02, False), (1.0, False)])
def test_other_chances_show_the_same_ground_but_for_a_percent(
    desk: Desk, start: datetime, part_missing: float, serves: bool
) -> None:
    west, south, east, north = AREA.bounds
    also(desk, start + DAY, box(west + part_missing * (east - west), south, east + 1, north))
    request = desk.ask(make_chance(start), bounds=FLEXIBLE)
    assert starts(request.chances) == [start, start + DAY][: 1 + serves]


def test_as_much_of_another_part_of_the_area_is_not_the_same_ground(desk: Desk, start: datetime) -> None:
    west, south, east, north = AREA.bounds
    half = box(west, south, (west + east) / 2, north)
    also(desk, start + DAY, affinity.translate(half, (east - west) / 2))
    also(desk, start + 2 * DAY, half)
    request = desk.pick(also(desk, start, half), bounds=FLEXIBLE)
    assert starts(request.chances) == [start, start + 2 * DAY]


def test_there_are_never_more_than_the_schedule_can_use(desk: Desk, start: datetime) -> None:
    many = [make_chance(start + timedelta(hours=number)) for number in range(MOST_CHANCES + 5)]
    candidates = [make_candidate(desk.plan, chance, desk.now) for chance in many]
    with desk.store.begin() as uow:
        uow.replace_candidates(desk.plan.id, candidates, desk.now)
    assert len(desk.pick(candidates[0], bounds=FLEXIBLE).chances) == MOST_CHANCES


def test_an_access_that_has_gone_by_is_no_longer_a_chance(desk: Desk, start: datetime) -> None:
    also(desk, start + DAY)
    request = desk.ask(make_chance(start), bounds=FLEXIBLE)
    after = request.chances[0].uplink_by
    with desk.store.read() as reader:
        assert starts(find_chances(reader, desk.rules, request, after)) == [start + DAY]
