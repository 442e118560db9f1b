"""The peer that everybody writes first: the best class and the highest value first, into whatever room is left."""

from collections import defaultdict

import numpy as np

from benchmarks.schedule.days import Day, Floats


class Room:
    """What a plan has taken of the satellites so far."""

    def __init__(self, day: Day) -> None:
        self.day, self.meta = day, day.meta
        self.lanes: dict[int, list[int]] = defaultdict(list)
        self.served: set[int] = set()
        self._seconds = day.end - day.start
        self._drained = compute_drained_gb(day, day.start), compute_drained_gb(day, day.end)

    def has_room(self, row: int) -> bool:
        day = self.day
        lane = np.array(self.lanes[int(day.satellite[row])], np.int64)
        return (
            int(day.request[row]) not in self.served
            and self._is_apart(row, lane)
            and self._keeps_duty(row, lane)
            and self._keeps_memory(row, lane)
        )

    def add(self, row: int) -> None:
        self.lanes[int(self.day.satellite[row])].append(row)
        self.served.add(int(self.day.request[row]))

    def remove(self, row: int) -> None:
        self.lanes[int(self.day.satellite[row])].remove(row)
        self.served.remove(int(self.day.request[row]))

    def find_near(self, row: int) -> list[int]:
        """Who leaves no time to turn before or after."""
        lane = np.array(self.lanes[int(self.day.satellite[row])], np.int64)
        return lane[self._compute_gaps(row, lane) < -1e-9].tolist()

    def _is_apart(self, row: int, lane: np.ndarray) -> bool:
        return not len(lane) or bool((self._compute_gaps(row, lane) >= -1e-9).all())

    def _compute_gaps(self, row: int, lane: np.ndarray) -> Floats:
        """Seconds to spare between this and each in the lane."""
        day = self.day
        apart = np.maximum(day.start[lane] - day.end[row], day.start[row] - day.end[lane])
        angle = np.hypot(day.roll[lane] - day.roll[row], day.pitch[lane] - day.pitch[row])
        return apart - self.meta["settle"] - angle / self.meta["rate"]

    def _keeps_duty(self, row: int, lane: np.ndarray) -> bool:
        day = self.day
        orbit = lane[day.orbit[lane] == day.orbit[row]] if len(lane) else lane
        seconds = self._seconds[[*orbit.tolist(), row]].sum()
        return (
            len(orbit) < self.meta["max_captures_orbit"] and seconds <= self.meta["max_seconds_orbit"] + 1e-9
        )

    def _keeps_memory(self, row: int, lane: np.ndarray) -> bool:
        return self.compute_peak_gb([*lane.tolist(), row]) <= self.meta["memory_gb"] + 1e-9

    def compute_peak_gb(self, lane: list[int]) -> float:
        """The fullest that the memory gets: what came in from one start to another end, at most."""
        lane = sorted(lane, key=self.day.start.__getitem__)
        filled = self.meta["gb_per_s"] * np.cumsum(self._seconds[lane])
        at_start = filled - self.meta["gb_per_s"] * self._seconds[lane] - self._drained[0][lane]
        return float((filled - self._drained[1][lane] - np.minimum.accumulate(at_start)).max())


def compute_drained_gb(day: Day, times: Floats) -> Floats:
    """What the satellite of each row could send down until then."""
    drained = np.zeros(len(day))
    for satellite, contacts in enumerate(day.instance["contacts"]):
        mine, edges = day.satellite == satellite, np.array(contacts, float).ravel()
        if len(edges):
            sent = np.repeat(np.cumsum(edges[1::2] - edges[::2]), 2)
            until = np.concatenate([[0.0], sent[:-1]])
            drained[mine] = day.meta["downlink_gb_s"] * np.interp(times[mine], edges, until)
    return drained


def choose_greedily(day: Day) -> list[int]:
    """Rows of the day: emergencies first, then by value, each at its most valuable candidate that fits."""
    room = Room(day)
    for row in np.lexsort((-day.value, -(day.kind == 2).astype(int))).tolist():
        if room.has_room(row):
            room.add(row)
    return sorted(row for lane in room.lanes.values() for row in lane)
