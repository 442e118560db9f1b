"""Uplinks: the contacts at which commands go up, what goes with each, and what mission control says became of it.

An uplink is there as long as something goes with it: lines of the schedule that may still move, or captures that are
commanded. What mission control has said of it is kept; saying it again changes nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal

from swath.errors import Conflict, Fault, Invalid, NotFound
from swath.tasking.captures import give_up
from swath.tasking.model import (
    Acknowledgement,
    Activity,
    Capture,
    CaptureStatus,
    Chance,
    Event,
    Reason,
    Standing,
    UplinkOutcome,
)
from swath.tasking.ports import Reader, UnitOfWork
from swath.tasking.requests import find_request
from swath.tasking.rules import Rules
from swath.tasking.steps import note_capture, note_request
from swath.wire import format_time

UPLINKED = Reason("UPLINKED", "The command is on board.")
NOT_UPLINKED = "The command did not go up with its contact; the capture goes back to planning."
CONTACT_MISSED = (
    "The contact that was to carry the command did not happen; the capture goes back to planning."
)
# Fresher elements move a contact's start by less than this; contacts of one satellite are never so close.
SAME_CONTACT = timedelta(minutes=2)
STAMP = "%Y%m%dT%H%M%SZ"
ID = re.compile(r"(.{1,100})\.((?:19|20|21)\d{6}T\d{6}Z)", re.ASCII | re.DOTALL)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class UplinkStatus(StrEnum):
    """How far an uplink is: it may still change, it stands, or mission control has said what became of it."""

    PROVISIONAL = "PROVISIONAL"
    FROZEN = "FROZEN"
    UPLINKED = "UPLINKED"
    PARTIAL = "PARTIAL"
    MISSED = "MISSED"


@dataclass(frozen=True)
class Uplink:
    """A contact that carries commands: from `start` on, as known when the first of them was planned.

    `captures` are commanded, `provisional` lines are not yet and may still move or leave; both by their start.
    """

    satellite: str
    start: datetime
    freezes: datetime
    captures: tuple[Capture, ...] = ()
    provisional: tuple[Activity, ...] = ()
    acknowledgement: Acknowledgement | None = None

    @property
    def id(self) -> str:
        return _name_uplink(self.satellite, self.start)

    @property
    def status(self) -> UplinkStatus:
        if self.acknowledgement is not None:
            return UplinkStatus(self.acknowledgement.outcome)
        return UplinkStatus.PROVISIONAL if self.provisional else UplinkStatus.FROZEN


@dataclass(frozen=True)
class UplinkReport:
    """What mission control says of an uplink. `captures` are those whose commands went up; None means all of them."""

    outcome: Literal["uplinked", "missed"]
    at: datetime
    captures: frozenset[str] | None = None
    message: str = ""


@dataclass
class _Load:
    """What goes with one contact, while it is put together."""

    satellite: str
    first: datetime
    captures: list[Capture] = field(default_factory=list[Capture])
    provisional: list[Activity] = field(default_factory=list[Activity])


def find_uplinks(
    reader: Reader, rules: Rules, start: datetime, end: datetime | None = None
) -> Sequence[Uplink]:
    """The uplinks that start in [start, end), by start; and those before that nobody has acknowledged."""
    lead = _lead(rules)
    until = END_OF_TIME if end is None else end - lead
    waiting = [c for c in reader.captures_in((CaptureStatus.COMMANDED,)) if c.uplinked is None]
    captures = {c.id: c for c in (*waiting, *reader.captures_commanded_by(start - lead, until))}
    lines = [a for a in reader.schedule().activities if not a.frozen and start - lead <= a.chance.uplink_by]
    loads = _gather(
        [c for c in captures.values() if c.chance.uplink_by < until],
        [a for a in lines if a.chance.uplink_by < until],
    )
    first = min((load.first for load in loads), default=start)
    told = reader.acknowledgements(first + lead - SAME_CONTACT, END_OF_TIME)
    return sorted(
        (_build(load, lead, told) for load in loads), key=lambda uplink: (uplink.start, uplink.satellite)
    )


def find_uplink(reader: Reader, rules: Rules, uplink_id: str) -> Uplink:
    """The uplink of that id, also when fresher elements have moved its contact a little. Raises NotFound."""
    satellite, start = parse_uplink_id(uplink_id)
    near = find_uplinks(reader, rules, start - SAME_CONTACT, start + SAME_CONTACT)
    found = [u for u in near if u.satellite == satellite and abs(u.start - start) < SAME_CONTACT]
    if not found:
        raise NotFound(
            f"No command of {satellite} goes up at {format_time(start)}; list the uplinks for those there are."
        )
    return min(found, key=lambda uplink: abs(uplink.start - start))


def uplink_id_of(rules: Rules, chance: Chance) -> str:
    """The id of the uplink that carries the command of a capture."""
    return _name_uplink(chance.satellite, chance.uplink_by + _lead(rules))


def parse_uplink_id(text: str) -> tuple[str, datetime]:
    """The satellite and the start that an id names. Raises NotFound, saying how ids look."""
    found = ID.fullmatch(text)
    if found is None:
        raise NotFound(f"There is no uplink {text[:80]!r}; ids look like GRUS-1A.20260823T013000Z.")
    satellite, stamp = found.groups()
    try:
        return satellite, datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise NotFound(f"There is no uplink {text[:80]!r}; its time does not exist.") from error


def acknowledge(uow: UnitOfWork, rules: Rules, uplink_id: str, report: UplinkReport, now: datetime) -> Uplink:
    """Take in what became of an uplink: what did not go up goes back to planning.

    Raises NotFound, Conflict while commands may still change and when something else was said before, Invalid for
    captures that do not go up with it and for a report from before the freeze.
    """
    uplink = find_uplink(uow, rules, uplink_id)
    if uplink.provisional and uplink.acknowledgement is None:
        raise Conflict(
            f"The commands of this contact freeze at {format_time(uplink.freezes)}; acknowledge it after that.",
            code="not_frozen",
        )
    told = _tell(uplink, report)
    if uplink.acknowledgement is not None:
        return _same(uplink, told)
    if report.at < uplink.freezes:
        message = (
            f"The commands froze at {format_time(uplink.freezes)}; nothing can have become of them before."
        )
        raise Invalid(Fault("/at", "report_too_early", message))
    _keep(uow, uplink, told, now)
    return find_uplink(uow, rules, uplink.id)


def _name_uplink(satellite: str, start: datetime) -> str:
    return f"{satellite}.{start.astimezone(UTC):{STAMP}}"


def _lead(rules: Rules) -> timedelta:
    return timedelta(seconds=rules.fleet.limits.command_lead_s)


def _gather(captures: Iterable[Capture], lines: Iterable[Activity]) -> Sequence[_Load]:
    """What goes up together: the same satellite, and deadlines that are those of one contact."""
    loads: list[_Load] = []
    things: list[Capture | Activity] = [*captures, *lines]
    for thing in sorted(things, key=lambda thing: _order(thing.chance)):
        chance = thing.chance
        if (
            not loads
            or loads[-1].satellite != chance.satellite
            or chance.uplink_by - loads[-1].first >= SAME_CONTACT
        ):
            loads.append(_Load(chance.satellite, chance.uplink_by))
        if isinstance(thing, Capture):
            loads[-1].captures.append(thing)
        else:
            loads[-1].provisional.append(thing)
    return loads


def _order(chance: Chance) -> tuple[str, datetime, datetime]:
    return chance.satellite, chance.uplink_by, chance.start


def _build(load: _Load, lead: timedelta, told: Sequence[Acknowledgement]) -> Uplink:
    start = load.first + lead
    mine = [a for a in told if a.satellite == load.satellite and abs(a.start - start) < SAME_CONTACT]
    return Uplink(
        satellite=load.satellite,
        start=start,
        freezes=load.first,
        captures=tuple(sorted(load.captures, key=lambda capture: capture.chance.start)),
        provisional=tuple(sorted(load.provisional, key=lambda line: line.chance.start)),
        acknowledgement=mine[0] if mine else None,
    )


def _tell(uplink: Uplink, report: UplinkReport) -> Acknowledgement:
    """The report as it is kept. Raises Invalid, and Conflict for a capture that was made and so must have gone up."""
    there = {capture.id: capture for capture in uplink.captures}
    wanted = there.keys() if report.captures is None else report.captures
    carried = frozenset[str]() if report.outcome == "missed" else frozenset(wanted)
    _check_known(carried, uplink)
    lost = [c for c in uplink.captures if c.id not in carried]
    made = [c.id for c in lost if c.status not in (CaptureStatus.COMMANDED, CaptureStatus.FAILED)]
    if made:
        raise Conflict(f"{', '.join(made)} was captured, so its command went up.", code="captured_already")
    return Acknowledgement(
        uplink_id=uplink.id,
        satellite=uplink.satellite,
        start=uplink.start,
        outcome=_name(report, lost),
        carried=tuple(c.id for c in uplink.captures if c.id in carried),
        lost=tuple(c.id for c in lost),
        at=report.at,
        message=report.message,
    )


def _check_known(carried: Iterable[str], uplink: Uplink) -> None:
    there = [capture.id for capture in uplink.captures]
    unknown = sorted(set(carried) - set(there))
    if unknown:
        message = (
            f"{', '.join(unknown)[:200]} does not go up with this contact; there are {', '.join(there)}."
        )
        raise Invalid(Fault("/captures", "unknown_capture", message))


def _name(report: UplinkReport, lost: Sequence[Capture]) -> UplinkOutcome:
    if report.outcome == "missed":
        return UplinkOutcome.MISSED
    return UplinkOutcome.PARTIAL if lost else UplinkOutcome.UPLINKED


def _same(uplink: Uplink, told: Acknowledgement) -> Uplink:
    """Whoever says the same again may have another clock by then."""
    before = uplink.acknowledgement
    assert before is not None  # noqa: S101 - asked by the caller
    if (before.outcome, set(before.carried)) != (told.outcome, set(told.carried)):
        raise Conflict(
            f"This contact was acknowledged before as {before.outcome}, with {len(before.carried)} of "
            f"{len(before.carried) + len(before.lost)} captures; {told.outcome} does not fit that.",
            code="acknowledged_differently",
        )
    return uplink


def _keep(uow: UnitOfWork, uplink: Uplink, told: Acknowledgement, now: datetime) -> None:
    uow.add_acknowledgement(told)
    evidence = {"carried": list(told.carried), "lost": list(told.lost)}
    why = Reason(
        told.outcome, told.message or f"Mission control acknowledged the contact: {told.outcome}.", evidence
    )
    uow.add_event(Event(told.uplink_id, "uplink", now, None, Standing(told.outcome), why))
    for capture in uplink.captures:
        if capture.status == CaptureStatus.COMMANDED and capture.id in told.lost:
            give_up(uow, capture, _why_lost(told), now)
        elif capture.id in told.carried:
            _note_carried(uow, capture, told, now)


def _note_carried(uow: UnitOfWork, capture: Capture, told: Acknowledgement, now: datetime) -> None:
    note_capture(uow, replace(capture, uplinked=told.at), UPLINKED, now)
    if capture.status == CaptureStatus.COMMANDED:
        note_request(uow, find_request(uow, capture.request_id, None), UPLINKED, now)


def _why_lost(told: Acknowledgement) -> Reason:
    missed = told.outcome == UplinkOutcome.MISSED
    code, message = ("CONTACT_MISSED", CONTACT_MISSED) if missed else ("NOT_UPLINKED", NOT_UPLINKED)
    # What mission control wrote of the contact stays at its door: it may speak of other accounts' captures.
    return Reason(code, message, {"contact_start": format_time(told.start)})
