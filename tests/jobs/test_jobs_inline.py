"""The port at its simplest."""

import threading

import pytest
from tests.jobs.jobs_world import row

from swath.jobs.inline import InlineJobs


def test_work_is_done_in_the_callers_thread_before_run_returns():
    threads: list[threading.Thread] = []
    InlineJobs(lambda _: threads.append(threading.current_thread())).run(row("w"))
    assert threads == [threading.current_thread()]


def test_what_the_handler_raises_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        InlineJobs(lambda _: 1 / 0 and None).run(row("w"))


def test_a_nudge_does_nothing():
    handled: list[str] = []
    InlineJobs(handled.append).nudge()
    assert handled == []
