"""How long an instant answer takes on a full schedule: `python benchmarks/bench_insertion.py`.

Goal: median below 5 ms and 99th percentile below 50 ms with 1,000 captures placed.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import count

from swath.fleet import Agility, Duty
from swath.scheduling import (
    EMERGENCY,
    NORMAL,
    WISHLIST,
    Chance,
    Placement,
    Rules,
    Work,
    insert,
    replan,
    verify,
)

SATELLITES = ("A", "B", "C", "D", "E")
DAY_S, ORBIT_S = 86_400.0, 5_700.0
PLACED = 1_000
RULES = Rules(
    dict.fromkeys(SATELLITES, Agility(30.0, 20.0, settle_s=6.0, slew_rate_deg_s=1.5)),
    dict.fromkeys(SATELLITES, Duty(captures_per_orbit=25, seconds_per_orbit=400.0)),
)


def build_chance(dice: random.Random, satellite: str) -> Chance:
    """Anywhere in one day, 5 to 15 s long, pointed anywhere within reach."""
    start_s = dice.uniform(7_200.0, DAY_S)
    return Chance(
        satellite=satellite,
        start_s=start_s,
        end_s=start_s + dice.uniform(5.0, 15.0),
        roll_deg=dice.uniform(-30.0, 30.0),
        pitch_deg=dice.uniform(-20.0, 20.0),
        uplink_by_s=start_s - 3_600.0,
        revolution=int(start_s // ORBIT_S),
    )


def build_work(dice: random.Random, number: int, rank: int) -> Work:
    """One to eight chances, as in the synthetic agile day of the design study."""
    chances = tuple(build_chance(dice, dice.choice(SATELLITES)) for _ in range(dice.randint(1, 8)))
    return Work(f"w{number}", rank, chances, f"account-{number % 7}")


def build_blocked(dice: random.Random, number: int, placements: Sequence[Placement]) -> Work:
    """An emergency whose every chance lies upon a capture that is placed."""
    return Work(f"w{number}", EMERGENCY, tuple(p.chance for p in dice.sample(placements, 8)), "rescue")


def fill(dice: random.Random, numbers: count) -> tuple[Placement, ...]:
    """A schedule of PLACED captures, a third of them wishes."""
    placements: tuple[Placement, ...] = ()
    while len(placements) < PLACED:
        rank = dice.choice((NORMAL, NORMAL, WISHLIST))
        placements = insert(build_work(dice, next(numbers), rank), placements, RULES, 0.0).placements
    return placements


def measure_ms(act: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    act()
    return (time.perf_counter() - start_s) * 1e3


def report(name: str, times_ms: Sequence[float]) -> None:
    p99 = sorted(times_ms)[int(0.99 * len(times_ms))]
    print(f"{name:28} median {statistics.median(times_ms):7.2f} ms   p99 {p99:7.2f} ms   n {len(times_ms)}")


def main() -> None:
    dice, numbers = random.Random(1), count()
    placements = fill(dice, numbers)
    print(f"{len(placements)} captures placed on {len(SATELLITES)} satellites in one day")
    for name, rank in (("wish", WISHLIST), ("normal", NORMAL), ("emergency", EMERGENCY)):
        works = [build_work(dice, next(numbers), rank) for _ in range(300)]
        report(f"insert, {name}", [measure_ms(lambda w=w: insert(w, placements, RULES, 0.0)) for w in works])
    blocked = [build_blocked(dice, next(numbers), placements) for _ in range(300)]
    report(
        "insert, blocked emergency",
        [measure_ms(lambda w=w: insert(w, placements, RULES, 0.0)) for w in blocked],
    )
    works = [p.work for p in placements]
    report(
        "replan, nothing changed",
        [measure_ms(lambda: replan(works, placements, RULES, 0.0)) for _ in range(5)],
    )
    report("verify", [measure_ms(lambda: verify(placements, works, RULES)) for _ in range(5)])


if __name__ == "__main__":
    main()
