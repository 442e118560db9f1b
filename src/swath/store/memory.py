"""What lists remember of a state of the database: its rows, how many match, and the extents of whole lists."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from swath.cache import Cache
from swath.query import Query
from swath.store.extents import Extents, build_extents

MOST_COUNTS, MOST_EXTENTS, MOST_ROWS = 4_096, 32, 2_048
# To read where and when all rows are takes as long as to find a dozen pages among them.
ASKED_BEFORE, MOST_LISTED = 12, 20_000
# Lists that are longer are asked for a long while before anybody tries again.
TOO_MANY = -10_000

# How many rows match, and when the first of them lapses.
Count = tuple[int, datetime | None]
# The rows of a list, as extents are built from them, that a query asks for.
Read = Callable[[Query], Sequence[Any]]


class Memory:
    """Answers by the version of the database for which they hold; safe to use from many threads."""

    def __init__(self) -> None:
        self.counts = Cache[Count](MOST_COUNTS)
        self.extents = Cache[Extents](MOST_EXTENTS)
        self.asked = Cache[int](MOST_COUNTS)
        self.rows = Cache[tuple[Any, ...]](MOST_ROWS)


@dataclass(frozen=True)
class State:
    """The database as it is in one version, as far as lists of it were asked for."""

    memory: Memory
    version: Hashable

    def count(self, table: str, query: Query, now: datetime | None, count: Callable[[], Count]) -> Count:
        """The count that is known, if none of its rows has lapsed, or else what `count` gives."""
        key = self._key(table, query)
        kept = self.memory.counts.peek(key)
        if kept is not None and _holds(kept[1], now):
            return kept
        return self.memory.counts.keep(key, count())

    def extents(self, table: str, query: Query, now: datetime | None, read: Read) -> Extents | None:
        """The extents of the list without interval and box, once the list was asked for in many of them.

        Without a box they tell no place either.
        """
        whole = replace(query, interval=None, bbox=None, limit=MOST_LISTED + 1, offset=0)
        key = (self._key(table, whole), query.sort, query.bbox is not None)
        kept = self.memory.extents.peek(key)
        if kept is not None and _holds(kept.until, now):
            return kept
        asked = self.memory.asked.keep(key, (self.memory.asked.peek(key) or 0) + 1)
        if asked <= ASKED_BEFORE:
            return None
        rows = read(whole)
        if len(rows) > MOST_LISTED:
            self.memory.asked.keep(key, TOO_MANY)
            return None
        return self.memory.extents.keep(key, build_extents(rows))

    def rows(self, table: str, keys: Sequence[Any]) -> dict[Any, tuple[Any, ...]]:
        """The rows that are known, by key."""
        found = ((key, self.memory.rows.peek((self.version, table, key))) for key in keys)
        return {key: row for key, row in found if row is not None}

    def keep_rows(self, table: str, rows: Mapping[Any, tuple[Any, ...]]) -> None:
        """Know these rows by key."""
        for key, row in rows.items():
            self.memory.rows.keep((self.version, table, key), row)

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
