"""What a satellite has on board between its downlinks, and where that would be more than it can hold.

Captures fill the memory, passes (contacts to send down, those that overlap merged) drain it. All that starts
before the end of a pass is counted whole before that pass drains anything, so that whatever the order within,
the memory is never fuller than found here; this needs a camera that fills at least as fast as a pass drains.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from swath.fleet.model import Memory
from swath.scheduling.model import Chance, Pass, Rules

# Sums of some hundred captures in float64 are good to far less.
TOLERANCE_GB = 1e-9


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


class _Stretch(NamedTuple):
    """From the end of one pass to the end of the next, which leaves `left_gb`.

    When it is `renewed` that is nothing but what came too late for the pass, which began at `late_s`.
    """

    captures: Sequence[Chance]
    contact: Pass
    captured_gb: float
    peak_gb: float
    left_gb: float
    late_s: float
    renewed: bool

    @property
    def late(self) -> Sequence[Chance]:
        return self.captures[bisect_left(self.captures, self.late_s, key=_start_of) :]


def merge_passes(contacts: Iterable[Pass]) -> tuple[Pass, ...]:
    """Contacts (start, end) in seconds, in any order, as passes by time of which no two overlap."""
    merged: list[Pass] = []
    for start_s, end_s in sorted(contacts):
        if merged and start_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((start_s, end_s))
    return tuple(merged)


def find_overflow(others: Sequence[Chance], chance: Chance, rules: Rules) -> Overflow | None:
    """Where a capture, with the others of its satellite by start time, would fill the memory most beyond its
    capacity; None if nowhere. Only what this capture adds to counts.
    """
    memory = rules.memory.get(chance.satellite)
    if memory is None:
        return None
    here = bisect_left(others, chance.start_s, key=_start_of)
    captures = (*others[:here], chance, *others[here:])
    on_board_gb = rules.on_board_gb.get(chance.satellite, 0.0)
    stretches = list(_fold(captures, memory, rules.passes.get(chance.satellite, ()), on_board_gb))
    fullest = max(_find_stretches_of(chance, stretches), key=lambda k: stretches[k].peak_gb)
    if stretches[fullest].peak_gb <= memory.capacity_gb + TOLERANCE_GB:
        return None
    return _trace(stretches, fullest, memory, on_board_gb)


def _find_stretches_of(chance: Chance, stretches: Sequence[_Stretch]) -> Iterator[int]:
    """Where the data of a capture is on board: in its own stretch, and on until a pass has taken it down."""
    own = next(k for k, stretch in enumerate(stretches) if chance.start_s < stretch.contact[1])
    yield own
    late = chance.start_s >= stretches[own].late_s
    for k in range(own + 1, len(stretches)):
        if stretches[k - 1].renewed and not (late and k == own + 1):
            break
        yield k


def _fold(
    captures: Sequence[Chance], memory: Memory, passes: Sequence[Pass], on_board_gb: float
) -> Iterator[_Stretch]:
    first, left_gb = 0, on_board_gb
    for contact in (*passes, (inf, inf)):
        last = bisect_left(captures, contact[1], lo=first, key=_start_of)
        own = captures[first:last]
        captured_gb = memory.fill_gb_s * sum(c.end_s - c.start_s for c in own)
        peak_gb = left_gb + captured_gb
        after_gb = peak_gb - _drain(contact, memory)
        late_gb, late_s = _compute_late(own, contact, memory)
        left_gb = max(late_gb, after_gb)
        yield _Stretch(own, contact, captured_gb, peak_gb, left_gb, late_s, late_gb >= after_gb)
        first = last


def _compute_late(captures: Sequence[Chance], contact: Pass, memory: Memory) -> tuple[float, float]:
    """What a pass cannot drain of what is captured during it, and from when on it was captured: 0 and never if
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


def _trace(stretches: Sequence[_Stretch], fullest: int, memory: Memory, on_board_gb: float) -> Overflow:
    """The stretches up to the fullest, from the last pass before it that took with it all from before itself."""
    first = fullest
    while first > 0 and not stretches[first - 1].renewed:
        first -= 1
    before = stretches[first - 1] if first else None
    chain = stretches[first : fullest + 1]
    until_s = stretches[fullest].contact[0]
    return Overflow(
        since_s=before.contact[1] if before else None,
        until_s=None if until_s == inf else until_s,
        left_gb=before.left_gb if before else on_board_gb,
        captured_gb=sum(stretch.captured_gb for stretch in chain),
        drained_gb=sum(_drain(stretch.contact, memory) for stretch in chain[:-1]),
        capacity_gb=memory.capacity_gb,
        captures=(*(before.late if before else ()), *(c for stretch in chain for c in stretch.captures)),
    )


def _drain(contact: Pass, memory: Memory) -> float:
    return 0.0 if contact[0] == inf else memory.drain_gb_s * (contact[1] - contact[0])


def _start_of(chance: Chance) -> float:
    return chance.start_s
