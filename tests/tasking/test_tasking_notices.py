"""A house that promises NORMAL requests late: who asks is told when he is answered, and is answered then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from tests.tasking_world import Desk, make_chance, plan_again

from swath.settings import LAST_PLANNING, Notices
from swath.store.database import SqlStore
from swath.tasking.model import Account, DueKind, Priority, RequestStatus, TaskingRequest
from swath.tasking.rules import Rules

NOTICE = timedelta(hours=8)
# As in `make_chance`: so long before it starts a capture freezes.
FROZEN = timedelta(hours=3)


@pytest.fixture(autouse=True)
def one_chance_each() -> Iterator[None]:
    with patch("swath.tasking.requests.find_first_chances", lambda *a: (a[3].chance,)):
        yield


@pytest.fixture
def late(rules: Rules) -> Rules:
    return replace(rules, notices=Notices(normal=NOTICE))


@pytest.fixture
def desk(store: SqlStore, late: Rules, account: Account, now: datetime) -> Desk:
    return Desk(store, late, account, now)


def code_of(request: TaskingRequest) -> str | None:
    return request.reason and request.reason.code


def list_plannings(desk: Desk, until: datetime) -> list[datetime]:
    with desk.store.read() as reader:
        return [one.due_at for one in reader.all_due(until) if one.kind == DueKind.RESCHEDULE]


def test_a_request_waits_and_is_told_when_it_is_answered(desk: Desk, start: datetime) -> None:
    request, moment = desk.ask(make_chance(start)), start - FROZEN - NOTICE
    assert (request.status, code_of(request)) == (RequestStatus.PLANNED, "WAITING")
    assert request.reason is not None
    assert datetime.fromisoformat(request.reason.evidence["notice_at"]) == moment
    assert list_plannings(desk, start) == [moment], "that is when it is planned, and not before for nothing"


def test_a_request_is_promised_its_capture_at_its_notice_and_not_before(
    desk: Desk, late: Rules, start: datetime
) -> None:
    request, moment = desk.ask(make_chance(start)), start - FROZEN - NOTICE
    plan_again(desk.store, late, moment - timedelta(minutes=1))
    assert desk.read(request).status == RequestStatus.PLANNED
    assert len(desk.events(request)) == 2, "it was told already, and nothing has changed"
    plan_again(desk.store, late, moment)
    assert desk.read(request).status == RequestStatus.ACCEPTED
    assert start - FROZEN - LAST_PLANNING in list_plannings(desk, start), (
        "there is one more before it freezes"
    )


def test_a_request_within_its_notice_is_answered_at_once(desk: Desk, now: datetime) -> None:
    assert desk.ask(make_chance(now + FROZEN + NOTICE)).status == RequestStatus.ACCEPTED


def test_an_emergency_is_answered_at_once(desk: Desk, start: datetime) -> None:
    assert desk.ask(make_chance(start), Priority.EMERGENCY).status == RequestStatus.ACCEPTED


def test_of_those_who_waited_the_dearest_gets_the_place(desk: Desk, late: Rules, start: datetime) -> None:
    """Both go up with the same contact. The price has risen between the two."""
    first = desk.ask(make_chance(start, roll_deg=-20))
    desk.rules = replace(late, prices=replace(late.prices, normal=3))
    beside = make_chance(start + timedelta(seconds=9), roll_deg=20)
    later = desk.ask(replace(beside, uplink_by=start - FROZEN))
    plan_again(desk.store, late, start - FROZEN - NOTICE)
    assert (desk.read(later).status, desk.read(later).cost) == (RequestStatus.ACCEPTED, 3)
    assert (desk.read(first).status, code_of(desk.read(first))) == (RequestStatus.REJECTED, "CONFLICT")


def test_what_is_promised_is_not_taken_by_who_waited(desk: Desk, late: Rules, start: datetime) -> None:
    soon = desk.ask(make_chance(start))
    plan_again(desk.store, late, start - FROZEN - NOTICE)
    beside = desk.ask(make_chance(start + timedelta(seconds=2)))
    assert (beside.status, code_of(beside)) == (RequestStatus.PLANNED, "WAITING")
    plan_again(desk.store, late, start + timedelta(seconds=2) - FROZEN - NOTICE)
    assert desk.read(soon).status == RequestStatus.ACCEPTED
    assert code_of(desk.read(beside)) == "CONFLICT"


def test_a_wish_gets_what_those_who_wait_as_well_have_left(desk: Desk, late: Rules, start: datetime) -> None:
    wish = desk.ask(make_chance(start), Priority.WISHLIST)
    normal = desk.ask(make_chance(start + timedelta(seconds=2)))
    for ahead in (NOTICE, LAST_PLANNING):
        plan_again(desk.store, late, start + timedelta(seconds=2) - FROZEN - ahead)
    assert desk.read(normal).status == RequestStatus.ACCEPTED
    assert desk.read(wish).status == RequestStatus.REJECTED


@pytest.mark.parametrize("notice", [timedelta(0), timedelta(minutes=9), -NOTICE])
def test_no_notice_is_shorter_than_the_last_planning_can_keep(notice: timedelta) -> None:
    with pytest.raises(ValueError, match="The shortest notice is 0:10:00"):
        Notices(normal=notice)
