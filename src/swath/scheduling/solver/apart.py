"""The solver in a process of its own: who answers customers does not wait for it, and does not die with it."""

import atexit
import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import cast

from swath.errors import Unavailable
from swath.scheduling.solver.instance import Instance
from swath.scheduling.solver.publish import solve_verified
from swath.scheduling.solver.run import Budget
from swath.scheduling.solver.solve import Solution
from swath.scheduling.solver.warm_up import warm_up

# A solver: `solve_verified`, or something that does the same elsewhere.
Solve = Callable[[Instance, Budget, int], Solution]

# Beyond its budget: to start, to compile on a machine that never did, to be slow on a busy one.
GRACE_S = 60.0

log = logging.getLogger(__name__)


class NoSolution(RuntimeError):
    """None came from the other process: it raised, died, or took too long; the message says which."""


@dataclass(frozen=True)
class _Child:
    process: BaseProcess
    line: Connection

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.line.close()


class SolverApart:
    """A process that solves, one instance after the other.

    It starts when it is needed, and again after it has died, but not once it was stopped.
    """

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._asking = threading.Lock()
        self._child: _Child | None = None
        self._stopped = False
        # Python waits for its processes when it exits, and this one heeds no signal.
        atexit.register(self.stop)

    def solve(self, instance: Instance, budget: Budget, seed: int = 0) -> Solution:
        """As `solve_verified`. Raises NoSolution for whatever goes wrong there, Unavailable once it was stopped."""
        limit_s, began_s = budget.seconds + self._grace_s, time.monotonic()
        with self._asking:
            self._refuse_if_stopped()
            try:
                found = self._ask((instance, budget, seed), limit_s)
            except (EOFError, OSError) as error:
                self._end()
                self._refuse_if_stopped()
                raise NoSolution(_tell_end(limit_s, time.monotonic() - began_s)) from error
        if isinstance(found, Solution):
            return found
        raise NoSolution(found)

    def start(self) -> None:
        """Have it ready before it is needed."""
        with self._asking:
            self._stopped = False
            self._find_child()

    def stop(self) -> None:
        """End it, whatever it does; who asks, or waits for an answer, is told that there will be none."""
        self._stopped = True
        child = self._child
        if child is not None:
            child.process.kill()
        with self._asking:
            self._end()

    def _ask(self, question: tuple[Instance, Budget, int], limit_s: float) -> Solution | str:
        child = self._find_child()
        # One that hangs may not even read what it is asked.
        alarm = threading.Timer(limit_s, child.process.kill)
        alarm.start()
        try:
            child.line.send(question)
            return child.line.recv()
        finally:
            alarm.cancel()

    def _refuse_if_stopped(self) -> None:
        if self._stopped:
            raise Unavailable("The solver was stopped, as the service is about to be.")

    def _find_child(self) -> _Child:
        if self._child is None or not self._child.process.is_alive():
            self._end()
            self._child = _start()
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _tell_end(limit_s: float, after_s: float) -> str:
    if after_s < limit_s:
        return "The solver's process died while it solved."
    return f"The solver gave no answer within {limit_s:g} s, and was ended."


def _start() -> _Child:
    ours, theirs = multiprocessing.Pipe()
    # A fork of a process with threads may stand still for ever.
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs,), name="swath-solver", daemon=True
    )
    process.start()
    theirs.close()
    return _Child(process, cast("Connection", ours))


def _serve(line: Connection) -> None:
    """What the process does, until whoever started it is gone."""
    # These are meant for whoever started it: what is solved may still be wanted.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    warm_up()
    # Whoever started it may be gone at any moment.
    with suppress(EOFError, OSError):
        while True:
            line.send(_answer(*line.recv()))


def _answer(instance: Instance, budget: Budget, seed: int) -> Solution | str:
    try:
        return solve_verified(instance, budget, seed)
    except Exception as error:
        log.exception("The solver failed.")
        return f"{type(error).__name__}: {error}"
