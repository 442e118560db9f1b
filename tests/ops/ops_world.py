"""Mission control's door over a real store, with a request that is commanded and can be captured."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.clock import FrozenClock
from swath.delivery.assets import AssetStore, open_assets
from swath.errors import BadParameter, Conflict, Invalid, NotFound, SwathError
from swath.fleet import load_bundled_elements
from swath.ops.router import build_router
from swath.simulator.scenes import build_scene
from swath.store.database import SqlStore
from swath.tasking import requests
from swath.tasking.captures import capture_id_of
from swath.tasking.elements import import_elements
from swath.tasking.model import Priority, RequestStatus, TaskingRequest
from swath.tasking.requests import RequestDraft
from swath.tasking.rules import Rules

STATUS: dict[type[SwathError], int] = {BadParameter: 400, NotFound: 404, Conflict: 409, Invalid: 422}


def require(scope: str) -> Callable[[Request], None]:
    """These tests are not about tokens, only about which scope is asked for."""
    assert scope == "ops"

    def guard(request: Request) -> None: ...

    return guard


@dataclass
class Door:
    """The ops door alone, with what stands behind it."""

    store: SqlStore
    rules: Rules
    clock: FrozenClock
    assets: AssetStore
    http: TestClient


def open_door(store: SqlStore, rules: Rules, now: datetime, folder: Path) -> Door:
    """The door, on a clock that stands where it is put."""
    clock, assets = FrozenClock(now), open_assets(folder / "assets")
    app = FastAPI(openapi_url=None)

    @app.exception_handler(SwathError)
    def answer(_: Request, error: SwathError) -> JSONResponse:
        return JSONResponse({"code": error.code, "message": error.message}, STATUS[type(error)])

    @app.exception_handler(RequestValidationError)
    def refuse(_: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"code": "shape"}, 422)

    app.include_router(build_router(store, clock, rules, assets, require))
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", now)
    return Door(store, rules, clock, assets, TestClient(app))


def command(door: Door, account_id: str, *, hours: float = 10) -> TaskingRequest:
    """A request of that account whose capture is commanded, `hours` from now."""
    now = door.clock.now()
    plan = add_plan(door.store, account_id, now)
    candidate = add_candidate(door.store, plan, make_chance(now + timedelta(hours=hours)), now)
    with door.store.begin() as uow:
        draft = RequestDraft("harbour", candidate.id, Priority.NORMAL)
        request = requests.submit(uow, door.rules, account_id, draft, now)
        requests.freeze(uow, request.id, request.chances[0].uplink_by)
        frozen = uow.request(request.id)
    assert frozen is not None
    assert frozen.status == RequestStatus.PROCESSING
    return frozen


def capture_of(request: TaskingRequest) -> str:
    """The id of the capture that the request's picked chance makes."""
    return capture_id_of(request.id, request.chances[0])


def camera(view: object) -> dict[str, bytes]:
    """A small scene."""
    return dict(build_scene(view, longest_px=120))  # type: ignore[arg-type]
