"""Addresses: absolute, percent-encoded, and the same whichever door they are printed at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request

from swath.ids import CANDIDATE, PLAN, REQUEST, decode_id

API = "/wfs/tasking/v2"
JSON, GEOJSON = "application/json", "application/geo+json"
SCHEMA_JSON = "application/schema+json"
OPENAPI_JSON = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"
# RFC 3986 section 3.2.2, as far as hosts are named in practice, and a port.
HOST = re.compile(r"(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{0,5})?", re.ASCII)
COLLECTION_OF = {PLAN: "plans", CANDIDATE: "candidates", REQUEST: "requests"}

Link = dict[str, str]
Params = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Links:
    """Makes the addresses of a service that is reached at `root` (scheme and host, no slash at the end)."""

    root: str

    def api(self, path: str = "") -> str:
        """An address of the Tasking API."""
        return f"{self.root}{API}{path}"

    def collection(self, collection_id: str) -> str:
        return f"{self.root}{API}/collections/{collection_id}"

    def item(self, collection_id: str, item_id: str) -> str:
        return f"{self.root}{API}/collections/{collection_id}/items/{quote(item_id, safe='=')}"

    def items(self, collection_id: str, params: Params = ()) -> str:
        """The list of a collection, with these parameters in the query string."""
        address = f"{self.root}{API}/collections/{collection_id}/items"
        return f"{address}?{encode(params)}" if params else address

    def candidates_of(self, plan_id: str) -> str:
        """The candidates of a plan, asked for with a filter as the public description does."""
        return self.items("candidates", (("filter", f"task_plan_id = '{plan_id}'"),))

    def assets_of(self, capture_id: str) -> str:
        """Where the catalogue lists the images of a capture."""
        search = (("filter", f"ag:capture_id = '{capture_id}'"),)
        return f"{self.root}/stac/v1/catalogs/axelglobe/search?{encode(search)}"

    def thing(self, thing_id: str) -> str | None:
        """The feature that a typed id belongs to, or None for an id of another kind."""
        for kind, collection_id in COLLECTION_OF.items():
            if decode_id(kind, thing_id) is not None:
                return self.item(collection_id, thing_id)
        return None


def links_of(request: Request, public_url: str | None) -> Links:
    """Addresses as the operator wants them, or else as the caller reached us."""
    if public_url is not None:
        return Links(public_url.rstrip("/"))
    host = request.headers.get("host") or "localhost"
    return Links(f"{request.url.scheme}://{host}")


def is_host(text: str) -> bool:
    """Whether a Host header names a host, perhaps with a port, and nothing that would change an address."""
    return HOST.fullmatch(text) is not None


def build_link(href: str, rel: str, media_type: str, title: str | None = None) -> Link:
    """A link as OGC API has it."""
    link = {"href": href, "rel": rel, "type": media_type}
    return link | {"title": title} if title else link


def build_paging(links: Links, collection_id: str, params: Params, page: "Slice") -> list[Link]:
    """The links self, next and prev of a list; they keep every parameter that the list was asked with."""
    found = [build_link(links.items(collection_id, params), "self", GEOJSON, "This page")]
    if page.offset + page.returned < page.matched and page.returned:
        found.append(_turn(links, collection_id, params, "next", page.offset + page.returned))
    if page.offset > 0:
        found.append(_turn(links, collection_id, params, "prev", max(0, page.offset - page.limit)))
    return found


@dataclass(frozen=True)
class Slice:
    """Which part of how many matches a page shows."""

    offset: int
    limit: int
    returned: int
    matched: int


def encode(params: Params) -> str:
    """A query string; spaces as %20, which every client reads alike."""
    return urlencode(params, quote_via=quote)


def _turn(links: Links, collection_id: str, params: Params, rel: str, offset: int) -> Link:
    kept = [(name, value) for name, value in params if name != "offset"]
    where = links.items(collection_id, [*kept, ("offset", str(offset))])
    return build_link(where, rel, GEOJSON, f"The {'next' if rel == 'next' else 'previous'} page")
