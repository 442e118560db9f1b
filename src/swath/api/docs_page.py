"""The page on which people try the operations of a door: Swagger UI, from files of our own.

`swagger/` holds what the npm package swagger-ui-dist ships (its README says which version), unchanged.
"""

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swath.api.links import HTML
from swath.api.routes import PlainRoute

FILES: Mapping[str, str] = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "start.js": "text/javascript",
}
PLACE = "/docs"
# Nothing from elsewhere is loaded and nothing is sent elsewhere; Swagger UI draws its icons as data and sets styles.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOR_A_DAY = "public, max-age=86400"


def build_docs_page(title: str, path: str) -> str:
    """HTML for the page at that path, which finds its files and the document `api` beside it by relative addresses."""
    place = "../" * (path.count("/") - 1) + PLACE.removeprefix("/")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{place}/swagger-ui.css"></head><body>'
        '<noscript><p>This page needs JavaScript; the same is told by <a href="api">the OpenAPI document</a>.'
        '</p></noscript><div id="docs"></div>'
        f'<script src="{place}/swagger-ui-bundle.js"></script><script src="{place}/start.js"></script>'
        "</body></html>"
    )


def answer_page(title: str, path: str) -> Response:
    """The page, which may load what is ours and nothing else."""
    return Response(build_docs_page(title, path), headers={"Content-Security-Policy": CSP}, media_type=HTML)


def build_file_routes() -> Sequence[PlainRoute]:
    """The routes to the files that all these pages share."""
    return [PlainRoute(f"{PLACE}/{{file}}", _read_file, methods=["GET"])]


def _read_file(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in FILES:
        raise HTTPException(404)
    body = (files("swath.api") / "swagger" / name).read_bytes()
    return Response(body, headers={"Cache-Control": FOR_A_DAY}, media_type=FILES[name])
