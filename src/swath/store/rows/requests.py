"""Requests and lines of the schedule."""

from dataclasses import replace

from swath.store.rows.changes import reason_values, to_reason
from swath.store.rows.plans import chance_values, to_chance
from swath.store.rows.values import AnyRow, Values
from swath.tasking.model import Activity, Priority, RequestStatus, TaskingRequest


def request_values(request: TaskingRequest) -> Values:
    low, high = request.off_nadir_range
    return {
        "id": request.id,
        "account_id": request.account_id,
        "plan_id": request.plan_id,
        "candidate_id": request.candidate_id,
        "name": request.name,
        "priority": request.priority,
        "status": request.status,
        "created": request.created,
        "geometry": request.footprint,
        "valid_start": request.valid_start,
        "valid_end": request.valid_end,
        "off_nadir_min": low,
        "off_nadir_max": high,
        "satellites": list(request.satellites),
        "chances": [chance_values(chance) for chance in request.chances],
        "cost": request.cost,
        "flexible": request.flexible,
        "fresh": None if request.fresh is None else [chance_values(chance) for chance in request.fresh],
        "final": request.final,
        "reason": reason_values(request.reason),
        "planned_start": request.planned_start,
        "planned_end": request.planned_end,
        "planned_satellite": request.planned_satellite,
        "cancel_until": request.cancel_until,
        "capture_id": request.capture_id,
        "expected_delivery": request.expected_delivery,
    }


def request_changes(request: TaskingRequest) -> Values:
    """What may change of a request; not so the ground that it shows, which is kept in two places."""
    values = request_values(request)
    del values["id"], values["geometry"]
    return values


def as_kept(request: TaskingRequest) -> TaskingRequest:
    """A request as it is read again: findings are kept with its events."""
    reason = request.reason
    return replace(request, reason=replace(reason, findings=())) if reason and reason.findings else request


def to_request(row: AnyRow) -> TaskingRequest:
    return TaskingRequest(
        id=row.id,
        account_id=row.account_id,
        plan_id=row.plan_id,
        candidate_id=row.candidate_id,
        name=row.name,
        priority=Priority(row.priority),
        status=RequestStatus(row.status),
        created=row.created,
        footprint=row.geometry,
        valid_start=row.valid_start,
        valid_end=row.valid_end,
        off_nadir_range=(row.off_nadir_min, row.off_nadir_max),
        satellites=tuple(row.satellites),
        chances=tuple(to_chance(values) for values in row.chances),
        cost=row.cost,
        flexible=row.flexible,
        fresh=None if row.fresh is None else tuple(to_chance(values) for values in row.fresh),
        final=row.final,
        reason=to_reason(row.reason),
        planned_start=row.planned_start,
        planned_end=row.planned_end,
        planned_satellite=row.planned_satellite,
        cancel_until=row.cancel_until,
        capture_id=row.capture_id,
        expected_delivery=row.expected_delivery,
    )


def to_activity(row: AnyRow) -> Activity:
    return Activity(row.request_id, Priority(row.priority), to_chance(row.chance), row.frozen)
