"""What lists remember of a state of the database: its rows, how many match, and for any interval without looking."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from swath.query import Query
from swath.recall import Recall
from swath.store.types import to_text

MOST_COUNTS, MOST_TIMES, MOST_ROWS = 4_096, 32, 2_048
# To read when each row starts and ends takes as long as to count them all a dozen times, and 54 bytes a row.
COUNTED_BEFORE, MOST_TIMED = 12, 20_000
# Then they are counted for a long while before anybody tries again.
TOO_MANY = -10_000

# How many rows match, and when the first of them lapses.
Count = tuple[int, datetime | None]
# Start, end and lapse of each match of a query, up to so many.
ReadTimes = Callable[[Query, int], Sequence[Any]]


class Memory:
    """Answers by the version of the database for which they hold; safe to use from many threads."""

    def __init__(self) -> None:
        self.counts = Recall[Count](MOST_COUNTS)
        self.times = Recall[Times](MOST_TIMES)
        self.counted = Recall[int](MOST_COUNTS)
        self.rows = Recall[tuple[Any, ...]](MOST_ROWS)


@dataclass(frozen=True)
class Times:
    """When each of many rows starts and ends, both in order, and when the first of them lapses."""

    starts: Any
    ends: Any
    until: datetime | None

    def count(self, first: datetime | None, last: datetime | None) -> Count:
        """The rows that meet an interval: those that have started by its end, without those that ended before it."""
        started = len(self.starts) if last is None else np.searchsorted(self.starts, _to_bytes(last), "right")
        ended = 0 if first is None else np.searchsorted(self.ends, _to_bytes(first), "left")
        return int(started - ended), self.until


@dataclass(frozen=True)
class State:
    """The database as it is in one version, as far as lists of it were asked for."""

    memory: Memory
    version: Hashable

    def count(
        self,
        table: str,
        query: Query,
        now: datetime | None,
        count: Callable[[], Count],
        read: ReadTimes | None,
    ) -> Count:
        """The count that is known, if none of its rows has lapsed, or else what `count` gives.

        What was counted in many intervals is read as a whole by `read`, where the rows have times.
        """
        key = self._key(table, query)
        kept = self.memory.counts.peek(key)
        if kept is not None and _holds(kept[1], now):
            return kept
        if query.interval is not None and read is not None:
            times = self._find_times(table, replace(query, interval=None), now, read)
            if times is not None:
                return times.count(*query.interval)
        return self.memory.counts.keep(key, count())

    def rows(self, table: str, keys: Sequence[Any]) -> dict[Any, tuple[Any, ...]]:
        """The rows that are known, by key."""
        found = ((key, self.memory.rows.peek((self.version, table, key))) for key in keys)
        return {key: row for key, row in found if row is not None}

    def keep_rows(self, table: str, rows: Mapping[Any, tuple[Any, ...]]) -> None:
        """Know these rows by key."""
        for key, row in rows.items():
            self.memory.rows.keep((self.version, table, key), row)

    def _find_times(self, table: str, query: Query, now: datetime | None, read: ReadTimes) -> Times | None:
        key = self._key(table, query)
        kept = self.memory.times.peek(key)
        if kept is not None and _holds(kept.until, now):
            return kept
        counted = self.memory.counted.keep(key, (self.memory.counted.peek(key) or 0) + 1)
        if counted <= COUNTED_BEFORE:
            return None
        rows = read(query, MOST_TIMED + 1)
        if len(rows) > MOST_TIMED:
            self.memory.counted.keep(key, TOO_MANY)
            return None
        return self.memory.times.keep(key, _read_times(rows))

    def _key(self, table: str, query: Query) -> Hashable:
        """What decides how many rows match."""
        return (
            self.version,
            table,
            query.account_id,
            query.ids,
            query.collections,
            query.bbox,
            query.intersects,
            query.interval,
            query.where,
            tuple(query.equals.items()),
        )


def read_lapse(held: Any) -> datetime | None:
    """When a row lapses, as a database holds it."""
    return datetime.fromisoformat(held) if isinstance(held, str) else held


def _holds(until: datetime | None, now: datetime | None) -> bool:
    return until is None or now is None or now < until


def _read_times(rows: Sequence[Any]) -> Times:
    starts, ends, lapses = zip(*rows, strict=True) if rows else ((), (), ())
    first = min(lapses) if lapses and lapses[0] is not None else None
    return Times(_sort(starts), _sort(ends), read_lapse(first))


def _sort(times: Sequence[str]) -> Any:
    return np.sort(np.array(times, dtype="S27"))


def _to_bytes(at: datetime) -> bytes:
    return to_text(at).encode()
