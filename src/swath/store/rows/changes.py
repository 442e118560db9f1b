"""Reasons, events and due work."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from swath.store.rows.values import AnyRow, Values
from swath.store.types import to_text
from swath.tasking.model import DueKind, DueWork, Event, Reason, Standing

STANDING_TIMES = ("planned_start", "planned_end", "cancel_until", "expected_delivery")


def reason_values(reason: Reason | None) -> Values | None:
    if reason is None:
        return None
    return {"code": reason.code, "message": reason.message, "evidence": dict(reason.evidence)}


def to_reason(values: Mapping[str, Any] | None) -> Reason | None:
    return None if values is None else Reason(values["code"], values["message"], values["evidence"])


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


def to_due(row: AnyRow) -> DueWork:
    return DueWork(row.id, DueKind(row.kind), row.subject, row.due_at, row.done_at, row.attempts, row.error)
