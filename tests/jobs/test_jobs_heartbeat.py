"""Who is alive and who takes over, with short intervals."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.jobs.jobs_world import wait_for

from swath.jobs.database import executors, open_engine
from swath.jobs.heartbeat import Heartbeat


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    yield engine
    engine.dispose()


class Process:
    """One that beats every 20 ms and holds others for dead after 100 ms."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self.took_over: list[str] = []
        self.heartbeat = Heartbeat(engine, name, self.took_over.append, dead_after_s=0.1)
        self.heartbeat.enter()


class Clock:
    """Stands still until it is moved, however busy the machine is."""

    now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("swath.jobs.heartbeat.time", clock)
    return clock


def test_the_living_leave_each_other_alone(engine: sa.Engine, clock: Clock):
    """Each beats a little before the other would hold it for dead, ten times over."""
    living = Process(engine, "one"), Process(engine, "other")
    for _ in range(10):
        clock.now_s += 0.09
        for process in living:
            process.heartbeat.enter()
            process.heartbeat.look_around()
    assert [process.took_over for process in living] == [[], []]


def test_one_who_falls_silent_is_taken_over_once_and_forgotten(engine: sa.Engine):
    dead, watcher = Process(engine, "dead"), Process(engine, "watcher")
    watcher.heartbeat.start()
    wait_for(lambda: watcher.took_over == ["dead"])
    wait_for(lambda: watcher.heartbeat.others() == 0)
    time.sleep(0.2)
    watcher.heartbeat.stop()
    assert watcher.took_over == ["dead"]
    assert dead.took_over == []


def test_nobody_is_taken_over_before_the_silence_is_long_enough(engine: sa.Engine, clock: Clock):
    Process(engine, "busy")
    watcher = Process(engine, "watcher")
    watcher.heartbeat.look_around()
    clock.now_s = 0.09
    watcher.heartbeat.look_around()
    assert watcher.took_over == []
    clock.now_s = 0.11
    watcher.heartbeat.look_around()
    assert watcher.took_over == ["busy"]


def test_one_who_wakes_again_is_known_again(engine: sa.Engine):
    sleeper, watcher = Process(engine, "sleeper"), Process(engine, "watcher")
    watcher.heartbeat.start()
    wait_for(lambda: watcher.took_over == ["sleeper"])
    sleeper.heartbeat.start()
    wait_for(lambda: watcher.heartbeat.others() == 1)
    sleeper.heartbeat.stop()
    watcher.heartbeat.stop()


def test_one_who_says_goodbye_leaves_nothing_to_take_over(engine: sa.Engine):
    leaver, watcher = Process(engine, "leaver"), Process(engine, "watcher")
    leaver.heartbeat.leave()
    assert watcher.heartbeat.others() == 0


def test_a_take_over_that_fails_is_tried_again(engine: sa.Engine, caplog: pytest.LogCaptureFixture):
    Process(engine, "dead")
    errors, took_over = iter([OSError("disk is away")]), []

    def take_over(executor_id: str) -> None:
        for error in errors:
            raise error
        took_over.append(executor_id)

    heartbeat = Heartbeat(engine, "watcher", take_over, dead_after_s=0.05)
    heartbeat.start()
    wait_for(lambda: took_over == ["dead"])
    heartbeat.stop()
    assert "disk is away" in caplog.text


def test_the_database_is_shared_by_write_ahead_log(engine: sa.Engine):
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
        assert connection.execute(sa.select(executors)).all() == []
