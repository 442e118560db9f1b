"""The API definition is valid, says what the door really does, and refuses what the door refuses."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate
from tests.stac_api.stac_world import Shelf

from swath.api.links import Links
from swath.api.parameters import CRS84
from swath.errors import SwathError
from swath.stac_api.openapi import build_openapi
from swath.stac_api.parameters import read_search

ROOT = "/stac/v1"
SEARCH = "/search"
ITEMS = "/collections/{collection}/items"
FILE = f"{ITEMS}/{{item_id}}/assets/{{asset}}"
POINT = {"type": "Point", "coordinates": [139.8, 35.4]}

Document = Mapping[str, Any]


@pytest.fixture(scope="module")
def described() -> Document:
    return build_openapi(Links("https://swath.example", ROOT))


def operations(described: Document) -> Iterable[tuple[str, str, Document]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolve(described: Document, told: Document) -> Document:
    """What a reference leads to."""
    found: Any = described
    for step in told["$ref"].removeprefix("#/").split("/") if "$ref" in told else ():
        found = found[step]
    return found if "$ref" in told else told


def conforms(described: Document, schema: Document, document: Any) -> bool:
    whole = {**schema, "components": described["components"]}
    return OAS30Validator(whole).is_valid(document)


def takes(described: Document, body: Any) -> bool:
    """Whether the schema of a search's body lets it through."""
    return conforms(described, {"$ref": "#/components/schemas/Search"}, body)


def parameter(described: Document, path: str, name: str) -> Document:
    return next(p for p in described["paths"][path]["get"]["parameters"] if p["name"] == name)


def test_it_is_valid_openapi_3_0_3_served_as_such(stranger: TestClient):
    answer = stranger.get(f"{ROOT}/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.json()["openapi"] == "3.0.3"
    assert answer.json()["servers"][0]["url"] == f"http://testserver{ROOT}"
    validate(answer.json())


def test_it_names_every_route_and_no_other(described: Document, shelf: Shelf):
    served = {
        (route.path.removeprefix(ROOT) or "/", method.lower())
        for route in shelf.routes
        for method in route.methods or ()
    }
    heads = {(path, "head") for path, method in served if method == "get"}
    assert {(path, method) for path, method, _ in operations(described)} | heads == served


def test_operations_have_names_of_their_own_and_reach_nowhere_else(described: Document):
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(names) == len(set(names))
    assert "'$ref': 'http" not in str(described)


def test_items_need_a_token_and_everything_else_is_open(described: Document):
    for path, method, operation in operations(described):
        guarded = "items" in path or "search" in path
        assert bool(operation["security"]) == guarded, (path, method)
        assert ({"401", "403"} <= operation["responses"].keys()) == guarded, (path, method)
    schemes = described["components"]["securitySchemes"]
    flow = schemes["oauth"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "https://swath.example/oauth/token"
    assert flow["scopes"].keys() == {"catalog"}


def test_refusals_are_problems(described: Document):
    for path, method, operation in operations(described):
        for status, answer in operation["responses"].items():
            if status >= "400" and method != "head":
                assert resolve(described, answer)["content"].keys() == {"application/problem+json"}, path


@pytest.mark.parametrize(
    "path, method, statuses",
    [
        ("/", "get", {"200", "304", "400", "406", "500"}),
        ("/collections/{collection}", "get", {"200", "304", "400", "404", "406", "500"}),
        (SEARCH, "get", {"200", "304", "400", "401", "403", "406", "500", "503"}),
        (SEARCH, "post", {"200", "400", "401", "403", "406", "413", "415", "500", "503"}),
        (ITEMS, "get", {"200", "304", "400", "401", "403", "404", "406", "500", "503"}),
        (f"{ITEMS}/{{item_id}}", "get", {"200", "304", "400", "401", "403", "404", "406", "500", "503"}),
        (FILE, "get", {"200", "206", "304", "400", "401", "403", "404", "416", "500", "503"}),
    ],
)
def test_operations_name_the_answers_that_they_give(
    described: Document, path: str, method: str, statuses: set[str]
):
    assert described["paths"][path][method]["responses"].keys() == statuses


@pytest.mark.parametrize(
    "path, method",
    [
        ("/", "get"),
        ("/conformance", "get"),
        ("/api", "get"),
        ("/queryables", "get"),
        ("/catalogs", "get"),
        ("/catalogs/axelglobe", "get"),
        ("/collections", "get"),
        ("/collections/{collection}", "get"),
        ("/collections/{collection}/queryables", "get"),
        (ITEMS, "get"),
        (f"{ITEMS}/{{item_id}}", "get"),
        (SEARCH, "get"),
        (SEARCH, "post"),
    ],
)
def test_documents_are_as_described(
    described: Document, client: TestClient, shelf: Shelf, path: str, method: str
):
    address = path.format(collection="grus-1", item_id=shelf.items[1].id)
    answer = client.request(method, ROOT + address, json={} if method == "post" else None)
    content = described["paths"][path][method]["responses"]["200"]["content"]
    assert answer.status_code == 200
    assert conforms(described, content[answer.headers["content-type"]]["schema"], answer.json())


def test_pages_of_picked_items_are_as_described(described: Document, client: TestClient):
    page = client.get(f"{ROOT}{SEARCH}", params={"fields": "id,-geometry"}).json()
    assert conforms(described, {"$ref": "#/components/schemas/ItemCollection"}, page)


def test_files_are_images_and_the_page_is_html(described: Document, client: TestClient, shelf: Shelf):
    served = {asset["type"] for asset in shelf.items[1].document["assets"].values()}
    for status in ("200", "206"):
        content = described["paths"][FILE]["get"]["responses"][status]["content"]
        assert served <= content.keys()
        assert all(kind.startswith("image/") for kind in content)
    page = client.get(f"{ROOT}/api.html").headers["content-type"].partition(";")[0]
    assert described["paths"]["/api.html"]["get"]["responses"]["200"]["content"].keys() == {page}


@pytest.mark.parametrize("path", [SEARCH, ITEMS, "/catalogs/axelglobe/search"])
def test_parameters_are_lists_with_commas(described: Document, path: str):
    for told in described["paths"][path]["get"]["parameters"]:
        if told["in"] == "query" and "content" not in told:
            assert (told["style"], told["explode"], told["required"]) == ("form", False, False), told["name"]


def test_parameters_have_the_limits_that_ogc_api_features_asks_for(described: Document):
    limit = parameter(described, ITEMS, "limit")["schema"]
    assert (limit["type"], limit["minimum"], limit["maximum"], limit["default"]) == (
        "integer",
        1,
        2**31 - 1,
        10,
    )
    bbox = parameter(described, ITEMS, "bbox")["schema"]
    assert (bbox["type"], bbox["minItems"], bbox["maxItems"]) == ("array", 4, 6)
    assert parameter(described, ITEMS, "datetime")["schema"]["type"] == "string"
    language = parameter(described, ITEMS, "filter-lang")["schema"]
    assert (language["enum"], language["default"]) == (["cql2-text", "cql2-json"], "cql2-text")


@pytest.mark.parametrize(
    "text, right",
    [
        ("2026-08-22T01:30:00Z", True),
        ("2026-08-22t01:30:00.5+09:00/..", True),
        ("/2026-08-22T01:30:00Z", True),
        ("2026-08-22T01:30:00Z/2026-08-23T01:30:00Z", True),
        ("2026-08-22", False),
        ("../..", False),
        ("/", False),
        ("2026-08-22T01:30:00Z/2026-08-22T01:30:00Z/2026-08-22T01:30:00Z", False),
    ],
)
def test_times_are_told_from_other_text(described: Document, text: str, right: bool):
    assert conforms(described, parameter(described, ITEMS, "datetime")["schema"], text) == right


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"collections": ["grus-1"], "ids": ["a", "b"]},
        {"collections": "grus-1"},
        {"bbox": [0, 0, 1, 1]},
        {"bbox": [0, 0, -5, 1, 1, 5], "intersects": None},
        {"intersects": POINT, "bbox": None},
        {"intersects": {"type": "GeometryCollection", "geometries": [POINT]}},
        {"intersects": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}},
        {"datetime": "2026-08-22T00:00:00Z/.."},
        {"filter": {"op": "=", "args": [{"property": "id"}, "a"]}, "filter-crs": CRS84[0]},
        {"filter": "id = 'a'", "filter-lang": "cql2-text"},
        {"sortby": [{"field": "properties.datetime", "direction": "desc"}, {"field": "id"}]},
        {"fields": {"include": None, "exclude": ["geometry"]}},
        {"fields": {}},
        {"limit": 10, "offset": 20},
        dict.fromkeys(("collections", "ids", "bbox", "intersects", "datetime", "filter", "filter-lang")),
        dict.fromkeys(("filter-crs", "sortby", "limit", "offset")),
    ],
)
def test_what_a_search_takes_is_described(described: Document, body: Document):
    read_search(body, "acme")
    assert takes(described, body)


@pytest.mark.parametrize(
    "body",
    [
        5,
        [],
        {"what": 1},
        {"collections": [1]},
        {"ids": 5},
        {"bbox": "0,0,1,1"},
        {"bbox": [0, 0, 1]},
        {"bbox": [0, 0, 1, 1, 2]},
        {"bbox": ["0", "0", "1", "1"]},
        {"bbox": [0, 0, 1, 1], "intersects": POINT},
        {"intersects": {}},
        {"intersects": {"type": "Blob", "coordinates": [1, 2]}},
        {"intersects": {"type": "Point", "coordinates": []}},
        {"intersects": {"type": "Point", "coordinates": ["a", "b"]}},
        {"intersects": {"type": "LineString", "coordinates": [[0, 0]]}},
        {"intersects": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}},
        {"intersects": {"type": "GeometryCollection", "geometries": 7}},
        {"datetime": "2026-08-22"},
        {"datetime": 5},
        {"filter": 5},
        {"filter": ""},
        {"filter-lang": "sql"},
        {"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/3857"},
        {"sortby": "id"},
        {"sortby": [{"direction": "asc"}]},
        {"sortby": [{"field": "geometry"}]},
        {"sortby": [{"field": "id", "direction": "up"}]},
        {"fields": None},
        {"fields": {"include": "id"}},
        {"fields": {"exclude": [1]}},
        {"limit": 0},
        {"limit": "10"},
        {"limit": 1.5},
        {"limit": True},
        {"offset": -1},
    ],
)
def test_what_a_search_refuses_its_schema_refuses(described: Document, body: Any):
    with pytest.raises(SwathError):
        read_search(body, "acme")
    assert not takes(described, body)


@pytest.mark.parametrize(
    "asset, span, status",
    [("msi_udm", "bytes=999999999-", "416"), ("none", "", "404"), ("msi_udm?token=ff-ff", "", "401")],
)
def test_files_refuse_as_described(
    described: Document, client: TestClient, shelf: Shelf, asset: str, span: str, status: str
):
    item = f"{ROOT}/collections/grus-1/items/{shelf.items[1].id}"
    answer = client.get(f"{item}/assets/{asset}", headers={"Range": span})
    assert str(answer.status_code) == status
    told = resolve(described, described["paths"][FILE]["get"]["responses"][status])
    assert ("content-range" in answer.headers) == ("Content-Range" in told.get("headers", ()))
