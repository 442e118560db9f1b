"""Several processes on one folder, and some of them are killed: every row ends exactly once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.jobs.jobs_world import SharedRows, row, wait_for

from swath.tasking.model import DueKind

pytestmark = pytest.mark.slow

Spawn = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def rows(tmp_path: Path) -> SharedRows:
    return SharedRows(tmp_path)


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Spawn]:
    """Starts a process that runs due work; all of them are killed in the end."""
    children: list[subprocess.Popen[str]] = []

    def start(executor_id: str, dead_after_s: float = 15.0) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "-m",
            "tests.jobs.jobs_child",
            str(tmp_path),
            executor_id,
            str(dead_after_s),
        ]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "started\n"
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


def test_a_process_killed_in_the_middle_of_its_work_ends_it_after_a_restart(
    spawn: Spawn, rows: SharedRows, tmp_path: Path
):
    (tmp_path / "hold").touch()
    rows.add(row("a", DueKind.UPLINK), row("b", DueKind.DELIVER))
    child = spawn("embedded")
    wait_for(lambda: len(rows.noted("began")) == 2)
    child.kill()
    child.wait()
    (tmp_path / "hold").unlink()
    assert rows.done_by() == {}
    spawn("embedded")
    wait_for(lambda: rows.done_by() == {"a": "embedded", "b": "embedded"})
    wait_for(lambda: sorted(rows.noted("ended")) == [("a", "embedded"), ("b", "embedded")])


def test_two_processes_share_the_work_and_each_row_is_run_once(spawn: Spawn, rows: SharedRows):
    names = [f"r{n:02}" for n in range(20)]
    spawn("embedded")
    spawn("worker-1")
    rows.add(*(row(name, DueKind.DELIVER if n % 2 else DueKind.UPLINK) for n, name in enumerate(names)))
    wait_for(lambda: sorted(rows.done_by()) == names, timeout_s=30.0)
    assert sorted(due_id for due_id, _ in rows.noted("began")) == names


def test_the_living_take_over_from_the_dead(spawn: Spawn, rows: SharedRows, tmp_path: Path):
    (tmp_path / "hold").touch()
    rows.add(row("a", DueKind.UPLINK))
    worker = spawn("worker-1", 1.0)
    wait_for(lambda: rows.noted("began") == [("a", "worker-1")])
    spawn("embedded", 1.0)
    worker.kill()
    worker.wait()
    (tmp_path / "hold").unlink()
    wait_for(lambda: rows.done_by() == {"a": "embedded"})
    assert rows.noted("began") == [("a", "worker-1"), ("a", "embedded")]


def test_a_process_that_is_asked_to_stop_ends_by_itself(spawn: Spawn, rows: SharedRows):
    rows.add(row("a"))
    child = spawn("embedded")
    wait_for(lambda: rows.done_by() == {"a": "embedded"})
    child.communicate("stop\n", timeout=10.0)
    assert child.returncode == 0
