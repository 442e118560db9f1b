"""What the service answers when it says no, and when it hands out a token."""

from collections.abc import Sequence

from swath.wire.geojson import Document, Linked


class BrokenRule(Document):
    """One broken rule of a body: where (JSON pointer), a stable code, a sentence."""

    pointer: str
    code: str
    message: str


class Problem(Linked):
    """RFC 9457 problem details, with the `code` and `description` of OGC API beside them.

    `errors` is there for bodies that broke rules, `parameter` for query strings, `request_id` for faults of ours.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    code: str
    description: str
    errors: Sequence[BrokenRule] | None = None
    parameter: str | None = None
    request_id: str | None = None


class Token(Document):
    """An access token (RFC 6749 section 5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str | None = None
