"""Searches that are broken, huge, deep or odd: each is answered or refused with a sentence, none is a fault of ours."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.stac_api.stac_world import Shelf, connect

SEARCH = "/stac/v1/search"
JSON = {"Content-Type": "application/json"}
RIGHT: dict[str, Any] = {
    "collections": ["grus-1"],
    "ids": ["a", "b"],
    "intersects": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    "datetime": "2026-08-22T00:00:00Z/..",
    "filter": {
        "op": "and",
        "args": [
            {"op": "<", "args": [{"property": "eo:cloud_cover"}, 20]},
            {"op": "t_after", "args": [{"property": "datetime"}, {"timestamp": "2026-08-22T00:00:00Z"}]},
            {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [170, -20, -170, 20]}]},
        ],
    },
    "filter-lang": "cql2-json",
    "sortby": [{"field": "properties.datetime", "direction": "desc"}],
    "fields": {"include": ["id"], "exclude": ["properties.gsd"]},
    "limit": 5,
    "offset": 0,
}
ODD: tuple[Any, ...] = (
    *(None, True, "", "\0", "x" * 20_000, "\ud800", "१", "'; DROP TABLE items; --", "../../etc/passwd"),
    *(0, -1, 1e308, -1e308, 2**63, 2**64, 10**400, 1.5),
    *([], {}, [[]], [None] * 1000, {"": ""}, {"type": "Polygon"}, {"op": "and", "args": "x"}),
)


@pytest.fixture(scope="module")
def hostile(shelf: Shelf) -> TestClient:
    client = connect(shelf.app, shelf.ours)
    return TestClient(shelf.app, headers=dict(client.headers), raise_server_exceptions=False)


def places(part: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, by the keys that lead there."""
    keys = part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in keys:
        yield (*at, key)
        yield from places(part[key], (*at, key))


def spoil(rng: random.Random) -> str:
    """The right search with an odd value in one to three places."""
    body = copy.deepcopy(RIGHT)
    for _ in range(rng.randint(1, 3)):
        *way, last = rng.choice(list(places(body)))
        part: Any = body
        for key in way:
            part = part[key]
        part[last] = copy.deepcopy(rng.choice(ODD))
    return json.dumps(body)


def is_answered(answer: Any) -> bool:
    told = answer.headers["content-type"]
    if answer.status_code == 200:
        return told == "application/geo+json"
    return answer.status_code == 400 and told == "application/problem+json" and bool(answer.json()["detail"])


def test_the_search_that_is_spoilt_is_right(hostile: TestClient):
    assert hostile.post(SEARCH, json=RIGHT).status_code == 200


@pytest.mark.parametrize("seed", range(5))
def test_odd_values_anywhere_in_a_body_are_answered_or_refused(hostile: TestClient, seed: int):
    rng = random.Random(seed)
    for _ in range(60):
        body = spoil(rng)
        assert is_answered(hostile.post(SEARCH, content=body, headers=JSON)), body[:500]


@pytest.mark.parametrize("name", sorted(RIGHT))
@pytest.mark.parametrize("value", [odd for odd in ODD if isinstance(odd, str) and odd != "\ud800"])
def test_odd_text_in_a_query_string_is_answered_or_refused(hostile: TestClient, name: str, value: str):
    # Encoders of clients differ in what they let through; what matters is what arrives.
    assert is_answered(hostile.get(SEARCH, params={name: value, "limit": "1"}))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"filter":' + b'{"op":"not","args":[' * 50_000,
        b'{"intersects":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"intersects":' + b'{"type":"GeometryCollection","geometries":[' * 900 + b"]}" * 900 + b"}",
        b'{"limit":1,"limit":2}',
        b'{"limit":NaN}',
        b'{"limit":' + b"9" * 5_000 + b"}",
        b'\xef\xbb\xbf{"limit":1}',
        b'{"ids":"\xff"}',
        b"",
    ],
)
def test_bodies_that_are_deep_or_no_strict_json_are_refused(hostile: TestClient, body: bytes):
    answer = hostile.post(SEARCH, content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["code"] in ("malformed", "bad_parameter", "invalid_filter")


def test_a_body_larger_than_a_mebibyte_is_refused(hostile: TestClient):
    answer = hostile.post(SEARCH, json={"ids": ["x" * (1 << 20)]})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["%00", "a%00b", "%F0%9F%9B%B0", "..%2F..", "x" * 4_000, "%FF", "a%0D%0Ab", "' OR 1=1"]
)
def test_odd_names_are_not_found(hostile: TestClient, path: str):
    for address in (
        f"/collections/{path}",
        f"/collections/grus-1/items/{path}",
        f"/collections/{path}/items",
    ):
        assert hostile.get(f"/stac/v1{address}").status_code == 404
    assert hostile.get(f"/stac/v1/collections/grus-1/items/{path}/assets/tci?token=%00").status_code in (
        401,
        404,
    )
