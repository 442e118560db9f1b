"""Where time comes from: nothing in swath asks the machine for the time but through a Clock."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the current time as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time, to the millisecond."""

    def now(self) -> datetime:
        return from_seconds(time.time())


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


class ClockStore(Protocol):
    """Keeps simulated time where every process finds it; each change is one step of its own, so none is lost."""

    def load_clock(self) -> ClockState: ...
    def save_now(self, now: datetime) -> bool: ...
    def save_rate(self, rate: float) -> None: ...


class SandboxClock:
    """Simulated time, kept outside the process: it moves only when it is moved, so nothing can slip by unseen.

    Every process that shares the store reads the same time, and while no server runs, time stands still.
    """

    def __init__(self, store: ClockStore) -> None:
        self._store = store

    def now(self) -> datetime:
        return self._store.load_clock().now

    @property
    def rate(self) -> float:
        return self._store.load_clock().rate

    def move_to(self, now: datetime) -> bool:
        """Put the clock to `now` and say whether it stands there, or stood later: it never goes back.

        It does not move past work that came by now, is due before and is not done.
        """
        return self._store.save_now(now)

    def set_rate(self, rate: float) -> None:
        """Simulated seconds per real second from here on; 0 stands still."""
        self._store.save_rate(rate)


def to_seconds(at: datetime) -> float:
    """An aware datetime as POSIX seconds UTC, the unit of all arithmetic inside (0.2 microseconds fine)."""
    return at.timestamp()


def from_seconds(t_s: float) -> datetime:
    """POSIX seconds UTC as an aware datetime, to the millisecond.

    A satellite moves 7 m in one, no orbit is known that well; and it is the precision that GDAL keeps times with.
    """
    return datetime.fromtimestamp(round(t_s, 3), UTC)
