"""Between table rows and the values of tasking: one pair of functions a kind, nothing else."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from swath.store.types import to_text
from swath.tasking.model import (
    Account,
    Acknowledgement,
    Activity,
    ApiClient,
    Candidate,
    Capture,
    CaptureStatus,
    CatalogItem,
    Chance,
    ClientSecret,
    DueKind,
    DueWork,
    Entry,
    EntryKind,
    Event,
    Plan,
    PlanStatus,
    Priority,
    Reason,
    RequestStatus,
    Standing,
    StoredElements,
    TaskingRequest,
    UplinkOutcome,
)

Values = dict[str, Any]
AnyRow = Row[Any]
STANDING_TIMES = ("planned_start", "planned_end", "cancel_until", "expected_delivery")


def reason_values(reason: Reason | None) -> Values | None:
    if reason is None:
        return None
    return {"code": reason.code, "message": reason.message, "evidence": dict(reason.evidence)}


def to_reason(values: Mapping[str, Any] | None) -> Reason | None:
    return None if values is None else Reason(values["code"], values["message"], values["evidence"])


def chance_values(chance: Chance) -> Values:
    return {
        "candidate_id": chance.candidate_id,
        "satellite": chance.satellite,
        "start": chance.start.isoformat(),
        "end": chance.end.isoformat(),
        "roll_deg": chance.roll_deg,
        "pitch_deg": chance.pitch_deg,
        "off_nadir_deg": chance.off_nadir_deg,
        "uplink_by": chance.uplink_by.isoformat(),
        "revolution": chance.revolution,
    }


def to_chance(values: Mapping[str, Any]) -> Chance:
    times = {name: datetime.fromisoformat(values[name]) for name in ("start", "end", "uplink_by")}
    fields: Values = {**values, **times}
    return Chance(**fields)


def to_account(row: AnyRow) -> Account:
    return Account(row.id, row.name, row.created)


def client_values(client: ApiClient) -> Values:
    return {
        "id": client.id,
        "account_id": client.account_id,
        "secrets": [_secret_values(secret) for secret in client.secrets],
        "scopes": list(client.scopes),
        "created": client.created,
        "revoked": client.revoked,
    }


def to_client(row: AnyRow) -> ApiClient:
    secrets = tuple(_to_secret(values) for values in row.secrets)
    return ApiClient(row.id, row.account_id, secrets, tuple(row.scopes), row.created, row.revoked)


def _secret_values(secret: ClientSecret) -> Values:
    ends = secret.ends and to_text(secret.ends)
    return {"digest": secret.digest.hex(), "created": to_text(secret.created), "ends": ends}


def _to_secret(values: Values) -> ClientSecret:
    ends = values["ends"] and datetime.fromisoformat(values["ends"])
    return ClientSecret(bytes.fromhex(values["digest"]), datetime.fromisoformat(values["created"]), ends)


def to_entry(row: AnyRow) -> Entry:
    return Entry(row.account_id, EntryKind(row.kind), row.amount, row.at, row.request_id, row.note)


def plan_values(plan: Plan) -> Values:
    low, high = plan.off_nadir_range
    return {
        "id": plan.id,
        "account_id": plan.account_id,
        "name": plan.name,
        "geometry": plan.geometry,
        "valid_start": plan.valid_start,
        "valid_end": plan.valid_end,
        "off_nadir_min": low,
        "off_nadir_max": high,
        "satellites": list(plan.satellites),
        "status": plan.status,
        "created": plan.created,
        "reason": reason_values(plan.reason),
        "candidate_count": plan.candidate_count,
        "no_candidates": plan.no_candidates,
        "archived": plan.archived,
    }


def to_plan(row: AnyRow) -> Plan:
    return Plan(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        geometry=row.geometry,
        valid_start=row.valid_start,
        valid_end=row.valid_end,
        off_nadir_range=(row.off_nadir_min, row.off_nadir_max),
        satellites=tuple(row.satellites),
        status=PlanStatus(row.status),
        created=row.created,
        reason=to_reason(row.reason),
        candidate_count=row.candidate_count,
        no_candidates=row.no_candidates,
        archived=row.archived,
    )


def candidate_values(candidate: Candidate) -> Values:
    chance = candidate.chance
    return {
        "id": candidate.id,
        "plan_id": candidate.plan_id,
        "account_id": candidate.account_id,
        "satellite": chance.satellite,
        "start": chance.start,
        "end": chance.end,
        "roll_deg": chance.roll_deg,
        "pitch_deg": chance.pitch_deg,
        "off_nadir_deg": chance.off_nadir_deg,
        "uplink_by": chance.uplink_by,
        "revolution": chance.revolution,
        "geometry": candidate.footprint,
        "coverage_percent": candidate.coverage_percent,
        "expected_coverage_percent": candidate.expected_coverage_percent,
        "coverage_probability": candidate.coverage_probability,
        "time_uncertainty_s": candidate.time_uncertainty_s,
        "view_azimuth_deg": candidate.view_azimuth_deg,
        "incidence_deg": candidate.incidence_deg,
        "sun_elevation_deg": candidate.sun_elevation_deg,
        "sun_azimuth_deg": candidate.sun_azimuth_deg,
        "gsd_m": candidate.gsd_m,
        "orbit_state": candidate.orbit_state,
        "constellation": candidate.constellation,
        "elements_epoch": candidate.elements_epoch,
        "access_start": candidate.access_start,
        "access_end": candidate.access_end,
        "expected_delivery": candidate.expected_delivery,
        "created": candidate.created,
        "valid_until": candidate.valid_until,
    }


def to_candidate(row: AnyRow) -> Candidate:
    return Candidate(
        id=row.id,
        plan_id=row.plan_id,
        account_id=row.account_id,
        chance=Chance(
            candidate_id=row.id,
            satellite=row.satellite,
            start=row.start,
            end=row.end,
            roll_deg=row.roll_deg,
            pitch_deg=row.pitch_deg,
            off_nadir_deg=row.off_nadir_deg,
            uplink_by=row.uplink_by,
            revolution=row.revolution,
        ),
        footprint=row.geometry,
        coverage_percent=row.coverage_percent,
        expected_coverage_percent=row.expected_coverage_percent,
        coverage_probability=row.coverage_probability,
        time_uncertainty_s=row.time_uncertainty_s,
        view_azimuth_deg=row.view_azimuth_deg,
        incidence_deg=row.incidence_deg,
        sun_elevation_deg=row.sun_elevation_deg,
        sun_azimuth_deg=row.sun_azimuth_deg,
        gsd_m=row.gsd_m,
        orbit_state=row.orbit_state,
        constellation=row.constellation,
        elements_epoch=row.elements_epoch,
        access_start=row.access_start,
        access_end=row.access_end,
        expected_delivery=row.expected_delivery,
        created=row.created,
        valid_until=row.valid_until,
    )


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


def capture_values(capture: Capture) -> Values:
    return {
        "id": capture.id,
        "request_id": capture.request_id,
        "account_id": capture.account_id,
        "chance": chance_values(capture.chance),
        "geometry": capture.footprint,
        "status": capture.status,
        "uplink_by": capture.chance.uplink_by,
        "commanded": capture.commanded,
        "seen": dict(capture.seen),
        "reason": reason_values(capture.reason),
        "uplinked": capture.uplinked,
        "captured": capture.captured,
        "cloud_percent": capture.cloud_percent,
        "expected": capture.expected,
        "delivered": capture.delivered,
    }


def to_capture(row: AnyRow) -> Capture:
    return Capture(
        id=row.id,
        request_id=row.request_id,
        account_id=row.account_id,
        chance=to_chance(row.chance),
        footprint=row.geometry,
        status=CaptureStatus(row.status),
        commanded=row.commanded,
        seen=row.seen,
        reason=to_reason(row.reason),
        uplinked=row.uplinked,
        captured=row.captured,
        cloud_percent=row.cloud_percent,
        expected=row.expected,
        delivered=row.delivered,
    )


def acknowledgement_values(told: Acknowledgement) -> Values:
    return {**asdict(told), "carried": list(told.carried), "lost": list(told.lost)}


def to_acknowledgement(row: AnyRow) -> Acknowledgement:
    return Acknowledgement(
        row.uplink_id,
        row.satellite,
        row.start,
        UplinkOutcome(row.outcome),
        tuple(row.carried),
        tuple(row.lost),
        row.at,
        row.message,
    )


def event_values(event: Event) -> Values:
    return {
        "subject": event.subject,
        "kind": event.kind,
        "at": event.at,
        "before": event.before and _standing_values(event.before),
        "after": _standing_values(event.after),
        "reason": reason_values(event.reason),
        "findings": [dict(finding) for finding in event.reason.findings] or None,
    }


def to_event(row: AnyRow) -> Event:
    reason = to_reason(row.reason) or Reason("", "")
    before = row.before and _to_standing(row.before)
    return Event(row.subject, row.kind, row.at, before, _to_standing(row.after), reason)


def to_refusal(row: AnyRow) -> Event:
    """An event with what its reason keeps for the operator."""
    event = to_event(row)
    return replace(event, reason=replace(event.reason, findings=tuple(row.findings)))


def _standing_values(standing: Standing) -> Values:
    """Without what is not set: most changes leave most of it alone."""
    told = {name: value for name, value in vars(standing).items() if value not in (None, False)}
    return {name: to_text(value) if isinstance(value, datetime) else value for name, value in told.items()}


def _to_standing(values: Values) -> Standing:
    times = {name: datetime.fromisoformat(values[name]) for name in STANDING_TIMES if name in values}
    told: Values = {**values, **times}
    return Standing(**told)


def to_elements(row: AnyRow) -> StoredElements:
    return StoredElements(row.satellite, row.norad_id, row.epoch, row.omm, row.source, row.imported)


def item_values(item: CatalogItem) -> Values:
    properties = item.document["properties"]
    searched = {
        "platform": "platform",
        "constellation": "constellation",
        "cloud_cover": "eo:cloud_cover",
        "off_nadir": "view:off_nadir",
        "sun_elevation": "view:sun_elevation",
        "sun_azimuth": "view:sun_azimuth",
        "gsd": "gsd",
    }
    created = properties.get("created")
    return {
        "id": item.id,
        "collection": item.collection,
        "account_id": item.account_id,
        "capture_id": item.capture_id,
        "geometry": item.geometry,
        "start": item.start,
        "end": item.end,
        "created": datetime.fromisoformat(created) if created else None,
        "document": dict(item.document),
        **{column: properties.get(name) for column, name in searched.items()},
    }


def to_item(row: AnyRow) -> CatalogItem:
    return CatalogItem(
        row.id,
        row.collection,
        row.account_id,
        row.capture_id,
        row.geometry,
        row.start,
        row.end,
        row.document,
    )


def to_due(row: AnyRow) -> DueWork:
    return DueWork(row.id, DueKind(row.kind), row.subject, row.due_at, row.done_at, row.attempts, row.error)
