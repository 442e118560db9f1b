"""Accounts, their clients and the ledger."""

from datetime import datetime

from swath.store.rows.values import AnyRow, Values
from swath.store.types import to_text
from swath.tasking.model import Account, ApiClient, ClientSecret, Entry, EntryKind


def to_account(row: AnyRow) -> Account:
    return Account(row.id, row.name, row.created)


def client_values(client: ApiClient) -> Values:
    return {
        "id": client.id,
        "account_id": client.account_id,
        "secrets": [_secret_values(secret) for secret in client.secrets],
        "scopes": list(client.scopes),
        "created": client.created,
        "revoked": client.revoked,
    }


def to_client(row: AnyRow) -> ApiClient:
    secrets = tuple(_to_secret(values) for values in row.secrets)
    return ApiClient(row.id, row.account_id, secrets, tuple(row.scopes), row.created, row.revoked)


def _secret_values(secret: ClientSecret) -> Values:
    ends = secret.ends and to_text(secret.ends)
    return {"digest": secret.digest.hex(), "created": to_text(secret.created), "ends": ends}


def _to_secret(values: Values) -> ClientSecret:
    ends = values["ends"] and datetime.fromisoformat(values["ends"])
    return ClientSecret(bytes.fromhex(values["digest"]), datetime.fromisoformat(values["created"]), ends)


def to_entry(row: AnyRow) -> Entry:
    return Entry(row.account_id, EntryKind(row.kind), row.amount, row.at, row.request_id, row.note)
