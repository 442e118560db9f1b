"""The Tasking API over a real store on a temporary folder, with two accounts that call it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient

from swath.admin.router import build_router as build_admin_router
from swath.api.app import build_app
from swath.api.links import API
from swath.api.routes import PlainRoute, Switchboard
from swath.clock import FrozenClock, SystemClock
from swath.oauth.authenticate import Authenticator
from swath.oauth.clients import CUSTOMER, new_client
from swath.oauth.keys import KeyRing, load_digest_key
from swath.oauth.registry import Registry
from swath.oauth.tokens import Tokens
from swath.settings import Settings
from swath.store.database import SqlStore
from swath.store.reference import Reference
from swath.tasking.accounts import create_account
from swath.tasking.rules import Rules

AREA = {
    "type": "Polygon",
    "coordinates": [[[136.0, 35.9], [136.4, 35.9], [136.4, 36.2], [136.0, 36.2], [136.0, 35.9]]],
}
LIFE = timedelta(hours=24)


@dataclass
class Jobs:
    """A job runner that can be said to be down."""

    running: bool = True
    outstanding: int = 0

    def status(self) -> "Jobs":
        return self


@dataclass
class Service:
    """The application, and what it stands on."""

    app: FastAPI
    store: SqlStore
    clock: FrozenClock
    rules: Rules
    tokens: Tokens
    digest_key: bytes
    jobs: Jobs = field(default_factory=Jobs)

    def caller(self, name: str, credits: int = 10, scopes: Sequence[str] = CUSTOMER) -> "Caller":
        """A new account with a token of its own."""
        with self.store.begin() as uow:
            account = create_account(uow, f"{name} {uuid4()}", credits, self.clock.now())
            client, secret = new_client(self.digest_key, account.id, self.clock.now(), scopes)
            uow.save_api_client(client)
        token = self.tokens.issue(client.id, account.id, scopes)
        return Caller(self, account.id, client.id, secret, token)

    def anonymous(self) -> TestClient:
        return TestClient(self.app, raise_server_exceptions=False)


@dataclass
class Caller:
    """Somebody with an account."""

    service: Service
    account_id: str
    client_id: str
    secret: str
    token: str

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        self.http = TestClient(self.service.app, headers=headers, raise_server_exceptions=False)

    def get(self, path: str, **params: str | int) -> Any:
        """A document that is there, at an address or a path of the Tasking API."""
        answer = self.http.get(path if "://" in path else f"{API}{path}", params=params or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, collection: str, **params: str | int) -> list[str]:
        return [
            feature["id"] for feature in self.get(f"/collections/{collection}/items", **params)["features"]
        ]

    def refused(self, path: str, **params: str | int) -> Any:
        """The problem with which a GET is refused."""
        return problem(self.http.get(f"{API}{path}", params=params or None))

    def post(self, collection: str, body: Any, **headers: str) -> Any:
        return self.http.post(f"{API}/collections/{collection}/items", json=body, headers=headers)


def build_service(
    folder: Path, store: SqlStore, rules: Rules, clock: FrozenClock, keys: KeyRing, reference: Reference
) -> Service:
    """A service on its own folder; keys and orbits come from outside, because making them takes time."""
    settings = Settings(data=folder, public_url=None)
    tokens = Tokens(keys, SystemClock(), issuer=settings.issuer, audience=settings.audience, life=LIFE)
    digest_key = load_digest_key(folder / "keys")
    jobs, guard = Jobs(), Authenticator(store, tokens)
    registry = Registry(store, clock, tokens, digest_key)
    app = build_app(
        settings,
        store=store,
        clock=clock,
        rules=rules,
        reference=reference,
        jobs=jobs,
        guard=guard,
        tokens=tokens,
        digest_key=digest_key,
        routers=[build_admin_router(registry, guard.require)],
    )
    return Service(app, store, clock, rules, tokens, digest_key, jobs)


def plan_body(now: Any, geometry: Mapping[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    """A plan that is right, but for what is said otherwise."""
    given = {
        "name": "Fukui",
        "valid_start": now.isoformat(),
        "valid_end": (now + timedelta(days=7)).isoformat(),
        **properties,
    }
    return {"type": "Feature", "geometry": AREA if geometry is None else geometry, "properties": given}


def request_body(wanted: str, **properties: Any) -> dict[str, Any]:
    """A request for a candidate, as the public description sends it."""
    given = {"name": "harbour", "candidate_id": wanted, "priority": "NORMAL", **properties}
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": given}


def problem(answer: Any) -> Any:
    """The problem document of a refusal, checked to be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    document = answer.json()
    assert document["status"] == answer.status_code
    for member in ("type", "title", "detail", "instance", "code", "description"):
        assert document[member], member
    return document


def list_routes(app: FastAPI) -> list[PlainRoute]:
    """The routes of the doors over collections, and those beside them."""
    (switchboard,) = (route for route in app.routes if isinstance(route, Switchboard))
    return list(switchboard.routes)
