"""SPOT5, all 21 files, one after another on one thread: `python -m benchmarks.schedule.proofs`."""

import json
import time
from typing import Any

from benchmarks.schedule.spot5 import list_optima, read_spot
from swath.scheduling.selections.exact import select


def prove(name: str, optimum: int) -> dict[str, Any]:
    problem = read_spot(name)
    began = time.process_time()
    found = select(problem)
    return {
        "file": name,
        "things": len(problem),
        "optimum": optimum,
        "value": found.value if problem.allows(found.chosen) else None,
        "bound": found.bound,
        "status": found.status,
        "seconds": found.seconds,
        "cpu_s": time.process_time() - began,
    }


if __name__ == "__main__":
    print(json.dumps({"files": [prove(name, optimum) for name, optimum in list_optima().items()]}))
