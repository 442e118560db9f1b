"""Small random problems of every kind, and what another solver makes of them."""

import numpy as np

from swath.scheduling.solver.columns import build_columns, fits
from swath.scheduling.solver.instance import (
    NOWHERE,
    Chances,
    Craft,
    Instance,
    Works,
    sort_chances,
)

DAY_S = 20_000.0
ORBIT_S = 5_700.0


def random_instance(
    seed: int,
    *,
    works: int = 12,
    crafts: int = 2,
    levels: int = 1,
    span_s: float = 3_000.0,
    capacity_gb: float = 60.0,
) -> Instance:
    """Crowded: captures of 10 to 40 s that start within `span_s`, a duty and a memory that bind, passes in between."""
    random = np.random.default_rng(seed)
    count = random.integers(1, 6, works)
    work = np.repeat(np.arange(works), count)
    n = len(work)
    start_s = np.round(random.uniform(0.0, span_s, n), 1)
    chances = Chances(
        work=work,
        craft=random.integers(0, crafts, n),
        start_s=start_s,
        end_s=start_s + random.integers(10, 41, works)[work],
        roll_deg=np.round(random.uniform(-30.0, 30.0, n), 2),
        pitch_deg=random.choice([-24.0, -12.0, 0.0, 12.0, 24.0], n),
        value=random.integers(1, 100, n).astype(float),
        orbit=np.floor(start_s / ORBIT_S).astype(np.int64),
        open=random.random(n) < 0.95,
    )
    nobody = np.zeros(works, bool)
    return Instance(
        crafts=tuple(_random_craft(random, str(i), span_s, capacity_gb) for i in range(crafts)),
        chances=sort_chances(chances)[0],
        works=Works(
            random.integers(0, levels, works), np.full(works, NOWHERE, np.int64), nobody.copy(), nobody.copy()
        ),
        flat_angles=bool(random.random() < 0.5),
    )


def _random_craft(random: np.random.Generator, name: str, span_s: float, capacity_gb: float) -> Craft:
    starts = np.sort(random.uniform(0.0, span_s, 3))
    ends = np.minimum(starts + random.uniform(50.0, 300.0, 3), np.append(starts[1:], span_s) - 1.0)
    long_enough = ends > starts
    return Craft(
        id=name,
        settle_s=6.0,
        slew_rate_deg_s=1.5,
        captures_per_orbit=int(random.integers(3, 8)),
        seconds_per_orbit=float(random.integers(80, 200)),
        fill_gb_s=0.8,
        capacity_gb=capacity_gb,
        drain_gb_s=0.15,
        passes_s=np.stack([starts, ends], axis=1)[long_enough],
    )


def find_conflicts(instance: Instance) -> list[tuple[int, int]]:
    """Pairs of chances of one satellite that a plan cannot hold both, by looking at every pair."""
    columns = build_columns(instance)
    craft, n = instance.chances.craft, len(instance.chances)
    return [
        (a, b) for a in range(n) for b in range(a + 1, n) if craft[a] == craft[b] and not fits(columns, a, b)
    ]
