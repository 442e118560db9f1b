"""Where each door tells of itself: its document at `/api`, and beside it the page on which people try it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from swath.api.docs_page import answer_page, build_file_routes
from swath.api.door import answer_plain, check_accept, keep_for
from swath.api.links import HTML, JSON, OPENAPI_JSON, Links, build_link, links_of
from swath.api.openapi_parts import Face, OpenApi
from swath.api.openapi_routes import describe_routes
from swath.api.openapi_service import DESCRIPTION, TITLE, build_openapi
from swath.api.parameters import refuse_unknown
from swath.api.routes import PlainRoute
from swath.oauth.clients import ADMIN, OPS, SANDBOX

# They change with the program and its settings, and their examples with the day.
KEPT_S = 300
# What the doors that read as FastAPI routes are, by where they lie: name, description, and what their scope allows.
ROOMS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "/ops/v1": (
        "swath mission control",
        "The commanded schedule goes out here, results and scenes come in. Everything may be sent twice.",
        {OPS: "Command captures and hand over their scenes"},
    ),
    "/sandbox": (
        "swath sandbox",
        "Look at simulated time, move it, and make things go wrong on purpose.",
        {SANDBOX: "Move simulated time and plan faults"},
    ),
    "/admin/v1": (
        "swath administration",
        "Accounts, credits and credentials, for the operator.",
        {ADMIN: "Manage accounts and their clients"},
    ),
}


def build_description_routes(
    base: str, public_url: str | None, build: Callable[[Links], OpenApi], docs: str = "/docs"
) -> Sequence[PlainRoute]:
    """The two routes of the door at `base`; `build` makes its document."""

    def read_definition(request: Request) -> Response:
        document = build(links_of(request, public_url, base))
        return answer_plain(request, document, OPENAPI_JSON, keep_for(KEPT_S))

    def read_docs(request: Request) -> Response:
        refuse_unknown(dict(request.query_params), ())
        check_accept(request, HTML)
        return answer_page(f"API at {base or '/'}", f"{base}{docs}")

    return [
        PlainRoute(f"{base}/api", read_definition, methods=["GET"]),
        PlainRoute(f"{base}{docs}", read_docs, methods=["GET"]),
    ]


def build_service_routes(public_url: str | None, doors: Sequence[PlainRoute]) -> Sequence[PlainRoute]:
    """What lies at the root, beside doors of which these are the routes, and how it describes itself."""
    bases = [route.path.removesuffix("/api") for route in doors if route.path.endswith("/api")]

    def read_landing(request: Request) -> Response:
        document = _build_landing(links_of(request, public_url, ""), bases)
        return answer_plain(request, document, JSON, keep_for(KEPT_S))

    return [
        PlainRoute("/", read_landing, methods=["GET"]),
        *build_description_routes("", public_url, build_openapi),
        *build_file_routes(),
    ]


def _build_landing(links: Links, bases: Sequence[str]) -> dict[str, Any]:
    """Where someone lands who knows the host and nothing else."""
    doors = [
        build_link(f"{links.root}{base}/api", "service-desc", OPENAPI_JSON, f"The door {base}")
        for base in bases
    ]
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "links": [
            build_link(links.api("/"), "self", JSON, "This document"),
            build_link(links.api("/api"), "service-desc", OPENAPI_JSON, "Tokens and health, as OpenAPI"),
            build_link(links.api("/docs"), "service-doc", HTML, "Tokens and health, for people"),
            *doors,
        ],
    }


def describe_room(router: APIRouter, public_url: str | None) -> Sequence[PlainRoute]:
    """The two routes of a door that is made of FastAPI routes; none for a router that is no door by itself."""
    if router.prefix not in ROOMS:
        return []
    title, text, scopes = ROOMS[router.prefix]

    def build(links: Links) -> OpenApi:
        face = Face(title, text, links.root, links.base, scopes)
        return describe_routes(face, {str(tag): text for tag in router.tags}, router.routes)

    return build_description_routes(router.prefix, public_url, build)
