"""Spans: intervals in which one satellite keeps the limits for places. Accesses and contacts are made of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from swath.access.look import Floats

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Spans:
    """Columns (N,): which place, from when to when, when the satellite is highest meanwhile (POSIX seconds).

    At that moment it stands at `sin_elevation` above the place, which it sees at `cos_off_nadir` from the nadir.
    """

    place: Ints
    rise_s: Floats
    set_s: Floats
    highest_s: Floats
    sin_elevation: Floats
    cos_off_nadir: Floats

    def __len__(self) -> int:
        return len(self.place)

    def take(self, index: NDArray[np.bool_] | Ints) -> "Spans":
        """Some of them, in that order."""
        return Spans(*(getattr(self, field.name)[index] for field in fields(self)))

    def touching(self, start_s: float, end_s: float) -> "Spans":
        """Those that have a moment in [start, end)."""
        touching = (self.set_s > start_s) & (self.rise_s < end_s)
        return self if touching.all() else self.take(touching)


def build_spans(place: Ints, found: Floats, zero_s: float) -> Spans:
    """Spans of places (N,) from what a kernel found (N, 5): the columns in their order, times counted from `zero_s`."""
    return Spans(place, *(found[:, :3] + zero_s).T, *found[:, 3:].T)


def chain_spans(parts: Sequence[Spans]) -> Spans:
    """All in one, one part behind the other; none in one that is empty."""
    if len(parts) == 1:
        return parts[0]
    columns = [
        (part.place, part.rise_s, part.set_s, part.highest_s, part.sin_elevation, part.cos_off_nadir)
        for part in parts
    ]
    return Spans(*map(np.concatenate, zip(*columns, strict=True)))


def join_spans(parts: Sequence[Spans]) -> Spans:
    """All in one, by place and time."""
    joined = chain_spans(parts)
    return joined.take(np.lexsort((joined.rise_s, joined.place)))
