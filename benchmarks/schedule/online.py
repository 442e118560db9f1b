"""A day as it comes: requests arrive one by one, and a policy answers each at once.

A capture freezes the command lead before the contact that carries it up. Before each such moment the policy may plan
again. What it is judged by here is only its plan and what it has promised, after each call.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benchmarks.schedule.checker import check_plan
from benchmarks.schedule.days import EMERGENCY, Day, Floats, Ints

LEAD_S = 1_800.0


@dataclass(frozen=True)
class World:
    """A day with what it takes to live through it; rows of a request are those that can be reached when it arrives."""

    day: Day
    arrival: Floats
    rows: Mapping[int, Ints]

    @property
    def freeze(self) -> Floats:
        """By row, the moment from which it can no longer be changed or newly taken."""
        return self.day.uplink_by - LEAD_S

    def list_open(self, request: int, now: float) -> Ints:
        rows = self.rows.get(request, np.empty(0, np.int64))
        return rows[self.freeze[rows] > now]


class Policy(Protocol):
    """What is tried out. Its plan tells the row of each request that has a place.

    A request in `promised` has been told so: it may move, but it keeps a place, unless an emergency takes it.
    """

    @property
    def plan(self) -> Mapping[int, int]: ...

    @property
    def promised(self) -> Collection[int]: ...

    @property
    def ahead_s(self) -> Sequence[float]:
        """How long before each freeze it plans again."""
        ...

    @property
    def unsettled(self) -> bool:
        """Whether it wants to plan again after what it answered last."""
        ...

    def answer(self, request: int, now: float) -> None:
        """A request arrives."""
        ...

    def replan(self, now: float) -> None:
        """It has answered and is unsettled, or something is about to freeze."""
        ...


@dataclass
class Log:
    """What happened: who lost a promise and to whom, what moved, what was done too late, and how long answers took."""

    moves: int = 0
    moves_promised: int = 0
    bumped: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    answers_ms: list[float] = field(default_factory=list)
    promised_at: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Lived:
    """The end of a day: rows that were commanded, and the log."""

    served: dict[int, int]
    log: Log
    faults: list[str]


def build_world(day: Day) -> World:
    """Only what a contact can still carry when the request arrives."""
    arrival = np.array([request["arrive"] for request in day.instance["requests"]])
    reached = np.flatnonzero(day.uplink_by - LEAD_S > arrival[day.request])
    rows = {int(one): reached[day.request[reached] == one] for one in np.unique(day.request[reached])}
    return World(day, arrival, rows)


def live(world: World, make_policy: Callable[[World], Policy]) -> Lived:
    """All arrivals and freezes in order of time; each freeze is announced as long ahead as the policy likes."""
    policy, log, served = make_policy(world), Log(), dict[int, int]()
    for now, request in list_events(world, policy.ahead_s):
        step(world, policy, log, now, request, served)
        if policy.unsettled:
            step(world, policy, log, now, None, served)
    faults = check_plan(world.day.instance, world.day.number[list(served.values())].tolist())
    return Lived(served, log, faults)


def step(
    world: World, policy: Policy, log: Log, now: float, request: int | None, served: dict[int, int]
) -> None:
    """One call: an answer, or planning again; judged by the plan before and after."""
    before, promised = dict(policy.plan), set(policy.promised)
    began = time.perf_counter()
    if request is None:
        policy.replan(now)
    else:
        policy.answer(request, now)
        log.answers_ms.append((time.perf_counter() - began) * 1000)
    judge(world, log, now, before, promised, policy, served)
    served |= {one: row for one, row in policy.plan.items() if world.freeze[row] <= now + 1}


def list_events(world: World, ahead_s: Sequence[float]) -> Iterator[tuple[float, int | None]]:
    """Arrivals with their request; so many seconds before each freeze, None."""
    reached = np.concatenate([*world.rows.values()])
    moments = np.unique(world.freeze[reached])
    freezes = [(float(moment) - ahead, -1) for moment in moments for ahead in ahead_s]
    arrivals = [(float(world.arrival[request]), request) for request in world.rows]
    for now, request in sorted(freezes + arrivals):
        yield now, (None if request < 0 else request)


def judge(
    world: World,
    log: Log,
    now: float,
    before: Mapping[int, int],
    promised: Collection[int],
    policy: Policy,
    served: Mapping[int, int],
) -> None:
    """One call, by the plan before and after."""
    after, still_promised = policy.plan, set(policy.promised)
    kinds = {one: int(world.day.kind[row]) for one, row in (*before.items(), *after.items())}
    # Some emergencies get their place only when everything is planned again.
    urgent = any(kinds[one] == EMERGENCY for one in after.keys() - before.keys())
    for one in promised - (still_promised & after.keys()):
        (log.bumped if urgent and kinds[one] != EMERGENCY else log.lost).append(one)
    changed = [one for one in before.keys() | after.keys() if before.get(one) != after.get(one)]
    moved = [one for one in changed if one in before and one in after]
    log.moves += len(moved)
    log.moves_promised += len(promised & set(moved))
    log.late += [one for one in changed if one in served]
    log.late += [one for one in changed if one in after and world.freeze[after[one]] <= now]
    for one in still_promised:
        log.promised_at.setdefault(one, now)
