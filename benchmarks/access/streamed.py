"""A work too large to keep, streamed in a process of its own: `python -m benchmarks.access.streamed W4`."""

import json
import resource
import sys
import time

from benchmarks.access import ours
from benchmarks.access.works import ELEVATION, Work, build_works

KIB = 1024


def measure(work: Work, warm_up: Work) -> dict[str, float]:
    """Seconds, accesses and the peak of resident memory in bytes, interpreter and libraries included."""
    ours.count_streamed(warm_up, ELEVATION)
    start_s = time.perf_counter()
    events = ours.count_streamed(work, ELEVATION)
    seconds = time.perf_counter() - start_s
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"ours_s": seconds, "ours_events": events, "peak_bytes": peak * KIB}


if __name__ == "__main__":
    works = build_works()
    print(json.dumps(measure(works[sys.argv[1]], works["W2"])))
