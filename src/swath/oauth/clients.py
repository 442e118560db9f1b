"""Client credentials: made here, shown once, kept only as keyed digests.

A secret has 256 random bits, so guessing is hopeless and a fast digest is enough; the key beside it makes a stolen
database worthless without the server's files. A client has two secrets while one takes the place of the other.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from swath.tasking.model import ApiClient, ClientSecret

TASKING, CATALOG, OPS, SANDBOX, ADMIN = SCOPES = ("tasking", "catalog", "ops", "sandbox", "admin")
# What a customer's client may do. The sandbox door is there in sandbox mode only.
CUSTOMER = (TASKING, CATALOG, SANDBOX)
# What the secrets that a client lacks are compared with, so that every try takes as many comparisons.
NO_DIGEST = bytes(32)


def new_client(
    digest_key: bytes, account_id: str, now: datetime, scopes: Sequence[str] = CUSTOMER
) -> tuple[ApiClient, str]:
    """Credentials for an account: the client to save, and its secret, which can not be had again."""
    kept, secret = _new_secret(digest_key, now)
    client = ApiClient(secrets.token_hex(12), account_id, (kept,), tuple(scopes), now)
    return client, secret


def rotate_secret(
    digest_key: bytes, client: ApiClient, now: datetime, overlap: timedelta
) -> tuple[ApiClient, str]:
    """The client with a new secret beside its last one, which holds for `overlap` more; and the new secret.

    A secret that was on its way out already ends at once: there are never more than two.
    """
    kept, secret = _new_secret(digest_key, now)
    last = replace(client.secrets[-1], ends=now + overlap)
    return replace(client, secrets=(last, kept) if overlap else (kept,)), secret


def find_live_secrets(client: ApiClient, now: datetime) -> Sequence[ClientSecret]:
    """The secrets that hold at `now`, the newest last."""
    return [kept for kept in client.secrets if kept.ends is None or now < kept.ends]


def compute_digest(digest_key: bytes, secret: str) -> bytes:
    """The keyed SHA-256 (HMAC) of a secret."""
    return hmac.digest(digest_key, secret.encode("utf-8", "surrogatepass"), sha256)


def holds(digest_key: bytes, client: ApiClient | None, secret: str, now: datetime) -> bool:
    """Whether the secret is one of a client that is not revoked; takes the same time whichever way it fails."""
    live = find_live_secrets(client, now) if client is not None and client.revoked is None else ()
    kept = (*(one.digest for one in live), NO_DIGEST, NO_DIGEST)[:2]
    digest = compute_digest(digest_key, secret)
    # Both are compared, also when the first one fits.
    same = [hmac.compare_digest(digest, one) for one in kept]
    return any(same)


def _new_secret(digest_key: bytes, now: datetime) -> tuple[ClientSecret, str]:
    secret = secrets.token_urlsafe(32)
    return ClientSecret(compute_digest(digest_key, secret), now), secret
