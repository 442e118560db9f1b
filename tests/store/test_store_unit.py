"""The store keeps what it is given, all of it or nothing, and schedules by version."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from shapely.geometry import box
from sqlalchemy import delete, insert
from tests.full_disk import full_disk
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.api.queryables import CANDIDATE_QUERYABLES
from swath.cql2 import parse_filter
from swath.errors import Unavailable
from swath.query import Query, Record
from swath.store.database import SqlStore, build_engine, migrate
from swath.store.tables import metadata, schedules
from swath.tasking.model import (
    Account,
    Activity,
    DueKind,
    Event,
    Plan,
    Priority,
    Reason,
    RequestStatus,
    Standing,
    TaskingRequest,
)

WHY = Reason("TEST", "because", {"figure": 1.5})


def make_request(account: Account, plan_id: str, now: datetime, number: int = 1) -> TaskingRequest:
    chance = make_chance(now + timedelta(hours=10 * number))
    return TaskingRequest(
        id=f"r{number}",
        account_id=account.id,
        plan_id=plan_id,
        candidate_id=f"c{number}",
        name="harbour",
        priority=Priority.NORMAL,
        status=RequestStatus.PLANNED,
        created=now,
        footprint=box(0, 0, 1, 1),
        valid_start=chance.start,
        valid_end=chance.end,
        off_nadir_range=(9.0, 11.0),
        satellites=(chance.satellite,),
        chances=(chance,),
        cost=1,
        reason=WHY,
    )


def test_migrations_make_exactly_the_declared_tables(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": lambda o, name, kind, *_: "_rtree" not in (name or "")}
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(store: SqlStore) -> None:
    migrate(store.engine)


def test_plans_come_back_as_they_went_in(store: SqlStore, account: Account, now: datetime) -> None:
    plan = add_plan(store, account.id, now)
    with store.read() as reader:
        assert reader.plan(plan.id) == plan
        assert reader.plan(plan.id, "someone else") is None


def test_candidates_come_back_as_they_went_in(store: SqlStore, account: Account, now: datetime) -> None:
    plan = add_plan(store, account.id, now)
    candidate = add_candidate(store, plan, make_chance(now + timedelta(hours=20)), now)
    with store.read() as reader:
        assert reader.candidate(candidate.id) == candidate


def test_requests_come_back_as_they_went_in(store: SqlStore, account: Account, now: datetime) -> None:
    request = make_request(account, add_plan(store, account.id, now).id, now)
    with store.begin() as uow:
        uow.add_request(request)
    with store.read() as reader:
        assert reader.request(request.id) == request


def test_a_unit_of_work_knows_what_it_wrote_as_others_will(
    store: SqlStore, account: Account, now: datetime
) -> None:
    request = make_request(account, add_plan(store, account.id, now).id, now)
    refused = replace(request, status=RequestStatus.REJECTED, reason=replace(WHY, findings=({"code": "X"},)))
    with store.begin() as uow:
        uow.add_request(request)
        assert uow.request(request.id) == request
        uow.save_request(refused)
        assert uow.request(request.id, "someone else") is None
        known = uow.request(request.id)
    with store.read() as reader:
        assert reader.request(request.id) == known == replace(refused, reason=WHY)


def test_what_came_to_nothing_is_forgotten(store: SqlStore, account: Account, now: datetime) -> None:
    request = make_request(account, add_plan(store, account.id, now).id, now)
    with pytest.raises(ZeroDivisionError), store.begin() as uow:
        uow.add_request(request)
        _ = 1 / 0
    with store.begin() as uow:
        assert uow.request(request.id) is None


def test_events_come_back_as_they_went_in(store: SqlStore, now: datetime) -> None:
    planned = Standing("ACCEPTED", False, now, now + timedelta(seconds=8), "GRUS-1A", now, None)
    over = Standing("DATA_AVAILABLE", True, now, now + timedelta(seconds=8), "GRUS-1A", now, "capture")
    events = [
        Event("x", "request", now, None, planned, WHY),
        Event("x", "request", now + timedelta(hours=1), planned, over, WHY),
    ]
    with store.begin() as uow:
        for event in events:
            uow.add_event(event)
    with store.read() as reader:
        assert reader.events_of("x") == events


def test_an_exception_leaves_nothing_behind(store: SqlStore, account: Account, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), store.begin() as uow:
        uow.add_event(Event("x", "plan", now, None, Standing("ACTIVE"), WHY))
        _ = 1 / 0
    with store.read() as reader:
        assert reader.events_of("x") == []


def test_candidates_that_a_refresh_does_not_find_lapse_but_stay_readable(
    store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    candidate = add_candidate(store, plan, make_chance(now + timedelta(hours=20)), now)
    with store.begin() as uow:
        uow.replace_candidates(plan.id, (), now)
    with store.read() as reader:
        lapsed = reader.candidate(candidate.id)
        assert lapsed is not None
        assert lapsed.valid_until == now
        assert reader.find_candidates(Query(account_id=account.id), now).matched == 0


def test_a_candidate_that_is_found_again_has_the_new_figures_in_the_new_place(
    store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    before = add_candidate(store, plan, make_chance(now + timedelta(hours=20)), now)
    moved = replace(
        before,
        chance=replace(before.chance, start=before.chance.start + timedelta(seconds=3)),
        footprint=box(10, 10, 11, 11),
        coverage_probability=0.95,
    )
    with store.begin() as uow:
        uow.replace_candidates(plan.id, (moved,), now)
    with store.read() as reader:
        assert reader.candidate(before.id) == moved
        assert reader.candidates_of_plan(plan.id) == [moved]
        for bbox, count in (((10.2, 10.2, 10.4, 10.4), 1), (before.footprint.bounds, 0)):
            found = reader.find_candidates(Query(account_id=account.id, bbox=bbox), now)
            assert found.matched == count


def test_living_candidates_are_of_satellites_have_not_lapsed_and_lie_wholly_between_two_times(
    store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    starts = [now + timedelta(hours=hours) for hours in (20, 30, 40)]
    first, second, _ = [add_candidate(store, plan, make_chance(start), now) for start in starts]
    bounds = plan.id, ["GRUS-1A"], first.chance.start, second.chance.end
    with store.read() as reader:
        assert reader.living_candidates(*bounds, now) == [first, second]
        assert reader.living_candidates(*bounds, first.valid_until) == [second]
        assert reader.living_candidates(plan.id, ["GRUS-1A"], starts[0], second.chance.start, now) == [first]
        assert reader.living_candidates(plan.id, ["GRUS-1B"], *bounds[2:], now) == []


def test_an_older_version_of_the_schedule_stays_what_it_was(
    store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    lines = []
    for number in (1, 2, 3):
        request = make_request(account, plan.id, now, number)
        with store.begin() as uow:
            uow.add_request(request)
        lines.append(Activity(request.id, request.priority, request.chances[0], frozen=False))
    commanded = replace(lines[0], frozen=True)
    changes = [
        ([], lines[:1]),
        ([], lines[1:2]),
        (lines[:2], [commanded, lines[2]]),
        ([commanded, lines[2]], []),
    ]
    for gone, added in changes:
        with store.begin() as uow:
            uow.add_schedule(WHY, now, gone=gone, added=added)
    versions = [lines[:1], lines[:2], [commanded, lines[2]], []]
    with store.read() as reader:
        for number, activities in enumerate(versions, 1):
            assert set(reader.schedule(number).activities) == set(activities)
        assert reader.schedule().version == 4


def test_a_database_that_was_restored_is_read_anew(store: SqlStore, now: datetime) -> None:
    """A process remembers versions; a copy of the database may have others by the same numbers."""
    with store.begin() as uow:
        uow.add_schedule(WHY, now)
    cause = {"code": "OTHER", "message": "Another history.", "evidence": {}}
    other = {"version": 1, "created": now + timedelta(days=1), "cause": cause}
    with store.write() as connection:
        connection.execute(delete(schedules))
        connection.execute(insert(schedules), other)
    with store.read() as reader:
        assert reader.schedule().cause.code == "OTHER"


def test_each_version_of_the_schedule_keeps_what_it_was_made_from(store: SqlStore, now: datetime) -> None:
    made_from = {"seed": 7, "bound": 12.25, "works": [{"id": f"r{n}", "name": "港"} for n in range(1000)]}
    with store.begin() as uow:
        uow.add_schedule(WHY, now, inputs=made_from)
        uow.add_schedule(WHY, now)
        assert uow.schedule_inputs(1) == made_from
    with store.read() as reader:
        assert reader.schedule_inputs(1) == made_from
        assert (reader.schedule_inputs(2), reader.schedule_inputs(3)) == (None, None)


def test_due_work_is_finished_once(store: SqlStore, now: datetime) -> None:
    with store.begin() as uow:
        due = uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    with store.begin() as uow:
        assert uow.finish_due(due.id, now)
        assert not uow.finish_due(due.id, now)
    with store.read() as reader:
        assert reader.next_due(now) is None


def test_the_same_work_is_not_due_twice(store: SqlStore, now: datetime) -> None:
    with store.begin() as uow:
        first = uow.add_due(DueKind.RESCHEDULE, "schedule", now)
        again = uow.add_due(DueKind.RESCHEDULE, "schedule", now + timedelta(seconds=1))
    assert first.id == again.id


def test_work_that_is_moved_is_due_once(store: SqlStore, now: datetime) -> None:
    with store.begin() as uow:
        for hours in (2, 1, 3):
            uow.move_due(DueKind.UPLINK, "request", now + timedelta(hours=hours))
        uow.move_due(DueKind.UPLINK, "another", now + timedelta(hours=4))
        rows = uow.all_due(now + timedelta(days=1))
        assert [(row.subject, row.due_at - now) for row in rows] == [
            ("request", timedelta(hours=3)),
            ("another", timedelta(hours=4)),
        ]


def test_failed_work_comes_back_later_or_is_given_up(store: SqlStore, now: datetime) -> None:
    with store.begin() as uow:
        due = uow.add_due(DueKind.RESCHEDULE, "schedule", now)
        uow.fail_due(due.id, "boom", now + timedelta(minutes=1), now)
    with store.read() as reader:
        assert reader.next_due(now) is None
        assert reader.next_due_at() == now + timedelta(minutes=1)
    with store.begin() as uow:
        uow.fail_due(due.id, "boom", None, now)
    with store.read() as reader:
        assert reader.next_due_at() is None
        given_up = reader.due(due.id)
        assert given_up is not None
        assert (given_up.attempts, given_up.error) == (2, "boom")


def test_only_commits_that_add_due_work_wake_the_dispatcher(store: SqlStore, now: datetime) -> None:
    calls: list[int] = []
    store.nudge = lambda: calls.append(1)
    with store.begin() as uow:
        uow.add_event(Event("x", "plan", now, None, Standing("ACTIVE"), WHY))
    assert calls == []
    with store.begin() as uow:
        uow.add_due(DueKind.RESCHEDULE, "schedule", now)
        assert calls == []
    assert calls == [1]


def test_answers_are_remembered_by_account_and_key(store: SqlStore, account: Account, now: datetime) -> None:
    with store.begin() as uow:
        uow.remember_answer(account.id, "k", "digest", {"id": "plan-1"}, now)
    with store.read() as reader:
        yesterday = now - timedelta(days=1)
        assert reader.answer_for_key(account.id, "k", yesterday) == ("digest", {"id": "plan-1"})
        assert reader.answer_for_key("another", "k", yesterday) is None
        assert reader.answer_for_key(account.id, "k", now) is None


def test_answers_to_customers_are_forgotten_and_those_to_grants_are_not(
    store: SqlStore, account: Account, now: datetime
) -> None:
    with store.begin() as uow:
        uow.remember_answer(account.id, "old", "digest", {"id": "plan-1"}, now)
        uow.remember_answer(account.id, "new", "digest", {"id": "plan-2"}, now + timedelta(hours=1))
        uow.remember_answer(account.id, "grant k", "digest", None, now)
        uow.forget_answers(now)
        kept = [
            uow.answer_for_key(account.id, key, now - timedelta(days=1)) for key in ("old", "new", "grant k")
        ]
    assert kept == [None, ("digest", {"id": "plan-2"}), ("digest", None)]


def test_the_version_is_another_after_a_change_by_anybody(
    store: SqlStore, account: Account, now: datetime
) -> None:
    other = SqlStore(build_engine(str(store.engine.url), synchronous="OFF"))
    seen = [store.version()]
    for writer in (store, other, store):
        add_plan(writer, account.id, now)
        seen.append(store.version())
    other.close()
    assert len(set(seen)) == 4


def test_the_version_is_the_same_while_nothing_changes(
    store: SqlStore, account: Account, now: datetime
) -> None:
    before = store.version()
    with store.read() as reader:
        reader.find_plans(Query(account_id=account.id))
    with pytest.raises(ZeroDivisionError), store.begin() as uow:
        uow.add_account(replace(account, id="another", name="another"))
        raise ZeroDivisionError
    assert store.version() == before


def test_a_list_s_records_say_what_was_kept_and_are_equal_until_it_changes(
    store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    asked = Query(account_id=account.id)

    def find() -> Record[Plan]:
        with store.read() as reader:
            return reader.find_plans(asked).rows[0]

    before = find()
    assert before.value == plan
    assert find() == before
    with store.begin() as uow:
        uow.save_plan(replace(plan, name="another"))
    assert find() != before
    assert find().value == replace(plan, name="another")


def test_a_kept_count_is_no_longer_kept_than_it_holds(
    store: SqlStore, account: Account, now: datetime
) -> None:
    asked = Query(account_id=account.id, limit=1)
    counted: list[int] = []
    for number in range(2, 5):
        add_plan(store, account.id, now)
        with store.read() as reader, store.begin() as uow:
            # Begun before the change, so its state is the older one; what it counts must not be taken for the newer.
            counted.append(reader.find_plans(asked).matched)
            uow.add_plan(replace(reader.find_plans(asked).rows[0].value, id=f"another {number}"))
            assert uow.find_plans(asked).matched == counted[-1] + 1
        with store.read() as reader:
            assert reader.find_plans(asked).matched == 2 * len(counted)
    assert counted == [1, 3, 5]


def test_a_kept_count_of_candidates_ends_when_one_of_them_lapses(
    store: SqlStore, account: Account, now: datetime
) -> None:
    plan = add_plan(store, account.id, now)
    found = [
        add_candidate(store, plan, make_chance(now + timedelta(hours=hours)), now) for hours in (20, 30, 40)
    ]
    covered = parse_filter("plan_coverage > 0", "cql2-text", CANDIDATE_QUERYABLES)
    asked = Query(account_id=account.id, limit=1, where=covered)

    def count(at: datetime) -> int:
        with store.read() as reader:
            return reader.find_candidates(asked, at).matched

    lapses = sorted(candidate.valid_until for candidate in found)
    assert [count(now), count(now)] == [3, 3]
    for until in lapses:
        assert count(until - timedelta(seconds=1)) == 3 - sum(one < until for one in lapses)
        assert count(until) == 3 - sum(one <= until for one in lapses)


def test_a_store_knows_that_it_cannot_keep_anything_until_it_can_again(
    store: SqlStore, account: Account
) -> None:
    store.check_keeping()
    with full_disk():
        with pytest.raises(Unavailable, match="kept"), store.begin() as uow:
            uow.add_account(replace(account, id="small", name="small"))
        with pytest.raises(Unavailable, match="kept"):
            store.check_keeping()
    store.check_keeping()
    with store.read() as reader:
        assert reader.account("small") is None


def test_on_a_full_disk_nothing_is_kept_by_halves(store: SqlStore, account: Account) -> None:
    with store.write() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used}")
    with pytest.raises(Unavailable, match="kept"), store.begin() as uow:
        uow.add_account(replace(account, id="small", name="small"))
        uow.add_account(replace(account, id="large", name="x" * 1_000_000))
    with store.read() as reader:
        assert reader.account("small") is None
    with store.write() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used + 10_000}")
    with store.begin() as uow:
        uow.add_account(replace(account, id="small", name="small"))
