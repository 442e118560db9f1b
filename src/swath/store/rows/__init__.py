"""Between table rows and the values of tasking: one pair of functions a kind, nothing else."""

from swath.store.rows.accounts import client_values, to_account, to_client, to_entry
from swath.store.rows.captures import (
    acknowledgement_values,
    capture_values,
    item_values,
    to_acknowledgement,
    to_capture,
    to_item,
)
from swath.store.rows.changes import event_values, reason_values, to_due, to_event, to_reason, to_refusal
from swath.store.rows.plans import (
    candidate_values,
    chance_values,
    plan_values,
    to_candidate,
    to_chance,
    to_elements,
    to_plan,
)
from swath.store.rows.requests import as_kept, request_changes, request_values, to_activity, to_request
from swath.store.rows.values import Values

__all__ = [
    "Values",
    "acknowledgement_values",
    "as_kept",
    "candidate_values",
    "capture_values",
    "chance_values",
    "client_values",
    "event_values",
    "item_values",
    "plan_values",
    "reason_values",
    "request_changes",
    "request_values",
    "to_account",
    "to_acknowledgement",
    "to_activity",
    "to_candidate",
    "to_capture",
    "to_chance",
    "to_client",
    "to_due",
    "to_elements",
    "to_entry",
    "to_event",
    "to_item",
    "to_plan",
    "to_reason",
    "to_refusal",
    "to_request",
]
