"""Typed ids as they travel: base64 of `Type:key`, opaque to clients, stored as they are."""

import base64
import binascii
import uuid

PLAN = "TaskPlan"
REQUEST = "Task"
CANDIDATE = "OpportunityCandidate"
REVOLUTION = "Revolution"


def encode_id(kind: str, key: str | int) -> str:
    """`TaskPlan` and a key to the id on the wire."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def decode_id(kind: str, wire_id: str) -> str | None:
    """The key inside an id of that kind; None when it is not one."""
    try:
        found, _, key = base64.b64decode(wire_id, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return key if found == kind and key else None


def new_id(kind: str) -> str:
    """A fresh id with a random UUID as its key."""
    return encode_id(kind, str(uuid.uuid4()))
