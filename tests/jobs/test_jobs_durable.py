"""DBOS behind the port, in this process: one run a row, in order, and a clean end."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.full_disk import full_disk
from tests.jobs.jobs_world import Rows, row, wait_for

from swath.errors import Unavailable
from swath.jobs.durable import DbosJobs, JobsStatus
from swath.tasking.model import DueKind


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'jobs.db'}"


@pytest.fixture
def jobs(rows: Rows, url: str) -> Iterator[DbosJobs]:
    jobs = DbosJobs(url, rows.handle, rows.due)
    jobs.start()
    yield jobs
    jobs.stop()


def test_a_nudge_brings_due_work_about(jobs: DbosJobs, rows: Rows):
    rows.add(row("w"))
    jobs.nudge()
    wait_for(lambda: rows.handled == ["w"], timeout_s=0.8)


def test_run_returns_when_the_work_is_done(jobs: DbosJobs, rows: Rows):
    jobs.run(row("w"))
    assert rows.handled == ["w"]


def test_on_a_full_disk_a_row_stays_due_and_whoever_asked_may_ask_again(jobs: DbosJobs, rows: Rows):
    with full_disk(), pytest.raises(Unavailable, match="stays due"):
        jobs.run(row("w"))
    jobs.run(row("w"))
    assert rows.handled == ["w"]


def test_a_row_handed_over_twice_is_one_run(jobs: DbosJobs, rows: Rows):
    go = threading.Event()
    rows.act = lambda _: go.wait(5.0) and None
    with ThreadPoolExecutor(3) as callers:
        waiting = [callers.submit(jobs.run, row("w")) for _ in range(3)]
        wait_for(lambda: rows.at_once == 1)
        go.set()
        for each in waiting:
            each.result(5.0)
    jobs.run(row("w"))
    assert rows.handled == ["w"]


def test_the_next_attempt_at_a_row_is_another_run(jobs: DbosJobs, rows: Rows):
    rows.act = lambda due_id: rows.fail(due_id) if len(rows.handled) < 3 else None
    rows.finish = lambda due_id: None if len(rows.handled) < 3 else Rows.finish(rows, due_id)
    rows.add(row("w"))
    jobs.nudge()
    wait_for(lambda: not rows.due())
    assert rows.handled == ["w", "w", "w"]


def test_what_the_handler_raises_reaches_the_caller_who_may_try_again(jobs: DbosJobs, rows: Rows):
    rows.act = lambda _: 1 / 0 if len(rows.handled) == 1 else None
    with pytest.raises(ZeroDivisionError):
        jobs.run(row("w"))
    jobs.run(row("w"))
    assert rows.handled == ["w", "w"]


def test_the_timeline_is_kept_in_order_and_neither_planning_nor_heavy_work_hold_it_up(
    jobs: DbosJobs, rows: Rows
):
    go = threading.Event()
    rows.act = lambda due_id: None if due_id in ("early", "late") else go.wait(5.0) and None
    rows.add(*(row(f"heavy{n}", DueKind.FIND_CANDIDATES) for n in range(3)), row("plan", DueKind.RESCHEDULE))
    rows.add(row("late", DueKind.UPLINK, minute=9), row("early", DueKind.CLOSE_REQUEST, minute=3))
    jobs.nudge()
    wait_for(lambda: "late" in rows.handled)
    assert [one for one in rows.handled if one in ("early", "late")] == ["early", "late"]
    assert not go.is_set()
    go.set()
    wait_for(lambda: not rows.due())


def test_heavy_work_runs_two_at_a_time_and_never_more(jobs: DbosJobs, rows: Rows):
    in_pairs = threading.Barrier(2, timeout=5.0)
    rows.act = lambda _: in_pairs.wait() and None
    rows.add(*(row(f"heavy{n}", DueKind.FIND_CANDIDATES) for n in range(4)))
    jobs.nudge()
    wait_for(lambda: not rows.due())
    assert len(rows.handled) == 4, "nobody waited in vain for a second one"
    assert rows.most_at_once == 2


def test_status_tells_what_is_under_way(jobs: DbosJobs, rows: Rows):
    assert jobs.status() == JobsStatus(running=True, outstanding=0, executors=1)
    jobs.stop()
    assert jobs.status() == JobsStatus(running=False, outstanding=0, executors=0)


def test_it_can_be_stopped_and_started_again_and_leaves_no_thread(rows: Rows, url: str):
    before = set(threading.enumerate())
    jobs = DbosJobs(url, rows.handle, rows.due)
    for name in ("first", "second"):
        jobs.start()
        jobs.run(row(name))
        jobs.stop()
        jobs.stop()
        wait_for(lambda: set(threading.enumerate()) <= before)
    assert rows.handled == ["first", "second"]


def test_a_stop_takes_no_more_work_of_any_kind_while_it_waits(jobs: DbosJobs, rows: Rows):
    go = threading.Event()
    rows.act = lambda _: go.wait(5.0) and None
    rows.add(row("ordered"))
    jobs.nudge()
    wait_for(lambda: rows.at_once == 1)
    stopping = threading.Thread(target=jobs.stop)
    stopping.start()
    wait_for(lambda: not jobs.status().running)
    rows.add(row("heavy", DueKind.DELIVER), row("planning", DueKind.RESCHEDULE))
    # Pools look once a second.
    stopping.join(1.2)
    go.set()
    stopping.join(5.0)
    assert rows.handled == ["ordered"]


def test_before_start_and_after_stop_nothing_runs_and_a_nudge_does_no_harm(rows: Rows, url: str):
    jobs = DbosJobs(url, rows.handle, rows.due)
    jobs.nudge()
    with pytest.raises(Unavailable, match="not started"):
        jobs.run(row("w"))


def test_a_second_runner_in_the_same_process_is_refused_and_the_first_goes_on(
    jobs: DbosJobs, rows: Rows, tmp_path: Path
):
    with pytest.raises(Unavailable, match="already"):
        DbosJobs(f"sqlite:///{tmp_path / 'other.db'}", rows.handle, rows.due).start()
    jobs.run(row("w"))
    assert rows.handled == ["w"]


@pytest.mark.slow
def test_work_that_outlasts_a_stop_is_taken_up_at_the_next_start(rows: Rows, url: str):
    go = threading.Event()
    rows.act = lambda _: go.wait(5.0) and None
    jobs = DbosJobs(url, rows.handle, rows.due)
    jobs.start()
    rows.add(row("w"))
    jobs.nudge()
    wait_for(lambda: rows.at_once == 1)
    jobs.stop(timeout_s=0.05)
    # As if the process had ended here: the row stays due, the first handler comes to nothing.
    go.set()
    wait_for(lambda: rows.at_once == 0)
    rows.add(row("w"))
    jobs.start()
    wait_for(lambda: rows.handled == ["w", "w"])
    wait_for(lambda: jobs.status().outstanding == 0)
    jobs.stop()


def test_all_is_quiet_and_warnings_go_to_our_log(jobs: DbosJobs, capfd: pytest.CaptureFixture[str]):
    jobs.run(row("w"))
    logging.getLogger("dbos").info("launched")
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("dbos").propagate
