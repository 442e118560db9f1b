"""How long an instant answer takes on a full schedule, with its reasons: `python benchmarks/bench_insertion.py`.

Goal: median below 5 ms and 99th percentile below 50 ms with 1,000 captures placed. Memory, orbits and time to turn
all bind; `blocked` work wants nothing but places that others have, `long` work more memory than there is.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from swath.fleet import Agility, Duty, Memory
from swath.scheduling import (
    EMERGENCY,
    NORMAL,
    WISHLIST,
    Chance,
    Outcome,
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
# A contact of five minutes every forty, which drains what twenty seconds in a hundred fill.
PASSES = tuple((start_s, start_s + 300.0) for start_s in range(0, int(DAY_S), 2_400))
RULES = Rules(
    agility=dict.fromkeys(SATELLITES, Agility(30.0, 20.0, settle_s=6.0, slew_rate_deg_s=1.5)),
    duty=dict.fromkeys(SATELLITES, Duty(captures_per_orbit=25, seconds_per_orbit=400.0)),
    memory=dict.fromkeys(SATELLITES, Memory(capacity_gb=120.0, fill_gb_s=0.8, drain_gb_s=0.15)),
    passes=dict.fromkeys(SATELLITES, PASSES),
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


def build_blocked(dice: random.Random, number: int, placements: Sequence[Placement], rank: int) -> Work:
    """Every chance lies upon a capture that is placed."""
    return Work(f"w{number}", rank, tuple(p.chance for p in dice.sample(placements, 8)), "rescue")


def build_long(dice: random.Random, number: int, rank: int) -> Work:
    """Chances that last so long that they need half of what a memory holds."""
    work = build_work(dice, number, rank)
    return replace(work, chances=tuple(replace(c, end_s=c.start_s + 75.0) for c in work.chances))


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


def report(name: str, times_ms: Sequence[float], note: str = "") -> None:
    p99 = sorted(times_ms)[int(0.99 * len(times_ms))]
    figures = f"median {statistics.median(times_ms):7.2f} ms   p99 {p99:7.2f} ms   n {len(times_ms)}"
    print(f"{name:28} {figures}   {note}", flush=True)


def name_answer(outcome: Outcome) -> str:
    return outcome.refusal.code if outcome.refusal else "moved" if outcome.displaced else "placed"


def report_answers(name: str, works: Sequence[Work], placements: Sequence[Placement]) -> None:
    """Times of the answers to the works, each as if it came alone, and what was answered."""
    answers: Counter[str] = Counter()

    def answer(work: Work) -> None:
        answers[name_answer(insert(work, placements, RULES, 0.0))] += 1

    times_ms = [measure_ms(lambda work=work: answer(work)) for work in works]
    report(name, times_ms, ", ".join(f"{code} {times}" for code, times in answers.most_common()))


def main() -> None:
    dice, numbers = random.Random(1), count()
    placements = fill(dice, numbers)
    print(f"{len(placements)} captures placed on {len(SATELLITES)} satellites in one day")
    for name, rank in (("wish", WISHLIST), ("normal", NORMAL), ("emergency", EMERGENCY)):
        report_answers(name, [build_work(dice, next(numbers), rank) for _ in range(300)], placements)
        blocked = [build_blocked(dice, next(numbers), placements, rank) for _ in range(300)]
        report_answers(f"{name}, blocked", blocked, placements)
        report_answers(
            f"{name}, long", [build_long(dice, next(numbers), rank) for _ in range(300)], placements
        )
    works = [p.work for p in placements]
    report(
        "replan, nothing changed",
        [measure_ms(lambda: replan(works, placements, RULES, 0.0)) for _ in range(5)],
    )
    report("verify", [measure_ms(lambda: verify(placements, works, RULES)) for _ in range(5)])


if __name__ == "__main__":
    main()
