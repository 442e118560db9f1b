"""The delivery door over a real store: what is found, by whom, and in what words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pystac
import pytest
from fastapi.testclient import TestClient
from pystac.validation.stac_validator import JsonSchemaSTACValidator
from tests.stac_api.stac_world import SCENE, Shelf, connect, ids

ROOT = "/stac/v1"


def validate_stac(document: Mapping[str, Any], kind: pystac.STACObjectType) -> None:
    JsonSchemaSTACValidator().validate_core(dict(document), kind, "1.1.0")


def link(document: Mapping[str, Any], rel: str, method: str | None = None) -> Mapping[str, Any] | None:
    found = [x for x in document["links"] if x["rel"] == rel and method in (None, x.get("method"))]
    return found[0] if found else None


def test_the_landing_page_is_a_catalogue_that_leads_everywhere(stranger: TestClient):
    landing = stranger.get(ROOT).json()
    validate_stac(landing, pystac.STACObjectType.CATALOG)
    assert {x["rel"] for x in landing["links"]} >= {
        "self",
        "root",
        "data",
        "conformance",
        "search",
        "service-desc",
        "service-doc",
        "child",
    }
    assert landing["conformsTo"] == stranger.get(f"{ROOT}/conformance").json()["conformsTo"]


def test_every_link_of_the_landing_page_answers(client: TestClient):
    for entry in client.get(ROOT).json()["links"]:
        answer = client.request(
            entry.get("method", "GET"), entry["href"], json={} if "method" in entry else None
        )
        assert answer.status_code == 200, entry
        assert answer.headers["content-type"].replace("; charset=utf-8", "") == entry["type"]


def test_collections_are_valid_and_one_for_each_generation(stranger: TestClient):
    answer = stranger.get(f"{ROOT}/collections").json()
    assert [c["id"] for c in answer["collections"]] == ["grus-1", "grus-3"]
    for collection in answer["collections"]:
        validate_stac(collection, pystac.STACObjectType.COLLECTION)
    alone = stranger.get(f"{ROOT}/collections/grus-1").json()
    assert alone == answer["collections"][0]


def test_images_lie_between_the_first_launch_and_the_end_of_today(stranger: TestClient, shelf: Shelf):
    listed = stranger.get(f"{ROOT}/collections").json()["collections"]
    told = {c["id"]: c["extent"]["temporal"]["interval"] for c in listed}
    tomorrow = (shelf.clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
    assert told == {
        "grus-1": [["2018-01-01T00:00:00Z", tomorrow]],
        "grus-3": [["2026-01-01T00:00:00Z", tomorrow]],
    }


def test_items_are_valid_stac(client: TestClient):
    page = client.get(f"{ROOT}/collections/grus-1/items").json()
    for item in page["features"]:
        validate_stac(item, pystac.STACObjectType.ITEM)


def test_the_search_that_a_request_links_to_finds_its_capture(client: TestClient):
    answer = client.get(f"{ROOT}/catalogs/axelglobe/search", params={"filter": "ag:capture_id = 'capture-3'"})
    assert ids(answer) == ["grus-1a_20260825t013000z_capture-3"]
    assert answer.headers["content-type"] == "application/geo+json"


def test_the_catalog_is_listed_and_holds_the_collections(client: TestClient):
    listed = client.get(f"{ROOT}/catalogs").json()
    assert [catalog["id"] for catalog in listed["catalogs"]] == ["axelglobe"]
    validate_stac(client.get(f"{ROOT}/catalogs/axelglobe").json(), pystac.STACObjectType.CATALOG)
    inside = client.get(f"{ROOT}/catalogs/axelglobe/collections").json()
    assert [c["id"] for c in inside["collections"]] == ["grus-1", "grus-3"]


def test_a_collection_s_items_can_be_narrowed_as_a_search(client: TestClient, shelf: Shelf):
    address, wanted = f"{ROOT}/collections/grus-1/items", shelf.items[2].id
    assert len(ids(client.get(address, params={"collections": "grus-1", "limit": 20}))) == 11
    assert len(ids(client.get(address, params={"collections": "grus-3,grus-1", "limit": 20}))) == 11
    assert ids(client.get(address, params={"ids": wanted})) == [wanted]
    assert ids(client.get(address, params={"ids": shelf.items[11].id})) == []


def test_a_collection_has_no_items_of_another(client: TestClient):
    page = client.get(f"{ROOT}/collections/grus-1/items", params={"collections": "grus-3"}).json()
    assert (page["features"], page["numberMatched"]) == ([], 0)


@pytest.mark.parametrize("path", ["/search", "/collections/grus-1/items"])
def test_pages_say_when_they_were_made(client: TestClient, path: str):
    # The door's machine clock stands still twenty days after the first capture.
    assert client.get(ROOT + path).json()["timeStamp"] == "2026-09-11T01:30:00.250000Z"


def test_newest_first_with_counts(client: TestClient):
    page = client.get(f"{ROOT}/search").json()
    assert (page["numberMatched"], page["numberReturned"], len(page["features"])) == (12, 10, 10)
    starts = [feature["properties"]["datetime"] for feature in page["features"]]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize("limit", [1, 5, 7, 12])
def test_following_next_finds_everything_once_by_get(client: TestClient, limit: int):
    found, answer = [], client.get(f"{ROOT}/search", params={"limit": limit, "filter": "gsd < 3"})
    while True:
        found += ids(answer)
        onward = link(answer.json(), "next")
        if onward is None:
            break
        assert "filter=gsd" in onward["href"]
        answer = client.get(onward["href"])
    assert len(found) == len(set(found)) == 12


def test_following_next_finds_everything_once_by_post(client: TestClient):
    found, answer = [], client.post(f"{ROOT}/search", json={"limit": 5, "collections": ["grus-1"]})
    while True:
        found += ids(answer)
        onward = link(answer.json(), "next")
        if onward is None:
            break
        assert onward["body"]["collections"] == ["grus-1"]
        answer = client.request(onward["method"], onward["href"], json=onward["body"])
    assert len(found) == len(set(found)) == 11


def test_prev_leads_back(client: TestClient):
    second = client.get(f"{ROOT}/search", params={"limit": 5, "offset": 5})
    back = link(second.json(), "prev")
    assert back is not None
    assert ids(client.get(back["href"])) == ids(client.get(f"{ROOT}/search", params={"limit": 5}))


@pytest.mark.parametrize(
    "asked, numbers",
    [
        ({"bbox": "179.6,-16.9,-179.6,-16.1"}, [0]),
        ({"bbox": "139,35,140,36", "limit": "20"}, range(1, 12)),
        ({"datetime": "2026-08-25T00:00:00Z/2026-08-27T00:00:00Z"}, [3, 4]),
        ({"datetime": "2026-09-01T00:00:00Z/.."}, [10, 11]),
        ({"filter": "eo:cloud_cover > 50"}, [3, 6, 9]),
        ({"filter": "S_INTERSECTS(geometry, POINT(179.9 -16.5))"}, [0]),
        ({"collections": "grus-3"}, [11]),
        ({"collections": "grus-9"}, []),
        ({"filter": "datetime < TIMESTAMP('2026-08-24T00:00:00Z')"}, [0, 1]),
    ],
)
def test_searches_find_what_they_ask_for(client: TestClient, asked: dict[str, str], numbers: Any):
    found = ids(client.get(f"{ROOT}/search", params=asked))
    assert sorted(int(name.rpartition("-")[2]) for name in found) == list(numbers)


def test_shapes_ids_and_order_by_post(client: TestClient, shelf: Shelf):
    items = shelf.items
    wanted = [items[2].id, items[0].id]
    body = {"ids": wanted, "sortby": [{"field": "properties.datetime", "direction": "asc"}]}
    assert ids(client.post(f"{ROOT}/search", json=body)) == [items[0].id, items[2].id]
    shape = {"type": "Point", "coordinates": [139.8, 35.4]}
    assert len(ids(client.post(f"{ROOT}/search", json={"intersects": shape, "limit": 100}))) == 11


def test_only_the_wanted_fields_are_sent(client: TestClient):
    page = client.get(f"{ROOT}/search", params={"fields": "id,properties.gsd", "limit": 1}).json()
    assert page["features"][0].keys() == {"id", "properties"}
    assert page["features"][0]["properties"].keys() == {"gsd"}


@pytest.mark.parametrize(
    "path",
    ["/search", "/collections/grus-1/items", "/catalogs/axelglobe/search"],
)
def test_without_a_token_no_item_is_shown(stranger: TestClient, path: str):
    assert stranger.get(ROOT + path).status_code == 401


def test_items_of_others_do_not_exist(client: TestClient, shelf: Shelf):
    items, theirs = shelf.items, connect(shelf.app, shelf.theirs)
    assert ids(theirs.get(f"{ROOT}/search")) == ["grus-1a_20261129t013000z_capture-99"]
    address = f"{ROOT}/collections/grus-1/items/{items[1].id}"
    assert client.get(address).status_code == 200
    assert theirs.get(address).status_code == theirs.get(f"{address}/assets/msi_udm").status_code == 404
    assert ids(theirs.get(f"{ROOT}/search", params={"ids": items[1].id})) == []


@pytest.mark.parametrize(
    "path",
    [
        "/collections/grus-9",
        "/collections/grus-9/items",
        "/collections/grus-1/items/none",
        "/collections/grus-9/queryables",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str):
    assert client.get(ROOT + path).status_code == 404


def test_who_names_no_collection_is_told_those_there_are(client: TestClient):
    answer = client.get(f"{ROOT}/collections/grus-9/items")
    assert answer.json()["detail"] == "There is no collection 'grus-9'; there are grus-1, grus-3."
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["", "/conformance", "/collections", "/collections/grus-1", "/queryables", "/search", "/api"]
)
def test_documents_and_lists_are_negotiated_as_in_the_tasking_api(client: TestClient, path: str):
    whole = client.get(f"{ROOT}{path}")
    assert client.get(f"{ROOT}{path}", params={"f": "json"}).status_code == 200
    assert client.head(f"{ROOT}{path}").headers["content-length"] == whole.headers["content-length"]
    assert client.get(f"{ROOT}{path}", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert client.get(f"{ROOT}{path}", headers={"Accept": "text/csv"}).status_code == 406
    assert client.get(f"{ROOT}{path}", params={"x": "1"}).status_code == 400
    allow = client.options(f"{ROOT}{path}").headers["allow"].split(", ")
    assert allow == ["HEAD", "GET", *(["POST"] if path == "/search" else []), "OPTIONS"]


def test_browsers_elsewhere_may_ask_with_a_token(client: TestClient):
    asked = {
        "Origin": "https://browser.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    told = client.options(f"{ROOT}/search", headers=asked).headers
    assert told["access-control-allow-origin"] == "*"
    assert "authorization" in told["access-control-allow-headers"]


@pytest.mark.parametrize(
    "equal, count",
    [("constellation=GRUS1", 12), ("mission=GRUS1", 12), ("collection=grus-3", 1), ("gsd=1", 0)],
)
def test_queryables_are_parameters(client: TestClient, equal: str, count: int):
    assert client.get(f"{ROOT}/search?{equal}").json()["numberMatched"] == count


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=x",
        "bbox=1,2,3",
        "datetime=2026-08-22",
        "datetime=..%2F..",
        "sortby=x",
        "what=1",
        "filter=nothing%3D1",
        "filter=" + "(" * 10_000,
        "fields=id&fields=type&what=2",
        "offset=-1",
        "intersects=%7B%7D",
    ],
)
def test_wrong_searches_are_refused(client: TestClient, query: str):
    assert client.get(f"{ROOT}/search?{query}").status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff\xfe", b'{"limit": "many"}', b'{"fields": null}', b'{"what": 1}']
)
def test_wrong_bodies_are_refused(client: TestClient, body: bytes):
    answer = client.post(f"{ROOT}/search", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


def test_bodies_of_another_kind_are_refused(client: TestClient):
    answer = client.post(f"{ROOT}/search", content=b"limit=1", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


def test_a_link_in_an_item_opens_its_file_without_a_token(
    client: TestClient, stranger: TestClient, shelf: Shelf
):
    item = client.get(f"{ROOT}/collections/grus-1/items/{shelf.items[1].id}").json()
    href = item["assets"]["msi_udm"]["href"]
    whole = stranger.get(href)
    assert whole.status_code == 200
    assert whole.content == SCENE["udm"]
    assert whole.headers["content-type"].startswith("image/tiff")
    part = stranger.get(href, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, SCENE["udm"][100:200])
    head = stranger.head(href)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(SCENE["udm"])))


def test_links_in_lists_are_fresh_however_often_the_list_was_asked_for(
    client: TestClient, stranger: TestClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    def find_href() -> str:
        (item,) = client.get(f"{ROOT}/search", params={"ids": shelf.items[1].id}).json()["features"]
        return item["assets"]["msi_udm"]["href"]

    first = find_href()
    assert find_href() == first
    monkeypatch.setattr(shelf.clock, "at", shelf.clock.at + timedelta(hours=25))
    assert stranger.get(first).status_code == 401
    assert stranger.get(find_href()).status_code == 200


def test_files_need_a_right_link_or_a_token(client: TestClient, stranger: TestClient, shelf: Shelf):
    items = shelf.items
    plain = f"{ROOT}/collections/grus-1/items/{items[1].id}/assets/msi_udm"
    assert client.get(plain).content == SCENE["udm"]
    assert stranger.get(plain).status_code == 401
    assert stranger.get(f"{plain}?token=ff-ff").status_code == 401
    another = client.get(f"{ROOT}/collections/grus-1/items/{items[2].id}").json()
    token = another["assets"]["msi_udm"]["href"].partition("?token=")[2]
    assert stranger.get(f"{plain}?token={token}").status_code == 401
    assert client.get(f"{ROOT}/collections/grus-1/items/{items[1].id}/assets/none").status_code == 404


def test_queryables_are_a_schema_that_names_what_filters_may_use(client: TestClient):
    answer = client.get(f"{ROOT}/collections/grus-1/queryables")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    assert schema["additionalProperties"] is False
    assert schema["properties"]["geometry"] == {"title": "Footprint", "format": "geometry-any"}
    for name, told in schema["properties"].items():
        literal = {"string": "'x'", "number": "1"}.get(told.get("type", ""), "'x'")
        if "format" not in told:
            assert client.get(f"{ROOT}/search", params={"filter": f'"{name}" = {literal}'}).status_code == 200
