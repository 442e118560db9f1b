"""Where time comes from: nothing in swath asks the machine for the time but through a Clock."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
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
    """Simulated time runs at `rate` from the moment the machine's clock showed `real`, when it was `simulated`."""

    real: datetime
    simulated: datetime
    rate: float

    def at(self, real: datetime) -> datetime:
        """The simulated time when the machine's clock shows `real`."""
        return self.simulated + max(real - self.real, timedelta(0)) * self.rate


class SandboxClock:
    """Simulated time, kept outside the process so that every worker reads the same and a restart goes on.

    `load` gives the stored state, `save` stores a new one.
    """

    def __init__(
        self, load: Callable[[], ClockState], save: Callable[[ClockState], None], machine: Clock | None = None
    ) -> None:
        self._load, self._save = load, save
        self._machine = machine or SystemClock()

    def now(self) -> datetime:
        return self._load().at(self._machine.now())

    @property
    def rate(self) -> float:
        return self._load().rate

    def set(self, simulated: datetime, rate: float | None = None) -> None:
        """Put the clock to `simulated`; it goes on from there at `rate` (as before when left out)."""
        rate = self.rate if rate is None else rate
        self._save(ClockState(self._machine.now(), simulated, rate))

    def set_rate(self, rate: float) -> None:
        """Go on from now at another rate; 0 stands still."""
        self.set(self.now(), rate)

    def resume(self, last_seen: datetime) -> None:
        """Go on from `last_seen`: while no server ran, simulated time stood still."""
        self._save(replace(self._load(), real=self._machine.now(), simulated=last_seen))
