"""Element sets: kept once, corrected in place, and since when each was known stays as it was."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from swath.fleet import load_bundled_elements
from swath.orbit.elements import Elements
from swath.store.database import SqlStore
from swath.tasking.elements import import_elements
from swath.tasking.model import DueKind, StoredElements
from swath.tasking.rules import Rules

DAY = timedelta(days=1)


@pytest.fixture
def sets() -> tuple[Elements, ...]:
    return tuple(load_bundled_elements())


def take_in(
    store: SqlStore, rules: Rules, sets: tuple[Elements, ...], at: datetime
) -> tuple[StoredElements, ...]:
    with store.begin() as uow:
        return import_elements(uow, rules, sets, "a file", at)


def test_sets_that_are_known_change_nothing(
    store: SqlStore, rules: Rules, sets: tuple[Elements, ...], now: datetime
) -> None:
    assert len(take_in(store, rules, sets, now)) == 12
    with store.read() as reader:
        first = reader.elements(now)
    assert take_in(store, rules, sets, now + DAY) == ()
    with store.read() as reader:
        assert reader.elements(now) == reader.elements() == first


def test_a_corrected_set_is_fresh_and_known_since_it_came_first(
    store: SqlStore, rules: Rules, sets: tuple[Elements, ...], now: datetime
) -> None:
    take_in(store, rules, sets, now)
    first, *others = sets
    corrected = replace(first, mean_anomaly_deg=(first.mean_anomaly_deg + 0.01) % 360.0)
    (fresh,) = take_in(store, rules, (corrected, *others), now + DAY)
    with store.read() as reader:
        kept = next(one for one in reader.elements(now) if one.norad_id == first.norad_id)
    assert (kept.omm, kept.imported) == (fresh.omm, now)


def test_older_sets_are_kept_but_are_not_fresh(
    store: SqlStore, rules: Rules, sets: tuple[Elements, ...], now: datetime
) -> None:
    newest = {one.epoch for one in take_in(store, rules, sets, now)}
    older = tuple(replace(one, epoch=one.epoch - DAY) for one in sets)
    assert take_in(store, rules, older, now) == ()
    with store.read() as reader:
        assert {one.epoch for one in reader.elements()} == newest
        assert reader.all_due(now, [DueKind.RESCHEDULE]) == []
