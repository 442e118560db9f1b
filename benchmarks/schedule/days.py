"""Agile days as columns, and as selections for those who solve such: what conflicts, and what duty and memory allow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.schedule.agile import Instance, make_instance
from swath.scheduling.selections.selection import Row, Selection

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NORMAL, HIGH, EMERGENCY = 0, 1, 2
CLASSES = ("NORMAL", "HIGH", "EMERGENCY")
# With `flat`, emergencies weigh 3 where the generator gave them 50: the honest weights for gaps.
FLAT = 3 / 50
SIZES = {"a200": 200, "a1000": 1000, "a5000": 5000}


@dataclass(frozen=True)
class Day:
    """All candidates of an instance, one a row; `number` is their place in the instance."""

    instance: Instance
    number: Ints
    request: Ints
    satellite: Ints
    start: Floats
    end: Floats
    roll: Floats
    pitch: Floats
    value: Floats
    uplink_by: Floats
    kind: Ints

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def meta(self) -> Mapping[str, Any]:
        return self.instance["meta"]

    @cached_property
    def orbit(self) -> Ints:
        return np.floor(self.start / self.meta["period"]).astype(np.int64)

    def take(self, rows: Any) -> "Day":
        names = (
            "number",
            "request",
            "satellite",
            "start",
            "end",
            "roll",
            "pitch",
            "value",
            "uplink_by",
            "kind",
        )
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def make_day(size: str, seed: int, flat: bool) -> Day:
    """Candidates that can be commanded at all, by satellite and start."""
    return read_day(make_instance(requests=SIZES[size], seed=seed), flat)


def read_day(instance: Instance, flat: bool = False) -> Day:
    table = np.array(instance["candidates"], float)
    request = table[:, 0].astype(np.int64)
    kind = np.array([one["cls"] for one in instance["requests"]])[request]
    value = table[:, 6] * np.where(flat & (kind == EMERGENCY), FLAT, 1.0)
    day = Day(
        instance,
        np.arange(len(table)),
        request,
        table[:, 1].astype(np.int64),
        table[:, 2],
        table[:, 2] + table[:, 3],
        table[:, 4],
        table[:, 5],
        value,
        table[:, 7],
        kind,
    )
    order = np.lexsort((day.start, day.satellite))
    return day.take(order[day.uplink_by[order] >= 0])


def build_selection(day: Day) -> Selection:
    """The whole problem, exactly, about the rows of the day."""
    pairs = np.concatenate([find_alternatives(day), find_conflicts(day)])
    return Selection(day.value, pairs, rows=(*list_duties(day), *list_memory_rows(day)))


def find_alternatives(day: Day) -> Ints:
    """Pairs of candidates of one request."""
    order = np.argsort(day.request, kind="stable")
    ends = np.searchsorted(day.request[order], np.arange(day.request.max(initial=0) + 2))
    groups = (order[low:high] for low, high in pairwise(ends))
    pairs = [group[np.stack(np.triu_indices(len(group), 1), 1)] for group in groups if len(group) > 1]
    return np.concatenate([np.empty((0, 2), np.int64), *pairs])


def find_conflicts(day: Day) -> Ints:
    """Pairs of candidates of one satellite between which there is no time to turn and settle."""
    found = [np.empty((0, 2), np.int64)]
    for ahead in range(1, len(day)):
        a, b = np.arange(len(day) - ahead), np.arange(ahead, len(day))
        same = day.satellite[a] == day.satellite[b]
        near = same & (day.start[b] < day.end[a] + compute_most_s(day))
        if not near.any():
            break
        a, b = a[near], b[near]
        tight = day.start[b] < day.end[a] + compute_turns_s(day, a, b) - 1e-9
        found.append(np.stack([a[tight], b[tight]], 1))
    return np.concatenate(found)


def compute_most_s(day: Day) -> float:
    """No turn takes longer, and no capture."""
    spread = np.hypot(np.ptp(day.roll), np.ptp(day.pitch))
    return day.meta["settle"] + spread / day.meta["rate"] + (day.end - day.start).max()


def compute_turns_s(day: Day, a: Ints, b: Ints) -> Floats:
    angle = np.hypot(day.roll[a] - day.roll[b], day.pitch[a] - day.pitch[b])
    return day.meta["settle"] + angle / day.meta["rate"]


def list_duties(day: Day) -> Iterator[Row]:
    """Captures and imaging seconds of each orbit, where they can be too many."""
    meta, orbits = day.meta, day.satellite * 1_000_000 + day.orbit
    for orbit in np.unique(orbits):
        members = np.flatnonzero(orbits == orbit)
        seconds = (day.end - day.start)[members]
        for weights, limit in (
            (np.ones(len(members)), meta["max_captures_orbit"]),
            (seconds, meta["max_seconds_orbit"]),
        ):
            if weights.sum() > limit:
                yield Row(tuple(members.tolist()), tuple(weights.tolist()), float(limit))


def list_memory_rows(day: Day) -> Iterator[Row]:
    """Memory at t is the most that came in since some s, less what could go out: a row for each s < t that counts.

    s counts where a contact ends, and where a capture starts within one; t where a contact starts, and where a capture
    ends within one. What is filled in between is linear in what is chosen.
    """
    for satellite in range(day.meta["sats"]):
        mine = np.flatnonzero(day.satellite == satellite)
        contacts = np.array(day.instance["contacts"][satellite], float).reshape(-1, 2)
        yield from _list_memory_rows(day, mine, contacts)


def _list_memory_rows(day: Day, mine: Ints, contacts: Floats) -> Iterator[Row]:
    meta, start, end = day.meta, day.start[mine], day.end[mine]
    fills = {}
    for s in np.unique([0.0, *contacts[:, 1], *_within(start, contacts)]):
        for t in np.unique([*contacts[:, 0], *_within(end, contacts), meta["horizon"]]):
            drained = meta["downlink_gb_s"] * _overlap(contacts[:, 0], contacts[:, 1], s, t).sum()
            fill = meta["gb_per_s"] * _overlap(start, end, s, t)
            limit = meta["memory_gb"] + drained
            if t > s and fill.sum() > limit:
                key = fill.tobytes()
                fills[key] = min(limit, fills.get(key, np.inf))
    for key, limit in fills.items():
        fill = np.frombuffer(key)
        used = np.flatnonzero(fill)
        yield Row(tuple(mine[used].tolist()), tuple(fill[used].tolist()), float(limit))


def _within(times: Floats, contacts: Floats) -> Floats:
    inside = (times[:, None] > contacts[:, 0]) & (times[:, None] < contacts[:, 1])
    return times[inside.any(axis=1)]


def _overlap(start: Floats, end: Floats, low: float, high: float) -> Floats:
    return np.maximum(np.minimum(end, high) - np.maximum(start, low), 0.0)
