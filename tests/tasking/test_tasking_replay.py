"""What was written down of a request is enough to know how it stands, and shows what was not written down."""

from datetime import datetime, timedelta

import pytest

from swath.tasking.model import Entry, EntryKind, Event, Reason, Standing
from swath.tasking.replay import CreditState, replay, replay_credit

WHY = Reason("TEST", "Because of a test.")
PLANNED = Standing("PLANNED")


@pytest.fixture
def accepted(now: datetime) -> Standing:
    return Standing("ACCEPTED", planned_start=now, planned_end=now, planned_satellite="GRUS-1A")


def entries(now: datetime, *kinds: EntryKind) -> list[Entry]:
    return [Entry("account", kind, 1, now, "r1") for kind in kinds]


def test_without_events_there_is_no_standing() -> None:
    assert replay([]) is None


def test_the_last_event_gives_the_standing(accepted: Standing, now: datetime) -> None:
    events = [
        Event("r1", "request", now, None, PLANNED, WHY),
        Event("r1", "request", now + timedelta(hours=1), PLANNED, accepted, WHY),
    ]
    assert replay(events) == accepted


def test_a_change_without_an_event_is_found(accepted: Standing, now: datetime) -> None:
    canceled = Standing("CANCELED", final=True)
    events = [
        Event("r1", "request", now, None, PLANNED, WHY),
        Event("r1", "request", now, accepted, canceled, WHY),
    ]
    with pytest.raises(ValueError, match="begins at"):
        replay(events)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), CreditState.NONE),
        ((EntryKind.HOLD,), CreditState.HELD),
        ((EntryKind.HOLD, EntryKind.CHARGE), CreditState.CHARGED),
        ((EntryKind.HOLD, EntryKind.RELEASE), CreditState.RELEASED),
    ],
)
def test_credit_is_held_and_then_charged_or_released(
    now: datetime, kinds: tuple[EntryKind, ...], state: CreditState
) -> None:
    assert replay_credit(entries(now, *kinds)) == state


@pytest.mark.parametrize(
    "kinds",
    [
        (EntryKind.CHARGE,),
        (EntryKind.HOLD, EntryKind.HOLD),
        (EntryKind.HOLD, EntryKind.CHARGE, EntryKind.RELEASE),
        (EntryKind.HOLD, EntryKind.RELEASE, EntryKind.RELEASE),
    ],
)
def test_credit_that_moves_any_other_way_is_refused(now: datetime, kinds: tuple[EntryKind, ...]) -> None:
    with pytest.raises(ValueError, match="cannot move"):
        replay_credit(entries(now, *kinds))
