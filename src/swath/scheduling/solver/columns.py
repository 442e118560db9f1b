"""An instance as kernels read it: plain arrays, with what follows from each chance worked out once."""

from typing import NamedTuple

import numpy as np

from swath.compiled import kernel
from swath.scheduling.solver.instance import Bools, Floats, Instance, Ints

# Starts to a tenth of a second and angles to a hundredth of a degree meet their limits exactly, but for rounding: a
# nanosecond to spare keeps the plan valid whichever way a checker adds up.
SPARE_S = 1e-9


class Columns(NamedTuple):
    """Chances (n,), what limits their satellites (crafts,), and the chances of each work.

    `orbit` numbers the orbits of all satellites. `segment` is the first pass that ends after the start of a chance:
    what is captured comes down with that pass or a later one; `inside` tells that it starts during that pass. `by_work`
    lists chances by work, those of work w from `first[w]` to `first[w + 1]`. `ends_s` and `drains_gb` (crafts, passes)
    are filled up with passes that never come.
    """

    work: Ints
    craft: Ints
    start_s: Floats
    end_s: Floats
    seconds: Floats
    value: Floats
    x: Floats
    y: Floats
    z: Floats
    orbit: Ints
    segment: Ints
    inside: Bools
    first: Ints
    by_work: Ints
    settle_s: Floats
    slew_rate_deg_s: Floats
    flat_angles: bool
    captures: Ints
    seconds_per_orbit: Floats
    fill_gb_s: Floats
    capacity_gb: Floats
    drain_gb_s: Floats
    on_board_gb: Floats
    ends_s: Floats
    drains_gb: Floats


def build_columns(instance: Instance) -> Columns:
    """What kernels need of an instance."""
    chances, crafts = instance.chances, instance.crafts
    x, y, z = _aim(chances.roll_deg, chances.pitch_deg, instance.flat_angles)
    segment, inside = find_segments(instance)
    by_work = np.argsort(chances.work, kind="stable")
    passes = 1 + max((len(craft.passes_s) for craft in crafts), default=0)
    return Columns(
        work=chances.work,
        craft=chances.craft,
        start_s=chances.start_s,
        end_s=chances.end_s,
        seconds=chances.end_s - chances.start_s,
        value=chances.value,
        x=x,
        y=y,
        z=z,
        orbit=number_orbits(instance),
        segment=segment,
        inside=inside,
        first=np.searchsorted(chances.work[by_work], np.arange(len(instance.works) + 1)),
        by_work=by_work,
        settle_s=np.array([craft.settle_s for craft in crafts]),
        slew_rate_deg_s=np.array([craft.slew_rate_deg_s for craft in crafts]),
        flat_angles=instance.flat_angles,
        captures=np.array([craft.captures_per_orbit for craft in crafts], np.int64),
        seconds_per_orbit=np.array([craft.seconds_per_orbit for craft in crafts], float),
        fill_gb_s=np.array([craft.fill_gb_s for craft in crafts]),
        capacity_gb=np.array([craft.capacity_gb for craft in crafts]),
        drain_gb_s=np.array([craft.drain_gb_s for craft in crafts]),
        on_board_gb=np.array([craft.on_board_gb for craft in crafts]),
        ends_s=_fill_up([craft.passes_s[:, 1] for craft in crafts], passes, np.inf),
        drains_gb=_fill_up([craft.drains_gb for craft in crafts], passes, 0.0),
    )


def number_orbits(instance: Instance) -> Ints:
    """A number for each satellite's each orbit that has a chance, from 0 on, (n,)."""
    pairs = np.stack([instance.chances.craft, instance.chances.orbit], axis=1)
    return np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)


def find_segments(instance: Instance) -> tuple[Ints, Bools]:
    """For each chance the first pass that ends after its start, and whether it starts during that pass, (n,) each."""
    chances = instance.chances
    segment, inside = np.zeros(len(chances), np.int64), np.zeros(len(chances), bool)
    for i, craft in enumerate(instance.crafts):
        rows = instance.slice_of(i)
        starts_s = np.append(craft.passes_s[:, 0], np.inf)
        segment[rows] = np.searchsorted(craft.passes_s[:, 1], chances.start_s[rows], side="right")
        inside[rows] = chances.start_s[rows] >= starts_s[segment[rows]]
    return segment, inside


@kernel
def fits(columns: Columns, a: int, b: int) -> bool:
    """Whether the satellite of two chances, of which `a` starts first, has time to settle and turn in between.

    Where it has, it has for any two further apart, too (`slew.py`): fitting is transitive.
    """
    craft = columns.craft[a]
    spare_s = columns.start_s[b] - columns.end_s[a] - columns.settle_s[craft] - SPARE_S
    if spare_s < 0.0:
        return False
    dx, dy, dz = columns.x[a] - columns.x[b], columns.y[a] - columns.y[b], columns.z[a] - columns.z[b]
    chord = spare_s * columns.slew_rate_deg_s[craft]
    if not columns.flat_angles:
        chord = 2.0 * np.sin(np.radians(min(chord, 180.0)) / 2.0)
    return bool(chord * chord >= dx * dx + dy * dy + dz * dz)


def _aim(roll_deg: Floats, pitch_deg: Floats, flat_angles: bool) -> tuple[Floats, Floats, Floats]:
    """Lines of sight: unit vectors as in `slew.compute_pointing`, or degrees in a plane."""
    if flat_angles:
        return roll_deg, pitch_deg, np.zeros(len(roll_deg))
    roll, pitch = np.radians(roll_deg), np.radians(pitch_deg)
    return np.cos(roll) * np.sin(pitch), np.sin(roll), np.cos(roll) * np.cos(pitch)


def _fill_up(rows: list[Floats], width: int, with_what: float) -> Floats:
    full = np.full((len(rows), width), with_what)
    for i, row in enumerate(rows):
        full[i, : len(row)] = row
    return full
