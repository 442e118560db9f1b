"""The live schedule as an instance: what chances are worth, who keeps a place, and the plan back as placements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from swath.scheduling.answers.notice import may_be_promised
from swath.scheduling.answers.obstacles import is_fixed
from swath.scheduling.model import Chance, Placement, Rules, Work
from swath.scheduling.solver.instance import NOWHERE, Chances, Craft, Instance, Ints, Works, sort_chances

# To be served at all is worth more than any preference, twice that to work that is worth two. Chances come by
# preference, each worth a step less than the one before; of works of one rank the older is worth a little more.
SERVED, STEP, STEPS, AGE = 1_000.0, 10.0, 20, 5.0
# A capture that has a place moves only for a gain of more than this, and for more the nearer its command is.
MOVE, LATE_MOVE, LATE_S = 15.0, 60.0, 3 * 3_600.0


@dataclass(frozen=True)
class Live:
    """An instance, with the work and chance that each of its rows stands for, and what was fixed before."""

    instance: Instance
    rows: tuple[tuple[Work, Chance], ...]
    placements: tuple[Placement, ...]


def build_live(works: Iterable[Work], placements: Sequence[Placement], rules: Rules, now_s: float) -> Live:
    """All works with their chances, in order of creation; who is placed has to keep a place, who is frozen that one.

    `placements` must keep the rules together.
    """
    placed = {placement.work.id: placement for placement in placements}
    known = {work.id: work for work in works}
    everyone = [*known.values(), *(p.work for p in placements if p.work.id not in known)]
    satellites = sorted(rules.agility.keys() & rules.duty.keys())
    entries = [
        (number, work, chance, value)
        for number, work in enumerate(everyone)
        for chance, value in _weigh(work, placed.get(work.id), number / len(everyone), rules, now_s)
    ]
    chances, order = sort_chances(_build_chances(entries, satellites))
    rows = tuple((entries[i][1], entries[i][2]) for i in order.tolist())
    instance = Instance(
        crafts=tuple(_build_craft(name, rules) for name in satellites),
        chances=chances,
        works=_build_works(everyone, rows, chances.work, placed, now_s),
    )
    return Live(instance, rows, tuple(placements))


def read_placements(live: Live, chosen: Ints) -> tuple[Placement, ...]:
    """The placements that a plan stands for; those that were frozen are so again."""
    frozen = {placement.work.id for placement in live.placements if placement.frozen}
    return tuple(
        Placement(work, chance, work.id in frozen) for work, chance in (live.rows[i] for i in chosen.tolist())
    )


def _weigh(
    work: Work, placement: Placement | None, age: float, rules: Rules, now_s: float
) -> list[tuple[Chance, float]]:
    """The chances that count, with their values. `age` is 0 for the oldest work, and less than 1."""
    if placement is not None and is_fixed(placement, now_s):
        return [(placement.chance, SERVED * work.worth)]
    here = placement.chance if placement is not None else None
    served = SERVED * work.worth + AGE * (1.0 - age)
    return [
        (chance, served - STEP * min(i, STEPS) + _weigh_staying(chance, here, now_s))
        for i, chance in enumerate(work.chances)
        if chance == here or may_be_promised(work, chance, rules, now_s)
    ]


def _weigh_staying(chance: Chance, here: Chance | None, now_s: float) -> float:
    if chance != here:
        return 0.0
    left_s = np.clip(chance.uplink_by_s - now_s, 0.0, LATE_S)
    return float(MOVE + (LATE_MOVE - MOVE) * (1.0 - left_s / LATE_S))


def _build_chances(entries: Sequence[tuple[int, Work, Chance, float]], satellites: Sequence[str]) -> Chances:
    craft = {name: i for i, name in enumerate(satellites)}
    chances = [chance for _, _, chance, _ in entries]
    return Chances(
        work=np.array([number for number, *_ in entries], np.int64),
        craft=np.array([craft[chance.satellite] for chance in chances], np.int64),
        start_s=np.array([chance.start_s for chance in chances], float),
        end_s=np.array([chance.end_s for chance in chances], float),
        roll_deg=np.array([chance.roll_deg for chance in chances], float),
        pitch_deg=np.array([chance.pitch_deg for chance in chances], float),
        value=np.array([value for *_, value in entries], float),
        orbit=np.array([chance.revolution for chance in chances], np.int64),
        open=np.ones(len(chances), bool),
    )


def _build_works(
    everyone: Sequence[Work],
    rows: Sequence[tuple[Work, Chance]],
    work_of: Ints,
    placed: dict[str, Placement],
    now_s: float,
) -> Works:
    place = np.full(len(everyone), NOWHERE, np.int64)
    for row, (work, chance) in enumerate(rows):
        if work.id in placed and placed[work.id].chance == chance:
            place[work_of[row]] = row
    fixed = [work.id in placed and is_fixed(placed[work.id], now_s) for work in everyone]
    return Works(
        level=np.array([work.rank for work in everyone], np.int64),
        place=place,
        kept=place != NOWHERE,
        fixed=np.array(fixed, bool) & (place != NOWHERE),
    )


def _build_craft(name: str, rules: Rules) -> Craft:
    agility, duty, memory = rules.agility[name], rules.duty[name], rules.memory.get(name)
    craft = Craft(
        name, agility.settle_s, agility.slew_rate_deg_s, duty.captures_per_orbit, duty.seconds_per_orbit
    )
    if memory is None:
        return craft
    return replace(
        craft,
        fill_gb_s=memory.fill_gb_s,
        capacity_gb=memory.capacity_gb,
        drain_gb_s=memory.drain_gb_s,
        on_board_gb=rules.on_board_gb.get(name, 0.0),
        passes_s=np.array(rules.passes.get(name, ()), float).reshape(-1, 2),
    )
