"""Why not? Asked of hundreds of refusals on crowded days, and every answer checked by the figures."""

import random
from collections import Counter

import pytest
from tests.scheduling.refusal_judge import check_refusal, check_remedies
from tests.scheduling.scheduling_world import AGILITY

from swath.fleet.model import Duty, Memory
from swath.scheduling import EMERGENCY, NORMAL, WISHLIST, Chance, Excluded, Placement, Rules, Work, insert

ORBIT_S, DAY_S, NOW_S = 600.0, 6_000.0, 900.0
SATELLITES = "ABC"


def draw_rules(dice: random.Random) -> Rules:
    """Orbits, memories and passes so narrow that each is what refuses some work."""
    duty = Duty(dice.choice([4, 9]), dice.choice([60.0, 200.0]))
    memory = Memory(dice.choice([40.0, 90.0]), 1.0, dice.choice([0.1, 0.6]))
    passes = tuple(
        (t + dice.uniform(0, 300), t + 400.0) for t in range(500, 6_000, dice.choice([700, 2_000]))
    )
    return Rules(
        dict.fromkeys(SATELLITES, AGILITY),
        dict.fromkeys(SATELLITES, duty),
        dict.fromkeys(SATELLITES[1:], memory),
        dict.fromkeys(SATELLITES, passes),
    )


def draw_chance(dice: random.Random, begin_s: float = 0.0) -> Chance:
    start_s = dice.uniform(begin_s, DAY_S)
    return Chance(
        satellite=dice.choice(SATELLITES),
        start_s=start_s,
        end_s=start_s + dice.uniform(3.0, 25.0),
        roll_deg=dice.uniform(-30.0, 30.0),
        pitch_deg=dice.uniform(-20.0, 20.0),
        uplink_by_s=start_s - dice.uniform(100.0, 1_500.0),
        revolution=int(start_s // ORBIT_S),
    )


def draw_work(dice: random.Random, number: int) -> Work:
    ranks = [EMERGENCY, NORMAL, NORMAL, NORMAL, WISHLIST, WISHLIST]
    window_s = dice.uniform(0.0, DAY_S)
    chances = tuple(draw_chance(dice, window_s) for _ in range(dice.randint(0, 4)))
    return Work(f"w{number}", dice.choice(ranks), chances, dice.choice("xyz"), tuple(draw_excluded(dice)))


def draw_excluded(dice: random.Random):
    for _ in range(dice.randint(0, 3)):
        chance = draw_chance(dice)
        figures = {"outside_s": dice.uniform(1.0, 30_000.0), "at": dice.choice(("start", "end", "both"))}
        yield Excluded("OUTSIDE_WINDOW", chance.satellite, chance.start_s, figures, chance)


def draw_day(dice: random.Random, rules: Rules) -> tuple[Placement, ...]:
    """A schedule as it grows when nobody has looked back; a fifth of it commanded."""
    placements: tuple[Placement, ...] = ()
    for number in range(130):
        placements = insert(draw_work(dice, number), placements, rules, 0.0).placements
    return tuple(Placement(p.work, p.chance, dice.random() < 0.2) for p in placements)


def ask(seed: int, asked: int, codes: Counter, remedies: Counter) -> None:
    dice = random.Random(seed)
    rules = draw_rules(dice)
    placements = draw_day(dice, rules)
    refused = 0
    while refused < asked:
        work = draw_work(dice, 10_000 + refused)
        refusal = insert(work, placements, rules, NOW_S).refusal
        if refusal is not None:
            refused += 1
            check_refusal(refusal, work, placements, rules, NOW_S)
            remedies.update(check_remedies(refusal, work, placements, rules, NOW_S))
            codes.update(finding.code for finding in refusal.findings)


def test_a_hundred_refusals_prove_themselves():
    codes, remedies = Counter(), Counter()
    for seed in range(5):
        ask(seed, 20, codes, remedies)
    assert set(codes) >= {"CONFLICT", "FROZEN", "LOWER_VALUE", "DUTY", "MEMORY", "UPLINK_DEADLINE"}
    assert set(remedies) == {"ASK_AS_EMERGENCY", "CANCEL", "WIDEN_WINDOW"}


@pytest.mark.slow
def test_thousands_of_refusals_prove_themselves():
    codes, remedies = Counter(), Counter()
    for seed in range(100, 160):
        ask(seed, 50, codes, remedies)
    assert min(codes.values()) > 100, codes
    assert min(remedies.values()) > 20, remedies
