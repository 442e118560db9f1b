"""What each class of a day could be worth if it had the satellites to itself, which bounds it in any plan.

Solved exactly, or as far as half a minute goes: `python -m benchmarks.schedule.alone a200 1 flat`.
"""

import json
import sys

import numpy as np

from benchmarks.schedule.days import CLASSES, Day, make_day
from benchmarks.schedule.entries import run_highs

SECONDS = 30.0


def bound_class(day: Day, kind: int) -> float | None:
    mine = day.take(np.flatnonzero(day.kind == kind))
    return run_highs(mine, False, SECONDS, 0).bound if len(mine) else 0.0


if __name__ == "__main__":
    size, seed, weights = sys.argv[1:]
    day = make_day(size, int(seed), weights == "flat")
    print(json.dumps({name: bound_class(day, kind) for kind, name in enumerate(CLASSES)}))
