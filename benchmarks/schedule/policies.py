"""Simple ways to answer requests as they come, to compare with; each keeps within the rules by `greedy.Room`."""

from dataclasses import dataclass, field
from math import inf

from benchmarks.schedule.days import EMERGENCY, HIGH, NORMAL
from benchmarks.schedule.greedy import Room
from benchmarks.schedule.online import World


@dataclass
class FirstFit:
    """The first candidate with room, for good; otherwise none."""

    world: World
    plan: dict[int, int] = field(default_factory=dict)
    promised: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.room = Room(self.world.day)

    def answer(self, request: int, now: float) -> None:
        for row in self.world.list_open(request, now).tolist():
            if self.room.has_room(row):
                self.room.add(row)
                self.plan[request] = row
                self.promised.add(request)
                return

    def replan(self, now: float) -> None:
        """What has a place keeps it."""


@dataclass
class Bumping:
    """What is worth more takes the places of what is worth less and was not promised; emergencies also of what was.

    `notice_h`, by class, is how long before its freeze a placed request is promised its capture: infinite is at once, 0
    as late as possible. Before each freeze all that wait are tried again.
    """

    world: World
    notice_h: dict[int, float] = field(default_factory=lambda: {NORMAL: inf, HIGH: inf, EMERGENCY: inf})
    plan: dict[int, int] = field(default_factory=dict)
    promised: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.day, self.room = self.world.day, Room(self.world.day)

    def answer(self, request: int, now: float) -> None:
        self.waiting.add(request)
        self._try(request, now)
        self._promise(now)

    def replan(self, now: float) -> None:
        self.waiting = {one for one in self.waiting if len(self.world.list_open(one, now))}
        for request in sorted(self.waiting, key=self._find_worth, reverse=True):
            self._try(request, now)
        self._promise(now)

    def _find_worth(self, request: int) -> float:
        return float(self.day.value[self.world.rows[request]].max())

    def _promise(self, now: float) -> None:
        for request, row in self.plan.items():
            notice_s = self.notice_h[int(self.day.kind[row])] * 3600
            if self.world.freeze[row] - now <= max(notice_s, 2):
                self.promised.add(request)

    def _try(self, request: int, now: float) -> None:
        """At the most valuable candidate with room; else at the one that gains the most over what leaves for it."""
        rows = sorted(self.world.list_open(request, now).tolist(), key=lambda row: -self.day.value[row])
        free = next((row for row in rows if self.room.has_room(row)), None)
        if free is not None:
            self._place(request, free)
            return
        options = [(gain, row, out) for row in rows for gain, out in self._find_leaving(row, now)]
        if options:
            _, row, out = max(options)
            for leaver in out:
                self._displace(leaver)
            self._place(request, row)
            for leaver in sorted(out, key=lambda one: -self.day.value[one]):
                self._try_free(int(self.day.request[leaver]), now)
            self.promised &= self.plan.keys()

    def _find_leaving(self, row: int, now: float) -> list[tuple[float, list[int]]]:
        """Rows that would have to leave for this one, and what that gains; nothing if it gains nothing."""
        urgent, request = self.day.kind[row] == EMERGENCY, int(self.day.request[row])
        out = self.room.find_near(row)
        if not all(self._may_leave(one, row, now) for one in out):
            return []
        for one in out:
            self.room.remove(one)
        while not self.room.has_room(row):
            more = [one for one in self._list_around(row) if self._may_leave(one, row, now)]
            if not more:
                break
            out.append(
                min(more, key=lambda one: self.day.value[one] / (self.day.end[one] - self.day.start[one]))
            )
            self.room.remove(out[-1])
        fits, lost = self.room.has_room(row), 0.0
        if fits:
            self.room.add(row)
            lost = sum(float(self.day.value[one]) for one in out if not self._has_other(one, now))
            self.room.remove(row)
        for one in out:
            self.room.add(one)
        gain = float(self.day.value[row]) - lost
        assert request not in self.plan
        return [(gain, out)] if fits and (gain > 1e-9 or urgent) else []

    def _list_around(self, row: int) -> list[int]:
        """Those of the satellite within one orbit before and after."""
        lane = self.room.lanes[int(self.day.satellite[row])]
        reach = self.day.meta["period"]
        return [one for one in lane if abs(self.day.start[one] - self.day.start[row]) < reach]

    def _has_other(self, row: int, now: float) -> bool:
        open_rows = self.world.list_open(int(self.day.request[row]), now).tolist()
        return any(other != row and self.room.has_room(other) for other in open_rows)

    def _may_leave(self, row: int, taker: int, now: float) -> bool:
        if self.world.freeze[row] <= now:
            return False
        if self.day.kind[taker] == EMERGENCY:
            return self.day.kind[row] != EMERGENCY
        return int(self.day.request[row]) not in self.promised or self._has_other(row, now)

    def _place(self, request: int, row: int) -> None:
        self.room.add(row)
        self.plan[request] = row
        self.waiting.discard(request)

    def _displace(self, row: int) -> None:
        request = int(self.day.request[row])
        self.room.remove(row)
        del self.plan[request]
        self.waiting.add(request)

    def _try_free(self, request: int, now: float) -> None:
        rows = self.world.list_open(request, now).tolist()
        free = next((row for row in rows if self.room.has_room(row)), None)
        if free is not None:
            self._place(request, free)
