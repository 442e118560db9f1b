"""pystac-client as a client, its warnings as errors: `pystac_check.py STAC_BASE TOKEN COLLECTION`."""

import sys
import warnings

from counting import Checks, equal
from pystac_client import Client
from pystac_client.item_search import ItemSearch

base, token, collection = sys.argv[1:4]
warnings.simplefilter("error")
client = Client.open(base, headers={"Authorization": f"Bearer {token}"})


def search(**how: object) -> ItemSearch:
    return client.search(collections=[collection], **how)


def check_collections() -> object:
    found = [one.id for one in client.get_collections()]
    return equal(collection in found, True) and ", ".join(found)


def check_paging() -> object:
    """Four a page: every item once, and as many as were told."""
    asked = search(limit=4)
    ids = [item.id for item in asked.items()]
    equal(len(set(ids)), len(ids))
    return equal(len(ids), asked.matched())


FIRST = next(search(max_items=1).items())
BY_ID = {"op": "=", "args": [{"property": "id"}, FIRST.id]}
# Each finds exactly the first item.
EXACT = {
    "ids": {"ids": [FIRST.id]},
    "filter, JSON": {"filter": BY_ID},
    "filter, text": {"filter": f"id = '{FIRST.id}'", "filter_lang": "cql2-text"},
    "filter, text, GET": {"filter": f"id = '{FIRST.id}'", "method": "GET"},
    "filter and fields": {"filter": BY_ID, "fields": ["id", "geometry", "properties.datetime"]},
    "datetime and platform": {
        "datetime": FIRST.datetime,
        "filter": {"op": "=", "args": [{"property": "platform"}, FIRST.properties["platform"]]},
    },
}
# Each finds the first item among others.
AMONG = {
    "intersects": {"intersects": FIRST.geometry},
    "bbox": {"bbox": FIRST.bbox},
    "the world": {"bbox": [-180, -90, 180, 90]},
    "open datetime": {"datetime": "1900-01-01T00:00:00Z/.."},
}


def check_exact(name: str) -> object:
    return equal([item["id"] for item in search(**EXACT[name]).items_as_dicts()], [FIRST.id])


def check_among(name: str) -> object:
    found = [item.id for item in search(**AMONG[name]).items()]
    return equal(FIRST.id in found, True) and f"{len(found)} items"


def check_sorting(field: str, *, descending: bool) -> object:
    asked = search(sortby=f"{'-' if descending else '+'}properties.{field}")
    found = [item.properties[field] for item in asked.items()]
    return equal(found, sorted(found, reverse=descending)) and f"{len(found)} items"


def check_queryables() -> str:
    return ", ".join(client.get_collection(collection).get_queryables()["properties"])


checks = Checks()
checks.check("collections", check_collections)
checks.check("paging", check_paging)
for name in EXACT:
    checks.check(name, lambda name=name: check_exact(name))
for name in AMONG:
    checks.check(name, lambda name=name: check_among(name))
for field in ("datetime", "eo:cloud_cover"):
    for descending in (False, True):
        checks.check(
            f"sort by {field}, {'down' if descending else 'up'}",
            lambda field=field, descending=descending: check_sorting(field, descending=descending),
        )
checks.check("queryables", check_queryables)
checks.end()
