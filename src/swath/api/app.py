"""Puts the rooms' routes into one application, with one answer to every error and the same envelope round all calls."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from swath import __version__
from swath.api.compression import Compress
from swath.api.declarations import Reference, build_collections
from swath.api.description import build_service_routes, describe_room
from swath.api.documents import TITLE
from swath.api.door import Door
from swath.api.health import build_health_routes
from swath.api.metrics import Metrics, Runner
from swath.api.middleware import BodyLimit, Envelope, HeadAsGet, HostCheck, Observe
from swath.api.problems import answer_error, answer_http, answer_validation
from swath.api.router import build_routes
from swath.api.routes import PlainRoute, Switchboard
from swath.clock import Clock
from swath.errors import SwathError
from swath.oauth.authenticate import Authenticator
from swath.oauth.router import TokenEndpoint
from swath.oauth.router import build_router as build_token_router
from swath.oauth.tokens import Tokens
from swath.settings import Settings
from swath.tasking.ports import Store
from swath.tasking.rules import Rules

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Scenes are larger than any document; their own room limits them.
SCENE_UPLOADS = re.compile(r"/ops/v1/captures/[^/]+/scene/[^/]+")
EXPOSED = (
    "Accept-Ranges",
    "Allow",
    "Content-Range",
    "ETag",
    "Link",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_app(
    settings: Settings,
    *,
    store: Store,
    clock: Clock,
    rules: Rules,
    reference: Reference,
    jobs: Runner,
    guard: Authenticator,
    tokens: Tokens,
    digest_key: bytes,
    routes: Sequence[PlainRoute] = (),
    routers: Sequence[APIRouter] = (),
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """The whole application: the Tasking API, tokens and operations, and the routes and routers of the other rooms.

    Starts nothing by itself: what has to run beside it belongs into `lifespan`.
    """
    door = Door(store, clock, guard, settings.public_url)
    collections = build_collections(
        store, rules, reference, open_reference=settings.open_reference, limits=settings.page_limits
    )
    metrics = Metrics(store, clock, jobs)
    endpoint = TokenEndpoint(store, tokens, digest_key)
    url = settings.public_url
    doors = [
        *build_routes(door, collections, rules),
        *routes,
        *(route for router in routers for route in describe_room(router, url)),
    ]
    health = build_health_routes(store, clock, jobs, metrics, rules.limits.max_elements_age)
    return assemble(
        settings,
        [*doors, *health, *build_service_routes(url, doors)],
        [build_token_router(endpoint, tokens, url), *routers],
        observe=metrics.observe,
        lifespan=lifespan,
    )


def assemble(
    settings: Settings,
    routes: Sequence[PlainRoute],
    routers: Sequence[APIRouter] = (),
    *,
    observe: Observe = lambda method, route, status, seconds: None,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """An application of plain routes and of routers, in one envelope; of those that match the first answers."""
    app = FastAPI(
        title=TITLE,
        version=__version__,
        openapi_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.router.routes.append(Switchboard(routes))
    for router in routers:
        app.include_router(router)
    _add_refusals(app, settings.public_url)
    _add_middleware(app, settings, observe)
    return app


def find_methods(app: FastAPI, request: Request) -> list[str]:
    """The methods that an address really takes, over all rooms."""
    found = [method for method in METHODS if _takes(app, request, method)]
    return [*(("HEAD",) if "GET" in found else ()), *found, *(("OPTIONS",) if found else ())]


def _takes(app: FastAPI, request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method, "path_params": {}}
    return any(route.matches(scope)[0] is Match.FULL for route in app.router.routes)


def _add_refusals(app: FastAPI, public_url: str | None) -> None:
    # Coroutines, so that they run where they are raised and not through the pool of threads.
    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, SwathError)  # noqa: S101 - what the registration below promises
        return answer_error(request, error, public_url)

    async def refuse_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        if error.status_code != 405:
            return answer_http(request, error)
        return _answer_method(app, request, error)

    async def refuse_shape(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return await answer_validation(request, error)

    app.add_exception_handler(SwathError, refuse)
    app.add_exception_handler(HTTPException, refuse_http)
    app.add_exception_handler(RequestValidationError, refuse_shape)


def _answer_method(app: FastAPI, request: Request, error: HTTPException) -> Response:
    """OPTIONS is answered for every address; another method that it lacks is refused with those it has."""
    allow = {"Allow": ", ".join(find_methods(app, request))}
    if request.method == "OPTIONS":
        return Response(status_code=200, headers=allow)
    return answer_http(request, HTTPException(405, error.detail, headers=allow))


def _add_middleware(app: FastAPI, settings: Settings, observe: Observe) -> None:
    # Added last is passed first.
    app.add_middleware(BodyLimit, most=settings.limits.max_body_bytes, elsewhere=SCENE_UPLOADS)
    app.add_middleware(Compress)
    app.add_middleware(HeadAsGet)
    app.add_middleware(HostCheck)
    app.add_middleware(Envelope, observe=observe)
    # Outermost: pages of other hosts must be able to read every refusal, too.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=list(EXPOSED),
        max_age=86_400,
    )
