"""Whether a plan for an instance keeps its rules: the instance's columns told as placements to `verify`."""

from collections.abc import Iterator, Sequence

import numpy as np

from swath.fleet.model import Agility, Duty, Memory
from swath.scheduling.model import Chance, Placement, Rules, Work
from swath.scheduling.solver.instance import Instance
from swath.scheduling.verify import Violation, verify


def verify_plan(instance: Instance, chosen: Sequence[int]) -> tuple[Violation, ...]:
    """Every rule that a plan for an instance breaks; works are named by their numbers, chances by theirs.

    Beside what `verify` checks: chances exist and are open, and works that are kept or fixed have their places.
    """
    rows = [int(row) for row in chosen]
    strange = [row for row in rows if not 0 <= row < len(instance.chances)]
    if strange:
        return (Violation("chance", (), f"there are no chances {strange[:5]}"),)
    placements = [_place(instance, row) for row in rows]
    rules = _rules_of(instance)
    works = [placement.work for placement in placements]
    return (
        *verify(placements, works, rules, flat_angles=instance.flat_angles),
        *_check_open(instance, rows),
        *_check_held(instance, rows),
    )


def _place(instance: Instance, row: int) -> Placement:
    chances = instance.chances
    chance = Chance(
        satellite=str(chances.craft[row]),
        start_s=float(chances.start_s[row]),
        end_s=float(chances.end_s[row]),
        roll_deg=float(chances.roll_deg[row]),
        pitch_deg=float(chances.pitch_deg[row]),
        uplink_by_s=float(chances.start_s[row]),
        revolution=int(chances.orbit[row]),
    )
    return Placement(Work(str(chances.work[row]), 0, (chance,), ""), chance, frozen=True)


def _rules_of(instance: Instance) -> Rules:
    named = {str(i): craft for i, craft in enumerate(instance.crafts)}
    limited = {name: craft for name, craft in named.items() if np.isfinite(craft.capacity_gb)}
    return Rules(
        agility={
            name: Agility(90.0, 90.0, craft.settle_s, craft.slew_rate_deg_s) for name, craft in named.items()
        },
        duty={name: Duty(craft.captures_per_orbit, craft.seconds_per_orbit) for name, craft in named.items()},
        memory={
            name: Memory(craft.capacity_gb, craft.fill_gb_s, craft.drain_gb_s)
            for name, craft in limited.items()
        },
        passes={name: [(a, b) for a, b in craft.passes_s.tolist()] for name, craft in limited.items()},
        on_board_gb={name: craft.on_board_gb for name, craft in limited.items()},
    )


def _check_open(instance: Instance, rows: Sequence[int]) -> Iterator[Violation]:
    for row in rows:
        work = int(instance.chances.work[row])
        if not instance.chances.open[row] and instance.works.place[work] != row:
            yield Violation("open", (str(work),), f"chance {row} can no longer be commanded")


def _check_held(instance: Instance, rows: Sequence[int]) -> Iterator[Violation]:
    works, placed = instance.works, {int(instance.chances.work[row]): row for row in rows}
    for work in np.flatnonzero(works.kept | works.fixed).tolist():
        if work not in placed:
            yield Violation("kept", (str(work),), "has lost its place")
        elif works.fixed[work] and placed[work] != works.place[work]:
            yield Violation(
                "fixed", (str(work),), f"was moved from chance {works.place[work]} to {placed[work]}"
            )
