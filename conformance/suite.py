"""A suite is declared once, in programme/; this runs it and says how it ended."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from conformance.outcome import Ended, Outcome, Reader, judge, read_counts
from conformance.place import Need, Place

# No suite takes a tenth of it on a quiet machine.
LONGEST_S = 1_200.0
TIMED_OUT = 124


@dataclass(frozen=True)
class Suite:
    """An outside program: its command for a place, how its words are read, and what it needs of the machine."""

    name: str
    group: str
    command: Callable[[Place], Sequence[str]]
    read: Reader = read_counts
    needs: tuple[Need, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def log(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.name.lower()) + ".log"


def run_suite(suite: Suite, place: Place) -> Outcome:
    """Run a suite to its end, its words in a log of its own; skipped where something that it needs is missing."""
    for need in suite.needs:
        if missing := need():
            return Outcome(skipped=1, note=missing)
    return judge(_run(suite, place), suite.read)


def _run(suite: Suite, place: Place) -> Ended:
    started = time.monotonic()
    path = place.folder / suite.log
    with path.open("w", encoding="utf-8") as log:
        code = _call(suite, place, log)
    return Ended(path.read_text("utf-8", "replace"), code, time.monotonic() - started)


def _call(suite: Suite, place: Place, log: TextIO) -> int:
    environment = os.environ | suite.environment
    try:
        done = subprocess.run(
            suite.command(place),
            stdout=log,
            stderr=log,
            env=environment,
            cwd=place.folder,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TIMED_OUT
    return done.returncode
