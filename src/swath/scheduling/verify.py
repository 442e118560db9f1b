"""Whether a schedule keeps the rules, worked out from its raw figures; shares no code with what made it.

Every two captures that could be too near and every orbit are looked at, with formulas of its own, so that a mistake in
the search cannot hide here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from swath.scheduling.model import EMERGENCY, Chance, Placement, Rules, Work

K = TypeVar("K", bound=Hashable)
Column = NDArray[np.float64]

# Float64 POSIX seconds resolve 0.24 microseconds; the arc cosine below is good to a few more.
TOLERANCE_S = 1e-5
# No turn is wider, whichever way roll and pitch are read: each is within 180 degrees of zero.
WIDEST_DEG = 510.0
# What a sum of some hundred captures may be off by.
TOLERANCE_GB = 1e-6


@dataclass(frozen=True)
class Violation:
    """A rule that a schedule breaks, the works that break it, and by how much."""

    rule: str
    works: tuple[str, ...]
    message: str


def verify(
    placements: Iterable[Placement], works: Iterable[Work], rules: Rules, *, flat_angles: bool = False
) -> tuple[Violation, ...]:
    """Every rule that the placements break; none for a sound schedule.

    Checked: each work is known and placed once, at one of its own chances unless frozen; captures last longer
    than zero and shorter than for ever; satellites are known; between any two captures of one satellite there
    is time to settle and turn; captures and imaging seconds of every orbit stay within the duty; what is on board
    never exceeds the memory. `flat_angles` takes roll and pitch as a plane (`instance.py`).
    """
    placements, known = tuple(placements), {work.id: work for work in works}
    sound, unsound = list[Placement](), list[Placement]()
    for placement in placements:
        (sound if _is_sound(placement.chance, rules) else unsound).append(placement)
    return (
        *_check_works(placements, known),
        *map(_tell_unsound, unsound),
        *_check_spacing(sound, rules, flat_angles),
        *_check_duty(sound, rules),
        *_check_memory(sound, rules),
    )


def verify_change(
    before: Iterable[Placement], after: Iterable[Placement], now_s: float
) -> tuple[Violation, ...]:
    """Every promise that going from one schedule to the next would break; both must concern work that is still open.

    Checked: frozen placements stay as they are; what is new or moved can still be commanded; work that lost
    its place did so to a newly placed emergency, and was none itself.
    """
    was, now = _by_work(before), _by_work(after)
    return (
        *_check_frozen(was, now),
        *_check_deadlines(was, now, now_s),
        *_check_losses(was, now),
    )


def _by_work(placements: Iterable[Placement]) -> dict[str, Placement]:
    return {placement.work.id: placement for placement in placements}


def _check_works(placements: Sequence[Placement], known: Mapping[str, Work]) -> Iterator[Violation]:
    for work_id, times in Counter(p.work.id for p in placements).items():
        if times > 1:
            yield Violation("once", (work_id,), f"placed {times} times")
    for p in placements:
        if p.work.id not in known and not p.frozen:
            yield Violation("known", (p.work.id,), "placed, but not among the works")
        elif not p.frozen and p.chance not in known[p.work.id].chances:
            yield Violation("chance", (p.work.id,), "placed at a chance that it does not have")


def _is_sound(chance: Chance, rules: Rules) -> bool:
    known = chance.satellite in rules.agility and chance.satellite in rules.duty
    # What is not finite makes no finite sum.
    figures = chance.start_s + chance.end_s + chance.roll_deg + chance.pitch_deg
    return known and isfinite(figures) and chance.start_s < chance.end_s


def _tell_unsound(placement: Placement) -> Violation:
    chance = placement.chance
    message = f"no capture: {chance.satellite} from {chance.start_s} to {chance.end_s}"
    return Violation("sound", (placement.work.id,), message)


def _check_spacing(placements: Sequence[Placement], rules: Rules, flat_angles: bool) -> Iterator[Violation]:
    """Each with the next, with the one after that, and so on until all are further apart than any turn takes."""
    measure_deg = _measure_flat_deg if flat_angles else _compute_turns_deg
    for satellite, placed in _group(placements, lambda p: p.chance.satellite).items():
        agility, lane = rules.agility[satellite], sorted(placed, key=lambda p: p.chance.start_s)
        starts, ends, roll, pitch = _read_columns(lane)
        longest_s = agility.settle_s + WIDEST_DEG / agility.slew_rate_deg_s
        for ahead in range(1, len(lane)):
            i = np.flatnonzero(starts[ahead:] - ends[:-ahead] < longest_s)
            if not len(i):
                break
            j = i + ahead
            turns_deg = measure_deg(roll[i], pitch[i], roll[j], pitch[j])
            needed_s = agility.settle_s + turns_deg / agility.slew_rate_deg_s
            found_s = np.maximum(starts[j] - ends[i], starts[i] - ends[j])
            for k in np.flatnonzero(found_s < needed_s - TOLERANCE_S):
                works = (lane[i[k]].work.id, lane[j[k]].work.id)
                message = (
                    f"{found_s[k]:.6f} s between two captures of {satellite}, needed {needed_s[k]:.6f} s"
                )
                yield Violation("spacing", works, message)


def _read_columns(lane: Sequence[Placement]) -> tuple[Column, ...]:
    """Starts and ends in seconds, roll and pitch in degrees."""
    chances = (placement.chance for placement in lane)
    return tuple(np.array([(c.start_s, c.end_s, c.roll_deg, c.pitch_deg) for c in chances], float).T)


def _compute_turns_deg(roll_a: Column, pitch_a: Column, roll_b: Column, pitch_b: Column) -> Column:
    """Angles between lines of sight: roll is a latitude and pitch a longitude on the sphere of directions, so this is
    the spherical law of cosines.
    """
    ra, pa, rb, pb = (np.radians(angle) for angle in (roll_a, pitch_a, roll_b, pitch_b))
    level = np.cos(ra) * np.cos(rb) * np.cos(pa - pb)
    return np.degrees(np.arccos(np.clip(np.sin(ra) * np.sin(rb) + level, -1.0, 1.0)))


def _measure_flat_deg(roll_a: Column, pitch_a: Column, roll_b: Column, pitch_b: Column) -> Column:
    return np.sqrt((roll_a - roll_b) ** 2 + (pitch_a - pitch_b) ** 2)


def _check_memory(placements: Sequence[Placement], rules: Rules) -> Iterator[Violation]:
    """Filled and drained at constant rates from one event to the next, so that it is fullest at one of them."""
    for satellite, lane in _group(placements, lambda p: p.chance.satellite).items():
        memory = rules.memory.get(satellite)
        if memory is None:
            continue
        captures = np.array([(p.chance.start_s, p.chance.end_s) for p in lane], float)
        passes = np.array(rules.passes.get(satellite, ()), float).reshape(-1, 2)
        times = np.unique(np.concatenate([captures, passes[passes[:, 0] < captures[:, 1].max()]]))
        middles = (times[:-1] + times[1:]) / 2
        rate_gb_s = memory.fill_gb_s * _count_within(captures, middles)
        rate_gb_s -= memory.drain_gb_s * _count_within(passes, middles)
        board_gb = _sum_above_zero(rules.on_board_gb.get(satellite, 0.0), rate_gb_s * np.diff(times))
        # What was too much before is nobody's fault who captures nothing then.
        grown_gb = np.where(rate_gb_s > 0.0, board_gb, 0.0)
        fullest = int(grown_gb.argmax())
        if grown_gb[fullest] > memory.capacity_gb + TOLERANCE_GB:
            when_s = times[fullest + 1]
            ids = tuple(p.work.id for p in lane if p.chance.start_s < when_s)
            held = f"{grown_gb[fullest]:.6f} GB on board of {satellite} at {when_s}, capacity {memory.capacity_gb}"
            yield Violation("memory", ids, held)


def _sum_above_zero(first: float, changes: Column) -> Column:
    """The sums (n,) of what is there first and changes (n,), one after another, where nothing falls below zero."""
    sums = first + np.cumsum(changes)
    return sums - np.minimum(np.minimum.accumulate(sums), 0.0)


def _count_within(spans: Column, moments_s: Column) -> Column:
    """How many of spans (k, 2) hold each of the moments (n,)."""
    begun = np.searchsorted(np.sort(spans[:, 0]), moments_s, side="right")
    return (begun - np.searchsorted(np.sort(spans[:, 1]), moments_s, side="right")).astype(float)


def _check_duty(placements: Sequence[Placement], rules: Rules) -> Iterator[Violation]:
    for (satellite, revolution), orbit in _group(placements, _orbit_of).items():
        duty, ids = rules.duty[satellite], tuple(p.work.id for p in orbit)
        seconds = sum(p.chance.end_s - p.chance.start_s for p in orbit)
        if len(orbit) > duty.captures_per_orbit:
            message = (
                f"{len(orbit)} captures in orbit {revolution} of {satellite}, limit {duty.captures_per_orbit}"
            )
            yield Violation("captures", ids, message)
        if seconds > duty.seconds_per_orbit + TOLERANCE_S:
            message = f"{seconds:.3f} s in orbit {revolution} of {satellite}, limit {duty.seconds_per_orbit}"
            yield Violation("seconds", ids, message)


def _orbit_of(placement: Placement) -> tuple[str, int]:
    return placement.chance.satellite, placement.chance.revolution


def _group(placements: Iterable[Placement], key: Callable[[Placement], K]) -> Mapping[K, Sequence[Placement]]:
    groups: dict[K, list[Placement]] = defaultdict(list)
    for placement in placements:
        groups[key(placement)].append(placement)
    return groups


def _check_frozen(was: Mapping[str, Placement], now: Mapping[str, Placement]) -> Iterator[Violation]:
    for work_id, placement in was.items():
        after = now.get(work_id)
        if placement.frozen and (after is None or not after.frozen or after.chance != placement.chance):
            yield Violation("frozen", (work_id,), "was commanded, and is not as it was")


def _check_deadlines(
    was: Mapping[str, Placement], now: Mapping[str, Placement], now_s: float
) -> Iterator[Violation]:
    for work_id, placement in now.items():
        if _is_new(placement, was) and now_s >= placement.chance.uplink_by_s:
            late_s = now_s - placement.chance.uplink_by_s
            yield Violation("uplink", (work_id,), f"newly placed {late_s:.3f} s after its uplink deadline")


def _check_losses(was: Mapping[str, Placement], now: Mapping[str, Placement]) -> Iterator[Violation]:
    urgent = any(p.work.rank == EMERGENCY for work_id, p in now.items() if work_id not in was)
    for work_id, placement in was.items():
        if work_id not in now and (placement.work.rank == EMERGENCY or not urgent):
            yield Violation("promise", (work_id,), "lost its place, and not to an emergency")


def _is_new(placement: Placement, was: Mapping[str, Placement]) -> bool:
    before = was.get(placement.work.id)
    return before is None or before.chance != placement.chance
