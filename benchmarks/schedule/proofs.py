"""SPOT5, all 21 files, one after another on one thread: `python -m benchmarks.schedule.proofs`."""

import json
import time
from pathlib import Path
from typing import Any

from benchmarks.schedule.optima import list_optima
from swath.scheduling.selections.exact import select
from swath.scheduling.selections.spot5 import read_spot


def prove(file: Path, optimum: int) -> dict[str, Any]:
    problem = read_spot(file).selection
    began = time.process_time()
    found = select(problem)
    return {
        "file": file.name.removesuffix(".spot.gz"),
        "things": len(problem),
        "optimum": optimum,
        "value": found.value if problem.allows(found.chosen) else None,
        "bound": found.bound,
        "status": found.status,
        "seconds": found.seconds,
        "cpu_s": time.process_time() - began,
    }


if __name__ == "__main__":
    print(json.dumps({"files": [prove(file, optimum) for file, optimum in list_optima().items()]}))
