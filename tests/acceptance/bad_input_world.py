"""A server for bad input: one account with a plan, a live request and an image, one that owns nothing, an operator."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from shapely.geometry import shape
from tests.serving import API, FUKUI, Customer, Server, days_after, serving

from swath.cli.operations import open_registry
from swath.clock import SystemClock
from swath.delivery.assets import image_key, open_assets
from swath.oauth.keys import open_keys
from swath.oauth.tokens import Tokens
from swath.settings import Settings
from swath.store.database import open_store
from swath.tasking.model import CatalogItem

PLANS, REQUESTS = f"{API}/collections/plans/items", f"{API}/collections/requests/items"
CANDIDATES, SATELLITES = f"{API}/collections/candidates/items", f"{API}/collections/satellites/items"
CLOCK, FAULTS, SEARCH, TOKEN = "/sandbox/clock", "/sandbox/faults", "/stac/v1/search", "/oauth/token"
ITEM = "/stac/v1/collections/grus-1/items/IMAGE"
FILE = f"{ITEM}/assets/thumbnail.png"
IMAGE = b"\x89PNG, or what passes for one here"
PROBLEM = "application/problem+json"
MIB = 1 << 20
# What the machinery says to programmers and nobody should have to read in an answer.
JARGON = ("Traceback", "Value error", "Tuple", "Exception", "sqlite", "recursion")

Json = dict[str, Any]


@dataclass(frozen=True)
class World:
    """`owner` has spent all its credit; `stranger` has some and owns nothing; `operator` may use the ops door;
    `visitor` sends no token unless it is told to.
    """

    server: Server
    credentials: Mapping[str, str]
    owner: Customer
    stranger: Customer
    operator: Customer
    visitor: httpx.Client
    plan_id: str
    request_id: str
    live_candidate: str
    free_candidate: str
    expired_candidate: str
    revoked_token: str
    tokens: Tokens

    def state(self) -> Json:
        """Everything that bad input might have changed."""
        account, requests = self.owner.get(f"{API}/account"), self.owner.get(REQUESTS)
        return {
            "plans": self.owner.get(PLANS, limit=1)["numberMatched"],
            "requests": [(one["id"], one["properties"]["status"]) for one in requests["features"]],
            "credit": [account[name] for name in ("granted", "held", "charged", "free")],
            "clock": self.owner.get(CLOCK),
            "faults of ours": self.server.log.read_text().count("Traceback"),
        }


@contextlib.contextmanager
def open_world(data: Path) -> Iterator[World]:
    """A server with all of that, which is gone afterwards."""
    with serving(data) as server:
        world = build_world(server)
        yield world
        for client in (world.owner.http, world.stranger.http, world.operator.http, world.visitor):
            client.close()


def build_world(server: Server) -> World:
    settings = Settings(server.data)
    with open_registry(settings) as registry:
        made = {
            name: registry.create_account(name, credits).model_dump()
            for name, credits in {"owner": 1, "stranger": 5, "former": 0}.items()
        }
        operator = registry.add_client("stranger", ["ops"]).model_dump()
        former = Customer(server.url, made["former"])
        former.http.close()
        registry.revoke_client(made["former"]["client_id"])
    owner = Customer(server.url, made["owner"])
    owner.advance(rate=0)
    plan = owner.create_plan(satellites=["GRUS-1A", "GRUS-1B"])
    assert owner.wait_for_plan(plan["id"])["properties"]["status"] == "ACTIVE"
    early, *_, live, free = sorted(
        owner.candidates(plan["id"]), key=lambda one: one["properties"]["uplink_by"]
    )
    request = owner.ask(live["id"])
    assert request.status_code == 201, request.text
    keep_image(settings, made["owner"]["account"])
    owner.advance(advance_to=early["properties"]["valid_until"])
    return World(
        server=server,
        credentials=made["owner"],
        owner=owner,
        stranger=Customer(server.url, made["stranger"]),
        operator=Customer(server.url, operator),
        visitor=httpx.Client(base_url=server.url, timeout=60),
        plan_id=plan["id"],
        request_id=request.json()["id"],
        live_candidate=live["id"],
        free_candidate=free["id"],
        expired_candidate=early["id"],
        revoked_token=former.http.headers["authorization"],
        tokens=Tokens(
            open_keys(server.data / "keys", settings.token_life, datetime.now(UTC)),
            SystemClock(),
            issuer=settings.issuer,
            audience=settings.audience,
            life=settings.token_life,
        ),
    )


def keep_image(settings: Settings, account_id: str) -> None:
    """An image of the account's in the catalogue; how images come there is not what is tried here."""
    key = image_key("grus-1", "IMAGE", "thumbnail.png")
    open_assets(settings.data / "assets").put(key, IMAGE, "image/png")
    document = {
        "type": "Feature",
        "id": "IMAGE",
        "collection": "grus-1",
        "geometry": FUKUI,
        "properties": {},
        "assets": {"thumbnail": {"href": key, "type": "image/png"}},
    }
    start = datetime(2026, 8, 22, 1, tzinfo=UTC)
    end = start + timedelta(seconds=9)
    store = open_store(settings.url)
    with store.begin() as uow:
        uow.save_item(
            CatalogItem("IMAGE", "grus-1", account_id, "CAPTURE", shape(FUKUI), start, end, document)
        )
    store.close()


def assert_refused(answer: httpx.Response, status: int, *words: str) -> Json:
    """A problem of that status, whole, whose sentence has these words and speaks to the customer."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert {"type", "title", "detail", "instance", "code"} <= set(problem)
    assert problem["description"] == problem["detail"]
    assert [word for word in words if word not in problem["detail"]] == [], problem["detail"]
    assert [word for word in JARGON if word in problem["detail"]] == [], problem["detail"]
    if status == 422:
        assert problem["errors"]
        assert all({"pointer", "code", "message"} <= set(error) for error in problem["errors"])
    return problem


def ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: list[list[float]]) -> Json:
    return {"type": "Polygon", "coordinates": list(rings)}


BOW_TIE = polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])


def plan_body(world: World, geometry: Json | None = FUKUI, **properties: Any) -> Json:
    now = world.owner.get(CLOCK)["now"]
    times = {"valid_start": now, "valid_end": days_after(now, 1)}
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"name": "field", **times, "satellites": ["GRUS-1A"], **properties},
    }


def send(who: Customer, path: str, body: str | bytes, media_type: str = "application/json") -> httpx.Response:
    return who.http.post(path, content=body, headers={"content-type": media_type})
