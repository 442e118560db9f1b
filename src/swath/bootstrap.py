"""Plugs adapters into ports: the one file that knows every room."""

import contextlib
import gc
import logging
import signal
import socket
import threading
import uuid
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import FrameType

import httpx
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool

from swath import planning
from swath.admin.router import build_router as build_admin_router
from swath.api.app import build_app
from swath.api.door import Door
from swath.api.protocol import BoundedHttp
from swath.clock import Clock, SandboxClock
from swath.data_folder import (
    build_clock,
    build_rules,
    keep_fleet,
    open_store,
    served_alone,
    take_in_bundled_elements,
)
from swath.delivery.assets import AssetStore, open_assets
from swath.delivery.deliver import deliver
from swath.errors import Conflict, NotFound, Unavailable
from swath.jobs.durable import EMBEDDED, DbosJobs
from swath.oauth.authenticate import Authenticator
from swath.oauth.clients import CATALOG
from swath.oauth.keys import load_digest_key
from swath.oauth.registry import Registry
from swath.oauth.tokens import Tokens, open_tokens
from swath.ops.router import build_router as build_ops_router
from swath.sandbox.control_auth import ControlAuth
from swath.sandbox.router import build_router as build_sandbox_router
from swath.sandbox.world import World
from swath.scheduling import SolverApart
from swath.settings import Settings
from swath.simulator.control import SimulatedControl
from swath.simulator.door import OpsDoor
from swath.stac_api.catalogue import Catalogue
from swath.stac_api.documents import PREFIX as STAC
from swath.stac_api.router import build_routes as build_stac_routes
from swath.stac_api.signing import LinkSigner
from swath.store.database import SqlStore
from swath.store.reference import Reference
from swath.store.sandbox import SandboxStore
from swath.tasking import candidates, chances, timeline
from swath.tasking.model import DueKind, DueWork
from swath.tasking.rules import Rules

CONTROL_TIMEOUT_S = 300.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """Everything one process stands on; opened by `open_house`, nothing in it runs yet."""

    settings: Settings
    store: SqlStore
    clock: Clock
    rules: Rules
    assets: AssetStore
    tokens: Tokens
    digest_key: bytes
    guard: Authenticator
    reference: Reference
    solver: SolverApart
    jobs: DbosJobs
    stopping: threading.Event = field(default_factory=threading.Event)


def open_house(settings: Settings, executor_id: str = EMBEDDED) -> House:
    """Open everything that the settings name. Raises Conflict for a sandbox's folder served as if it were real."""
    store = open_store(settings)
    clock = build_clock(settings, store)
    if isinstance(clock, SandboxClock) and not settings.sandbox:
        raise Conflict(
            f"{settings.data} is a sandbox's data; start it with --sandbox, or name another folder."
        )
    settings = keep_fleet(settings)
    rules = build_rules(settings)
    take_in_bundled_elements(store, rules, clock)
    keys = settings.data / "keys"
    assets = open_assets(settings.data / "assets")
    tokens = open_tokens(settings, keys)
    solver = SolverApart()
    jobs = build_jobs(settings, store, clock, rules, assets, solver, executor_id)
    store.nudge = jobs.nudge
    return House(
        settings=settings,
        store=store,
        clock=clock,
        rules=rules,
        assets=assets,
        tokens=tokens,
        digest_key=load_digest_key(keys),
        guard=Authenticator(store, tokens),
        reference=Reference(rules.fleet, settings.track_horizon),
        solver=solver,
        jobs=jobs,
    )


def build_jobs(
    settings: Settings,
    store: SqlStore,
    clock: Clock,
    rules: Rules,
    assets: AssetStore,
    solver: SolverApart,
    executor_id: str,
) -> DbosJobs:
    """The job runner over this store's due work."""
    moment = _moment(clock)
    handlers = timeline.build_handlers(
        store,
        rules,
        {
            DueKind.FIND_CANDIDATES: partial(candidates.refresh, store, rules),
            DueKind.REFRESH_CANDIDATES: partial(candidates.refresh, store, rules),
            DueKind.FIND_CHANCES: partial(chances.find_again, store, rules),
            DueKind.DELIVER: partial(deliver, store, rules, assets),
        },
        solver.solve,
        moment,
    )
    url = settings.database_url or f"sqlite:///{settings.jobs_database}"
    return DbosJobs(
        url,
        lambda due_id: timeline.handle(store, handlers, due_id, moment),
        partial(_read_due, store, clock),
        executor_id,
    )


def build_server(house: House) -> FastAPI:
    """The web application of an open house; starting it starts the jobs, and the sandbox's world if there is one."""
    world, sandbox_routers = _build_sandbox(house)
    return build_app(
        settings=house.settings,
        store=house.store,
        clock=house.clock,
        rules=house.rules,
        reference=house.reference,
        jobs=house.jobs,
        guard=house.guard,
        tokens=house.tokens,
        digest_key=house.digest_key,
        routes=build_stac_routes(_build_catalogue(house)),
        routers=[
            build_ops_router(house.store, house.clock, house.rules, house.assets, house.guard.require),
            build_admin_router(_build_registry(house), house.guard.require),
            *sandbox_routers,
        ],
        lifespan=partial(_live, house, world),
    )


def serve(settings: Settings, tell: Callable[[str], None] = log.info) -> None:
    """Run API and worker in this process until it is interrupted; `tell` is given the address once it answers.

    Raises Unavailable where nobody can listen, Conflict while another server serves the same folder.
    """
    with _listen(settings.host, settings.port) as listening, served_alone(settings.data):
        _serve(replace(settings, port=listening.getsockname()[1]), listening, tell)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Unavailable(
            f"Nobody can listen on port {port} of {host}: {error.strerror}. "
            "Is another server there? --port and --host name others."
        ) from error


def _serve(settings: Settings, listening: socket.socket, tell: Callable[[str], None]) -> None:
    house = open_house(settings)
    config = uvicorn.Config(
        build_server(house),
        http=BoundedHttp,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=5,
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    tell(f"http://{host}:{settings.port}")
    # The server ends cleanly on an interrupt and then passes it on: by then it has done its work.
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, house.stopping).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says that it stops before it waits for the calls that are under way: some would take longer than it waits."""

    def __init__(self, config: uvicorn.Config, stopping: threading.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping.set()
        super().handle_exit(sig, frame)


def run_worker(settings: Settings) -> None:
    """Run one more worker on the same data until it is interrupted. Raises NotFound where no server has begun."""
    house = open_house(replace(settings, sandbox=_find_kind(settings)), f"worker-{uuid.uuid4()}")
    # As after an interrupt: what runs is finished, the rest is left to others at once.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        house.jobs.start()
        house.solver.start()
        planning.warm_up()
        threading.Event().wait()
    except KeyboardInterrupt:
        log.info("the worker ends")
    finally:
        house.solver.stop()
        house.jobs.stop()
        house.store.close()


def _find_kind(settings: Settings) -> bool:
    """Whether a server has made this a sandbox's data, or those of a real service. Raises NotFound."""
    with contextlib.closing(open_store(settings)) as store:
        with store.read() as reader:
            begun = bool(reader.elements())
        # A server takes in elements after it has set the clock: before, nobody can tell.
        if not begun:
            raise NotFound(
                f"{settings.data} holds no element sets, so no server has begun there yet; start swath serve first, "
                "and import elements if its fleet has none of those that come with swath."
            )
        return SandboxStore(store).exists()


@asynccontextmanager
async def _live(house: House, world: World | None, app: FastAPI) -> AsyncGenerator[None]:
    try:
        house.jobs.start()
        # The first plan must not wait for a compiler.
        house.solver.start()
        threading.Thread(target=planning.warm_up, name="swath-warm-up", daemon=True).start()
        if world is not None:
            threading.Thread(target=world.run, name="swath-sandbox", daemon=True).start()
        # What was made by now stays: to look through it at each full collection takes 0.1 s of some answer.
        gc.collect()
        gc.freeze()
        yield
    finally:
        if world is not None:
            world.stop()
        # First, for a plan takes longer than a stop may: what is planned stays due.
        house.solver.stop()
        # DBOS refuses to be asked from a thread with an event loop in it.
        await run_in_threadpool(house.jobs.stop)
        house.store.close()


def _build_sandbox(house: House) -> tuple[World | None, Sequence[APIRouter]]:
    if not isinstance(house.clock, SandboxClock):
        return None, []
    control = SimulatedControl(OpsDoor(_control_http(house)))
    world = World(house.store, house.jobs, house.clock, control, house.stopping)
    router = build_sandbox_router(
        house.store, SandboxStore(house.store), house.clock, world, house.guard.require
    )
    return world, [router]


def _control_http(house: House) -> httpx.Client:
    """What the simulated mission control calls the ops door with: HTTP over loopback, and tokens of its own."""
    host = "127.0.0.1" if house.settings.host in ("0.0.0.0", "::") else house.settings.host  # noqa: S104
    return httpx.Client(
        base_url=f"http://{host}:{house.settings.port}",
        auth=ControlAuth(house.store, house.clock, house.tokens, house.digest_key),
        timeout=CONTROL_TIMEOUT_S,
    )


def _build_registry(house: House) -> Registry:
    return Registry(house.store, house.clock, house.tokens, house.digest_key)


def _build_catalogue(house: House) -> Catalogue:
    door = Door(house.store, house.clock, house.guard, house.settings.public_url, base=STAC, scope=CATALOG)
    return Catalogue(door, house.assets, house.rules.fleet, LinkSigner(house.digest_key))


def _moment(clock: Clock) -> timeline.Moment:
    """What time it is for a row of due work: in a sandbox things happen on time, however late the machine is."""
    if isinstance(clock, SandboxClock):
        return lambda due: due.due_at
    return lambda due: clock.now()


def _read_due(store: SqlStore, clock: Clock, kinds: Collection[DueKind]) -> Sequence[DueWork]:
    now = clock.now()
    with store.read() as reader:
        return reader.all_due(now, kinds)
