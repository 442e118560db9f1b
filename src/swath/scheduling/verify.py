"""Whether a schedule keeps the rules, worked out from its raw figures; shares no code with what made it.

Every pair and every orbit is looked at, with formulas of its own, so that a mistake in the search cannot hide
here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from swath.scheduling.model import EMERGENCY, Chance, Placement, Rules, Work

K = TypeVar("K", bound=Hashable)
Matrix = NDArray[np.float64]

# Float64 POSIX seconds resolve 0.24 microseconds; the arc cosine below is good to a few more.
TOLERANCE_S = 1e-5
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
    sound = [p for p in placements if _is_sound(p.chance, rules)]
    return (
        *_check_works(placements, known),
        *(_unsound(p) for p in placements if not _is_sound(p.chance, rules)),
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
    figures = (chance.start_s, chance.end_s, chance.roll_deg, chance.pitch_deg)
    known = chance.satellite in rules.agility and chance.satellite in rules.duty
    return known and bool(np.isfinite(figures).all()) and chance.start_s < chance.end_s


def _unsound(placement: Placement) -> Violation:
    chance = placement.chance
    message = f"no capture: {chance.satellite} from {chance.start_s} to {chance.end_s}"
    return Violation("sound", (placement.work.id,), message)


def _check_spacing(placements: Sequence[Placement], rules: Rules, flat_angles: bool) -> Iterator[Violation]:
    for satellite, lane in _group(placements, lambda p: p.chance.satellite).items():
        agility = rules.agility[satellite]
        chances = [p.chance for p in lane]
        turns_deg = _measure_flat_deg(chances) if flat_angles else _compute_turns_deg(chances)
        needed_s = agility.settle_s + turns_deg / agility.slew_rate_deg_s
        found_s = _compute_gaps_s(chances)
        for i, j in np.argwhere(np.triu(found_s < needed_s - TOLERANCE_S, k=1)):
            message = (
                f"{found_s[i, j]:.6f} s between two captures of {satellite}, needed {needed_s[i, j]:.6f} s"
            )
            yield Violation("spacing", (lane[i].work.id, lane[j].work.id), message)


def _compute_gaps_s(chances: Sequence[Chance]) -> Matrix:
    """Seconds from the end of one to the start of the other, for every pair; negative where they overlap."""
    starts, ends = np.array([c.start_s for c in chances]), np.array([c.end_s for c in chances])
    return np.maximum(starts[:, None] - ends[None, :], starts[None, :] - ends[:, None])


def _compute_turns_deg(chances: Sequence[Chance]) -> Matrix:
    """Angles between all lines of sight: roll is a latitude and pitch a longitude on the sphere of
    directions, so this is the spherical law of cosines.
    """
    roll, pitch = np.radians([(c.roll_deg, c.pitch_deg) for c in chances]).T
    level = np.cos(roll)[:, None] * np.cos(roll)[None, :] * np.cos(pitch[:, None] - pitch[None, :])
    return np.degrees(np.arccos(np.clip(np.sin(roll)[:, None] * np.sin(roll)[None, :] + level, -1.0, 1.0)))


def _measure_flat_deg(chances: Sequence[Chance]) -> Matrix:
    roll, pitch = np.array([(c.roll_deg, c.pitch_deg) for c in chances]).T
    return np.sqrt((roll[:, None] - roll[None, :]) ** 2 + (pitch[:, None] - pitch[None, :]) ** 2)


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
        filled_gb = memory.fill_gb_s * _count_within(captures, middles) * np.diff(times)
        drained_gb = memory.drain_gb_s * _count_within(passes, middles) * np.diff(times)
        board_gb, fullest_gb, when_s = rules.on_board_gb.get(satellite, 0.0), 0.0, 0.0
        for until_s, change_gb in zip(times[1:].tolist(), (filled_gb - drained_gb).tolist(), strict=True):
            board_gb = max(0.0, board_gb + change_gb)
            if change_gb > 0.0 and board_gb > fullest_gb:
                fullest_gb, when_s = board_gb, until_s
        if fullest_gb > memory.capacity_gb + TOLERANCE_GB:
            ids = tuple(p.work.id for p in lane if p.chance.start_s < when_s)
            held = f"{fullest_gb:.6f} GB on board of {satellite} at {when_s}, capacity {memory.capacity_gb}"
            yield Violation("memory", ids, held)


def _count_within(spans: Matrix, moments_s: Matrix) -> Matrix:
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
