"""Creating at most once: a key that the caller chooses makes a repeated POST answer what the first one made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from swath.api.collections import Collection, Creation
from swath.api.door import Door
from swath.api.links import Links
from swath.errors import BadParameter, Fault, Invalid

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


@dataclass(frozen=True)
class Sent:
    """A POST: whose it is, its key if it has one, its body as it came, and what that asks for."""

    account_id: str
    key: str | None
    body: bytes
    draft: Any


def create_once(
    door: Door, collection: Collection, creation: Creation, sent: Sent, links: Links, remembered: timedelta
) -> Mapping[str, Any]:
    """The document of what is made, or the one that the same key and body were answered with before.

    The look and the making are one transaction. Raises Invalid when the key came with another body.
    """
    digest = sha256(collection.id.encode() + b"\n" + sent.body).hexdigest()
    with door.store.begin() as uow:
        now = door.clock.now()
        before = uow.answer_for_key(sent.account_id, sent.key, now - remembered) if sent.key else None
        if before is None:
            document = collection.build(creation.make(uow, sent.account_id, sent.draft, now), links)
            if sent.key:
                uow.forget_answers(now - remembered)
                uow.remember_answer(sent.account_id, sent.key, digest, document, now)
            return document
    kept_digest, answered = before
    if kept_digest != digest or answered is None:
        message = f"The Idempotency-Key {sent.key!r} was used for another body; choose a new one."
        raise Invalid(Fault("", "idempotency_key_reused", message))
    return answered
