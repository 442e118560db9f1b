"""What a satellite can hold, as sums over chances one after another in time.

Data on board after pass k is m = max(0, m + in - out). It stays within the capacity when for any passes i <= j all that
is captured from i to j, less what the passes from i to j - 1 can send down, does: a row for each i and j, exactly. Most
of them say nothing new, because shorter ones and the duty of orbits hold their parts, and are left out. What is
captured during a pass and more than its rest can send down takes rows of its own, the `tails`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from swath.scheduling.solver.columns import Columns
from swath.scheduling.solver.instance import Craft, Floats, Ints

# Sums of gigabytes meet their limit but for rounding.
ROUNDING_GB = 1e-9


class Ranges(NamedTuple):
    """Rows: of the chances from `low` to before `high` no more than `most_gb`."""

    low: Ints
    high: Ints
    most_gb: Floats


class _Segments(NamedTuple):
    """Stretches between the ends of passes that have chances, by time.

    Those of segment i stand from `begins[i]` to before `ends[i]` and come down with pass `passes[i]` or later; in pairs
    (i, j) `most_gb` is what the passes leave room for from i to j, and `held_gb` what other rows let that be at most.
    """

    passes: Ints
    begins: Ints
    ends: Ints
    most_gb: Floats
    held_gb: Floats


def find_ranges(craft: Craft, columns: Columns, rows: slice, tails: bool) -> Ranges:
    """The rows of one satellite that can be broken while all others hold."""
    found = [Ranges(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    if np.isfinite(craft.capacity_gb) and rows.start < rows.stop:
        segments = _find_segments(craft, columns, rows)
        found.append(_find_pairs(segments))
        found += _find_tails(craft, columns, segments, rows) if tails else []
    low, high, most_gb = (np.concatenate(column) for column in zip(*found, strict=True))
    # What was on board before may be too much; it is no capture's fault.
    return Ranges(low, high, np.maximum(most_gb + ROUNDING_GB, 0.0))


def _find_segments(craft: Craft, columns: Columns, rows: slice) -> _Segments:
    passes, begins = np.unique(columns.segment[rows], return_index=True)
    begins = rows.start + begins
    ends = np.append(begins[1:], rows.stop)
    sent_gb = _sum_sent(craft)
    before_gb = np.where(passes == 0, craft.on_board_gb, 0.0)
    most_gb = craft.capacity_gb + sent_gb[passes] - sent_gb[passes][:, None] - before_gb[:, None]
    alone_gb = np.array(
        [_limit_by_duty(craft, columns, slice(*pair)) for pair in zip(begins, ends, strict=True)]
    )
    return _Segments(passes, begins, ends, most_gb, _find_held(alone_gb, most_gb))


def _sum_sent(craft: Craft) -> Floats:
    """What can have come down before each pass, and after the last."""
    return np.concatenate([[0.0], np.cumsum(craft.drains_gb)])


def _limit_by_duty(craft: Craft, columns: Columns, rows: slice) -> float:
    """What these chances can fill when each orbit keeps its limit of seconds."""
    seconds = np.bincount(columns.orbit[rows] - columns.orbit[rows].min(), columns.seconds[rows])
    return float(craft.fill_gb_s * np.minimum(seconds, craft.seconds_per_orbit).sum())


def _find_held(alone_gb: Floats, most_gb: Floats) -> Floats:
    """From segment i to j at most: the least that any cut into two parts allows, each within its own limit."""
    count = len(alone_gb)
    held_gb, limited_gb = np.diag(alone_gb), np.diag(np.minimum(alone_gb, np.diag(most_gb)))
    for j in range(count):
        for i in range(j - 1, -1, -1):
            held_gb[i, j] = np.min(limited_gb[i, i:j] + limited_gb[i + 1 : j + 1, j])
            limited_gb[i, j] = min(held_gb[i, j], most_gb[i, j])
    return held_gb


def _find_pairs(segments: _Segments) -> Ranges:
    first, last = np.nonzero(np.triu(segments.held_gb > segments.most_gb + ROUNDING_GB))
    return Ranges(segments.begins[first], segments.ends[last], segments.most_gb[first, last])


def _find_tails(craft: Craft, columns: Columns, segments: _Segments, rows: slice) -> Iterator[Ranges]:
    """For each chance during a pass: what begins with it has only the rest of that pass to come down."""
    sent_gb = _sum_sent(craft)
    limited_gb = np.minimum(segments.held_gb, segments.most_gb)
    for chance in rows.start + np.flatnonzero(columns.inside[rows]):
        k = columns.segment[chance]
        i = int(np.searchsorted(segments.passes, k))
        rest_gb = craft.drain_gb_s * (craft.passes_s[k, 1] - columns.start_s[chance])
        most_gb = craft.capacity_gb + rest_gb + sent_gb[segments.passes[i + 1 :]] - sent_gb[k + 1]
        tail_gb = _limit_by_duty(craft, columns, slice(chance, segments.ends[i]))
        held_gb = np.minimum(tail_gb + limited_gb[i + 1 : i + 2, i + 1 :].ravel(), limited_gb[i, i + 1 :])
        new = held_gb > most_gb + ROUNDING_GB
        yield Ranges(np.full(new.sum(), chance), segments.ends[i + 1 :][new], most_gb[new])
