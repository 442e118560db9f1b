"""The solver in a process of its own gives the same plans, and takes nobody with it when it dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import active_children

import numpy as np
import pytest
from tests.scheduling.instances import random_instance

from swath.errors import Unavailable
from swath.scheduling.solver.apart import NoSolution, SolverApart
from swath.scheduling.solver.publish import solve_verified
from swath.scheduling.solver.run import Budget

# Each starts a process that loads the solver.
pytestmark = pytest.mark.slow

BUDGET = Budget(30.0, rounds=2)


@pytest.fixture
def solver() -> Iterator[SolverApart]:
    made = SolverApart()
    yield made
    made.stop()
    assert find_process() is None


def find_process() -> int | None:
    return next((child.pid for child in active_children() if child.name == "swath-solver"), None)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def kill_soon(process: int) -> None:
    def kill() -> None:
        time.sleep(0.3)
        os.kill(process, signal.SIGKILL)

    threading.Thread(target=kill).start()


def test_it_gives_the_same_plan_as_one_that_is_here(solver: SolverApart):
    for seed in (1, 2):
        instance = random_instance(seed, works=40)
        here, there = solve_verified(instance, BUDGET, seed), solver.solve(instance, BUDGET, seed)
        assert (there.chosen.tolist(), there.value, there.seed) == (here.chosen.tolist(), here.value, seed)


def test_when_it_is_killed_who_asked_is_told_and_the_next_one_has_another(solver: SolverApart):
    solver.start()
    first = find_process()
    assert first is not None
    kill_soon(first)
    with pytest.raises(NoSolution, match="died"):
        solver.solve(random_instance(1, works=400), Budget(30.0))
    assert len(solver.solve(random_instance(1, works=40), BUDGET).chosen)
    assert find_process() not in (None, first)


def test_one_that_was_killed_while_nobody_asked_is_not_missed(solver: SolverApart):
    solver.start()
    first = find_process()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    time.sleep(0.3)
    assert len(solver.solve(random_instance(1, works=40), BUDGET).chosen)


def test_what_it_raises_is_told(solver: SolverApart):
    instance = random_instance(1, works=5)
    broken = replace(instance, chances=replace(instance.chances, roll_deg=np.zeros(1)))
    with pytest.raises(NoSolution, match="Error"):
        solver.solve(broken, BUDGET)
    assert len(solver.solve(instance, BUDGET).chosen)


def test_one_that_gives_no_answer_is_ended():
    solver = SolverApart(grace_s=-29.5)
    with pytest.raises(NoSolution, match=r"no answer within 0\.5 s"):
        solver.solve(random_instance(1, works=400), Budget(30.0))
    assert find_process() is None


def test_one_that_does_not_even_read_what_it_is_asked_is_ended(solver: SolverApart):
    solver.start()
    process = find_process()
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    hasty = SolverApart(grace_s=-29.5)
    hasty._child = solver._child  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(NoSolution, match="no answer within"):
        # More than fits into a pipe.
        hasty.solve(random_instance(1, works=4_000), Budget(30.0))


def test_a_signal_that_is_meant_for_who_started_it_does_not_end_it(solver: SolverApart):
    instance = random_instance(1, works=40)
    solver.solve(instance, BUDGET)
    process = find_process()
    assert process is not None
    for sent in (signal.SIGINT, signal.SIGTERM):
        os.kill(process, sent)
    assert len(solver.solve(instance, BUDGET).chosen)
    assert find_process() == process


def test_it_does_not_outlive_who_started_it():
    """Not even one that was killed."""
    code = (
        "import time; from multiprocessing import active_children;"
        " from swath.scheduling.solver.apart import SolverApart;"
        " SolverApart().start(); print(active_children()[0].pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        solver = int(parent.stdout.readline())
        parent.kill()
    deadline_s = time.monotonic() + 60.0
    while is_alive(solver) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert not is_alive(solver)


def test_it_can_be_stopped_while_it_solves_and_stays_so_until_it_is_started(solver: SolverApart):
    solver.start()
    threading.Timer(0.3, solver.stop).start()
    instance = random_instance(1, works=400)
    with pytest.raises(Unavailable, match="stopped"):
        solver.solve(instance, Budget(30.0))
    with pytest.raises(Unavailable, match="stopped"):
        solver.solve(instance, Budget(30.0))
    assert find_process() is None
    solver.start()
    assert len(solver.solve(random_instance(1, works=40), BUDGET).chosen)


def test_who_started_it_can_exit_without_a_stop():
    code = "from swath.scheduling.solver.apart import SolverApart; SolverApart().start()"
    assert subprocess.run([sys.executable, "-c", code], timeout=60.0, check=False).returncode == 0
