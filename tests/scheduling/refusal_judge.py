"""Whether a refusal is true, worked out from the figures of the schedule alone; shares no code with what refuses."""

from dataclasses import replace
from datetime import UTC, datetime
from math import acos, cos, degrees, radians, sin

import pytest
from tests.scheduling.memory_judge import sum_gb

from swath.scheduling import EMERGENCY, Chance, Placement, Rules, insert

SLACK = 1e-6


def find_faults(chance: Chance, placements, rules: Rules) -> dict[str, float]:
    """Everything that keeps a chance from standing beside the placements, and by how much."""
    lane = [p.chance for p in placements if p.chance.satellite == chance.satellite]
    orbit = [c for c in lane if c.revolution == chance.revolution]
    duty, memory = rules.duty[chance.satellite], rules.memory.get(chance.satellite)
    faults = {
        "turn": max((_missing_s(chance, c, rules) for c in lane), default=0.0),
        "captures": len(orbit) + 1 - duty.captures_per_orbit,
        "seconds": sum(_seconds(c) for c in [*orbit, chance]) - duty.seconds_per_orbit,
    }
    if memory is not None:
        passes = rules.passes.get(chance.satellite, ())
        most_gb = sum_gb([*lane, chance], memory, passes, through=chance)
        faults["memory"] = most_gb - memory.capacity_gb
    return {fault: by for fault, by in faults.items() if by > SLACK}


def check_refusal(refusal, work, placements, rules: Rules, now_s: float) -> None:
    """Every finding proves itself, the nearest gave the code, and nobody else's work is told to the owner."""
    assert len(refusal.findings) == len(work.chances) + len(work.excluded)
    for chance, finding in zip(work.chances, refusal.findings, strict=False):
        check_finding(finding, chance, work, placements, rules, now_s)
    assert refusal.code in {finding.code for finding in refusal.findings} | {"NO_ACCESS"}
    told = f"{refusal.message} {refusal.evidence}"
    for p in placements:
        if p.work.owner != work.owner:
            assert f"'{p.work.id}'" not in told
            assert f" {p.work.id} " not in told


def check_finding(finding, chance: Chance, work, placements, rules: Rules, now_s: float) -> None:
    """Without the blockers that it names the chance is free; with any one of them it is not."""
    if finding.code == "UPLINK_DEADLINE":
        assert finding.figures["missed_by_s"] == pytest.approx(now_s - chance.uplink_by_s, abs=2e-3)
        assert now_s >= chance.uplink_by_s
        return
    named = {blocker.work: blocker for blocker in finding.blockers}
    in_the_way = [p for p in placements if p.work.id in named]
    rest = [p for p in placements if p.work.id not in named]
    assert len(in_the_way) == len(named)
    for p in in_the_way:
        assert named[p.work.id].owner == p.work.owner
        assert named[p.work.id].fixed == (p.frozen or now_s >= p.chance.uplink_by_s)
        assert find_faults(chance, [*rest, p], rules), "each of them is in the way"
    if finding.figures["never_fits"]:
        assert find_faults(chance, [], rules)
    else:
        assert find_faults(chance, rest, rules) == {}
        alone = replace(work, chances=(chance,))
        assert insert(alone, rest, rules, now_s).placement == Placement(alone, chance)
    _check_figures(finding, chance, work, placements, rules)


def _check_figures(finding, chance: Chance, work, placements, rules: Rules) -> None:
    figures, faults = finding.figures, find_faults(chance, placements, rules)
    blocking = [
        p
        for p in placements
        if p.chance.satellite == chance.satellite and _missing_s(chance, p.chance, rules) > SLACK
    ]
    without = [p for p in placements if p not in blocking]
    if "missing_s" in figures:
        assert figures["missing_s"] == pytest.approx(faults["turn"], abs=2e-3)
    if "captures_needed" in figures:
        crowding = find_faults(chance, without, rules)
        assert ("captures" in crowding) == (figures["captures_needed"] > figures["captures_limit"])
        assert ("seconds" in crowding) == (figures["seconds_needed"] > figures["seconds_limit"])
    if "over_gb" in figures:
        assert figures["over_gb"] == pytest.approx(find_faults(chance, without, rules)["memory"], abs=1e-5)
        assert figures["over_gb"] == pytest.approx(
            _sum_between_passes(figures, chance, without, rules), abs=1e-5
        )
    if finding.code == "FROZEN":
        assert any(blocker.fixed for blocker in finding.blockers)
    if finding.code == "LOWER_VALUE":
        assert any(p.work.rank > work.rank for p in blocking)
    if finding.code == "CONFLICT":
        assert all(p.work.rank <= work.rank for p in blocking)


def _sum_between_passes(figures, chance: Chance, placements, rules: Rules) -> float:
    """The sum of a full memory, done again from the passes that it names."""
    memory, passes = rules.memory[chance.satellite], rules.passes[chance.satellite]
    since = float("-inf") if figures["since"] is None else _seconds_of(figures["since"])
    until = float("inf") if figures["until"] is None else _seconds_of(figures["until"])
    # Times are told to the millisecond.
    between = [(a, b) for a, b in passes if a > since - 0.01 and b < until]
    last_s = next((b for a, b in passes if abs(a - until) < 0.01), float("inf"))
    lane = [chance, *(p.chance for p in placements if p.chance.satellite == chance.satellite)]
    captured = sum(_seconds(c) for c in lane if since - 0.01 < c.start_s < last_s)
    drained = memory.drain_gb_s * sum(b - a for a, b in between)
    assert figures["captured_gb"] == pytest.approx(memory.fill_gb_s * captured, abs=1e-5)
    assert figures["drained_gb"] == pytest.approx(drained, abs=1e-5)
    return figures["left_gb"] + figures["captured_gb"] - figures["drained_gb"] - memory.capacity_gb


def check_remedies(refusal, work, placements, rules: Rules, now_s: float) -> set[str]:
    """Whatever is said to help does; tells what was."""
    for one in refusal.evidence["remedies"]:
        match one["do"]:
            case "ASK_AS_EMERGENCY":
                assert insert(replace(work, rank=EMERGENCY), placements, rules, now_s).placement
            case "CANCEL":
                rest = [p for p in placements if p.work.id != one["request"]]
                assert len(rest) == len(placements) - 1
                assert insert(work, rest, rules, now_s).placement
            case "WIDEN_WINDOW":
                found = [
                    one_more.chance
                    for one_more in work.excluded
                    if one_more.figures["outside_s"] <= one["hours"] * 3_600
                    and find_faults(one_more.chance, placements, rules) == {}
                    and one_more.chance.uplink_by_s > now_s
                ]
                assert len(found) == one["chances"]
            case other:
                raise AssertionError(f"nobody knows how to check {other}")
    return {one["do"] for one in refusal.evidence["remedies"]}


def _missing_s(a: Chance, b: Chance, rules: Rules) -> float:
    """By the law of cosines for the angle between two lines of sight, roll being a latitude and pitch a longitude."""
    agility = rules.agility[a.satellite]
    turn = sin(radians(a.roll_deg)) * sin(radians(b.roll_deg)) + cos(radians(a.roll_deg)) * cos(
        radians(b.roll_deg)
    ) * cos(radians(a.pitch_deg - b.pitch_deg))
    needed_s = agility.settle_s + degrees(acos(max(-1.0, min(1.0, turn)))) / agility.slew_rate_deg_s
    return needed_s - max(a.start_s - b.end_s, b.start_s - a.end_s)


def _seconds(chance: Chance) -> float:
    return chance.end_s - chance.start_s


def _seconds_of(text: str) -> float:
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()
