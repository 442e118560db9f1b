"""What each chance of a work met: a code, the figures that measure it, and by name whatever is in the way."""

from collections.abc import Iterable, Iterator
from typing import Any

from swath.clock import from_seconds
from swath.scheduling.answers.memory import Overflow
from swath.scheduling.answers.obstacles import Obstacles, find_obstacles, is_fixed, is_known
from swath.scheduling.answers.timetable import Timetable
from swath.scheduling.answers.yielding import find_relief
from swath.scheduling.model import Blocker, Chance, Excluded, Finding, Placement, Rules, Work

Figures = dict[str, Any]


def find_findings(table: Timetable, work: Work, rules: Rules, now_s: float) -> tuple[Finding, ...]:
    """A finding for every chance of work that has no place in the timetable, then one for every excluded one.

    Taking the blockers of a finding out of the timetable makes its chance free; there are none when nothing that
    is there could help.
    """
    return tuple(_find_findings(table, work, rules, now_s))


def _find_findings(table: Timetable, work: Work, rules: Rules, now_s: float) -> Iterator[Finding]:
    for chance in work.chances:
        if not is_known(chance, rules):
            yield Finding("NO_ACCESS", chance.satellite, chance.start_s, {}, chance=chance)
        elif now_s >= chance.uplink_by_s:
            yield _tell_late(chance, now_s)
        else:
            yield _tell_met(find_obstacles(table, chance, rules), work, rules, now_s)
    for one in work.excluded:
        excess = _measure_excess(one)
        yield Finding(one.code, one.satellite, one.start_s, one.figures, distance=excess, chance=one.chance)


def _measure_excess(one: Excluded) -> float:
    """By how much it is outside of the limit that ruled it out."""
    figures = one.figures
    if one.code == "GEOMETRY":
        return abs(figures["found_deg"] - figures["limit_deg"])
    return figures.get("outside_s", 0.0)


def _tell_late(chance: Chance, now_s: float) -> Finding:
    missed_s = now_s - chance.uplink_by_s
    figures = {
        "satellite": chance.satellite,
        "uplink_by": format_s(chance.uplink_by_s),
        "missed_by_s": round(missed_s, 3),
    }
    return Finding(
        "UPLINK_DEADLINE", chance.satellite, chance.start_s, figures, distance=missed_s, chance=chance
    )


def _tell_met(obstacles: Obstacles, work: Work, rules: Rules, now_s: float) -> Finding:
    chance = obstacles.chance
    relief = find_relief(obstacles, lambda crowd: _choose_easiest(crowd, now_s), rules)
    in_the_way = (*obstacles.blockers, *(relief or ()))
    blockers = () if relief is None else tuple(_name(placement, now_s) for placement in in_the_way)
    code = _code(obstacles, work, now_s) if relief is not None else _code_of_crowd(obstacles)
    full = code == "MEMORY" and obstacles.overflow
    return Finding(
        code=code,
        satellite=chance.satellite,
        start_s=chance.start_s,
        figures={
            "satellite": chance.satellite,
            "never_fits": relief is None,
            **_measure(obstacles, rules),
        },
        blockers=blockers,
        distance=full.over_gb if full else obstacles.missing_s,
        chance=chance,
    )


def _code(obstacles: Obstacles, work: Work, now_s: float) -> str:
    """What kind of obstacle it is. The firmest blocker decides."""
    if obstacles.none:
        return "WAITING"
    if any(is_fixed(p, now_s) for p in obstacles.blockers):
        return "FROZEN"
    if any(p.work.rank > work.rank for p in obstacles.blockers):
        return "LOWER_VALUE"
    return _code_of_crowd(obstacles) if obstacles.crowded else "CONFLICT"


def _code_of_crowd(obstacles: Obstacles) -> str:
    return "DUTY" if obstacles.duty.over else "MEMORY"


def _measure(obstacles: Obstacles, rules: Rules) -> Figures:
    """The figures of all that keeps the chance out."""
    return {
        **(_spacing(obstacles, rules) if obstacles.blockers else {}),
        **(_allowance(obstacles) if obstacles.duty.over else {}),
        **(_memory(obstacles.overflow) if obstacles.overflow else {}),
    }


def _spacing(obstacles: Obstacles, rules: Rules) -> Figures:
    """How much time is missing, without telling on which side of the chance."""
    agility = rules.agility[obstacles.chance.satellite]
    return {
        "missing_s": round(obstacles.missing_s, 3),
        "settle_s": agility.settle_s,
        "slew_rate_deg_s": agility.slew_rate_deg_s,
    }


def _allowance(obstacles: Obstacles) -> Figures:
    """How much the orbit would hold with the chance in it, and how much it may."""
    duty = obstacles.duty
    return {
        "revolution": obstacles.chance.revolution,
        "captures_needed": duty.captures,
        "captures_limit": duty.captures_limit,
        "seconds_needed": round(duty.seconds, 3),
        "seconds_limit": duty.seconds_limit,
    }


def _memory(overflow: Overflow) -> Figures:
    """From which pass until which the memory would be over, and the sum that says so."""
    return {
        "since": None if overflow.since_s is None else format_s(overflow.since_s),
        "until": None if overflow.until_s is None else format_s(overflow.until_s),
        "left_gb": round(overflow.left_gb, 6),
        "captured_gb": round(overflow.captured_gb, 6),
        "drained_gb": round(overflow.drained_gb, 6),
        "capacity_gb": overflow.capacity_gb,
        "over_gb": round(overflow.over_gb, 6),
    }


def _choose_easiest(crowd: Iterable[Placement], now_s: float) -> Placement | None:
    ranked = sorted(crowd, key=lambda p: (is_fixed(p, now_s), p.work.rank, -p.chance.seconds, p.work.id))
    return next(iter(ranked), None)


def _name(placement: Placement, now_s: float) -> Blocker:
    return Blocker(placement.work.id, placement.work.owner, is_fixed(placement, now_s))


def format_s(t_s: float) -> str:
    """POSIX seconds as RFC 3339 in UTC, to the millisecond."""
    return from_seconds(t_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")
