"""The extents of a list: when and where each row is, so that any interval and box of it is found by arithmetic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from swath.query import Page, Query
from swath.store.spatial import Box

# Segments of a line that share a box: lines below satellites go round the world.
SEGMENTS = 6

Interval = tuple[datetime | None, datetime | None]
Mask = NDArray[np.bool_]
# Of rows with these keys, the keys of those whose geometry meets the box that was asked for.
Look = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True)
class Extents:
    """All rows of a list in its order; `until` is when the first of them lapses.

    `keys`, `starts` and `ends` have an entry a row. Its geometry lies in one or several `boxes`, of which there are the
    west, south, east and north sides; `owners` tells of each box which row it belongs to.
    """

    keys: NDArray[Any]
    starts: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    boxes: NDArray[np.float64]
    owners: NDArray[np.intp]
    until: datetime | None

    def find(self, query: Query, asked: Sequence[Box], look: Look) -> Page[Any]:
        """The keys of the rows in the query's interval that meet the boxes that it asks for, if any.

        What lies inside a box is there for sure; `look` is asked about what only comes near.
        """
        found = np.ones(len(self.keys), dtype=bool)
        if query.interval is not None:
            found &= self._meet_interval(query.interval)
        if query.bbox is not None:
            found &= self._meet_boxes(asked, found, look)
        keys = self.keys[found]
        return Page(tuple(keys[query.offset : query.offset + query.limit].tolist()), len(keys), self.until)

    def _meet_interval(self, interval: Interval) -> Mask:
        first, last = interval
        met = np.ones(len(self.keys), dtype=bool)
        if first is not None:
            met &= self.ends >= _to_number(first)
        if last is not None:
            met &= self.starts <= _to_number(last)
        return met

    def _meet_boxes(self, asked: Sequence[Box], wanted: Mask, look: Look) -> Mask:
        west, south, east, north = self.boxes
        met, near = np.zeros((2, len(self.keys)), dtype=bool)
        for w, s, e, n in asked:
            met[self.owners[(west >= w) & (east <= e) & (south >= s) & (north <= n)]] = True
            near[self.owners[(west <= e) & (east >= w) & (south <= n) & (north >= s)]] = True
        doubtful = np.flatnonzero(wanted & near & ~met)
        if len(doubtful):
            looked_at = self.keys[doubtful]
            met[doubtful[np.isin(looked_at, np.array(look(looked_at.tolist()), dtype=self.keys.dtype))]] = (
                True
            )
        return met


def build_extents(rows: Sequence[Any]) -> Extents:
    """The extents of rows as SQLite holds them: key, start, end, lapse and geometry, which may be left out (None)."""
    keys, starts, ends, lapses, geometries = zip(*rows, strict=True) if rows else ((),) * 5
    boxes, owners = find_boxes(shapely.from_wkb(np.array(geometries, dtype=object)))
    first = min((lapse for lapse in lapses if lapse is not None), default=None)
    sides = np.ascontiguousarray(boxes.T)
    until = None if first is None else datetime.fromisoformat(first)
    return Extents(np.array(keys), _to_numbers(starts), _to_numbers(ends), sides, owners, until)


def find_boxes(geometries: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """A box around each part of each geometry, several along a line, and which geometry it belongs to."""
    parts, owners = shapely.get_parts(geometries, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    along, of_line = _box_lines(parts[lines])
    boxes = np.concatenate([shapely.bounds(parts[~lines]).reshape(-1, 4), along])
    return boxes, np.concatenate([owners[~lines], owners[lines][of_line]])


def _box_lines(lines: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Boxes around each few segments of lines, and the line that each belongs to."""
    corners, of_line = shapely.get_coordinates(lines, return_index=True)
    whole = of_line[1:] == of_line[:-1]
    low = np.minimum(corners[1:], corners[:-1])[whole]
    high = np.maximum(corners[1:], corners[:-1])[whole]
    owners = of_line[1:][whole]
    within = np.arange(len(owners)) - np.searchsorted(owners, owners)
    starts = np.flatnonzero(within % SEGMENTS == 0)
    if not len(starts):
        return np.empty((0, 4)), owners
    sides = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    return np.hstack(sides), owners[starts]


def _to_numbers(times: Sequence[str | None]) -> NDArray[np.datetime64]:
    return np.array([time and time.removesuffix("Z") for time in times], dtype="datetime64[us]")


def _to_number(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")
