"""One entry on one agile day, alone in its process: `python -m benchmarks.schedule.one HiGHS a1000 1 flat 30`.

The last line printed is the result as JSON, with what the checker says about the plan.
"""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

from benchmarks.schedule.checker import check_plan, weigh_plan
from benchmarks.schedule.days import make_day
from benchmarks.schedule.entries import ENTRIES, Found


def measure(entry: str, size: str, seed: int, flat: bool, seconds: float) -> dict[str, Any]:
    day = make_day(size, seed, flat)
    if entry == "swath":
        ENTRIES[entry](make_day("a200", 0, flat), flat, 0.5, 0)
    began = time.process_time()
    found: Found = ENTRIES[entry](day, flat, seconds, 0)
    return {
        **asdict(found),
        "cpu_s": time.process_time() - began,
        "values": weigh_plan(day.instance, found.selected, flat),
        "faults": check_plan(day.instance, found.selected),
    }


if __name__ == "__main__":
    entry, size, seed, weights, seconds = sys.argv[1:]
    print(json.dumps(measure(entry, size, int(seed), weights == "flat", float(seconds))))
