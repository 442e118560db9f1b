"""How long a customer waits for candidates, from POST to ACTIVE: `python benchmarks/bench_plan_http.py`.

A sandbox server of its own on the loopback; areas of about half a degree anywhere, five satellites, fourteen days. The
last line is the search alone, in this process: what is above it is HTTP, storage, the job and asking again.
"""

import math
import random
import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shapely.geometry import shape

from swath.cli.throwaway import running_server
from swath.client import Swath
from swath.fleet import load_bundled_elements, load_fleet
from swath.planning import Terms, find_candidates

SATELLITES = ("GRUS-1A", "GRUS-1B", "GRUS-1C", "GRUS-1D", "GRUS-1E")
AREAS, DAYS = 30, 14
OFF_NADIR = (0.0, 30.0)
HIGHEST_DEG, SIZE_DEG = 70.0, 0.5
ASK_AGAIN_S = 0.005


def draw_area(dice: random.Random) -> dict[str, Any]:
    """A box of 56 km by 56 km, equally likely anywhere between the parallels."""
    reach = math.sin(math.radians(HIGHEST_DEG))
    west, south = dice.uniform(-179, 178), math.degrees(math.asin(dice.uniform(-reach, reach)))
    east, north = min(west + SIZE_DEG / math.cos(math.radians(south)), 180.0), south + SIZE_DEG
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def time_plan(service: Swath, area: dict[str, Any], now: datetime) -> tuple[float, float]:
    """Milliseconds until the plan is accepted, and until its candidates are there."""
    end = now + timedelta(days=DAYS)
    start_s = time.perf_counter()
    plan = service.create_plan("area", area, now, end, off_nadir_range=OFF_NADIR, satellites=SATELLITES)
    accepted_s = time.perf_counter()
    while plan.properties.status == "PROCESSING":
        time.sleep(ASK_AGAIN_S)
        plan = service.plan(plan.id)
    if plan.properties.status != "ACTIVE":
        raise SystemExit(f"the plan became {plan.properties.status}")
    return (accepted_s - start_s) * 1e3, (time.perf_counter() - start_s) * 1e3


def time_search(area: dict[str, Any], now: datetime) -> float:
    """Milliseconds of the search alone."""
    fleet, elements = load_fleet(), {one.name: one for one in load_bundled_elements()}
    now_s = now.timestamp()
    start_s = time.perf_counter()
    terms = Terms(now_s, now_s + DAYS * 86_400.0, OFF_NADIR, fleet.limits, now_s)
    members = [(fleet.satellites[name], elements[name]) for name in SATELLITES]
    find_candidates(shape(area), terms, members, fleet.stations)
    return (time.perf_counter() - start_s) * 1e3


def report(name: str, times_ms: Sequence[float]) -> None:
    p99 = sorted(times_ms)[int(0.99 * len(times_ms))]
    print(f"{name:28} median {statistics.median(times_ms):7.1f} ms   p99 {p99:7.1f} ms   n {len(times_ms)}")


def main() -> None:
    dice = random.Random(1)
    # The first one pays for what is loaded late, here and there; it does not count.
    areas = [draw_area(dice) for _ in range(AREAS + 1)]
    with (
        running_server(keep=False) as server,
        Swath(server.url, server.client_id, server.client_secret) as service,
    ):
        now = service.clock().now
        walks = [time_plan(service, area, now) for area in areas][1:]
    report("POST answered", [accepted for accepted, _ in walks])
    report("POST to ACTIVE", [active for _, active in walks])
    report("the search alone", [time_search(area, now) for area in areas][1:])


if __name__ == "__main__":
    main()
