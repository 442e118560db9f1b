"""Accounts as an operator sees them: credits, clients, and credentials that are shown once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import ConfigDict, Field, WithJsonSchema

from swath.wire.durations import UNDER_90, Duration, describe_duration
from swath.wire.geojson import Document, Draft
from swath.wire.names import LINE_PATTERN, MOST_ACCOUNT_NAME, MOST_NOTE, describe_name
from swath.wire.times import Time

# Credits are whole numbers that every database keeps.
MOST_CREDITS = 10**9
# The scopes that credentials are given over HTTP; those for administration are made at the machine alone.
GIVEN = ("tasking", "catalog", "ops", "sandbox")


class Funds(Document):
    """The credits of an account: granted, on hold for live requests, charged for delivered ones, free to use."""

    free: int
    held: int
    charged: int
    granted: int


class LiveSecret(Document):
    """A secret that holds; `ends` is there when a newer one took its place."""

    created: Time
    ends: Time | None = None


class ClientRecord(Document):
    """Credentials of an account, without the secrets themselves."""

    client_id: str
    scopes: Sequence[str]
    revoked: bool
    created: Time
    secrets: Sequence[LiveSecret] = ()


class AccountRecord(Funds):
    """An account with its credits and clients."""

    account: str
    name: str
    clients: Sequence[ClientRecord] = ()


class AccountList(Document):
    """All accounts, the oldest first."""

    accounts: Sequence[AccountRecord]


class Issued(Document):
    """Credentials at the one moment when their secret can be read."""

    account: str
    client_id: str
    client_secret: str


class KeyRecord(Document):
    """A key that tokens are signed with; `ends` is when the last of its tokens will have ended, None while it signs."""

    kid: str
    created: Time
    ends: Time | None = None


class NewAccount(Draft):
    """What it takes to open an account."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Acme", "credits": 10}})

    name: str = Field(
        min_length=1, max_length=MOST_ACCOUNT_NAME, json_schema_extra=describe_name(MOST_ACCOUNT_NAME)
    )
    credits: int = Field(0, ge=0, le=MOST_CREDITS)


class NewCredits(Draft):
    """Credits to add, and what for; the note is kept in the ledger."""

    model_config = ConfigDict(json_schema_extra={"example": {"credits": 10, "note": "contract 7"}})

    credits: int = Field(gt=0, le=MOST_CREDITS)
    note: str = Field("", max_length=MOST_NOTE, json_schema_extra={"pattern": LINE_PATTERN})


class NewClient(Draft):
    """Scopes of new credentials; without them, what customers may do."""

    model_config = ConfigDict(json_schema_extra={"example": {"scopes": ["tasking", "catalog"]}})

    scopes: Sequence[Annotated[str, Field(json_schema_extra={"enum": [*GIVEN]})]] | None = Field(
        None, min_length=1, max_length=10
    )


class NewSecret(Draft):
    """How long the last secret holds beside the new one, as an ISO 8601 duration."""

    model_config = ConfigDict(json_schema_extra={"example": {"overlap": "PT6H"}})

    overlap: Annotated[Duration, WithJsonSchema(describe_duration(UNDER_90, 90))] = timedelta(days=1)
