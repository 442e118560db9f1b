"""Why work has no place, said so that the one who asked can act on it, and so that it can be checked.

What stands in the way may belong to others: messages and evidence count and measure it, but never name or
locate it. Only the owner's own work is named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from swath.figures import write_beside
from swath.scheduling.answers.findings import find_findings, format_s
from swath.scheduling.answers.notice import find_notice_s
from swath.scheduling.answers.remedies import Remedy, find_remedies
from swath.scheduling.answers.timetable import Timetable
from swath.scheduling.model import EMERGENCY, Finding, Refusal, Rules, Work

Evidence = dict[str, Any]

# From what the asker can still change to what nobody can.
NEAREST_FIRST = (
    "WAITING",
    "CONFLICT",
    "LOWER_VALUE",
    "DUTY",
    "MEMORY",
    "FROZEN",
    "UPLINK_DEADLINE",
    "OUTSIDE_WINDOW",
    "GEOMETRY",
    "NO_ACCESS",
)
# How finely the seconds are told that are missing beside others' work: a few probes would locate it else.
COARSE_S = 10.0
_NOTHING = Finding("NO_ACCESS", "", 0.0, {})


def explain(table: Timetable, work: Work, rules: Rules, now_s: float) -> Refusal:
    """Why none of the work's chances has a place in the timetable: the chance that came nearest gives the reason.

    Its figures are those of the evidence; `chances` there says the code of every chance, and `remedies` what was
    found to give the work a place.
    """
    findings = find_findings(table, work, rules, now_s)
    nearest = _coarsen(min(findings, key=_nearness, default=_NOTHING), work.owner)
    remedies = find_remedies(table, work, findings, rules, now_s)
    evidence = {
        "chances": [_describe(finding) for finding in findings],
        **_tell_owner(nearest, work.owner),
        "remedies": [{"do": remedy.do, "message": remedy.words, **remedy.figures} for remedy in remedies],
    }
    return Refusal(nearest.code, _compose(nearest, remedies), evidence, findings)


def without_remedies(message: str, evidence: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Message and evidence of a refusal, once nothing that would have helped can be done any more."""
    if "remedies" not in evidence:
        return message, evidence
    words = [one["message"] for one in evidence["remedies"]]
    return message.removesuffix(_tell_help(words)), {**evidence, "remedies": []}


def explain_or_defer(table: Timetable, work: Work, rules: Rules, now_s: float) -> Refusal:
    """Why work has no place; WAITING, with the moment, while there is a chance that it may only be promised later."""
    notice_s = find_notice_s(work, rules, now_s)
    if notice_s is None:
        return explain(table, work, rules, now_s)
    at = format_s(notice_s)
    message = f"Requests of this priority are answered late: this one at {at}, or at a later chance of it."
    return Refusal("WAITING", message, {"notice_at": at})


def explain_displacement(table: Timetable, work: Work, by_rank: int, rules: Rules, now_s: float) -> Refusal:
    """What happened to work whose place was taken by work of rank `by_rank`: it moved, or there was nowhere to go."""
    place = table.places.get(work.id)
    if place is not None:
        code, taker = _TAKERS.get(by_rank, ("MOVED", "other work"))
        evidence = {
            "moved": True,
            "start": format_s(place.chance.start_s),
            "satellite": place.chance.satellite,
        }
        message = f"Its place was needed for {taker}; it was moved to another of its chances."
        return Refusal(code, message, evidence)
    why = explain(table, work, rules, now_s)
    message = f"Its place was needed for an emergency, and no other chance was free. {why.message}"
    evidence = {**why.evidence, "moved": False, "otherwise": why.code}
    return Refusal("BUMPED_BY_EMERGENCY", message, evidence, why.findings)


_TAKERS = {EMERGENCY: ("BUMPED_BY_EMERGENCY", "an emergency")}


def _nearness(finding: Finding) -> tuple[int, bool, float]:
    never = bool(finding.figures.get("never_fits"))
    return NEAREST_FIRST.index(finding.code), never, finding.distance


def _describe(finding: Finding) -> Evidence:
    return {"satellite": finding.satellite, "start": format_s(finding.start_s), "code": finding.code}


def _coarsen(finding: Finding, owner: str) -> Finding:
    """With the seconds that are missing rounded up, where the work in the way is not all the owner's."""
    strangers = any(blocker.owner != owner for blocker in finding.blockers)
    if not strangers or "missing_s" not in finding.figures:
        return finding
    coarse_s = COARSE_S * ceil(finding.figures["missing_s"] / COARSE_S)
    return replace(finding, figures={**finding.figures, "missing_s": coarse_s})


def _tell_owner(finding: Finding, owner: str) -> Evidence:
    """The figures of a finding, its blockers counted, and of those named whom the owner knows anyway."""
    blockers = finding.blockers
    if not blockers:
        return dict(finding.figures)
    return {
        **finding.figures,
        "blockers": len(blockers),
        "commanded_blockers": sum(blocker.fixed for blocker in blockers),
        "own_requests": sorted(blocker.work for blocker in blockers if blocker.owner == owner),
    }


def _compose(finding: Finding, remedies: tuple[Remedy, ...]) -> str:
    """What is in the way, and what would help if anything does."""
    problem = _PROBLEMS[finding.code](finding)
    if finding.code == "WAITING":
        return problem
    return f"{problem}{_tell_help([one.words for one in remedies])}"


def _tell_help(words: Sequence[str]) -> str:
    if not words:
        return " Pick a candidate at another time or of another satellite."
    return f" What would help: {'; '.join(words)}."


def _conflict(finding: Finding) -> str:
    return f"{_busy(finding)}."


def _lower_value(finding: Finding) -> str:
    return f"{_busy(finding)}, and that work is of a higher class."


def _frozen(finding: Finding) -> str:
    return f"{_busy(finding)}, and has its commands for that already."


def _busy(finding: Finding) -> str:
    missing_s = finding.figures["missing_s"]
    return (
        f"The satellite images something else at this time: {missing_s:.1f} s are missing to turn and settle"
    )


def _duty(finding: Finding) -> str:
    figures = finding.figures
    captures = f"{figures['captures_needed']} of {figures['captures_limit']} captures"
    seconds = f"{figures['seconds_needed']:.1f} of {figures['seconds_limit']:.1f} s of imaging"
    if figures["never_fits"]:
        return f"The capture alone is more than the satellite may do in an orbit: {captures} and {seconds}."
    return f"The satellite's allowance for this orbit is used up: with this capture {captures} and {seconds}."


def _memory(finding: Finding) -> str:
    figures = finding.figures
    over = f"{figures['over_gb']:.3f} GB over its {figures['capacity_gb']:g} GB"
    since = "before" if figures["since"] is None else f"from the downlink that ends {figures['since']} to"
    until = "the last is over" if figures["until"] is None else f"the one that starts {figures['until']}"
    return f"The satellite's memory would be {over}, with all that is captured {since} {until}."


def _too_late(finding: Finding) -> str:
    figures = finding.figures
    minutes = figures["missed_by_s"] / 60.0
    return f"The last chance had to be commanded by {figures['uplink_by']}, {minutes:.0f} minutes ago."


def _outside_window(finding: Finding) -> str:
    hours = finding.figures["outside_s"] / 3_600.0
    return f"The satellites come only outside of the window of the request, the nearest by {hours:.1f} h."


def _geometry(finding: Finding) -> str:
    figures = finding.figures
    limit = figures["limit"].replace("_", " ")
    found, bound = figures["found_deg"], figures["limit_deg"]
    return (
        f"The satellites come, but never within the limits: {limit} would be "
        f"{write_beside(found, bound, decimals=1)} degrees, the limit is {write_beside(bound, found, decimals=1)}."
    )


def _waiting(_: Finding) -> str:
    return "Nothing is in the way of a chance of this work: the next planning decides on it."


def _no_access(_: Finding) -> str:
    return "No satellite of the fleet can make this capture within the request's limits."


_PROBLEMS: Mapping[str, Callable[[Finding], str]] = {
    "WAITING": _waiting,
    "CONFLICT": _conflict,
    "LOWER_VALUE": _lower_value,
    "FROZEN": _frozen,
    "DUTY": _duty,
    "MEMORY": _memory,
    "UPLINK_DEADLINE": _too_late,
    "OUTSIDE_WINDOW": _outside_window,
    "GEOMETRY": _geometry,
    "NO_ACCESS": _no_access,
}
