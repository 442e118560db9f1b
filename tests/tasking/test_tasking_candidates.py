"""Candidates of a plan on the real element sets: found, refreshed under the same ids, kept by their requests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from swath.errors import Conflict
from swath.fleet import load_bundled_elements
from swath.jobs.inline import InlineJobs
from swath.orbit.elements import Elements
from swath.orbit.quality import time_uncertainty_s
from swath.store.database import SqlStore
from swath.tasking import candidates, chances, plans, requests, timeline
from swath.tasking.bounds import BoundsDraft
from swath.tasking.chances import find_again
from swath.tasking.elements import import_elements
from swath.tasking.model import Account, Candidate, Chance, DueKind, Plan, PlanStatus, Priority, RequestStatus
from swath.tasking.plans import PlanDraft
from swath.tasking.requests import RequestDraft
from swath.tasking.rules import Rules

pytestmark = pytest.mark.slow

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[136.0, 35.9], [136.4, 35.9], [136.4, 36.2], [136.0, 36.2], [136.0, 35.9]]],
}
Found = tuple[Plan, list[Candidate]]


@pytest.fixture
def elements(store: SqlStore, rules: Rules, now: datetime) -> None:
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", now)


@pytest.fixture
def search(store: SqlStore, rules: Rules) -> Callable[[str, datetime], Found]:
    def run(plan_id: str, at: datetime) -> Found:
        """Do the search that is due for the plan."""
        with store.read() as reader:
            due = next(row for row in reader.all_due(at) if row.subject == plan_id)
        candidates.refresh(store, rules, due, at)
        with store.read() as reader:
            live = [c for c in reader.candidates_of_plan(plan_id) if c.valid_until > at]
            return plans.find_plan(reader, plan_id, None), live

    return run


@pytest.fixture
def plan(store: SqlStore, rules: Rules, account: Account, now: datetime) -> Plan:
    draft = PlanDraft("Fukui", SQUARE, now, now + timedelta(days=7), (0, 25), ("GRUS-1B", "GRUS-3F"))
    with store.begin() as uow:
        return plans.create(uow, rules, account.id, draft, now)


@pytest.mark.usefixtures("elements")
def test_a_search_makes_the_plan_active_and_its_candidates_keep_the_rules(
    plan: Plan, search: Callable[[str, datetime], Found], rules: Rules, now: datetime
) -> None:
    active, found = search(plan.id, now)
    assert (active.status, active.candidate_count) == (PlanStatus.ACTIVE, len(found))
    assert found
    for candidate in found:
        chance = candidate.chance
        assert plan.valid_start <= chance.start < chance.end <= plan.valid_end
        assert 0 <= chance.off_nadir_deg <= 25
        assert candidate.sun_elevation_deg >= rules.fleet.limits.min_sun_elevation_deg
        assert 0 < candidate.coverage_percent <= 100
        assert 0 <= candidate.coverage_probability <= 1
        assert 0 < candidate.expected_coverage_percent <= 100
        age_days = (chance.start - candidate.elements_epoch) / timedelta(days=1)
        assert candidate.time_uncertainty_s == pytest.approx(time_uncertainty_s(age_days, 7560.0), abs=0.03)
        assert now < chance.uplink_by < chance.start
        assert candidate.valid_until == min(now + timedelta(hours=24), chance.uplink_by)
        assert candidate.access_start <= chance.start < chance.end <= candidate.access_end


@pytest.mark.usefixtures("elements")
def test_a_refresh_finds_the_same_under_the_same_ids_and_longer_lives(
    plan: Plan, search: Callable[[str, datetime], Found], store: SqlStore, now: datetime
) -> None:
    _, first = search(plan.id, now)
    later = now + timedelta(hours=23)
    with store.read() as reader:
        assert DueKind.REFRESH_CANDIDATES in {row.kind for row in reader.all_due(later)}
    _, again = search(plan.id, later)
    assert {c.id for c in again} == {c.id for c in first if c.chance.uplink_by > later}
    assert all(c.valid_until > later for c in again)


@pytest.mark.usefixtures("elements")
def test_a_request_has_its_candidate_first_and_other_pitches_of_the_same_access(
    plan: Plan,
    search: Callable[[str, datetime], Found],
    store: SqlStore,
    rules: Rules,
    account: Account,
    now: datetime,
) -> None:
    _, found = search(plan.id, now)
    candidate = max(found, key=lambda c: c.chance.off_nadir_deg)
    with store.begin() as uow:
        draft = RequestDraft("harbour", candidate.id, Priority.NORMAL)
        request = requests.submit(uow, rules, account.id, draft, now)
    assert request.status == RequestStatus.ACCEPTED
    first, *others = request.chances
    assert first == candidate.chance
    low, high = request.off_nadir_range
    for chance in others:
        assert chance.pitch_deg != 0
        assert low <= chance.off_nadir_deg <= high
        assert candidate.access_start <= chance.start < chance.end <= candidate.access_end


@pytest.mark.usefixtures("elements")
def test_a_search_that_runs_while_the_candidates_change_keeps_nothing_and_another_is_due(
    plan: Plan,
    search: Callable[[str, datetime], Found],
    store: SqlStore,
    rules: Rules,
    account: Account,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, found = search(plan.id, now)
    draft = RequestDraft("harbour", found[0].id, Priority.NORMAL, bounds=BoundsDraft(off_nadir_range=(0, 25)))
    with store.begin() as uow:
        request = requests.submit(uow, rules, account.id, draft, now)
        candidates.refresh_all(uow, now)
    find_chances = chances.find_chances

    def find_slowly(*asked: Any) -> tuple[Chance, ...]:
        by_the_old_ones = find_chances(*asked)
        search(plan.id, now)
        return by_the_old_ones

    monkeypatch.setattr(chances, "find_chances", find_slowly)
    with store.read() as reader:
        (running,) = [row for row in reader.all_due(now) if row.kind == DueKind.FIND_CHANCES]
    find_again(store, rules, running, now)
    with store.read() as reader:
        (due,) = [row for row in reader.all_due(now) if row.kind == DueKind.FIND_CHANCES]
        assert due.id != running.id
        assert requests.find_request(reader, request.id, account.id).fresh is None


@pytest.mark.usefixtures("elements")
def test_a_flexible_request_has_every_access_and_then_every_pitch(
    plan: Plan,
    search: Callable[[str, datetime], Found],
    store: SqlStore,
    rules: Rules,
    account: Account,
    now: datetime,
) -> None:
    _, found = search(plan.id, now)
    whole = [c for c in found if c.coverage_percent > 99.99]
    draft = RequestDraft("harbour", whole[1].id, Priority.NORMAL, bounds=BoundsDraft(off_nadir_range=(0, 25)))
    with store.begin() as uow:
        request = requests.submit(uow, rules, account.id, draft, now)
    run_due(store, rules, now)
    with store.read() as reader:
        chances = requests.find_request(reader, request.id, account.id).chances
    assert {c.id for c in whole} <= {chance.candidate_id for chance in chances}
    assert chances[0] == whole[1].chance
    assert len({(chance.candidate_id, chance.pitch_deg) for chance in chances}) == len(chances)
    assert len(chances) > 2 * len(whole)
    assert all(0 <= chance.off_nadir_deg <= 25 for chance in chances)
    assert {chance.satellite for chance in chances} == {"GRUS-1B", "GRUS-3F"}


@pytest.mark.usefixtures("elements")
def test_fresh_elements_move_candidates_under_their_ids_and_what_is_planned_with_them(
    plan: Plan,
    search: Callable[[str, datetime], Found],
    store: SqlStore,
    rules: Rules,
    account: Account,
    now: datetime,
) -> None:
    _, first = search(plan.id, now)
    picked = first[-1]
    draft = RequestDraft("harbour", picked.id, Priority.NORMAL)
    with store.begin() as uow:
        request = requests.submit(uow, rules, account.id, draft, now)
        import_elements(uow, rules, [a_second_on(one) for one in load_bundled_elements()], "fresh", now)
    _, again = search(plan.id, now)
    assert {c.id for c in again} == {c.id for c in first}
    found = next(c for c in again if c.id == picked.id)
    assert found.elements_epoch > picked.elements_epoch
    assert timedelta(seconds=0.5) < abs(found.chance.start - picked.chance.start) < timedelta(seconds=2)
    run_due(store, rules, now)
    with store.begin() as uow:
        followed = requests.find_request(uow, request.id, account.id)
        assert followed.status == RequestStatus.ACCEPTED
        assert (followed.planned_start, followed.cancel_until) == (found.chance.start, found.chance.uplink_by)
        assert (followed.valid_start, followed.valid_end) == (found.access_start, found.access_end)
        assert followed.footprint == request.footprint
        assert followed.chances[0] == found.chance
        assert len(followed.chances) == len(request.chances)
        with pytest.raises(Conflict, match="requested before"):
            requests.submit(uow, rules, account.id, draft, now)


def run_due(store: SqlStore, rules: Rules, now: datetime) -> None:
    """Find chances again and make the schedule again, where that is due."""
    heavy = {DueKind.FIND_CHANCES: partial(find_again, store, rules)}
    handlers = timeline.build_handlers(store, rules, heavy)
    jobs = InlineJobs(lambda due_id: timeline.handle(store, handlers, due_id, lambda due: due.due_at))
    timeline.run_until(store, jobs, now)


def a_second_on(elements: Elements) -> Elements:
    """A newer set, by which the satellite is a second further along."""
    turn = 2 * elements.mean_motion * 360 / 86_400
    return replace(
        elements,
        epoch=elements.epoch + timedelta(seconds=1),
        mean_anomaly_deg=(elements.mean_anomaly_deg + turn) % 360,
    )


def test_without_elements_a_plan_fails_and_recovers_when_they_arrive(
    plan: Plan, search: Callable[[str, datetime], Found], store: SqlStore, rules: Rules, now: datetime
) -> None:
    failed, _ = search(plan.id, now)
    assert failed.status == PlanStatus.FAILED
    assert failed.reason is not None
    assert failed.reason.code == "ELEMENTS_TOO_OLD"
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", now)
    active, found = search(plan.id, now)
    assert active.status == PlanStatus.ACTIVE
    assert found


@pytest.mark.usefixtures("elements")
def test_elements_that_are_too_old_are_not_planned_with(
    plan: Plan, store: SqlStore, rules: Rules, now: datetime
) -> None:
    strict = replace(rules, limits=replace(rules.limits, max_elements_age=timedelta(days=3)))
    with store.read() as reader:
        assert candidates.usable_elements(reader, strict, now)
        assert not candidates.usable_elements(reader, strict, now + timedelta(days=4))


@pytest.mark.usefixtures("elements")
def test_sets_that_are_not_newer_do_not_start_a_search(
    plan: Plan, search: Callable[[str, datetime], Found], store: SqlStore, rules: Rules, now: datetime
) -> None:
    search(plan.id, now)
    with store.begin() as uow:
        assert import_elements(uow, rules, load_bundled_elements(), "again", now) == ()
    with store.read() as reader:
        assert [row.kind for row in reader.all_due(now)] == []


def test_a_satellite_that_has_decayed_does_not_take_the_plan_along(
    plan: Plan, search: Callable[[str, datetime], Found], store: SqlStore, rules: Rules, now: datetime
) -> None:
    sets = [replace(one, bstar=0.9) if one.name == "GRUS-1B" else one for one in load_bundled_elements()]
    with store.begin() as uow:
        import_elements(uow, rules, sets, "GRUS-1B comes down", now)
    active, found = search(plan.id, now)
    assert active.status == PlanStatus.ACTIVE
    assert {candidate.chance.satellite for candidate in found} == {"GRUS-3F"}
