"""Requests and the schedule follow fresh elements: what was found again is taken up for all requests at once.

One satellite's captures shift together. Taking them up one request at a time would make neighbours collide that never
meet, so while any of the searches that new elements have caused is still due, everything stays by the old figures.
Chances that come on top of those that a request has are taken up at once.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from swath.tasking.bounds import bounds_of
from swath.tasking.model import Activity, Chance, DueKind, Reason, TaskingRequest
from swath.tasking.places import last_chance, with_place, without_place
from swath.tasking.ports import UnitOfWork
from swath.tasking.steps import note_request, revise_request

SEARCHES = (DueKind.REFRESH_CANDIDATES, DueKind.FIND_CHANCES)
SOON = timedelta(seconds=10)
FOLLOWED = Reason("FRESH_ELEMENTS", "Captures were moved to where fresh elements see their satellites.")
FOUND_AGAIN = Reason(
    "FOUND_AGAIN", "The chances were found again; the last moment to command any of them is another."
)


def take_up_fresh_elements(uow: UnitOfWork, now: datetime) -> None:
    """Give every live request the chances that were found again for it, and move what is planned to its new figures.

    What is commanded stays as it was commanded. A planned capture whose access was not found again keeps its line for
    the scheduler to drop: it is no longer among the chances.
    """
    found = uow.live_requests(found_again=True)
    if found and uow.is_due(SEARCHES, now):
        found = [one for one in found if _only_adds(one, now)]
    if not found:
        return
    lines = {line.request_id: line for line in uow.schedule().activities if _movable(line, now)}
    moves = [(lines.get(one.id), _take_up(uow, one, lines.get(one.id), now)) for one in found]
    moved = [(before, after) for before, after in moves if before and after and before != after]
    if moved:
        gone, added = zip(*moved, strict=True)
        uow.add_schedule(FOLLOWED, now, gone=gone, added=added)


def plan_what_was_found(uow: UnitOfWork, now: datetime) -> None:
    """Let planning be due where chances that were found again are not taken up: soon, if others are still looked for.

    Whoever ends the last search may have found nothing to be planned, so it is not left to that.
    """
    if uow.live_requests(found_again=True):
        searching = uow.is_due(SEARCHES, now)
        uow.add_due(DueKind.RESCHEDULE, "schedule", now + SOON if searching else now)


def _only_adds(request: TaskingRequest, now: datetime) -> bool:
    """Whether by what was found again nothing moves, so that it meets nobody who is still to follow."""
    ahead, fresh = {chance for chance in request.chances if chance.uplink_by > now}, set(request.fresh or ())
    return ahead <= fresh and {one.satellite for one in fresh} <= {one.satellite for one in ahead}


def _movable(activity: Activity, now: datetime) -> bool:
    return not activity.frozen and activity.chance.uplink_by > now


def _take_up(
    uow: UnitOfWork, request: TaskingRequest, line: Activity | None, now: datetime
) -> Activity | None:
    """Save the request with its new chances; returns its line of the schedule as it now is, if it has one."""
    followed = _with_fresh(uow, request)
    uow.add_due(DueKind.CLOSE_REQUEST, request.id, max(now, last_chance(followed)))
    there = line and _counterpart(followed.chances, line.chance)
    if line is not None and there is not None and there != line.chance:
        _move(uow, followed, line.chance, there, now)
        return replace(line, chance=there)
    placed = request.planned_start is not None
    revise_request(uow, followed if placed else without_place(followed), FOUND_AGAIN, now)
    return line


def _with_fresh(uow: UnitOfWork, request: TaskingRequest) -> TaskingRequest:
    """The window and band of a request that the customer gave no other are those of its candidate as it now is."""
    taken = replace(request, chances=request.fresh or (), fresh=None)
    candidate = None if request.flexible else uow.candidate(request.candidate_id)
    return taken if candidate is None else replace(taken, **asdict(bounds_of(candidate)))


def _counterpart(chances: Sequence[Chance], chance: Chance) -> Chance | None:
    """The same capture by the new figures: of the same candidate, at the nearest pitch."""
    same = [one for one in chances if one.candidate_id == chance.candidate_id]
    return min(same, key=lambda one: abs(one.pitch_deg - chance.pitch_deg), default=None)


def _move(uow: UnitOfWork, request: TaskingRequest, was: Chance, now_is: Chance, now: datetime) -> None:
    later_s = round((now_is.start - was.start).total_seconds(), 6)
    message = (
        f"By fresh elements the capture comes {abs(later_s):.3f} s {'later' if later_s > 0 else 'earlier'}."
    )
    uow.move_due(DueKind.UPLINK, request.id, now_is.uplink_by)
    reason = Reason("FRESH_ELEMENTS", message, {"later_s": later_s})
    note_request(uow, with_place(request, now_is), reason, now)
