"""Where time comes from: nothing in swath asks the machine for the time but through a Clock."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the current time as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands where it is put; for tests and for replay."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class ClockState:
    """What simulated time it is, and how many simulated seconds go by in one real second."""

    now: datetime
    rate: float


class SandboxClock:
    """Simulated time, kept outside the process: it moves only when it is moved, so nothing can slip by unseen.

    `load` gives the stored state, `save` stores a new one; every process that shares them reads the same time, and
    while no server runs, time stands still.
    """

    def __init__(self, load: Callable[[], ClockState], save: Callable[[ClockState], None]) -> None:
        self._load, self._save = load, save

    def now(self) -> datetime:
        return self._load().now

    @property
    def rate(self) -> float:
        return self._load().rate

    def move_to(self, now: datetime) -> None:
        """Put the clock to `now`; it never goes back."""
        state = self._load()
        self._save(replace(state, now=max(now, state.now)))

    def set_rate(self, rate: float) -> None:
        """Simulated seconds per real second from here on; 0 stands still."""
        self._save(replace(self._load(), rate=rate))


def to_seconds(at: datetime) -> float:
    """An aware datetime as POSIX seconds UTC, the unit of all arithmetic inside (0.2 microseconds fine)."""
    return at.timestamp()


def from_seconds(t_s: float) -> datetime:
    """POSIX seconds UTC as an aware datetime, to the microsecond."""
    return datetime.fromtimestamp(t_s, UTC)
