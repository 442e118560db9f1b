"""What must hold after every step of a life, said once more and apart from the code that has to keep it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import acos, cos, degrees, radians, sin

from swath.tasking.model import Activity, Balance, Chance, DueKind, Priority, TaskingRequest
from swath.tasking.ports import Store
from swath.tasking.replay import replay, replay_credit
from swath.tasking.rules import Rules
from swath.tasking.steps import standing_of

# The steps of the contract, and those that this house adds (FAILED, and back to planning).
LEGAL = {
    (None, "PLANNED"),
    ("PLANNED", "ACCEPTED"),
    ("PLANNED", "REJECTED"),
    ("PLANNED", "CANCELED"),
    ("ACCEPTED", "REJECTED"),
    ("ACCEPTED", "PROCESSING"),
    ("ACCEPTED", "CANCELED"),
    ("REJECTED", "ACCEPTED"),
    ("REJECTED", "CANCELED"),
    ("PROCESSING", "DATA_AVAILABLE"),
    ("PROCESSING", "FAILED"),
    ("PROCESSING", "REJECTED"),
}
STAYING = {"PLANNED", "ACCEPTED", "REJECTED", "PROCESSING"}
REVOLUTION = timedelta(hours=2)
SOON = timedelta(seconds=10)
REPORTS = ("acknowledge", "result", "downlink", "deliver")
# Why fresh elements may take a promise: its access went, or is now too late, or meets what is commanded, or work that
# was asked for between the search and the schedule and had the new figures from the start.
# A wish that has later chances then waits for these.
TAKEN_BY_ELEMENTS = ("NO_ACCESS", "UPLINK_DEADLINE", "FROZEN", "CONFLICT", "LOWER_VALUE", "WAITING")
# What is refused, or said once more, changes nothing.
NOTHING = ("refused", "again")


@dataclass(frozen=True)
class Step:
    """What was done, when, and to which requests."""

    kind: str
    at: datetime
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """How everything stands at a moment: the requests, their lines of the schedule, and what accounts have."""

    requests: Mapping[str, TaskingRequest]
    lines: Mapping[str, Activity]
    balances: Mapping[str, Balance]

    @staticmethod
    def take(store: Store, customers: Sequence[tuple[str, str]]) -> "Look":
        """Read it for these accounts and their plans."""
        with store.read() as reader:
            found = {r.id: r for _, plan_id in customers for r in reader.requests_of_plan(plan_id)}
            lines = {a.request_id: a for a in reader.schedule().activities if a.request_id in found}
            balances = {account_id: reader.balance(account_id) for account_id, _ in customers}
        return Look(found, lines, balances)


def check_step(store: Store, step: Step, before: Look, after: Look, rules: Rules) -> None:
    """All that must hold after a step, whatever it was."""
    if step.kind in NOTHING:
        assert after == before
        return
    changed = [r for r in after.requests.values() if r != before.requests.get(r.id)]
    for request in changed:
        _check_written_down(store, request)
    for request in changed:
        if (was := before.requests.get(request.id)) is not None:
            _check_change(step, was, request, before, after)
            _check_notice(step, was, request, rules)
    for request in after.requests.values():
        _check_standing(request, after.lines.get(request.id), step.at)
        _check_answer_to_come(request, step.at)
    _check_frozen(before, after, step.at)
    _check_turns(after, rules)
    _check_ledger(after)


def check_following(store: Store, look: Look, now: datetime) -> None:
    """What was found again for anybody is about to be taken up."""
    if any(one.fresh is not None and not one.final for one in look.requests.values()):
        with store.read() as reader:
            assert reader.all_due(now + SOON, [DueKind.RESCHEDULE])


def check_end(store: Store, end: Look) -> None:
    """When time has run out everything is over, nothing is on hold, and all of it can be told from what was written."""
    assert all(request.final for request in end.requests.values())
    assert all(balance.held == 0 for balance in end.balances.values())
    for request in end.requests.values():
        _check_written_down(store, request)


def _check_written_down(store: Store, request: TaskingRequest) -> None:
    with store.read() as reader:
        events, entries = reader.events_of(request.id), reader.entries_of_request(request.id)
    assert replay(events) == standing_of(request)
    for event in events:
        was = event.before and event.before.status
        assert (was, event.after.status) in LEGAL or was == event.after.status in STAYING
        assert event.before is None or not event.before.final
    credit = "HELD" if not request.final else "CHARGED" if request.status == "DATA_AVAILABLE" else "RELEASED"
    assert replay_credit(entries) == credit
    assert {entry.amount for entry in entries} == {request.cost}


def _check_change(
    step: Step, was: TaskingRequest, request: TaskingRequest, before: Look, after: Look
) -> None:
    mine = request.id in step.subjects
    if (was.status, request.status) == ("ACCEPTED", "PROCESSING"):
        assert (mine, step.kind) == (True, "uplink")
        assert step.at >= before.lines[was.id].chance.uplink_by
    elif was.status == "PROCESSING" != request.status:
        assert mine
        assert step.kind in REPORTS
    elif request.status == "CANCELED" != was.status:
        assert (mine, step.kind) == (True, "cancel")
    elif request.final and not was.final:
        assert (mine, step.kind) == (True, "close_request")
        assert step.at >= _last_chance(request)
    elif (was.status, request.status) == ("ACCEPTED", "REJECTED"):
        assert _had_to_yield(request, before, after) or _lost_to_elements(step, request, before)


def _check_notice(step: Step, was: TaskingRequest, request: TaskingRequest, rules: Rules) -> None:
    """Nothing is promised before the notice of its priority, and an emergency never has to wait for one."""
    notice = rules.notice(request.priority)
    if request.status == "ACCEPTED" != was.status and notice is not None:
        assert request.cancel_until is not None
        assert request.cancel_until - step.at <= notice
    assert notice is not None or request.reason is None or request.reason.code != "WAITING"


def _check_answer_to_come(request: TaskingRequest, now: datetime) -> None:
    """Who waits is told when he is answered, and is answered then."""
    if request.status == "PLANNED" and request.reason is not None and "notice_at" in request.reason.evidence:
        assert datetime.fromisoformat(request.reason.evidence["notice_at"]) >= now - timedelta(milliseconds=1)


def _had_to_yield(loser: TaskingRequest, before: Look, after: Look) -> bool:
    """Whether an emergency is where it was not before, and the loser is none."""
    return loser.priority != Priority.EMERGENCY and any(
        other.priority == Priority.EMERGENCY and after.lines.get(other.id) != before.lines.get(other.id)
        for other in after.requests.values()
        if other.status == "ACCEPTED"
    )


def _lost_to_elements(step: Step, loser: TaskingRequest, before: Look) -> bool:
    fresh = any(request.fresh is not None for request in before.requests.values())
    return (
        step.kind == "reschedule"
        and fresh
        and loser.reason is not None
        and loser.reason.code in TAKEN_BY_ELEMENTS
    )


def _check_standing(request: TaskingRequest, line: Activity | None, now: datetime) -> None:
    """The plan, what the customer is told of it, and until when he can cancel are one."""
    if line is None and _has_left(request, now):
        return
    planned = (request.planned_satellite, request.planned_start, request.planned_end, request.cancel_until)
    if request.status in ("ACCEPTED", "PROCESSING"):
        assert line is not None
        chance = line.chance
        assert line.frozen == (request.status == "PROCESSING")
        assert planned == (chance.satellite, chance.start, chance.end, chance.uplink_by)
        assert line.frozen or chance in request.chances
    elif not request.final:
        assert line is None
        assert planned == (None, None, None, _last_chance(request))
    elif request.status != "DATA_AVAILABLE":
        assert line is None
    assert request.capture_id is None or request.status in ("PROCESSING", "DATA_AVAILABLE", "FAILED")


def _has_left(request: TaskingRequest, now: datetime) -> bool:
    """Captures that nobody has reported on leave the schedule once they can no longer matter to it."""
    over = request.planned_end is not None and request.planned_end <= now - REVOLUTION
    return request.status == "PROCESSING" and over


def _check_frozen(before: Look, after: Look, now: datetime) -> None:
    for request_id, line in before.lines.items():
        request = after.requests[request_id]
        if line.frozen and request.status == "PROCESSING" and not _has_left(request, now):
            assert after.lines[request_id] == line


def _check_turns(look: Look, rules: Rules) -> None:
    """Between two captures of a satellite there is time to turn and settle."""
    placed = [
        r for r in look.requests.values() if r.status in ("ACCEPTED", "PROCESSING") and r.id in look.lines
    ]
    live = [look.lines[request.id].chance for request in placed]
    for satellite in {chance.satellite for chance in live}:
        agility = rules.fleet.satellites[satellite].agility
        mine = sorted((c for c in live if c.satellite == satellite), key=lambda c: c.start)
        for one, next_one in pairwise(mine):
            needed_s = agility.settle_s + _turn_deg(one, next_one) / agility.slew_rate_deg_s
            assert (next_one.start - one.end).total_seconds() >= needed_s - 1e-3


def _turn_deg(one: Chance, other: Chance) -> float:
    """The angle between where the camera looks; it pitches about the axis that it rolls to."""
    (r1, p1), (r2, p2) = ((radians(c.roll_deg), radians(c.pitch_deg)) for c in (one, other))
    return degrees(acos(min(1.0, sin(r1) * sin(r2) + cos(r1) * cos(r2) * cos(p1 - p2))))


def _check_ledger(look: Look) -> None:
    for account_id, balance in look.balances.items():
        mine = [r for r in look.requests.values() if r.account_id == account_id]
        assert balance.held == sum(r.cost for r in mine if not r.final)
        assert balance.charged == sum(r.cost for r in mine if r.status == "DATA_AVAILABLE")
        assert balance.free >= 0


def _last_chance(request: TaskingRequest) -> datetime:
    return max((chance.uplink_by for chance in request.chances), default=request.created)
