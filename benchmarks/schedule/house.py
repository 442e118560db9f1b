"""The house itself as a policy: swath's own answers, and its own planning, to requests as they come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from benchmarks.schedule.days import EMERGENCY, Day
from benchmarks.schedule.online import World
from swath import scheduling
from swath.fleet import Agility, Duty, Memory
from swath.scheduling.solver.run import Budget

# So small a patch of the sphere is as flat as the angles of the made-up days are meant to be.
SHRUNK, ROUNDING_S = 1e-3, 1e-6
# Values are hundreds a credit.
CREDIT = 100.0
BUDGET = Budget(seconds=10.0, rounds=3)


@dataclass
class House:
    """Answers by `swath.scheduling.insert`; if it `plans_again`, plans by `replan` before each freeze, at each notice
    and after emergencies. `swath.tasking` does so after refusals, too, which would take a day of days here.

    NORMAL and HIGH are one class here, told apart by what they are worth. They are promised `notice_s` before their
    commands freeze, at once without it.
    """

    world: World
    plans_again: bool = True
    notice_s: float | None = None
    placements: tuple[scheduling.Placement, ...] = ()
    works: dict[str, scheduling.Work] = field(default_factory=dict)
    unsettled: bool = False

    @property
    def ahead_s(self) -> tuple[float, ...]:
        return (1.0,) if self.notice_s is None else (1.0, self.notice_s)

    @property
    def plan(self) -> dict[int, int]:
        return {int(p.work.id): self._rows[p.chance] for p in self.placements}

    @property
    def promised(self) -> set[int]:
        """Whatever has a place has been promised one."""
        return {int(p.work.id) for p in self.placements}

    def answer(self, request: int, now: float) -> None:
        work = self.works[str(request)] = build_work(self.world, request)
        self.placements = scheduling.insert(work, self.placements, self.rules, now).placements
        self.unsettled = self.plans_again and work.rank == scheduling.EMERGENCY

    def replan(self, now: float) -> None:
        self.unsettled = False
        if self.plans_again:
            ahead = [work for work in self.works.values() if any(c.uplink_by_s > now for c in work.chances)]
            self.placements = scheduling.replan(ahead, self.placements, self.rules, now, BUDGET).placements

    @cached_property
    def rules(self) -> scheduling.Rules:
        return build_rules(self.world.day, self.notice_s)

    @cached_property
    def _rows(self) -> Mapping[scheduling.Chance, int]:
        reached = np.concatenate([*self.world.rows.values()]).tolist()
        return {build_chance(self.world, row): row for row in reached}


def build_work(world: World, request: int) -> scheduling.Work:
    """Its chances, the most valuable first: of what they are worth, the house knows no more than that."""
    rows = world.rows[request]
    value = world.day.value[rows]
    urgent = world.day.kind[rows[0]] == EMERGENCY
    return scheduling.Work(
        id=str(request),
        rank=scheduling.EMERGENCY if urgent else scheduling.NORMAL,
        chances=tuple(build_chance(world, row) for row in rows[np.argsort(-value, kind="stable")].tolist()),
        owner="",
        worth=max(1.0, float(value.max()) / CREDIT),
    )


def build_chance(world: World, row: int) -> scheduling.Chance:
    """A candidate that the contact before it can still carry."""
    day = world.day
    return scheduling.Chance(
        satellite=str(day.satellite[row]),
        start_s=float(day.start[row]),
        end_s=float(day.end[row]),
        roll_deg=float(day.roll[row]) * SHRUNK,
        pitch_deg=float(day.pitch[row]) * SHRUNK,
        uplink_by_s=float(world.freeze[row]),
        revolution=int(day.orbit[row]),
    )


def build_rules(day: Day, notice_s: float | None) -> scheduling.Rules:
    """The same for all satellites of the day."""
    meta, contacts = day.meta, day.instance["contacts"]
    names = [str(number) for number in range(meta["sats"])]
    agility = Agility(90.0, 90.0, meta["settle"] + ROUNDING_S, meta["rate"] * SHRUNK)
    return scheduling.Rules(
        agility=dict.fromkeys(names, agility),
        duty=dict.fromkeys(names, Duty(meta["max_captures_orbit"], meta["max_seconds_orbit"])),
        memory=dict.fromkeys(names, Memory(meta["memory_gb"], meta["gb_per_s"], meta["downlink_gb_s"])),
        passes={name: scheduling.merge_passes(map(tuple, contacts[int(name)])) for name in names},
        notice_s={} if notice_s is None else {scheduling.NORMAL: notice_s},
    )
