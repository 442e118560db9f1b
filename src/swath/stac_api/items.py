"""Items and lists of them, as the door shows them: with links and absolute addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from swath.errors import NotFound
from swath.query import Page
from swath.stac_api.documents import GEOJSON, Addresses, Document, build_link
from swath.stac_api.fields import pick_fields
from swath.stac_api.parameters import Search
from swath.stac_api.signing import LinkSigner
from swath.tasking.model import CatalogItem
from swath.wire import format_time


@dataclass(frozen=True)
class Shop:
    """What it takes to show an item: where things are, and the right to sign links to its files."""

    at: Addresses
    signer: LinkSigner
    now: datetime


def build_item(item: CatalogItem, shop: Shop) -> Document:
    """The item with its links, its files behind signed addresses."""
    token = shop.signer.sign(item.collection, item.id, shop.now)
    return {
        **item.document,
        "links": _item_links(item, shop.at),
        "assets": {
            key: {**asset, "href": _file_address(item, asset, shop.at, token)}
            for key, asset in item.document["assets"].items()
        },
    }


def build_item_collection(
    page: Page[CatalogItem], search: Search, shop: Shop, links: Sequence[Document]
) -> Document:
    """A page of a search; `timeStamp` is the machine's time, also where the time of everything else is simulated."""
    shown = [build_item(item, shop) for item in page.rows]
    if search.fields is not None:
        shown = [pick_fields(item, search.fields) for item in shown]
    return {
        "type": "FeatureCollection",
        "features": shown,
        "links": list(links),
        "numberMatched": page.matched,
        "numberReturned": len(shown),
        "timeStamp": format_time(shop.now),
    }


def build_get_links(search: Search, matched: int, href: str, root: str) -> list[Document]:
    """self, root, next and prev of a search by GET: every parameter is kept, only the offset moves."""
    own = build_link("self", _with_query(href, search.asked), GEOJSON)
    steps = [
        build_link(rel, _with_query(href, {**search.asked, "offset": offset}), GEOJSON)
        for rel, offset in _steps(search, matched)
    ]
    return [own, build_link("root", root), *steps]


def build_post_links(search: Search, matched: int, href: str, root: str) -> list[Document]:
    """self, root, next and prev of a search by POST; the body of each step is given whole."""
    steps = [
        {
            **build_link(rel, href, GEOJSON),
            "method": "POST",
            "body": {**search.asked, "offset": offset},
            "merge": False,
        }
        for rel, offset in _steps(search, matched)
    ]
    return [{**build_link("self", href, GEOJSON), "method": "POST"}, build_link("root", root), *steps]


def find_file(item: CatalogItem, name: str) -> tuple[str, str]:
    """Where an asset's file is kept, and its media type; by the asset's key or its file's name. Raises NotFound."""
    for key, asset in item.document["assets"].items():
        if name in (key, _file_name(asset)):
            return asset["href"], asset["type"]
    raise NotFound(f"The item has no asset {name!r}; it has {', '.join(item.document['assets'])}.")


def _steps(search: Search, matched: int) -> Sequence[tuple[str, int]]:
    after, before = search.offset + search.limit, search.offset - search.limit
    forward = [("next", after)] if after < matched else []
    return [*forward, *([("prev", max(0, before))] if search.offset > 0 else [])]


def _item_links(item: CatalogItem, at: Addresses) -> list[Document]:
    collection = at.collection(item.collection)
    return [
        build_link("self", at.item(item.collection, item.id), GEOJSON),
        build_link("root", at.base),
        build_link("parent", collection),
        build_link("collection", collection),
    ]


def _file_address(item: CatalogItem, asset: Mapping[str, Any], at: Addresses, token: str) -> str:
    return at.file(item.collection, item.id, _file_name(asset), token)


def _file_name(asset: Mapping[str, Any]) -> str:
    return asset["href"].rpartition("/")[2]


def _with_query(href: str, asked: Mapping[str, Any]) -> str:
    return f"{href}?{urlencode(asked)}" if asked else href
