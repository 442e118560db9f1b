"""Creating at most once: a key that the caller chooses makes a repeated POST answer what the first one made."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from swath.api.collections import Collection, Creation
from swath.api.door import Door
from swath.errors import BadParameter, Conflict, Fault, Invalid, NotFound

MAX_KEY = 255


def parse_key(sent: str | None) -> str | None:
    """The Idempotency-Key header: 1 to 255 visible characters, or none at all. Raises BadParameter.

    An empty one is refused: whoever sends it believes to be safe from making things twice, and would not be.
    """
    if sent is None:
        return None
    if not 1 <= len(sent) <= MAX_KEY or not all("!" <= character <= "~" for character in sent):
        raise BadParameter(
            "Idempotency-Key", f"Idempotency-Key takes 1 to {MAX_KEY} visible ASCII characters."
        )
    return sent


def create_once(
    door: Door,
    collection: Collection,
    creation: Creation,
    account_id: str,
    key: str | None,
    body: bytes,
    draft: Any,
    remembered: timedelta,
) -> Any:
    """The row of a draft: a new one, or the one that the same key and body made before.

    The look and the making are one transaction. Raises Invalid when the key came with another body, Conflict when
    what it made is gone.
    """
    digest = sha256(collection.id.encode() + b"\n" + body).hexdigest()
    with door.store.begin() as uow:
        now = door.clock.now()
        before = uow.answer_for_key(account_id, key, now - remembered) if key else None
        if before is None:
            row = creation.make(uow, account_id, draft, now)
            if key:
                uow.remember_answer(account_id, key, digest, row.id, now)
            return row
    kept_digest, subject = before
    if kept_digest != digest:
        message = f"The Idempotency-Key {key!r} was used for another body; choose a new one."
        raise Invalid(Fault("", "idempotency_key_reused", message))
    return _load_again(collection, subject, account_id, door)


def _load_again(collection: Collection, subject: str, account_id: str, door: Door) -> Any:
    try:
        row = collection.load(subject, account_id, door.clock.now())
    except NotFound:
        row = None
    if row is None:
        message = f"What was made with this Idempotency-Key, {subject!r}, is gone; choose a new key to make it again."
        raise Conflict(message, code="idempotency_key_spent")
    return row
