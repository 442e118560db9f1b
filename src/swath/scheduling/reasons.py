"""Why work has no place, said so that the one who asked can act on it, and so that it can be checked.

What stands in the way may belong to others: messages and evidence count and measure it, but never name or
locate it. Only the owner's own work is named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from swath.clock import from_seconds
from swath.scheduling.memory import Overflow
from swath.scheduling.model import EMERGENCY, Chance, Placement, Refusal, Rules, Work
from swath.scheduling.obstacles import (
    Obstacles,
    find_obstacles,
    is_fixed,
    is_known,
    is_open,
)
from swath.scheduling.timetable import Timetable
from swath.scheduling.yielding import find_yielding

Evidence = dict[str, Any]

# From what the asker can still change to what nobody can.
NEAREST_FIRST = ("CONFLICT", "LOWER_VALUE", "DUTY", "MEMORY", "FROZEN")


@dataclass(frozen=True)
class _Verdict:
    """What a chance met, and what that is called."""

    obstacles: Obstacles
    code: str


def explain(table: Timetable, work: Work, rules: Rules, now_s: float) -> Refusal:
    """Why none of the work's chances has a place in the timetable: the chance that came nearest gives the reason.

    `evidence["chances"]` says the code of every chance; taking away `blockers` captures (CONFLICT,
    LOWER_VALUE, FROZEN) or keeping within the limits of the orbit (DUTY) would make the work insertable.
    """
    known = [chance for chance in work.chances if is_known(chance, rules)]
    if not known:
        return _no_access(work)
    met = [find_obstacles(table, chance, rules) for chance in known if is_open(chance, rules, now_s)]
    if not met:
        return _too_late(known, now_s)
    verdicts = [_Verdict(obstacles, _code(obstacles, work, now_s)) for obstacles in met]
    nearest = min(verdicts, key=lambda v: (NEAREST_FIRST.index(v.code), v.obstacles.missing_s))
    evidence = {
        "chances": _list_chances(known, verdicts, now_s),
        **_figures(nearest, work, rules, now_s),
        **_hope(nearest, table, work, rules, now_s),
    }
    return Refusal(nearest.code, _MESSAGES[nearest.code](evidence), evidence)


def explain_displacement(table: Timetable, work: Work, by_rank: int, rules: Rules, now_s: float) -> Refusal:
    """What happened to work whose place was taken by work of rank `by_rank`: it moved, or there was nowhere to go."""
    code = "BUMPED_BY_EMERGENCY" if by_rank == EMERGENCY else "LOWER_VALUE"
    taker = "an emergency" if by_rank == EMERGENCY else "a capture of a higher class"
    place = table.places.get(work.id)
    if place is not None:
        evidence = {"moved": True, "start": _iso(place.chance.start_s), "satellite": place.chance.satellite}
        return Refusal(
            code, f"Its place was needed for {taker}; it was moved to another of its chances.", evidence
        )
    why = explain(table, work, rules, now_s)
    message = f"Its place was needed for {taker}, and no other chance was free. {why.message}"
    return Refusal(code, message, {**why.evidence, "moved": False, "otherwise": why.code})


def _code(obstacles: Obstacles, work: Work, now_s: float) -> str:
    """What kind of obstacle it is. The firmest blocker decides."""
    if any(is_fixed(p, now_s) for p in obstacles.blockers):
        return "FROZEN"
    if any(p.work.rank > work.rank for p in obstacles.blockers):
        return "LOWER_VALUE"
    if obstacles.duty.over:
        return "DUTY"
    return "MEMORY" if obstacles.overflow else "CONFLICT"


def _no_access(work: Work) -> Refusal:
    message = (
        "No satellite of the fleet has a chance to make this capture. Widen the plan's dates, its off-nadir "
        "range or its list of satellites, and pick another candidate."
    )
    return Refusal("NO_ACCESS", message, {"chances": [_describe(c, "NO_ACCESS") for c in work.chances]})


def _too_late(chances: Iterable[Chance], now_s: float) -> Refusal:
    chances = tuple(chances)
    last_s = max(chance.uplink_by_s for chance in chances)
    minutes = (now_s - last_s) / 60.0
    message = (
        f"The last chance had to be commanded by {_iso(last_s)}, {minutes:.0f} minutes ago. "
        "Pick a candidate whose uplink_by still lies ahead."
    )
    evidence: Evidence = {
        "chances": [_describe(chance, "UPLINK_DEADLINE") for chance in chances],
        "uplink_by": _iso(last_s),
        "missed_by_s": round(now_s - last_s, 3),
    }
    return Refusal("UPLINK_DEADLINE", message, evidence)


def _list_chances(chances: Iterable[Chance], verdicts: Iterable[_Verdict], now_s: float) -> list[Evidence]:
    late = [_describe(chance, "UPLINK_DEADLINE") for chance in chances if now_s >= chance.uplink_by_s]
    return late + [_describe(verdict.obstacles.chance, verdict.code) for verdict in verdicts]


def _hope(verdict: _Verdict, table: Timetable, work: Work, rules: Rules, now_s: float) -> Evidence:
    """Whether the same request as an emergency would get the chance; nothing for an emergency itself."""
    if work.rank >= EMERGENCY:
        return {}
    yielding = find_yielding(table, verdict.obstacles, replace(work, rank=EMERGENCY), rules, now_s)
    return {"emergency_would_fit": yielding is not None}


def _figures(verdict: _Verdict, work: Work, rules: Rules, now_s: float) -> Evidence:
    if verdict.code == "DUTY":
        return _allowance(verdict.obstacles)
    if verdict.code == "MEMORY" and verdict.obstacles.overflow:
        return _memory(verdict.obstacles.chance, verdict.obstacles.overflow)
    return _spacing(verdict.obstacles, work, rules, now_s)


def _allowance(obstacles: Obstacles) -> Evidence:
    """How much the orbit would hold with the chance in it, and how much it may."""
    duty = obstacles.duty
    return {
        "satellite": obstacles.chance.satellite,
        "revolution": obstacles.chance.revolution,
        "captures_needed": duty.captures,
        "captures_limit": duty.captures_limit,
        "seconds_needed": round(duty.seconds, 3),
        "seconds_limit": duty.seconds_limit,
    }


def _memory(chance: Chance, overflow: Overflow) -> Evidence:
    """From which pass until which the memory would be over, and the sum that says so."""
    return {
        "satellite": chance.satellite,
        "since": None if overflow.since_s is None else _iso(overflow.since_s),
        "until": None if overflow.until_s is None else _iso(overflow.until_s),
        "left_gb": round(overflow.left_gb, 6),
        "captured_gb": round(overflow.captured_gb, 6),
        "drained_gb": round(overflow.drained_gb, 6),
        "capacity_gb": overflow.capacity_gb,
        "over_gb": round(overflow.over_gb, 6),
    }


def _spacing(obstacles: Obstacles, work: Work, rules: Rules, now_s: float) -> Evidence:
    """How much is in the way and by how much, without telling on which side of the chance."""
    agility = rules.agility[obstacles.chance.satellite]
    blockers = obstacles.blockers
    return {
        "satellite": obstacles.chance.satellite,
        "blockers": len(blockers),
        "commanded_blockers": sum(is_fixed(p, now_s) for p in blockers),
        "missing_s": round(obstacles.missing_s, 3),
        "settle_s": agility.settle_s,
        "slew_rate_deg_s": agility.slew_rate_deg_s,
        "own_requests": _own(blockers, work),
    }


def _own(placements: Iterable[Placement], work: Work) -> list[str]:
    return sorted(p.work.id for p in placements if p.work.owner == work.owner)


def _describe(chance: Chance, code: str) -> Evidence:
    return {"satellite": chance.satellite, "start": _iso(chance.start_s), "code": code}


def _iso(t_s: float) -> str:
    return from_seconds(t_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _conflict(evidence: Evidence) -> str:
    return (
        f"{_busy(evidence)} Pick a candidate at another time or of another satellite"
        f"{_or_own(evidence)}{_or_emergency(evidence)}; a cancellation may also free the place."
    )


def _lower_value(evidence: Evidence) -> str:
    return (
        f"{_busy(evidence)} That work is of a higher class. Pick a candidate at another time or of another "
        f"satellite{_or_own(evidence)}{_or_emergency(evidence)}."
    )


def _frozen(evidence: Evidence) -> str:
    return (
        f"{_busy(evidence)} The satellite has its commands already, so nothing can free this place. "
        "Pick a candidate at another time or of another satellite."
    )


def _duty(evidence: Evidence) -> str:
    captures = f"{evidence['captures_needed']} of {evidence['captures_limit']} captures"
    seconds = f"{evidence['seconds_needed']:.1f} of {evidence['seconds_limit']:.1f} s of imaging"
    return (
        f"The satellite's allowance for this orbit is used up: with this capture {captures} and {seconds}. "
        f"Pick a candidate of another orbit or satellite{_or_emergency(evidence)}."
    )


def _full(evidence: Evidence) -> str:
    return (
        f"The satellite's memory of {evidence['capacity_gb']:g} GB would be {evidence['over_gb']:.3f} GB over "
        f"before its next downlink. Pick a candidate at another time or of another satellite"
        f"{_or_emergency(evidence)}."
    )


def _busy(evidence: Evidence) -> str:
    missing_s = evidence["missing_s"]
    return (
        f"The satellite images something else at this time: {missing_s:.1f} s are missing to turn and settle."
    )


def _or_own(evidence: Evidence) -> str:
    return ", or cancel your own request that is in the way" if evidence["own_requests"] else ""


def _or_emergency(evidence: Evidence) -> str:
    return ", or ask with EMERGENCY priority" if evidence.get("emergency_would_fit") else ""


_MESSAGES: Mapping[str, Callable[[Evidence], str]] = {
    "CONFLICT": _conflict,
    "LOWER_VALUE": _lower_value,
    "FROZEN": _frozen,
    "DUTY": _duty,
    "MEMORY": _full,
}
