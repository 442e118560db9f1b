"""What a satellite has on board between its downlinks, and where that would be more than it can hold.

Captures fill the memory, passes (contacts to send down, those that overlap merged) drain it. All that starts
before the end of a pass is counted whole before that pass drains anything, so that whatever the order within,
the memory is never fuller than found here; this needs a camera that fills at least as fast as a pass drains.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import inf
from typing import NamedTuple

from swath.fleet.model import Memory
from swath.scheduling.model import Chance, Pass

# Sums of some hundred captures in float64 are good to far less.
TOLERANCE_GB = 1e-9
NEVER: Pass = (inf, inf)


@dataclass(frozen=True)
class Overflow:
    """Where the memory would hold the most: `left_gb` after a pass, and all captured from then until another.

    `since_s` is the end of the one pass, None for the beginning; `until_s` the start of the other, None when
    none comes. `drained_gb` went down in the passes between them.
    """

    since_s: float | None
    until_s: float | None
    left_gb: float
    captured_gb: float
    drained_gb: float
    capacity_gb: float
    captures: tuple[Chance, ...]

    @property
    def over_gb(self) -> float:
        return self.left_gb + self.captured_gb - self.drained_gb - self.capacity_gb


class _Segment(NamedTuple):
    """From the end of one pass to the end of the next, whatever is on board when it begins.

    Of what is captured during its pass that pass leaves `late_gb`, captured from `late_s` on.
    """

    captures: Sequence[Chance]
    contact: Pass
    captured_gb: float
    drained_gb: float
    late_gb: float
    late_s: float

    def is_renewed(self, before_gb: float) -> bool:
        """Whether nothing but what came late is left at its end."""
        return self.late_gb >= before_gb + self.captured_gb - self.drained_gb

    def leave_gb(self, before_gb: float) -> float:
        return max(self.late_gb, before_gb + self.captured_gb - self.drained_gb)

    @property
    def late(self) -> Sequence[Chance]:
        return self.captures[bisect_left(self.captures, self.late_s, key=_start_of) :]


@dataclass(frozen=True)
class Tally:
    """What the captures of a satellite put into its memory, segment by segment, and what is on board before each."""

    memory: Memory
    ends_s: Sequence[float]
    segments: Sequence[_Segment]
    before_gb: Sequence[float]

    def add(self, chance: Chance) -> "Tally":
        """With one more capture."""
        return self._replace(*self._widen(chance))

    def remove(self, chance: Chance) -> "Tally":
        """Without one of its captures."""
        k = bisect_right(self.ends_s, chance.start_s)
        segment = self.segments[k]
        captures = [capture for capture in segment.captures if capture != chance]
        return self._replace(k, _measure(captures, segment.contact, self.memory))

    def fits(self, chance: Chance) -> bool:
        """Whether the memory has room for one more capture."""
        return self._find_fullest(chance) is None

    def find_overflow(self, chance: Chance) -> Overflow | None:
        """Where one more capture would fill the memory most beyond its capacity; None if nowhere.

        Only what this capture adds to counts.
        """
        fullest = self._find_fullest(chance)
        return None if fullest is None else self._trace(chance, fullest)

    def _find_fullest(self, chance: Chance) -> int | None:
        k, segment = self._widen(chance)
        fullest, most_gb, level_gb = None, self.memory.capacity_gb + TOLERANCE_GB, self.before_gb[k]
        while True:
            if level_gb + segment.captured_gb > most_gb:
                fullest, most_gb = k, level_gb + segment.captured_gb
            level_gb, k = segment.leave_gb(level_gb), k + 1
            if k == len(self.segments) or level_gb <= self.before_gb[k] + TOLERANCE_GB:
                return fullest
            segment = self.segments[k]

    def _widen(self, chance: Chance) -> tuple[int, _Segment]:
        """The segment that a capture belongs to, and what that would be with it."""
        k = bisect_right(self.ends_s, chance.start_s)
        captures = list(self.segments[k].captures)
        insort(captures, chance, key=_start_of)
        return k, _measure(captures, self.segments[k].contact, self.memory)

    def _trace(self, chance: Chance, fullest: int) -> Overflow:
        """The segments up to the fullest, from the last pass before it that took with it all from before itself."""
        tally = self.add(chance)
        first = fullest
        while first > 0 and not tally.segments[first - 1].is_renewed(tally.before_gb[first - 1]):
            first -= 1
        left_gb = tally.before_gb[first]
        return _sum_up(tally.segments, first, fullest, left_gb, self.memory.capacity_gb)

    def _replace(self, k: int, segment: _Segment) -> "Tally":
        segments, before_gb = list(self.segments), list(self.before_gb)
        segments[k] = segment
        _carry_on(segments, before_gb, k)
        return Tally(self.memory, self.ends_s, segments, before_gb)


def build_tally(
    captures: Sequence[Chance], memory: Memory, passes: Sequence[Pass], on_board_gb: float
) -> Tally:
    """The tally of captures by start time, of passes by time, and of what is on board before all of them."""
    empty = _build_empty(memory, tuple(passes), on_board_gb)
    segments, before_gb = list(empty.segments), list(empty.before_gb)
    groups = groupby(captures, lambda capture: bisect_right(empty.ends_s, capture.start_s))
    filled = {k: _measure(list(here), segments[k].contact, memory) for k, here in groups}
    for k, segment in filled.items():
        segments[k] = segment
        _carry_on(segments, before_gb, k)
    return Tally(memory, empty.ends_s, segments, before_gb)


@lru_cache(maxsize=1_024)
def _build_empty(memory: Memory, passes: tuple[Pass, ...], on_board_gb: float) -> Tally:
    """Most passes of the days ahead have nothing to drain yet."""
    segments = [_measure((), contact, memory) for contact in (*passes, NEVER)]
    before_gb = [on_board_gb]
    for segment in segments:
        before_gb.append(segment.leave_gb(before_gb[-1]))
    return Tally(memory, [end_s for _, end_s in passes], segments, before_gb)


def _carry_on(segments: Sequence[_Segment], before_gb: list[float], k: int) -> None:
    """What is on board after segment k, and after those behind it, as far as that is not as before.

    Most passes leave nothing.
    """
    for segment in segments[k:]:
        left_gb, k = segment.leave_gb(before_gb[k]), k + 1
        if left_gb == before_gb[k]:
            return
        before_gb[k] = left_gb


def _measure(captures: Sequence[Chance], contact: Pass, memory: Memory) -> _Segment:
    captured_gb = memory.fill_gb_s * sum(c.end_s - c.start_s for c in captures)
    drained_gb = 0.0 if contact == NEVER else memory.drain_gb_s * (contact[1] - contact[0])
    return _Segment(captures, contact, captured_gb, drained_gb, *_measure_late(captures, contact, memory))


def _measure_late(captures: Sequence[Chance], contact: Pass, memory: Memory) -> tuple[float, float]:
    """What a pass cannot drain of what is captured during it, and from when on that was captured: 0 and never if
    it can.
    """
    most_gb, since_gb, late_s = 0.0, 0.0, inf
    for capture in reversed(captures):
        if capture.start_s < contact[0]:
            break
        since_gb += memory.fill_gb_s * capture.seconds
        left_gb = since_gb - memory.drain_gb_s * (contact[1] - capture.start_s)
        if left_gb > most_gb:
            most_gb, late_s = left_gb, capture.start_s
    return most_gb, late_s


def _sum_up(
    segments: Sequence[_Segment], first: int, last: int, left_gb: float, capacity_gb: float
) -> Overflow:
    chain, until_s = segments[first : last + 1], segments[last].contact[0]
    late = segments[first - 1].late if first else ()
    return Overflow(
        since_s=segments[first - 1].contact[1] if first else None,
        until_s=None if until_s == inf else until_s,
        left_gb=left_gb,
        captured_gb=sum(segment.captured_gb for segment in chain),
        drained_gb=sum(segment.drained_gb for segment in chain[:-1]),
        capacity_gb=capacity_gb,
        captures=(*late, *(c for segment in chain for c in segment.captures)),
    )


def _start_of(chance: Chance) -> float:
    return chance.start_s
