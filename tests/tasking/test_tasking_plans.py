"""Plans: what is kept, what is refused and in which words, how they end."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.store.test_store_unit import make_request
from tests.tasking_world import add_plan

from swath.errors import Conflict, Invalid, NotFound
from swath.store.database import SqlStore
from swath.tasking import plans
from swath.tasking.model import Account, DueKind, PlanStatus
from swath.tasking.plans import PlanDraft
from swath.tasking.rules import Rules


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def draft(now: datetime) -> PlanDraft:
    return PlanDraft("Fukui", box(136, 35.9, 136.4, 36.2), now, now + timedelta(days=14))


def create(store: SqlStore, rules: Rules, account: Account, draft: PlanDraft, now: datetime):
    with store.begin() as uow:
        return plans.create(uow, rules, account.id, draft, now)


def test_a_plan_is_kept_and_its_search_and_its_end_are_due(
    store: SqlStore, rules: Rules, account: Account, draft: PlanDraft, now: datetime
) -> None:
    plan = create(store, rules, account, draft, now)
    assert plan.status == PlanStatus.PROCESSING
    assert plan.off_nadir_range == (0, 30)
    assert plan.satellites == tuple(rules.fleet.satellites)
    with store.read() as reader:
        due = [(row.kind, row.due_at) for row in reader.all_due(now + timedelta(days=20))]
    assert due == [(DueKind.FIND_CANDIDATES, now), (DueKind.EXPIRE_PLAN, plan.valid_end)]


def test_satellites_are_found_in_any_letter_case_and_once(
    store: SqlStore, rules: Rules, account: Account, draft: PlanDraft, now: datetime
) -> None:
    asked = replace(draft, satellites=("grus-1b", "GRUS-1A", "Grus-1B"))
    assert create(store, rules, account, asked, now).satellites == ("GRUS-1B", "GRUS-1A")


DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (lambda d, now: {"name": ""}, "name_length", "1 to 200"),
        (lambda d, now: {"name": "x" * 201}, "name_length", "201 characters"),
        (lambda d, now: {"valid_end": now - DAYS, "valid_start": now - 2 * DAYS}, "toi_past", "in the past"),
        (lambda d, now: {"valid_end": d.valid_start}, "toi_reversed", "after valid_start"),
        (lambda d, now: {"valid_end": now + 15 * DAYS}, "toi_too_long", "15 days long; the limit is 14"),
        (
            lambda d, now: {"valid_start": now, "valid_end": now + 14 * DAYS + timedelta(microseconds=1)},
            "toi_too_long",
            "is 14.00000000001 days long; the limit is 14 days",
        ),
        (
            lambda d, now: {"valid_start": now + 20 * DAYS, "valid_end": now + 31 * DAYS},
            "toi_too_far",
            "too far ahead",
        ),
        (lambda d, now: {"satellites": ("GRUS-9Z",)}, "satellite_unknown", "GRUS-1A"),
        (lambda d, now: {"satellites": ("GRUS-1A",) * 101}, "too_many_satellites", "at most 100"),
        (lambda d, now: {"satellites": ()}, "satellites_empty", "leave it out"),
        (lambda d, now: {"off_nadir_range": (10.0, 5.0)}, "off_nadir_range", "0 <= min < max <= 30"),
        (lambda d, now: {"off_nadir_range": (-1.0, 60.0)}, "off_nadir_range", "[-1, 60]"),
        (lambda d, now: {"off_nadir_range": (0.0, 30.0000001)}, "off_nadir_range", "[0, 30.0000001]"),
        (lambda d, now: {"off_nadir_range": (0.0, math.nan)}, "off_nadir_range", "0 <= min < max"),
        (lambda d, now: {"geometry": box(0, 0, 2.26, 1)}, "aoi_too_wide", "limit is 250 km"),
        (lambda d, now: {"geometry": {"type": "Point", "coordinates": [0, 0]}}, "geometry_type", "Polygon"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_rule(
    store: SqlStore,
    rules: Rules,
    account: Account,
    draft: PlanDraft,
    now: datetime,
    change: Any,
    code: str,
    says: str,
) -> None:
    with pytest.raises(Invalid) as caught:
        create(store, rules, account, replace(draft, **change(draft, now)), now)
    assert code in {fault.code for fault in caught.value.faults} or code.startswith("aoi")
    assert says in caught.value.message
    with store.read() as reader:
        assert reader.open_plans() == []


def test_all_faults_are_told_at_once(
    store: SqlStore, rules: Rules, account: Account, draft: PlanDraft, now: datetime
) -> None:
    bad = replace(draft, name="", satellites=("X",), geometry=box(0, 0, 9, 9), off_nadir_range=(9, 1))
    with pytest.raises(Invalid) as caught:
        create(store, rules, account, bad, now)
    pointers = {
        fault.pointer.split("/")[1] + fault.pointer.rpartition("/")[2] for fault in caught.value.faults
    }
    assert pointers >= {"propertiesname", "properties0", "propertiesoff_nadir_range"}
    assert any(fault.pointer.startswith("/geometry") for fault in caught.value.faults)


def test_an_archived_plan_is_gone_and_takes_its_candidates_along(
    store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    with store.begin() as uow:
        plans.archive(uow, account.id, plan.id, now)
    with store.read() as reader, pytest.raises(NotFound):
        plans.find_plan(reader, plan.id, account.id)


def test_a_plan_with_a_live_request_stays(store: SqlStore, account: Account, now: datetime) -> None:
    plan = add_plan(store, account.id, now)
    with store.begin() as uow:
        uow.add_request(make_request(account, plan.id, now))
    with pytest.raises(Conflict, match="1 live request;"), store.begin() as uow:
        plans.archive(uow, account.id, plan.id, now)


def test_nobody_archives_anothers_plan(store: SqlStore, account: Account, now: datetime) -> None:
    plan = add_plan(store, account.id, now)
    with pytest.raises(NotFound), store.begin() as uow:
        plans.archive(uow, "someone else", plan.id, now)


def test_a_plan_expires_once(store: SqlStore, account: Account, now: datetime) -> None:
    plan = add_plan(store, account.id, now)
    for _ in range(2):
        with store.begin() as uow:
            plans.expire(uow, plan.id, plan.valid_end)
    with store.read() as reader:
        expired = reader.plan(plan.id)
        assert expired is not None
        assert expired.status == PlanStatus.EXPIRED
        assert [event.after.status for event in reader.events_of(plan.id)] == ["EXPIRED"]
