"""What the catalogue says of itself: landing page, collections, catalogs, conformance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from swath.fleet import Fleet, Satellite

Document = dict[str, Any]

PREFIX = "/stac/v1"
STAC_VERSION = "1.1.0"
GEOJSON, JSON_TYPE = "application/geo+json", "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA_TYPE = "application/schema+json"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
ROOT_ID, ROOT_TITLE = "swath", "Images delivered by swath"
TITLES = {
    "self": "This document",
    "root": "Root catalogue",
    "parent": "One level up",
    "child": "Collection",
    "collection": "Collection",
    "items": "Items",
    "data": "Collections",
    "catalogs": "Catalogs",
    "search": "Search of items",
    "next": "Next page",
    "prev": "Page before",
    "conformance": "What this service conforms to",
    "service-desc": "OpenAPI description",
    "service-doc": "A page about this service",
    QUERYABLES_REL: "What items can be filtered by",
}
# The catalog that the source's links name.
CATALOG_ID = "axelglobe"

_STAC = "https://api.stacspec.org/v1.0.0"
_OGC = "http://www.opengis.net/spec"
CONFORMANCE = (
    f"{_STAC}/core",
    f"{_STAC}/collections",
    f"{_STAC}/ogcapi-features",
    f"{_STAC}/item-search",
    *(
        f"{_STAC}/{place}#{part}"
        for place in ("item-search", "ogcapi-features")
        for part in ("sort", "fields", "filter")
    ),
    *(f"{_OGC}/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "geojson", "oas30")),
    *(f"{_OGC}/ogcapi-features-3/1.0/conf/{part}" for part in ("queryables", "filter", "features-filter")),
    *(
        f"{_OGC}/cql2/1.0/conf/{part}"
        for part in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "property-property",
            "arithmetic",
        )
    ),
)


@dataclass(frozen=True)
class Addresses:
    """Absolute addresses of everything here; `base` is the landing page without a slash at its end."""

    base: str

    def collection(self, name: str) -> str:
        return f"{self.base}/collections/{quote(name, safe='')}"

    def item(self, collection: str, item_id: str) -> str:
        return f"{self.collection(collection)}/items/{quote(item_id, safe='')}"

    def file(self, collection: str, item_id: str, file: str, token: str) -> str:
        return f"{self.item(collection, item_id)}/assets/{quote(file, safe='')}?token={token}"

    def catalog(self) -> str:
        return f"{self.base}/catalogs/{CATALOG_ID}"


def build_landing(at: Addresses, fleet: Fleet) -> Document:
    """The root catalogue."""
    return {
        "type": "Catalog",
        "stac_version": STAC_VERSION,
        "id": ROOT_ID,
        "title": ROOT_TITLE,
        "description": "Every image that was tasked and delivered, for the account that paid for it.",
        "conformsTo": list(CONFORMANCE),
        "links": [
            build_link("self", at.base),
            build_link("root", at.base),
            build_link("conformance", f"{at.base}/conformance"),
            build_link("data", f"{at.base}/collections"),
            build_link("catalogs", f"{at.base}/catalogs"),
            build_link("service-desc", f"{at.base}/api", OPENAPI),
            build_link("service-doc", f"{at.base}/api.html", "text/html"),
            build_link(QUERYABLES_REL, f"{at.base}/queryables", SCHEMA_TYPE),
            *_search_links(f"{at.base}/search"),
            *(build_link("child", at.collection(name)) for name in group_by_collection(fleet)),
        ],
    }


def build_catalogs(at: Addresses, fleet: Fleet) -> Document:
    """The list of catalogs: there is one."""
    return {
        "catalogs": [build_catalog(at, fleet)],
        "links": [build_link("self", f"{at.base}/catalogs"), build_link("root", at.base)],
        "numberMatched": 1,
        "numberReturned": 1,
    }


def build_catalog(at: Addresses, fleet: Fleet) -> Document:
    """The catalog that the source's links name; it holds every collection."""
    return {
        "type": "Catalog",
        "stac_version": STAC_VERSION,
        "id": CATALOG_ID,
        "title": ROOT_TITLE,
        "description": "The same images under the address that requests link to.",
        "links": [
            build_link("self", at.catalog()),
            build_link("root", at.base),
            build_link("parent", at.base),
            build_link("data", f"{at.catalog()}/collections"),
            *_search_links(f"{at.catalog()}/search"),
            *(build_link("child", at.collection(name)) for name in group_by_collection(fleet)),
        ],
    }


def build_collections(at: Addresses, fleet: Fleet, self_href: str) -> Document:
    """All collections."""
    listed = [build_collection(at, name, of) for name, of in group_by_collection(fleet).items()]
    return {
        "collections": listed,
        "links": [build_link("self", self_href), build_link("root", at.base), build_link("parent", at.base)],
        "numberMatched": len(listed),
        "numberReturned": len(listed),
    }


def build_collection(at: Addresses, name: str, satellites: Sequence[Satellite]) -> Document:
    """One collection: the images of one generation of satellites."""
    sensors = [satellite.sensor for satellite in satellites]
    href = at.collection(name)
    return {
        "type": "Collection",
        "stac_version": STAC_VERSION,
        "id": name,
        "title": f"Images of {name.upper()}",
        "description": f"Panchromatic and multispectral images of {', '.join(s.id for s in satellites)}.",
        "keywords": ["satellite", "tasking", "multispectral"],
        "license": "other",
        "extent": {
            "spatial": {"bbox": [[-180.0, -90.0, 180.0, 90.0]]},
            "temporal": {"interval": [[None, None]]},
        },
        "summaries": {
            "platform": [satellite.id for satellite in satellites],
            "constellation": sorted({satellite.constellation for satellite in satellites}),
            "instruments": sorted({name for sensor in sensors for name in sensor.instruments}),
            "gsd": sorted({sensor.gsd_m for sensor in sensors}),
        },
        "links": [
            build_link("self", href),
            build_link("root", at.base),
            build_link("parent", at.base),
            build_link("items", f"{href}/items", GEOJSON),
            build_link(QUERYABLES_REL, f"{href}/queryables", SCHEMA_TYPE),
        ],
    }


def group_by_collection(fleet: Fleet) -> Mapping[str, Sequence[Satellite]]:
    """The satellites whose images go to each collection."""
    groups: dict[str, list[Satellite]] = {}
    for satellite in fleet.satellites.values():
        groups.setdefault(satellite.collection, []).append(satellite)
    return groups


def build_link(rel: str, href: str, media_type: str = JSON_TYPE) -> Document:
    """A link, with a title for people."""
    return {"rel": rel, "href": href, "type": media_type, "title": TITLES.get(rel, rel)}


def _search_links(href: str) -> list[Document]:
    return [{**build_link("search", href, GEOJSON), "method": method} for method in ("GET", "POST")]
