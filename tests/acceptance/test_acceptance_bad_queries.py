"""Query strings and searches that lists refuse, naming the parameter and what it takes."""

import json
from typing import Any

import pytest
from tests.acceptance.bad_input_world import PLANS, REQUESTS, SEARCH, World, assert_refused, send

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]

BAD_PARAMETERS = {
    "limit=0": "from 1 to",
    "limit=-1": "from 1 to",
    "limit=ten": "whole number",
    "limit=1.5": "whole number",
    "limit=": "whole number",
    "limit=%F0%9D%9F%8F": "whole number",
    "limit=1&limit=-5": "from 1 to",
    "offset=-1": "0 or more",
    "offset=1e3": "whole number",
    "bbox=1,2,3": "west,south,east,north",
    "bbox=a,b,c,d": "west,south,east,north",
    "bbox=nan,0,1,1": "west,south,east,north",
    "bbox=0,0,inf,1": "west,south,east,north",
    "bbox=-540,0,1,1": "-180..180",
    "bbox=0,10,1,-10": "must rise",
    "bbox=1,2,3,4&bbox-crs=EPSG:3857": "CRS84",
    "datetime=2026-08-22": "2026-08-22T01:30:00Z",
    "datetime=2026-08-22T00:00:00": "with a zone",
    "datetime=2026-08-23T00:00:00Z/2026-08-22T00:00:00Z": "ends before it starts",
    "datetime=../..": "leave datetime out",
    "datetime=a/b/c": "start/end",
    "status=NOPE": "there are",
    "crs=EPSG:4326": "CRS84",
    "f=xml": "json",
    "filter-lang=sql": "cql2-text and cql2-json",
    "sortby=name": "there are",
    "Limit=3": "there are",
    "account_id=x": "there are",
    "%00=1": "there are",
}


@pytest.mark.parametrize("path", [PLANS, REQUESTS], ids=["plans", "requests"])
@pytest.mark.parametrize(("query", "words"), BAD_PARAMETERS.items(), ids=BAD_PARAMETERS)
def test_a_list_refuses(world: World, path: str, query: str, words: str) -> None:
    problem = assert_refused(world.owner.http.get(f"{path}?{query}"), 400, words)
    assert problem["parameter"]


@pytest.mark.parametrize("limit", [21, 10**6, 2**31 - 1])
def test_a_limit_over_the_maximum_counts_as_the_maximum(world: World, limit: int) -> None:
    assert world.owner.http.get(PLANS, params={"limit": limit}).status_code == 200


BAD_SEARCHES = {
    "limit=0": "from 1 to",
    "offset=-1": "0 or more",
    "bbox=1,2,3": "4 (west,south,east,north)",
    "bbox=nan,0,1,1": "finite",
    "bbox=1_0,0,20,1": "numbers",
    "datetime=2026-08-22": "2026-08-22T01:30:00Z",
    "sortby=account_id": "cannot be sorted",
    "sortby=" + ",".join(["id"] * 3_000): "sortby",
    "intersects={}": "GeoJSON geometry",
    "intersects=" + "[" * 5_000: "GeoJSON geometry",
    'intersects={"type":"Point","coordinates":[540,0]}': "-180",
    "bbox=0,0,1,1&intersects={}": "",
    "filter=account_id='x'": "no queryable",
    "token=x": "there are",
}
BAD_SEARCH_BODIES = {
    "an array": ([], "object"),
    "a limit that is true": ({"limit": True}, "whole number"),
    "a box as text": ({"bbox": "1234"}, "bbox"),
    "a box with true in it": ({"bbox": [True, 0, 0, 1, 1]}, "bbox"),
    "a box of objects": ({"bbox": [{}, 0, 1, 1]}, "numbers"),
    "ids that are numbers": ({"ids": [1]}, "list of names"),
    "300,000 ids": ({"ids": [""] * 300_000}, "ids"),
    "5,000 sort keys": ({"sortby": [{"field": "id"}] * 5_000}, "sortby"),
    "a direction of another kind": ({"sortby": [{"field": "id", "direction": []}]}, "asc"),
    "a filter of another kind": ({"filter": 5}, "CQL2"),
    "an empty area": ({"intersects": {"type": "Polygon", "coordinates": []}}, "intersects"),
}


@pytest.mark.parametrize(("query", "words"), BAD_SEARCHES.items(), ids=[q[:40] for q in BAD_SEARCHES])
def test_a_search_refuses(world: World, query: str, words: str) -> None:
    assert_refused(world.owner.http.get(f"{SEARCH}?{query}"), 400, words)


@pytest.mark.parametrize(("body", "words"), BAD_SEARCH_BODIES.values(), ids=BAD_SEARCH_BODIES)
def test_a_search_by_post_refuses(world: World, body: Any, words: str) -> None:
    compact = json.dumps(body, separators=(",", ":"))
    assert_refused(send(world.owner, SEARCH, compact), 400, words)
