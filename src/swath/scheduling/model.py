"""The words of scheduling: chances to capture, the work that wants one of them, and the place each got.

Times are POSIX seconds UTC, intervals [start, end), angles degrees in the satellite's local orbital frame.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from swath.fleet.model import Agility, Duty, Memory

EMERGENCY, NORMAL, WISHLIST = 3, 2, 1

# A contact to send images down: start and end.
Pass = tuple[float, float]


def merge_passes(contacts: Iterable[Pass]) -> tuple[Pass, ...]:
    """Contacts (start, end) in seconds, in any order, as passes by time of which no two overlap."""
    merged: list[Pass] = []
    for start_s, end_s in sorted(contacts):
        if merged and start_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((start_s, end_s))
    return tuple(merged)


@dataclass(frozen=True)
class Chance:
    """One way to make a capture: held at this roll and pitch from start to end, commanded before `uplink_by_s`."""

    satellite: str
    start_s: float
    end_s: float
    roll_deg: float
    pitch_deg: float
    uplink_by_s: float
    revolution: int

    @property
    def seconds(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Excluded:
    """A capture that a limit ruled out before it became a chance, and by how much.

    Codes: OUTSIDE_WINDOW, with `outside_s` and `at` (start, end, both) among the figures; GEOMETRY, with `limit`
    (off_nadir, least_off_nadir or sun_elevation), `found_deg` and `limit_deg`; NO_ACCESS. `chance` is what it would be
    without that limit.
    """

    code: str
    satellite: str
    start_s: float
    figures: Mapping[str, Any]
    chance: Chance | None = None


@dataclass(frozen=True)
class Work:
    """Something to capture once: any one of `chances` will do, the preferred first.

    `rank` is EMERGENCY > NORMAL > WISHLIST; among works of one rank that are planned together, those that are `worth`
    more (1 or more, in any unit) come first. `owner` is the account that asked. `excluded` only serves to say why
    there are no more chances, and what would give some.
    """

    id: str
    rank: int
    chances: tuple[Chance, ...]
    owner: str
    excluded: tuple[Excluded, ...] = ()
    worth: float = 1.0


@dataclass(frozen=True)
class Placement:
    """Work and the chance it was given. Frozen means commanded: it never moves again."""

    work: Work
    chance: Chance
    frozen: bool = False


@dataclass(frozen=True)
class Rules:
    """What each satellite, by its id, can do: how fast it turns, how much it may image in one orbit, what it
    holds on board.

    `passes` are its contacts to send images down, by time; none may overlap (`merge_passes`), each drains
    the memory. `on_board_gb` is there before the first capture. A satellite without `memory` holds everything.
    `notice_s`, by rank, is how long before its commands freeze work is promised a place; other ranks are at once.
    """

    agility: Mapping[str, Agility]
    duty: Mapping[str, Duty]
    memory: Mapping[str, Memory] = field(default_factory=dict[str, Memory])
    passes: Mapping[str, Sequence[Pass]] = field(default_factory=dict[str, Sequence[Pass]])
    on_board_gb: Mapping[str, float] = field(default_factory=dict[str, float])
    notice_s: Mapping[int, float] = field(default_factory=dict[int, float])


class Blocker(NamedTuple):
    """A capture in the way: whose it is, and whether it is commanded already."""

    work: str
    owner: str
    fixed: bool


@dataclass(frozen=True)
class Finding:
    """What one chance met, so that it can be checked: without the `blockers` the chance is free.

    `distance` is how far it is from being possible, in seconds, gigabytes or degrees as befits the code. `figures`
    (JSON-able) are measures only; blockers are named, so this is for the operator. `chance` is what was tried.
    """

    code: str
    satellite: str
    start_s: float
    figures: Mapping[str, Any]
    blockers: tuple[Blocker, ...] = ()
    distance: float = 0.0
    chance: Chance | None = None


@dataclass(frozen=True)
class Refusal:
    """Why work got no place, or lost the one it had: a stable code, what would help, and what proves it.

    Codes: NO_ACCESS, OUTSIDE_WINDOW, GEOMETRY, UPLINK_DEADLINE, CONFLICT, DUTY, MEMORY, LOWER_VALUE, FROZEN,
    BUMPED_BY_EMERGENCY; MOVED for work that only went elsewhere. There are two views of it: message and
    `evidence` (JSON-able) are for the owner of the work, and neither tell whose work stands in the way nor where
    it is, unless it is the owner's own; `findings`, one for each chance, name everything.
    """

    code: str
    message: str
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    findings: tuple[Finding, ...] = ()


class Displaced(NamedTuple):
    """Work that made room for other work, its new place if there was one, and why."""

    work: Work
    placement: Placement | None
    refusal: Refusal


@dataclass(frozen=True)
class Outcome:
    """The answer to one piece of work: a placement, or a refusal; and all placements as they are now."""

    placement: Placement | None
    placements: tuple[Placement, ...]
    displaced: tuple[Displaced, ...] = ()
    refusal: Refusal | None = None
