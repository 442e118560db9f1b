"""Client credentials: made here, shown once, kept only as a keyed digest.

A secret has 256 random bits, so guessing is hopeless and a fast digest is enough; the key beside it makes a stolen
database worthless without the server's files.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from swath.tasking.model import ApiClient

TASKING, CATALOG, OPS, SANDBOX, ADMIN = SCOPES = ("tasking", "catalog", "ops", "sandbox", "admin")
# What a customer's client may do. The sandbox door is there in sandbox mode only.
CUSTOMER = (TASKING, CATALOG, SANDBOX)


def new_client(
    digest_key: bytes, account_id: str, now: datetime, scopes: Sequence[str] = CUSTOMER
) -> tuple[ApiClient, str]:
    """Credentials for an account: the client to save, and its secret, which can not be had again."""
    secret = secrets.token_urlsafe(32)
    client = ApiClient(
        id=secrets.token_hex(12),
        account_id=account_id,
        secret_digest=compute_digest(digest_key, secret),
        scopes=tuple(scopes),
        created=now,
    )
    return client, secret


def compute_digest(digest_key: bytes, secret: str) -> bytes:
    """The keyed SHA-256 (HMAC) of a secret."""
    return hmac.digest(digest_key, secret.encode("utf-8", "surrogatepass"), sha256)


def holds(digest_key: bytes, client: ApiClient | None, secret: str) -> bool:
    """Whether the secret is that of a client that is not revoked; takes the same time whichever way it fails."""
    kept = client.secret_digest if client is not None else bytes(32)
    same = hmac.compare_digest(compute_digest(digest_key, secret), kept)
    return same and client is not None and client.revoked is None
