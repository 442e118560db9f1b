"""What the catalogue says of itself: landing page, conformance, collections, catalogs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from swath.api import documents
from swath.api.collections import Collection
from swath.api.links import GEOJSON, HTML, JSON, OGC_REL, OPENAPI_JSON, SCHEMA_JSON, Links, build_link
from swath.delivery.item import STAC_VERSION
from swath.fleet import Satellite
from swath.stac_api.catalogue import ROOT_ID, ROOT_TITLE, Catalogue
from swath.wire import format_time

Document = dict[str, Any]

PREFIX = "/stac/v1"
QUERYABLES_REL = f"{OGC_REL}/queryables"
# The catalog that the source's links name.
CATALOG_ID = "axelglobe"
CATALOG_PATH = f"/catalogs/{CATALOG_ID}"

_STAC = "https://api.stacspec.org/v1.0.0"
CONFORMS_TO = (
    f"{_STAC}/core",
    f"{_STAC}/collections",
    f"{_STAC}/ogcapi-features",
    f"{_STAC}/item-search",
    *(
        f"{_STAC}/{place}#{part}"
        for place in ("item-search", "ogcapi-features")
        for part in ("sort", "fields", "filter")
    ),
    # Everything that the Tasking API holds of lists and filters; nothing is created here.
    *(uri for uri in documents.CONFORMS_TO if not uri.startswith(documents.FEATURES_4)),
)


def build_landing(catalogue: Catalogue, links: Links) -> Document:
    """The root catalogue."""
    return {
        "type": "Catalog",
        "stac_version": STAC_VERSION,
        "id": ROOT_ID,
        "title": ROOT_TITLE,
        "description": "Every image that was tasked and delivered, for the account that paid for it.",
        "conformsTo": CONFORMS_TO,
        "links": [
            build_link(links.api(), "self", JSON, "This document"),
            _link_root(links),
            build_link(links.api("/conformance"), "conformance", JSON, "Conformance classes"),
            build_link(links.api("/collections"), "data", JSON, "The collections"),
            build_link(links.api("/catalogs"), "catalogs", JSON, "The catalogs"),
            build_link(links.api("/api"), "service-desc", OPENAPI_JSON, "The API, as OpenAPI"),
            build_link(links.api("/api.html"), "service-doc", HTML, "The API, for people"),
            build_link(links.api("/queryables"), QUERYABLES_REL, SCHEMA_JSON, "What to filter by"),
            build_link(
                links.api("/functions"), documents.FUNCTIONS_REL, JSON, "Functions that filters may call"
            ),
            *_link_searches(links.api("/search")),
            *_link_children(catalogue, links),
        ],
    }


def build_catalogs(catalogue: Catalogue, links: Links) -> Document:
    """The list of catalogs: there is one."""
    return {
        "catalogs": [build_catalog(catalogue, links)],
        "links": [build_link(links.api("/catalogs"), "self", JSON, "This document"), _link_root(links)],
        "numberMatched": 1,
        "numberReturned": 1,
    }


def build_catalog(catalogue: Catalogue, links: Links) -> Document:
    """The catalog that the source's links name; it holds every collection, and clients can open it like the root."""
    address = links.api(CATALOG_PATH)
    return {
        "type": "Catalog",
        "stac_version": STAC_VERSION,
        "id": CATALOG_ID,
        "title": ROOT_TITLE,
        "description": "The same images under the address that requests link to.",
        "conformsTo": CONFORMS_TO,
        "links": [
            build_link(address, "self", JSON, "This document"),
            _link_root(links),
            _link_parent(links),
            build_link(links.api("/collections"), "data", JSON, "The collections"),
            build_link(links.api("/queryables"), QUERYABLES_REL, SCHEMA_JSON, "What to filter by"),
            build_link(
                links.api("/functions"), documents.FUNCTIONS_REL, JSON, "Functions that filters may call"
            ),
            *_link_searches(f"{address}/search"),
            *_link_children(catalogue, links),
        ],
    }


def build_collections(catalogue: Catalogue, links: Links, path: str) -> Document:
    """All collections, as listed at that path of the door."""
    listed = [build_collection(catalogue, collection, links) for collection in catalogue.collections.values()]
    own = build_link(links.api(path), "self", JSON, "This document")
    return {
        "collections": listed,
        "links": [own, _link_root(links), _link_parent(links)],
        "numberMatched": len(listed),
        "numberReturned": len(listed),
    }


def build_collection(catalogue: Catalogue, collection: Collection, links: Links) -> Document:
    """One collection: the images of one generation of satellites."""
    satellites = catalogue.satellites[collection.id]
    address = links.collection(collection.id)
    return {
        "type": "Collection",
        "stac_version": STAC_VERSION,
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "keywords": ["satellite", "tasking", "multispectral"],
        "license": "other",
        "extent": {
            "spatial": {"bbox": [[-180.0, -90.0, 180.0, 90.0]]},
            "temporal": {"interval": [_bound_times(satellites, catalogue.door.clock.now())]},
        },
        "summaries": _summarize(satellites),
        "links": [
            build_link(address, "self", JSON, "This collection"),
            _link_root(links),
            _link_parent(links),
            build_link(f"{address}/items", "items", GEOJSON, "The items"),
            build_link(f"{address}/queryables", QUERYABLES_REL, SCHEMA_JSON, "What to filter by"),
        ],
    }


def _bound_times(satellites: Sequence[Satellite], now: datetime) -> list[str]:
    """From the year of the first launch to the end of today: tells nobody when others' images were taken.

    An open end would be as true, but the official OGC suite cannot read one.
    """
    first = min(satellite.launch_year for satellite in satellites)
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return [format_time(datetime(first, 1, 1, tzinfo=UTC)), format_time(midnight + timedelta(days=1))]


def _summarize(satellites: Sequence[Satellite]) -> Mapping[str, Any]:
    """What the items have in common; extensions of summaries are not listed (STAC collection specification)."""
    sensors = [satellite.sensor for satellite in satellites]
    return {
        "platform": [satellite.id for satellite in satellites],
        "constellation": sorted({satellite.constellation for satellite in satellites}),
        "instruments": sorted({name for sensor in sensors for name in sensor.instruments}),
        "gsd": sorted({sensor.gsd_m for sensor in sensors}),
        "sat:platform_international_designator": [satellite.designator for satellite in satellites],
    }


def _link_root(links: Links) -> Document:
    return build_link(links.api(), "root", JSON, ROOT_TITLE)


def _link_parent(links: Links) -> Document:
    return build_link(links.api(), "parent", JSON, ROOT_TITLE)


def _link_children(catalogue: Catalogue, links: Links) -> list[Document]:
    return [
        build_link(links.collection(name), "child", JSON, collection.title)
        for name, collection in catalogue.collections.items()
    ]


def _link_searches(address: str) -> list[Document]:
    search = build_link(address, "search", GEOJSON, "Search of items")
    return [{**search, "method": method} for method in ("GET", "POST")]
