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
        seconds = (day.end - day.start)[[*orbit.tolist(), row]].sum()
        return (
            len(orbit) < self.meta["max_captures_orbit"] and seconds <= self.meta["max_seconds_orbit"] + 1e-9
        )

    def _keeps_memory(self, row: int, lane: np.ndarray) -> bool:
        return self.compute_peak_gb([*lane.tolist(), row]) <= self.meta["memory_gb"] + 1e-9

    def compute_peak_gb(self, lane: list[int]) -> float:
        """The fullest that the memory of a satellite gets, by the most that came in since any moment."""
        day, meta = self.day, self.meta
        contacts = np.array(day.instance["contacts"][int(day.satellite[lane[0]])], float).reshape(-1, 2)
        times = np.unique(np.concatenate([[0.0], day.start[lane], day.end[lane], contacts.ravel()]))
        filled = meta["gb_per_s"] * _measure(times, day.start[lane], day.end[lane])
        level = filled - meta["downlink_gb_s"] * _measure(times, contacts[:, 0], contacts[:, 1])
        return float((level - np.minimum.accumulate(level)).max())


def _measure(times: Floats, start: Floats, end: Floats) -> Floats:
    """How much of the intervals, which do not overlap, has passed at each time."""
    low, high = np.sort(start), np.sort(end)
    whole = np.concatenate([[0.0], np.cumsum(high - low)])
    begun = np.searchsorted(low, times, side="right")
    running = np.where(begun > 0, np.clip(times - high[begun - 1], None, 0.0), 0.0) if len(low) else 0.0
    return whole[begun] + running


def choose_greedily(day: Day) -> list[int]:
    """Rows of the day: emergencies first, then by value, each at its most valuable candidate that fits."""
    room = Room(day)
    for row in np.lexsort((-day.value, -(day.kind == 2).astype(int))).tolist():
        if room.has_room(row):
            room.add(row)
    return sorted(row for lane in room.lanes.values() for row in lane)
