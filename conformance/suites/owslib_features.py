"""OWSLib as a client: `owslib_features.py BASE TOKEN PLAN_FILE`. The plan of the file is made and archived again."""

import sys
from functools import partial
from pathlib import Path

from counting import Checks, equal
from owslib.ogcapi.features import Features
from wanted import count, list_collections

base, token, plan_file = sys.argv[1:4]
AUTHORIZED = {"Authorization": f"Bearer {token}"}
EUROPE = [-25, 34, 45, 72]
service = Features(base, headers=AUTHORIZED)


def check_collection(name: str) -> object:
    return equal(service.collection(name)["id"], name)


def check_queryables(name: str) -> str:
    return ", ".join(service.collection_queryables(name)["properties"])


def check_items(name: str) -> object:
    found = service.collection_items(name, limit=7)
    equal(len(found["features"]), min(7, found["numberMatched"]))
    return equal(found["numberMatched"], count(base, token, name))


def check_item(name: str) -> object:
    first = service.collection_items(name, limit=1)["features"][0]["id"]
    return equal(service.collection_item(name, first)["id"], first)


def check_box(name: str) -> object:
    found = service.collection_items(name, bbox=EUROPE)["numberMatched"]
    return equal(found, count(base, token, name, bbox=",".join(map(str, EUROPE))))


def check_filter(name: str) -> object:
    found = service.collection_items(name, filter="true", limit=1)
    return equal(found["numberMatched"], count(base, token, name))


def check_datetime() -> object:
    return equal(service.collection_items("plans", datetime="1900-01-01T00:00:00Z")["numberMatched"], 0)


def check_create() -> str:
    # OWSLib says no Content-Type by itself.
    writer = Features(base, headers=AUTHORIZED | {"Content-Type": "application/geo+json"})
    before = count(base, token, "plans")
    writer.collection_item_create("plans", Path(plan_file).read_text("utf-8"))
    equal(count(base, token, "plans"), before + 1)
    made = writer.collection_items("plans", limit=1)["features"][0]["id"]
    writer.collection_item_delete("plans", made)
    equal(count(base, token, "plans"), before)
    return made


checks = Checks()
checks.check("API definition", lambda: service.api()["openapi"])
checks.check("conformance", lambda: f"{len(service.conformance()['conformsTo'])} classes")
checks.check("feature collections", lambda: ", ".join(service.feature_collections()))
for collection in list_collections(base, token):
    for kind, find in {
        "collection": check_collection,
        "queryables": check_queryables,
        "items": check_items,
        "item": check_item,
        "box": check_box,
        "filter": check_filter,
    }.items():
        checks.check(f"{collection}, {kind}", partial(find, collection))
checks.check("plans, datetime", check_datetime)
checks.check("plans, create and delete", check_create)
checks.end()
