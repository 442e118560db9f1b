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
PAGE_TITLES = {"next": "The next page", "prev": "The previous page"}
COLLECTION_OF = {PLAN: "plans", CANDIDATE: "candidates", REQUEST: "requests"}

Link = dict[str, str]
Params = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Links:
    """Makes the addresses of a service that is reached at `root` (scheme and host, no slash at the end).

    `base` is the path of the door whose documents are linked to; the Tasking API unless said otherwise.
    """

    root: str
    base: str = API

    def api(self, path: str = "") -> str:
        """An address of this door."""
        return f"{self.root}{self.base}{path}"

    def collection(self, collection_id: str) -> str:
        return self.api(f"/collections/{collection_id}")

    def item(self, collection_id: str, item_id: str) -> str:
        return f"{self.collection(collection_id)}/items/{quote(item_id, safe='=')}"

    def items(self, collection_id: str, params: Params = ()) -> str:
        """The list of a collection, with these parameters in the query string."""
        return with_query(f"{self.collection(collection_id)}/items", params)

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


def links_of(request: Request, public_url: str | None, base: str = API) -> Links:
    """Addresses as the operator wants them, or else as the caller reached us."""
    if public_url is not None:
        return Links(public_url.rstrip("/"), base)
    host = request.headers.get("host") or "localhost"
    return Links(f"{request.scope['scheme']}://{host}", base)


def is_host(text: str) -> bool:
    """Whether a Host header names a host, perhaps with a port, and nothing that would change an address."""
    return HOST.fullmatch(text) is not None


def build_link(href: str, rel: str, media_type: str, title: str | None = None) -> Link:
    """A link as OGC API has it."""
    link = {"href": href, "rel": rel, "type": media_type}
    return link | {"title": title} if title else link


def build_paging(href: str, params: Params, page: "Slice") -> list[Link]:
    """The links self, next and prev of the list at `href`; they keep every parameter that it was asked with."""
    lasting = [(name, value) for name, value in params if name != "offset"]
    own = encode(params)
    kept = own if len(lasting) == len(params) else encode(lasting)
    turns = [
        build_link(f"{href}?{kept}{'&' if kept else ''}offset={offset}", rel, GEOJSON, PAGE_TITLES[rel])
        for rel, offset in page.turns
    ]
    return [build_link(f"{href}?{own}" if own else href, "self", GEOJSON, "This page"), *turns]


@dataclass(frozen=True)
class Slice:
    """Which part of how many matches a page shows."""

    offset: int
    limit: int
    returned: int
    matched: int

    @property
    def turns(self) -> Sequence[tuple[str, int]]:
        """The pages that can be turned to, by relation and offset."""
        after = self.offset + self.returned
        forward = [("next", after)] if self.returned and after < self.matched else []
        return [*forward, *([("prev", max(0, self.offset - self.limit))] if self.offset > 0 else [])]


def encode(params: Params) -> str:
    """A query string; spaces as %20, which every client reads alike."""
    return urlencode(params, quote_via=quote)


def with_query(href: str, params: Params) -> str:
    """An address with parameters."""
    return f"{href}?{encode(params)}" if params else href
