"""Pools alone, with a runner that is a plain function."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from tests.jobs.jobs_world import Rows, row, wait_for

from swath.jobs.pool import Pool


@contextmanager
def pool_over(rows: Rows, size: int) -> Iterator[Pool]:
    pool = Pool("test", size, rows.due, lambda due, _again: rows.handle(due.id))
    pool.start()
    yield pool
    assert pool.stop(5.0)


def test_a_narrow_pool_keeps_the_order_of_time():
    rows = Rows(row("last", minute=9), row("first", minute=1), row("middle", minute=5))
    with pool_over(rows, 1):
        wait_for(lambda: len(rows.handled) == 3)
    assert rows.handled == ["first", "middle", "last"]
    assert rows.most_at_once == 1


def test_work_that_work_brings_about_takes_its_place_in_the_order():
    rows = Rows(row("first", minute=1), row("last", minute=9))
    rows.act = lambda due_id: rows.add(row("between", minute=5)) if due_id == "first" else None
    with pool_over(rows, 1):
        wait_for(lambda: len(rows.handled) == 3)
    assert rows.handled == ["first", "between", "last"]


def test_a_wide_pool_runs_as_many_at_once_as_it_is_wide():
    rows, go = Rows(*(row(f"r{n}") for n in range(5))), threading.Event()
    rows.act = lambda _: go.wait(5.0) and None
    with pool_over(rows, 2):
        wait_for(lambda: rows.at_once == 2)
        go.set()
        wait_for(lambda: not rows.due())
    assert rows.most_at_once == 2
    assert sorted(rows.handled) == [f"r{n}" for n in range(5)]


def test_a_pool_that_pauses_does_so_as_many_times_as_long_as_it_worked():
    rows, times_s = Rows(*(row(f"r{n}", minute=n) for n in range(3))), list[float]()

    def work(_: str) -> None:
        times_s.append(time.monotonic())
        time.sleep(0.1)

    rows.act = work
    pool = Pool("test", 1, rows.due, lambda due, _again: rows.handle(due.id), pause=2.0)
    pool.start()
    wait_for(lambda: len(times_s) == 3)
    assert all(later - sooner >= 0.3 for sooner, later in pairwise(times_s))
    assert pool.stop(5.0)


def test_a_nudge_is_heard_at_once():
    rows = Rows()
    with pool_over(rows, 1) as pool:
        rows.add(row("new"))
        pool.nudge()
        wait_for(lambda: rows.handled == ["new"], timeout_s=0.5)


def test_without_a_nudge_the_pool_looks_by_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("swath.jobs.pool.LOOK_EVERY_S", 0.05)
    rows = Rows()
    with pool_over(rows, 1):
        rows.add(row("new"))
        wait_for(lambda: rows.handled == ["new"], timeout_s=0.5)


def test_a_row_that_keeps_failing_holds_up_nobody(caplog: pytest.LogCaptureFixture):
    rows = Rows(row("broken", minute=1), row("sound", minute=2))
    rows.act = lambda due_id: 1 / 0 if due_id == "broken" else None
    with pool_over(rows, 1):
        wait_for(lambda: "sound" in rows.handled)
    assert rows.handled == ["broken", "sound"]
    assert "a handler of due work raised" in caplog.text


def test_a_row_that_is_still_due_after_its_run_is_run_again_later(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("swath.jobs.pool.LONGEST_REST_S", 0.02)
    monkeypatch.setattr("swath.jobs.pool.LOOK_EVERY_S", 0.01)
    seen: list[bool] = []
    rows = Rows(row("sticky"))

    def run(due, again: bool) -> None:
        seen.append(again)
        if len(seen) == 3:
            rows.finish(due.id)

    pool = Pool("test", 1, rows.due, run)
    pool.start()
    wait_for(lambda: len(seen) == 3)
    assert pool.stop(5.0)
    assert seen == [False, True, True]


def test_a_row_that_fails_all_day_is_tried_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("swath.jobs.pool.LONGEST_REST_S", 0.0)
    monkeypatch.setattr("swath.jobs.pool.LOOK_EVERY_S", 0.0)
    runs, rows = list[bool](), Rows(row("never"))
    pool = Pool("test", 1, rows.due, lambda _, again: runs.append(again))
    pool.start()
    wait_for(lambda: len(runs) > 1_100)
    assert pool.alive
    assert pool.stop(5.0)


def test_rests_outlast_a_moment_without_the_store(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("swath.jobs.pool.LOOK_EVERY_S", 0.01)
    rows, away, seen = Rows(row("sticky")), threading.Event(), list[bool]()

    def due():
        if away.is_set():
            raise OSError("disk is away")
        return rows.due()

    pool = Pool("test", 1, due, lambda _, again: seen.append(again))
    pool.start()
    wait_for(lambda: len(seen) == 1)
    away.set()
    time.sleep(0.05)
    away.clear()
    time.sleep(0.1)
    assert seen == [False]
    wait_for(lambda: len(seen) == 2)
    assert seen == [False, True]
    assert pool.stop(5.0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_pool_with_a_dead_thread_is_not_alive():
    died = threading.Event()

    def run(_due, _again: bool) -> None:
        died.set()
        raise SystemExit

    pool = Pool("test", 2, Rows(row("w")).due, run)
    pool.start()
    assert died.wait(5.0)
    wait_for(lambda: not pool.alive)
    assert pool.stop(5.0)


def test_an_attempt_that_failed_is_followed_at_once_by_the_next_when_that_is_due():
    rows = Rows(row("w"))
    pool = Pool(
        "test", 1, rows.due, lambda due, _: rows.fail(due.id) if due.attempts < 2 else rows.handle(due.id)
    )
    pool.start()
    wait_for(lambda: rows.handled == ["w"], timeout_s=0.5)
    assert pool.stop(5.0)


def test_a_store_that_cannot_be_read_is_read_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("swath.jobs.pool.LOOK_EVERY_S", 0.01)
    answers = iter([OSError("disk is away")])
    rows = Rows(row("w"))

    def due():
        for error in answers:
            raise error
        return rows.due()

    pool = Pool("test", 1, due, lambda due, _: rows.handle(due.id))
    with caplog.at_level(logging.ERROR):
        pool.start()
        wait_for(lambda: rows.handled == ["w"])
    assert pool.stop(5.0)
    assert "disk is away" in caplog.text


def test_a_stop_waits_for_what_runs_and_takes_no_more():
    rows, go = Rows(row("a", minute=1), row("b", minute=2)), threading.Event()
    rows.act = lambda _: go.wait(5.0) and None
    pool = Pool("test", 1, rows.due, lambda due, _: rows.handle(due.id))
    pool.start()
    wait_for(lambda: rows.at_once == 1)
    assert not pool.stop(0.02), "still at work"
    go.set()
    assert pool.stop(5.0)
    assert rows.handled == ["a"]
