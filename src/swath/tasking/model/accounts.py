"""Who asks, and with what credit."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """Movements of credit. A hold is taken back by exactly one charge or release."""

    GRANT = "GRANT"
    HOLD = "HOLD"
    CHARGE = "CHARGE"
    RELEASE = "RELEASE"


@dataclass(frozen=True)
class Account:
    id: str
    name: str
    created: datetime


@dataclass(frozen=True)
class ClientSecret:
    """One secret of a client, of which only a keyed digest is kept; `ends` None while it is the newest."""

    digest: bytes
    created: datetime
    ends: datetime | None = None


@dataclass(frozen=True)
class ApiClient:
    """Credentials of an account. Its times are real ones, also in a sandbox."""

    id: str
    account_id: str
    secrets: tuple[ClientSecret, ...]
    scopes: tuple[str, ...]
    created: datetime
    revoked: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One movement in the ledger: whole credits, never changed, never removed."""

    account_id: str
    kind: EntryKind
    amount: int
    at: datetime
    request_id: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Balance:
    """What an account was granted, has on hold and was charged; `free` can still be spent."""

    granted: int
    held: int
    charged: int

    @property
    def free(self) -> int:
        return self.granted - self.held - self.charged
