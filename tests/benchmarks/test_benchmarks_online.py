"""The replay of a day: it tells nothing but what happened, and cheats do not go unseen."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from benchmarks.schedule.agile import make_instance
from benchmarks.schedule.checker import check_plan
from benchmarks.schedule.days import EMERGENCY, build_selection, read_day
from benchmarks.schedule.online import LEAD_S, World, build_world, live
from benchmarks.schedule.policies import FirstFit
from benchmarks.schedule.replays import POLICIES
from swath.scheduling.selections.exact import select


@cache
def small_world(seed: int = 5) -> World:
    """Crowded: 80 requests for two satellites within nine hours."""
    return build_world(read_day(make_instance(satellites=2, requests=80, seed=seed, hours=9)))


def find_best(world: World) -> float:
    """What who knows all arrivals could get."""
    reached = np.sort(np.concatenate([*world.rows.values()]))
    return select(build_selection(world.day.take(reached))).value


def weigh(world: World, served: dict[int, int]) -> float:
    return float(world.day.value[list(served.values())].sum())


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", [5, 6])
def test_policies_keep_rules_and_promises(name: str, seed: int):
    world = small_world(seed)
    lived = live(world, POLICIES[name])
    assert (lived.faults, lived.log.lost, lived.log.late) == ([], [], [])
    assert 0 < weigh(world, lived.served) <= find_best(world)
    assert len(lived.log.answers_ms) == len(world.rows)
    for request, row in lived.served.items():
        assert world.day.request[row] == request
        assert world.arrival[request] < world.day.uplink_by[row] - LEAD_S
        assert lived.log.promised_at[request] < world.freeze[row]


def test_only_what_a_contact_can_still_carry_is_reachable():
    world = small_world()
    arrivals = {request: world.arrival[request] for request in world.rows}
    for request, rows in world.rows.items():
        assert (world.day.uplink_by[rows] - LEAD_S > arrivals[request]).all()
    missed = set(world.day.request.tolist()) - set(world.rows)
    late = [row for row in range(len(world.day)) if world.day.request[row] in missed]
    assert (world.day.uplink_by[late] - LEAD_S <= world.arrival[world.day.request[late]]).all()


def test_emergencies_get_through_where_others_may_be_bumped():
    """Requests are made urgent that first come, first served leaves out: whoever bumps serves more of them."""
    world = small_world()
    unserved = [one for one in world.rows if one not in live(world, FirstFit).served]
    for one in unserved[:5]:
        world.day.kind[world.day.request == one] = EMERGENCY
    served = {name: live(world, POLICIES[name]).served for name in ("first fit", "accepted at once")}
    urgent = [sum(one in some for one in unserved[:5]) for some in served.values()]
    small_world.cache_clear()
    assert urgent[0] == 0
    assert urgent[1] >= 3


def test_promising_late_is_worth_more():
    at_once, late = (
        sum(weigh(small_world(seed), live(small_world(seed), POLICIES[name]).served) for seed in (5, 6, 7))
        for name in ("accepted at once", "NORMAL promised 4 h before")
    )
    assert late > at_once


@dataclass
class Cheat(FirstFit):
    """Before each freeze it does something to what it had; `deed` says what."""

    frozen: dict[int, int] = field(default_factory=dict)

    def replan(self, now: float) -> None:
        self.frozen |= {one: row for one, row in self.plan.items() if self.world.freeze[row] <= now}
        self.cheat(now)

    def cheat(self, now: float) -> None: ...


class Breaker(Cheat):
    """Forgets all promises that it still could keep."""

    def cheat(self, now: float) -> None:
        self.plan = dict(self.frozen)


class Changer(Cheat):
    """Takes back what was commanded."""

    def cheat(self, now: float) -> None:
        for one in self.frozen:
            self.plan.pop(one, None)


class Latecomer(Cheat):
    """Takes what can no longer be commanded."""

    def cheat(self, now: float) -> None:
        for request, rows in self.world.rows.items():
            if request not in self.plan and self.world.freeze[rows[0]] <= now:
                self.plan[request] = int(rows[0])
                return


class Doubler(Cheat):
    """Puts in everything, whether there is room or not."""

    def cheat(self, now: float) -> None:
        for request in self.world.rows:
            for row in self.world.list_open(request, now)[:1].tolist():
                if self.world.arrival[request] <= now:
                    self.plan.setdefault(request, row)


def test_a_broken_promise_is_seen():
    assert live(small_world(), Breaker).log.lost


def test_a_change_inside_the_freeze_is_seen():
    assert live(small_world(), Changer).log.late


def test_a_command_after_the_freeze_is_seen():
    assert live(small_world(), Latecomer).log.late


def test_a_plan_that_breaks_rules_is_seen():
    lived = live(small_world(), Doubler)
    rows = list(lived.served.values())
    assert (
        lived.faults == check_plan(small_world().day.instance, small_world().day.number[rows].tolist()) != []
    )
