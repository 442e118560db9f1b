"""Requests and chances in the scheduler's words, and its refusals in ours."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from swath import scheduling
from swath.clock import from_seconds, to_seconds
from swath.tasking.model import Chance, Priority, Reason, TaskingRequest
from swath.wire import format_time

RANK: Mapping[Priority, int] = {
    Priority.EMERGENCY: scheduling.EMERGENCY,
    Priority.NORMAL: scheduling.NORMAL,
    Priority.WISHLIST: scheduling.WISHLIST,
}


def to_work(request: TaskingRequest, excluded: tuple[scheduling.Excluded, ...] = ()) -> scheduling.Work:
    """A request as work; `excluded` is what its limits leave out."""
    return scheduling.Work(
        id=request.id,
        rank=RANK[request.priority],
        chances=tuple(to_chance(chance) for chance in request.chances),
        owner=request.account_id,
        excluded=excluded,
        worth=max(1.0, request.cost),
    )


@lru_cache(maxsize=65_536)
def to_chance(chance: Chance) -> scheduling.Chance:
    """A chance with its times in POSIX seconds."""
    return scheduling.Chance(
        satellite=chance.satellite,
        start_s=to_seconds(chance.start),
        end_s=to_seconds(chance.end),
        roll_deg=chance.roll_deg,
        pitch_deg=chance.pitch_deg,
        uplink_by_s=to_seconds(chance.uplink_by),
        revolution=chance.revolution,
    )


def to_reason(refusal: scheduling.Refusal) -> Reason:
    """A refusal as a reason: its evidence for the customer, its findings for the operator."""
    findings = tuple(_describe_finding(finding) for finding in refusal.findings)
    return Reason(refusal.code, refusal.message, refusal.evidence, findings)


def _describe_chance(chance: scheduling.Chance | None) -> Mapping[str, Any]:
    """What it takes to judge a chance again; nothing where limits left too much open."""
    if chance is None:
        return {}
    end = format_time(from_seconds(chance.end_s))
    return {"end": end, "roll_deg": chance.roll_deg, "pitch_deg": chance.pitch_deg}


def _describe_finding(finding: scheduling.Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "satellite": finding.satellite,
        "start": format_time(from_seconds(finding.start_s)),
        **_describe_chance(finding.chance),
        "figures": dict(finding.figures),
        "blockers": [
            {"request_id": blocker.work, "account_id": blocker.owner, "commanded": blocker.fixed}
            for blocker in finding.blockers
        ],
    }
