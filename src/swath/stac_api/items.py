"""Items as the door shows them, with links and absolute addresses, and the pages of a search by POST."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from swath.api.links import GEOJSON, JSON, PAGE_TITLES, Link, Links, Slice, build_link
from swath.errors import NotFound
from swath.tasking.model import CatalogItem

Document = dict[str, Any]


def build_item(item: CatalogItem, links: Links, token: str) -> Document:
    """The item with its links, its files behind addresses that the token opens."""
    return {
        **item.document,
        "links": _build_links(item, links),
        "assets": {
            key: {**asset, "href": _build_file_address(item, asset, links, token)}
            for key, asset in item.document["assets"].items()
        },
    }


def build_post_paging(href: str, body: Mapping[str, Any], page: Slice) -> list[Document]:
    """The links self, next and prev of a search by POST; the body of each turn is given whole."""
    turns = [
        {
            **build_link(href, rel, GEOJSON, PAGE_TITLES[rel]),
            "method": "POST",
            "body": {**body, "offset": offset},
            "merge": False,
        }
        for rel, offset in page.turns
    ]
    return [{**build_link(href, "self", GEOJSON, "This page"), "method": "POST"}, *turns]


def find_file(item: CatalogItem, name: str) -> tuple[str, str]:
    """Where an asset's file is kept, and its media type; by the asset's key or its file's name. Raises NotFound."""
    for key, asset in item.document["assets"].items():
        if name in (key, _get_file_name(asset)):
            return asset["href"], asset["type"]
    raise NotFound(f"The item has no asset {name[:80]!r}; it has {', '.join(item.document['assets'])}.")


def _build_links(item: CatalogItem, links: Links) -> list[Link]:
    collection = links.collection(item.collection)
    return [
        build_link(links.item(item.collection, item.id), "self", GEOJSON, "This item"),
        build_link(links.api(), "root", JSON, "The catalogue"),
        build_link(collection, "parent", JSON, "The collection"),
        build_link(collection, "collection", JSON, "The collection"),
    ]


def _build_file_address(item: CatalogItem, asset: Mapping[str, Any], links: Links, token: str) -> str:
    return f"{links.item(item.collection, item.id)}/assets/{quote(_get_file_name(asset))}?token={token}"


def _get_file_name(asset: Mapping[str, Any]) -> str:
    return asset["href"].rpartition("/")[2]
