"""A day as it comes, under each policy, against who knows the future.

The clairvoyant may use the same candidates, those that can be reached when their request arrives. The last line printed
is the result as JSON: `python -m benchmarks.schedule.replays a1000 1 flat`.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.schedule.days import EMERGENCY, Day, make_day
from benchmarks.schedule.entries import run_highs
from benchmarks.schedule.house import House
from benchmarks.schedule.online import Lived, Policy, World, build_world, live
from benchmarks.schedule.policies import FirstFit

# HiGHS gets so long for the bound: enough for its linear program, and some cuts.
BOUND_S = 60.0


HOUR_S = 3_600.0

POLICIES: dict[str, Callable[[World], Policy]] = {
    "first fit": FirstFit,
    "accepted at once": partial(House, plans_again=False),
    "the same, planned again": House,
    "NORMAL promised 8 h before": partial(House, notice_s=8 * HOUR_S),
    "NORMAL promised 4 h before": partial(House, notice_s=4 * HOUR_S),
}


def replay(day: Day) -> dict[str, Any]:
    world = build_world(day)
    reached = np.sort(np.concatenate([*world.rows.values()]))
    return {
        "requests": len(world.arrival),
        "reachable": len(world.rows),
        "emergencies": sum(int(day.kind[rows[0]]) == EMERGENCY for rows in world.rows.values()),
        "bound": run_highs(day.take(reached), False, BOUND_S, 0).bound,
        "policies": {name: summarise(world, live(world, make)) for name, make in POLICIES.items()},
    }


def summarise(world: World, lived: Lived) -> dict[str, Any]:
    rows, log = list(lived.served.values()), lived.log
    notice_s = [
        world.freeze[row] - log.promised_at[one]
        for one, row in lived.served.items()
        if one in log.promised_at
    ]
    return {
        "value": float(world.day.value[rows].sum()),
        "served": len(rows),
        "emergencies": int((world.day.kind[rows] == EMERGENCY).sum()),
        "moves": log.moves,
        "moves_promised": log.moves_promised,
        "bumped": len(log.bumped),
        "lost": len(log.lost),
        "late": len(log.late),
        "faults": lived.faults,
        "notice_h": float(np.median(notice_s)) / 3600,
        "p50_ms": float(np.percentile(log.answers_ms, 50)),
        "p99_ms": float(np.percentile(log.answers_ms, 99)),
    }


if __name__ == "__main__":
    size, seed, weights = sys.argv[1:]
    print(json.dumps(replay(make_day(size, int(seed), weights == "flat"))))
