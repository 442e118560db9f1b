"""What must not be let in, over HTTP: each gets its status and a sentence that names the cure, and changes nothing."""

import base64
import contextlib
import hashlib
import hmac
import json
import math
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from shapely.geometry import shape
from tests.serving import API, FUKUI, Customer, Server, days_after, serving

from swath.cli.operations import open_registry
from swath.clock import FrozenClock, SystemClock
from swath.delivery.assets import image_key, open_assets
from swath.oauth.keys import open_keys
from swath.oauth.tokens import Tokens
from swath.settings import Settings
from swath.store.database import open_store
from swath.tasking.model import CatalogItem

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]

PLANS, REQUESTS = f"{API}/collections/plans/items", f"{API}/collections/requests/items"
CANDIDATES, SATELLITES = f"{API}/collections/candidates/items", f"{API}/collections/satellites/items"
CLOCK, FAULTS, SEARCH, TOKEN = "/sandbox/clock", "/sandbox/faults", "/stac/v1/search", "/oauth/token"
ITEM = "/stac/v1/collections/grus-1/items/IMAGE"
FILE = f"{ITEM}/assets/thumbnail.png"
CROWD = 20
IMAGE = b"\x89PNG, or what passes for one here"
PROBLEM = "application/problem+json"
MIB = 1 << 20
# What the machinery says to programmers and nobody should have to read in an answer.
JARGON = ("Traceback", "Value error", "Tuple", "Exception", "sqlite", "recursion")

Json = dict[str, Any]


# The world: one server, one account with a plan, a live request and an image, and one that owns nothing.


@dataclass(frozen=True)
class World:
    """`owner` has spent all its credit; `stranger` has some and owns nothing; `operator` may use the ops door;
    `visitor` sends no token unless it is told to.
    """

    server: Server
    credentials: Mapping[str, str]
    owner: Customer
    stranger: Customer
    operator: Customer
    visitor: httpx.Client
    plan_id: str
    request_id: str
    live_candidate: str
    free_candidate: str
    expired_candidate: str
    revoked_token: str
    tokens: Tokens

    def state(self) -> Json:
        """Everything that bad input might have changed."""
        account, requests = self.owner.get(f"{API}/account"), self.owner.get(REQUESTS)
        return {
            "plans": self.owner.get(PLANS, limit=1)["numberMatched"],
            "requests": [(one["id"], one["properties"]["status"]) for one in requests["features"]],
            "credit": [account[name] for name in ("granted", "held", "charged", "free")],
            "clock": self.owner.get(CLOCK),
        }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("bad")) as running:
        yield running


@pytest.fixture(scope="module")
def world(server: Server) -> Iterator[World]:
    made = build_world(server)
    yield made
    for client in (made.owner.http, made.stranger.http, made.operator.http, made.visitor):
        client.close()


def build_world(server: Server) -> World:
    settings = Settings(server.data)
    with open_registry(settings) as registry:
        made = {
            name: registry.create_account(name, credits).model_dump()
            for name, credits in {"owner": 1, "stranger": 5, "former": 0}.items()
        }
        operator = registry.add_client("stranger", ["ops"]).model_dump()
        former = Customer(server.url, made["former"])
        former.http.close()
        registry.revoke_client(made["former"]["client_id"])
    owner = Customer(server.url, made["owner"])
    owner.advance(rate=0)
    plan = owner.create_plan(satellites=["GRUS-1A", "GRUS-1B"])
    assert owner.wait_for_plan(plan["id"])["properties"]["status"] == "ACTIVE"
    early, *_, live, free = sorted(
        owner.candidates(plan["id"]), key=lambda one: one["properties"]["uplink_by"]
    )
    request = owner.ask(live["id"])
    assert request.status_code == 201, request.text
    keep_image(settings, made["owner"]["account"])
    owner.advance(advance_to=early["properties"]["valid_until"])
    return World(
        server=server,
        credentials=made["owner"],
        owner=owner,
        stranger=Customer(server.url, made["stranger"]),
        operator=Customer(server.url, operator),
        visitor=httpx.Client(base_url=server.url, timeout=60),
        plan_id=plan["id"],
        request_id=request.json()["id"],
        live_candidate=live["id"],
        free_candidate=free["id"],
        expired_candidate=early["id"],
        revoked_token=former.http.headers["authorization"],
        tokens=Tokens(
            open_keys(server.data / "keys", settings.token_life, datetime.now(UTC)),
            SystemClock(),
            issuer=settings.issuer,
            audience=settings.audience,
            life=settings.token_life,
        ),
    )


def keep_image(settings: Settings, account_id: str) -> None:
    """An image of the account's in the catalogue; how images come there is not what is tried here."""
    key = image_key("grus-1", "IMAGE", "thumbnail.png")
    open_assets(settings.data / "assets").put(key, IMAGE, "image/png")
    document = {
        "type": "Feature",
        "id": "IMAGE",
        "collection": "grus-1",
        "geometry": FUKUI,
        "properties": {},
        "assets": {"thumbnail": {"href": key, "type": "image/png"}},
    }
    start = datetime(2026, 8, 22, 1, tzinfo=UTC)
    end = start + timedelta(seconds=9)
    store = open_store(settings.url)
    with store.begin() as uow:
        uow.save_item(
            CatalogItem("IMAGE", "grus-1", account_id, "CAPTURE", shape(FUKUI), start, end, document)
        )
    store.close()


@pytest.fixture(scope="module")
def last_seen(world: World) -> list[Json]:
    """The state after the test before, so that one that changes something fails alone."""
    return [world.state()]


@pytest.fixture
def unchanged(world: World, last_seen: list[Json]) -> Iterator[None]:
    """After the test everything is as it was before it."""
    yield
    before, last_seen[0] = last_seen[0], world.state()
    assert last_seen[0] == before


changes_nothing = pytest.mark.usefixtures("unchanged")


def assert_refused(answer: httpx.Response, status: int, *words: str) -> Json:
    """A problem of that status, whole, whose sentence has these words and speaks to the customer."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert {"type", "title", "detail", "instance", "code"} <= set(problem)
    assert problem["description"] == problem["detail"]
    assert [word for word in words if word not in problem["detail"]] == [], problem["detail"]
    assert [word for word in JARGON if word in problem["detail"]] == [], problem["detail"]
    if status == 422:
        assert problem["errors"]
        assert all({"pointer", "code", "message"} <= set(error) for error in problem["errors"])
    return problem


# Areas of interest


def ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: list[list[float]]) -> Json:
    return {"type": "Polygon", "coordinates": list(rings)}


def circle(vertices: int) -> Json:
    turns = [2 * math.pi * i / vertices for i in range(vertices)]
    around = [[0.5 * math.cos(turn), 0.5 * math.sin(turn)] for turn in turns]
    return polygon([*around, around[0]])


BOW_TIE = polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])
BAD_AREAS = {
    # One degree of the equator is 111.320 km, of a meridian there 110.574 km.
    "251 km wide": (polygon(ring(0, 0, 251 / 111.320, 1)), ("251.0 km wide", "limit is 250 km")),
    "251 km high": (polygon(ring(0, 0, 1, 251 / 110.574)), ("251.0 km high", "limit is 250 km")),
    "251 km wide over the antimeridian": (
        polygon(ring(179, 0, 179 + 251 / 111.320 - 360, 1)),
        ("251.0 km wide", "limit is 250 km"),
    ),
    "a bow-tie": (BOW_TIE, ("crosses", "in order along the outline")),
    "a hole outside": (polygon(ring(0, 0, 1, 1), ring(3, 3, 4, 4)), ("hole does not lie inside",)),
    "no ring": (polygon(), ("empty", "at least one ring")),
    "an empty ring": (polygon([]), ("0 positions", "at least 4")),
    "an open ring": (polygon(ring(0, 0, 1, 1)[:-1]), ("open", "repeat its first position")),
    "a line": (polygon([[0, 0], [1, 1], [0, 0], [0, 0]]), ("no area",)),
    "longitude 540": (polygon(ring(540, 0, 541, 1)), ("540", "-180..180")),
    "latitude 91": (polygon(ring(0, 90.5, 1, 91)), ("91", "-90..90")),
    "latitude first": (polygon(ring(36, 136, 37, 137)), ("[longitude, latitude]",)),
    "10,000 vertices": (circle(10_000), ("10000 vertices", "limit is 1000")),
    "a point": ({"type": "Point", "coordinates": [0, 0]}, ("Point", "Polygon or MultiPolygon")),
    "a collection": ({"type": "GeometryCollection", "geometries": []}, ("Polygon or MultiPolygon",)),
    "a list for a type": ({"type": ["Polygon"], "coordinates": []}, ("Polygon or MultiPolygon",)),
    "no coordinates": ({"type": "Polygon"}, ("coordinates must be an array",)),
    "text for numbers": (polygon([["0", "0"], ["1", "0"], ["1", "1"], ["0", "0"]]), ("finite numbers",)),
    "positions of four numbers": (polygon([[0, 0, 1, 1]] * 4), ("[longitude, latitude]",)),
    "no geometry": (None, ("geometry must be an object",)),
    "parts that overlap": (
        {"type": "MultiPolygon", "coordinates": [[ring(0, 0, 1, 1)], [ring(0.5, 0, 1.5, 1)]]},
        ("overlap", "join them"),
    ),
}


def plan_body(world: World, geometry: Json | None = FUKUI, **properties: Any) -> Json:
    now = world.owner.get(CLOCK)["now"]
    times = {"valid_start": now, "valid_end": days_after(now, 1)}
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"name": "field", **times, "satellites": ["GRUS-1A"], **properties},
    }


def send(who: Customer, path: str, body: str | bytes, media_type: str = "application/json") -> httpx.Response:
    return who.http.post(path, content=body, headers={"content-type": media_type})


@changes_nothing
@pytest.mark.parametrize(("area", "words"), BAD_AREAS.values(), ids=BAD_AREAS)
def test_no_plan_is_made_over(world: World, area: Json | None, words: tuple[str, ...]) -> None:
    problem = assert_refused(world.owner.http.post(PLANS, json=plan_body(world, area)), 422, *words)
    assert all(error["pointer"].startswith("/geometry") for error in problem["errors"])


@changes_nothing
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 5_000])
def test_no_plan_is_made_over_what_is_not_a_number(world: World, number: str) -> None:
    body = json.dumps(plan_body(world, polygon(ring(7.5, 0, 8, 1)))).replace("7.5", number)
    assert_refused(send(world.owner, PLANS, body), 400, "not valid JSON")


UNUSUAL_AREAS = {
    "with heights": (polygon([[*at, 50.0] for at in ring(0, 0, 1, 1)]), [0, 0, 1, 1]),
    "wound the wrong way": (polygon(ring(0, 0, 1, 1)[::-1]), [0, 0, 1, 1]),
    "over the antimeridian, cut": (
        {"type": "MultiPolygon", "coordinates": [[ring(179, 0, 180, 1)], [ring(-180, 0, -179, 1)]]},
        [179, 0, -179, 1],
    ),
    "over the antimeridian, uncut": (polygon(ring(179, 0, -179, 1)), [179, 0, -179, 1]),
    "over a pole": (polygon(ring(-180, 89.5, 180, 90)), [-180, 89.5, 180, 90]),
    "around a pole": (polygon([[lon, 89.5] for lon in (0, 90, 180, -90, 0)]), [-180, 89.5, 180, 90]),
}


@changes_nothing
@pytest.mark.parametrize(("area", "bbox"), UNUSUAL_AREAS.values(), ids=UNUSUAL_AREAS)
def test_a_plan_is_made_over_an_area(world: World, area: Json, bbox: list[float]) -> None:
    made = world.stranger.http.post(PLANS, json=plan_body(world, area))
    assert made.status_code == 201, made.text
    assert made.json()["bbox"] == bbox
    geometry = shape(made.json()["geometry"])
    assert geometry.is_valid
    assert not geometry.has_z
    assert world.stranger.http.delete(made.headers["location"]).status_code == 204


# Times, satellites, angles, names


def from_now(world: World, **steps: float) -> str:
    now = datetime.fromisoformat(world.owner.get(CLOCK)["now"])
    return (now + timedelta(**steps)).astimezone(UTC).isoformat().replace("+00:00", "Z")


BAD_TIMES = {
    "reversed": (3, 1, ("must be after",)),
    "empty": (1, 1, ("must be after",)),
    "wholly past": (-3, -1, ("in the past", "it is now")),
    "15 days long": (0, 15, ("15 days long", "limit is 14 days")),
    "31 days ahead": (20, 31, ("too far ahead", "latest allowed")),
}
BAD_PROPERTIES = {
    "a time without zone": ({"valid_start": "2026-08-22T00:00:00"}, ("with a zone", "2026-08-22T01:30:00Z")),
    "a day for a time": ({"valid_start": "2026-08-22"}, ("2026-08-22T01:30:00Z",)),
    "a day that is not": ({"valid_end": "2026-02-30T00:00:00Z"}, ("not a time that exists",)),
    "a time before all times": (
        {"valid_start": "0001-01-01T00:00:00+14:00"},
        ("no time of the years 1900 to 2199",),
    ),
    "a number for a time": ({"valid_start": 1_787_000_000}, ("2026-08-22T01:30:00Z",)),
    "no end": ({"valid_end": None}, ("valid_end",)),
    "an unknown satellite": ({"satellites": ["GRUS-9"]}, ("'GRUS-9'", "GRUS-1A, GRUS-1B")),
    "no satellite": ({"satellites": []}, ("at least one", "leave it out")),
    "text for satellites": ({"satellites": "GRUS-1A"}, ("satellites must be an array",)),
    "off-nadir [10, 5]": ({"off_nadir_range": [10, 5]}, ("[10, 5]", "0 <= min < max <= 30")),
    "off-nadir [-1, 60]": ({"off_nadir_range": [-1, 60]}, ("[-1, 60]", "0 <= min < max <= 30")),
    "off-nadir [5, 5]": ({"off_nadir_range": [5, 5]}, ("0 <= min < max <= 30",)),
    "off-nadir of three numbers": ({"off_nadir_range": [1, 2, 3]}, ("off_nadir_range", "2", "3")),
    "off-nadir as text": ({"off_nadir_range": ["0", "25"]}, ("off_nadir_range", "number")),
    "a name of 201 characters": ({"name": "x" * 201}, ("201 characters", "1 to 200")),
    "a name of nothing": ({"name": " "}, ("1 to 200",)),
    "a name that ends lines": ({"name": "a\r\nb"}, ("line breaks",)),
    "a name with a NUL": ({"name": "a\0b"}, ("control characters",)),
    "a name that turns around": ({"name": "a\u202eb"}, ("control characters",)),
    "a number for a name": ({"name": 5}, ("name must be text",)),
    "a status": ({"status": "ACTIVE"}, ("no property status",)),
}


@changes_nothing
@pytest.mark.parametrize(("start", "end", "words"), BAD_TIMES.values(), ids=BAD_TIMES)
def test_no_plan_is_made_for_a_time_that_is(
    world: World, start: int, end: int, words: tuple[str, ...]
) -> None:
    times = {"valid_start": from_now(world, days=start), "valid_end": from_now(world, days=end)}
    problem = assert_refused(world.owner.http.post(PLANS, json=plan_body(world, **times)), 422, *words)
    assert problem["errors"][0]["pointer"] == "/properties/valid_end"


@changes_nothing
@pytest.mark.parametrize(("properties", "words"), BAD_PROPERTIES.values(), ids=BAD_PROPERTIES)
def test_no_plan_is_made_with(world: World, properties: Json, words: tuple[str, ...]) -> None:
    answer = world.owner.http.post(PLANS, json=plan_body(world, **properties))
    problem = assert_refused(answer, 422, *words)
    assert problem["errors"][0]["pointer"].startswith(f"/properties/{next(iter(properties))}")


@changes_nothing
def test_every_fault_is_told_at_once(world: World) -> None:
    wrong = plan_body(world, BOW_TIE, name="x" * 201, satellites=["GRUS-9"], off_nadir_range=[10, 5])
    problem = assert_refused(world.owner.http.post(PLANS, json=wrong), 422)
    assert {error["code"] for error in problem["errors"]} == {
        "ring_crosses_itself",
        "name_length",
        "satellite_unknown",
        "off_nadir_range",
    }


@changes_nothing
@pytest.mark.parametrize(
    "properties",
    [
        {"satellites": ["X"] * 20_000},
        {"satellites": [0] * 100_000},
        {f"k{i}": 1 for i in range(20_000)},
        {"k" * 100_000: 1},
    ],
    ids=["unknown satellites", "satellites that are numbers", "unknown properties", "one long name"],
)
def test_a_flood_of_faults_is_answered_in_few_words(world: World, properties: Json) -> None:
    answer = world.owner.http.post(PLANS, json=plan_body(world, **properties))
    assert_refused(answer, 422)
    assert len(answer.content) < 50_000


# Bodies


BAD_BODIES: dict[str, tuple[str | bytes, int, tuple[str, ...]]] = {
    "nothing": (b"", 400, ("not valid JSON",)),
    "half an object": (b'{"type": "Feature"', 400, ("not valid JSON",)),
    "broken UTF-8": (b'{"type": "\xff\xfe"}', 400, ("UTF-8",)),
    "UTF-16": ("{}".encode("utf-16"), 400, ("not valid JSON",)),
    "half a surrogate pair": (rb'{"type": "\ud800"}', 400, ("not valid JSON",)),
    "a member given twice": (b'{"type": "Feature", "type": "Feature"}', 400, ("given twice",)),
    "100,000 brackets": (b"[" * 100_000, 400, ()),
    "900 arrays in each other": (b"[" * 900 + b"]" * 900, 400, ("nested",)),
    "2 MiB": (b" " * (2 * MIB), 413, ("1048576 bytes",)),
    "null": (b"null", 422, ("must be an object",)),
    "an array": (b"[]", 422, ("must be an object",)),
    "an empty object": (b"{}", 422, ("properties is missing",)),
    "a collection": (b'{"type": "FeatureCollection", "features": []}', 422, ("Feature",)),
    "properties of another kind": (b'{"type": "Feature", "properties": []}', 422, ("must be an object",)),
}


@changes_nothing
@pytest.mark.parametrize("path", [PLANS, REQUESTS], ids=["plans", "requests"])
@pytest.mark.parametrize(("body", "status", "words"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_nothing_is_made_of_a_body_that_is(
    world: World, path: str, body: str | bytes, status: int, words: tuple[str, ...]
) -> None:
    assert_refused(send(world.owner, path, body), status, *words)


@changes_nothing
def test_2_mib_are_too_many_also_when_their_number_is_not_told(world: World) -> None:
    pieces = (b" " * 65_536 for _ in range(32))
    answer = world.owner.http.post(PLANS, content=pieces, headers={"content-type": "application/json"})
    assert_refused(answer, 413, "1048576 bytes")


@changes_nothing
@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "text/xml", ""])
@pytest.mark.parametrize("path", [PLANS, REQUESTS, SEARCH, CLOCK, FAULTS])
def test_bodies_are_json_and_say_so(world: World, path: str, media_type: str) -> None:
    answer = send(world.owner, path, b'{"rate": 7}', media_type)
    assert_refused(answer, 415, "application/json")


# Query strings


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


@changes_nothing
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


@changes_nothing
@pytest.mark.parametrize(("query", "words"), BAD_SEARCHES.items(), ids=[q[:40] for q in BAD_SEARCHES])
def test_a_search_refuses(world: World, query: str, words: str) -> None:
    assert_refused(world.owner.http.get(f"{SEARCH}?{query}"), 400, words)


@changes_nothing
@pytest.mark.parametrize(("body", "words"), BAD_SEARCH_BODIES.values(), ids=BAD_SEARCH_BODIES)
def test_a_search_by_post_refuses(world: World, body: Any, words: str) -> None:
    compact = json.dumps(body, separators=(",", ":"))
    assert_refused(send(world.owner, SEARCH, compact), 400, words)


# Filters


NOT, DEEP_NOT = '{"op":"not","args":[', '{"op":"not","args":[' * 200 + "true" + "]}" * 200
BAD_TEXT_FILTERS = {
    "10,000 parentheses": ("(" * 10_000 + "1=1" + ")" * 10_000, "nests brackets deeper"),
    "10,000 parentheses left open": ("(" * 10_000, "nests brackets deeper"),
    "5,000 NOTs": ("NOT " * 5_000 + "TRUE", "nested deeper"),
    "2,000 conditions": (" AND ".join(["1=1"] * 2_000), "operators"),
    "2,000 values": (f"name IN ({','.join(['1'] * 2_000)})", "at most 1000"),
    "nothing": ("", "expected"),
    "an unknown property": ("colour = 'red'", "no queryable 'colour'"),
    "a column of the database": ("account_id = 'x'", "no queryable 'account_id'"),
    "an unknown function": ("load_extension('x') = 'y'", "no operator or function"),
    "a statement": ("'; DROP TABLE plans; --", "cannot read"),
    "a second statement": ("status = 'ACTIVE'; DELETE FROM plans", "cannot read"),
    "a comment": ("status = 'ACTIVE' --", "expected"),
    "a query": ("name = (SELECT secrets FROM api_clients)", "expected"),
    "a union": ("status = 'x' UNION SELECT 1", "expected"),
    "a NUL": ("name = 'a\0b'", "NUL"),
    "a number against text": ("status = 5", "one type"),
    "a number too large": ("candidate_count = 1e999", "too large"),
    "a value alone": ("name", "not a condition"),
    "a time that is not": ("created > TIMESTAMP('2026-02-30T00:00:00Z')", "2026-08-22T10:00:00Z"),
    "a bow-tie": ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "not valid"),
    "longitude 540": ("S_INTERSECTS(geometry, POINT(540 0))", "-180..180"),
    "an open ring": ("S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1,0 1)))", "Polygon"),
}
BAD_JSON_FILTERS = {
    "not JSON": ("{", "not JSON"),
    "200 NOTs": (DEEP_NOT, "deeper"),
    "brackets alone": ("[" * 10_000, "deeper"),
    "NaN": ('{"op":"=","args":[NaN,1]}', ""),
    "an unknown operator": ('{"op":"exec","args":[]}', "no operator or function"),
    "an operator of another kind": ('{"op":[],"args":[]}', "no operator or function"),
    "a property of another kind": ('{"op":"=","args":[{"property":[]},1]}', "no queryable"),
    "args that are no list": ('{"op":"=","args":{}}', "not a list"),
    "a geometry type that is a list": (
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":["Point"],"coordinates":[0,0]}]}',
        "",
    ),
    "a geometry type that is an object": ('{"op":"=","args":[{"property":"name"},{"type":{}}]}', ""),
    "coordinates that are text": (
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":"0 0"}]}',
        "Point",
    ),
    "half a surrogate pair": ('{"op":"=","args":[{"property":"name"},"\\ud800"]}', "UTF-8"),
}


@changes_nothing
@pytest.mark.parametrize(("text", "words"), BAD_TEXT_FILTERS.values(), ids=BAD_TEXT_FILTERS)
def test_a_filter_is_not_taken_that_is(world: World, text: str, words: str) -> None:
    problem = assert_refused(world.owner.http.get(PLANS, params={"filter": text}), 400, words)
    assert problem["parameter"] == "filter"


@changes_nothing
@pytest.mark.parametrize("path", [PLANS, SEARCH], ids=["plans", "search"])
@pytest.mark.parametrize(("text", "words"), BAD_JSON_FILTERS.values(), ids=BAD_JSON_FILTERS)
def test_a_filter_in_json_is_not_taken_that_is(world: World, path: str, text: str, words: str) -> None:
    if path == SEARCH:
        text = text.replace('"name"', '"id"')
    answer = world.owner.http.get(path, params={"filter": text, "filter-lang": "cql2-json"})
    assert assert_refused(answer, 400, words)["parameter"] == "filter"


@pytest.mark.parametrize(
    "text", ["'1' = '1'", "status = 'x' OR 1 = 1", "NOT name = ''' OR 1=1 --'", "name LIKE '%' OR TRUE"]
)
def test_a_filter_that_is_always_true_shows_only_what_is_the_callers(world: World, text: str) -> None:
    assert world.owner.get(PLANS, filter=text)["numberMatched"] == 1
    assert world.stranger.get(PLANS, filter=text)["numberMatched"] == 0


@pytest.mark.parametrize(
    "text", ["'1' = '1'", "task_plan_id <> 'x'", "task_plan_id LIKE '%'", "task_plan_id = 'x' OR TRUE"]
)
def test_candidates_without_their_plan_are_only_the_callers(world: World, text: str) -> None:
    assert world.owner.get(CANDIDATES, filter=text)["numberMatched"] > 0
    assert world.stranger.get(CANDIDATES, filter=text)["numberMatched"] == 0


# Requests


@changes_nothing
def test_an_expired_candidate_is_not_requested(world: World) -> None:
    problem = assert_refused(world.owner.ask(world.expired_candidate), 409, "expired", "list the candidates")
    assert problem["code"] == "candidate_expired"


@changes_nothing
@pytest.mark.parametrize("priority", ["EMERGENCY", "NORMAL", "WISHLIST"])
def test_nothing_is_requested_without_credit(world: World, priority: str) -> None:
    problem = assert_refused(world.owner.ask(world.free_candidate, priority), 402, "costs", "0 free")
    assert problem["code"] == "insufficient_credit"


@changes_nothing
def test_a_candidate_is_requested_once(world: World) -> None:
    problem = assert_refused(world.owner.ask(world.live_candidate), 409, "requested before")
    assert problem["links"][0]["href"].endswith(f"/requests/items/{world.request_id}")


@changes_nothing
@pytest.mark.parametrize(
    ("properties", "status", "words"),
    [
        ({"candidate_id": "nonsense"}, 404, "list the candidates"),
        ({"candidate_id": "' OR 1=1 --"}, 404, "list the candidates"),
        ({"candidate_id": "\0"}, 404, "list the candidates"),
        ({"candidate_id": ""}, 422, "candidate_id"),
        ({"candidate_id": "x" * 201}, 422, "candidate_id"),
        ({"candidate_id": 5}, 422, "candidate_id must be text"),
        ({"candidate_id": None}, 422, "candidate_id"),
        ({"priority": "URGENT"}, 422, "EMERGENCY"),
        ({"priority": "normal"}, 422, "NORMAL"),
        ({"name": "x" * 201}, 422, "1 to 200"),
        ({"name": ""}, 422, "1 to 200"),
        ({"cost": 0}, 422, "no property cost"),
        ({"account_id": "x"}, 422, "no property account_id"),
    ],
    ids=str,
)
def test_a_request_is_not_made_with(world: World, properties: Json, status: int, words: str) -> None:
    wanted = {"name": "harbour", "candidate_id": world.free_candidate, "priority": "NORMAL"}
    body = {"type": "Feature", "properties": {**wanted, **properties}}
    assert_refused(world.owner.http.post(REQUESTS, json=body), status, words)


@changes_nothing
def test_a_plan_with_a_live_request_stays(world: World) -> None:
    answer = world.owner.http.delete(f"{PLANS}/{world.plan_id}")
    assert_refused(answer, 409, "1 live request", "cancel")


@changes_nothing
@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "a\tb"], ids=["empty", "too long", "space", "tab"])
def test_a_key_that_cannot_be_one_is_refused(world: World, key: str) -> None:
    answer = world.owner.http.post(PLANS, json=plan_body(world), headers={"Idempotency-Key": key})
    assert_refused(answer, 400, "Idempotency-Key takes 1 to 255")


# Tokens


def encode(part: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def decode(part: str) -> Json:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def sign_with_hmac(header: Json, claims: Json, key: bytes) -> str:
    text = f"{encode(header)}.{encode(claims)}"
    mac = hmac.digest(key, text.encode(), hashlib.sha256)
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@dataclass(frozen=True)
class Forge:
    """A sound token of the owner's taken apart, the server's public key, and another key of the same kind."""

    sound: str
    header: Json
    claims: Json
    public: RSAKey
    other: RSAKey
    tokens: Tokens

    def sign(self, header: Json | None = None, claims: Json | None = None) -> str:
        """A token with these changes, signed with the other key."""
        algorithm = (header or {}).get("alg", "RS256")
        return jwt.encode(
            {**self.header, **(header or {})},
            {**self.claims, **(claims or {})},
            self.other,
            algorithms=[algorithm],
        )

    def parts(self, header: Json | None = None, claims: Json | None = None) -> str:
        """The sound token with these changes under its old signature."""
        first = encode({**self.header, **(header or {})})
        return f"{first}.{encode({**self.claims, **(claims or {})})}.{self.sound.split('.')[2]}"

    def ours(self, **changes: Any) -> str:
        """A token signed with the server's own key, as of another issuer, audience or time."""
        given = {"issuer": self.tokens.issuer, "audience": self.tokens.audience, "life": self.tokens.life}
        clock = FrozenClock(changes.pop("at", datetime.now(UTC)))
        tokens = Tokens(self.tokens.keys, clock, **{**given, **changes})
        return tokens.issue(self.claims["sub"], self.claims["account"], self.claims["scope"].split())


FORGERIES: dict[str, Callable[[Forge], str]] = {
    "expired": lambda forge: forge.ours(at=datetime.now(UTC) - timedelta(hours=25)),
    "not valid yet": lambda forge: forge.ours(at=datetime.now(UTC) + timedelta(hours=1)),
    "of another issuer": lambda forge: forge.ours(issuer="https://elsewhere.example/"),
    "for another audience": lambda forge: forge.ours(audience="https://elsewhere.example/api"),
    "foreign through and through": lambda forge: forge.sign(
        {"kid": "theirs"}, {"iss": "https://elsewhere.example/", "aud": "https://elsewhere.example/api"}
    ),
    "signed with another key": lambda forge: forge.sign(),
    "signed with another key of another name": lambda forge: forge.sign({"kid": "another"}),
    "signed with a key that it brings along": lambda forge: forge.sign(
        {"jwk": forge.other.as_dict(private=False)}
    ),
    "signed another way": lambda forge: forge.sign({"alg": "RS512"}),
    "not signed, alg none": lambda forge: forge.parts({"alg": "none"}).rpartition(".")[0] + ".",
    "alg none with a signature": lambda forge: forge.parts({"alg": "none"}),
    "HS256 with the public key as PEM": lambda forge: sign_with_hmac(
        {**forge.header, "alg": "HS256"}, forge.claims, forge.public.as_pem(private=False)
    ),
    "HS256 with the public key as DER": lambda forge: sign_with_hmac(
        {**forge.header, "alg": "HS256"}, forge.claims, forge.public.as_der(private=False)
    ),
    "of another account": lambda forge: forge.parts(claims={"account": "another"}),
    "with more scopes": lambda forge: forge.parts(claims={"scope": "tasking catalog sandbox ops admin"}),
    "living longer": lambda forge: forge.parts(claims={"exp": forge.claims["exp"] + 10**6}),
    "without signature": lambda forge: forge.sound.rpartition(".")[0] + ".",
    "cut short": lambda forge: forge.sound[:-4],
    "of another type": lambda forge: forge.sign({"typ": "JWT"}),
    "of two parts": lambda forge: "a.b",
    "of nested brackets": lambda forge: f"{encode({}).replace('e30', 'W1tb' * 1_500)}.e30.e30",
    "too long": lambda forge: "a" * 10_000,
    "not a token": lambda forge: "swordfish",
}
DOORS = [
    ("GET", f"{API}/account"),
    ("GET", PLANS),
    ("GET", SATELLITES),
    ("POST", PLANS),
    ("POST", REQUESTS),
    ("GET", SEARCH),
    ("GET", ITEM),
    ("GET", FILE),
    ("GET", "/ops/v1/schedules/latest"),
    ("POST", CLOCK),
    ("GET", FAULTS),
]


@pytest.fixture(scope="module")
def forge(world: World) -> Forge:
    sound = world.owner.http.headers["authorization"].removeprefix("Bearer ")
    header, claims = (decode(part) for part in sound.split(".")[:2])
    (key,) = world.owner.get("/.well-known/jwks.json")["keys"]
    other = RSAKey.generate_key(2048)
    return Forge(sound, header, claims, RSAKey.import_key(key), other, world.tokens)


def test_a_sound_token_taken_apart_and_put_together_opens(world: World, forge: Forge) -> None:
    """The forgeries below fail for what was changed in them, not for how they were made."""
    for token in (forge.sound, forge.parts(), forge.ours()):
        answer = world.visitor.get(PLANS, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == (401 if token == forge.parts() != forge.sound else 200)


@changes_nothing
@pytest.mark.parametrize("make", FORGERIES.values(), ids=FORGERIES)
def test_no_door_opens_for_a_token_that_is(world: World, forge: Forge, make: Callable[[Forge], str]) -> None:
    headers = {"authorization": f"Bearer {make(forge)}"}
    for method, path in DOORS:
        answer = world.visitor.request(method, path, headers=headers)
        assert_refused(answer, 401)
        assert answer.headers["www-authenticate"].startswith('Bearer realm="swath", error="invalid_token"')


@changes_nothing
def test_no_door_opens_for_a_client_that_was_revoked(world: World) -> None:
    for method, path in DOORS:
        headers = {"authorization": world.revoked_token}
        assert_refused(world.visitor.request(method, path, headers=headers), 401, "revoked")


@changes_nothing
def test_no_door_opens_without_a_token(world: World) -> None:
    for method, path in DOORS:
        if path != SATELLITES:
            answer = world.visitor.request(method, path)
            assert_refused(answer, 401, "Authorization: Bearer <token>")
            assert answer.headers["www-authenticate"] == 'Bearer realm="swath"'


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Basic abc", "Bearer a b", "swordfish", b"Bearer \xff\xfe", "Bearer a.b.c, Bearer d"],
)
def test_an_authorization_that_cannot_be_read_is_refused(world: World, header: str | bytes) -> None:
    answer = world.visitor.get(f"{API}/account", headers={"authorization": header})
    assert_refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="swath"')


def test_a_token_in_the_address_does_not_count(world: World, forge: Forge) -> None:
    assert_refused(world.visitor.get(f"{API}/account?access_token={forge.sound}"), 401)


BAD_GRANTS: dict[str, tuple[Json, int, str]] = {
    "another secret": ({"client_secret": "swordfish"}, 401, "invalid_client"),
    "no secret": ({"client_secret": None}, 401, "invalid_client"),
    "an unknown client": ({"client_id": "' OR 1=1 --"}, 401, "invalid_client"),
    "a NUL": ({"client_id": "a\0"}, 401, "invalid_client"),
    "a list for a secret": ({"client_secret": []}, 400, "invalid_request"),
    "another grant": ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    "no grant": ({"grant_type": None}, 400, "invalid_request"),
    "another audience": ({"audience": "https://elsewhere.example"}, 400, "invalid_request"),
    "the operator's scope": ({"scope": "tasking ops"}, 400, "invalid_scope"),
    "a scope there is not": ({"scope": "everything"}, 400, "invalid_scope"),
}


@pytest.mark.parametrize(("changes", "status", "code"), BAD_GRANTS.values(), ids=BAD_GRANTS)
def test_no_token_is_given_for(world: World, changes: Json, status: int, code: str) -> None:
    grant = {
        "grant_type": "client_credentials",
        "client_id": world.credentials["client_id"],
        "client_secret": world.credentials["client_secret"],
    }
    answer = world.visitor.post(TOKEN, json={**grant, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"\xff", "application/json"),
        (b"[]", "application/json"),
        (b"[" * 5_000, "application/json"),
        (b"{}", "text/plain"),
        (b"client_id=%ff", "application/x-www-form-urlencoded"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"&".join([b"a=1"] * 2_000), "application/x-www-form-urlencoded"),
    ],
    ids=str,
)
def test_no_token_is_given_for_a_body_like(world: World, body: bytes, media_type: str) -> None:
    headers = {"content-type": media_type}
    answer = world.visitor.post(TOKEN, content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


# What is another's


@changes_nothing
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PLANS + "/{plan}"),
        ("DELETE", PLANS + "/{plan}"),
        ("GET", CANDIDATES + "/{candidate}"),
        ("GET", REQUESTS + "/{request}"),
        ("GET", REQUESTS + "/{request}/history"),
        ("POST", REQUESTS + "/{request}/cancel"),
        ("GET", ITEM),
        ("GET", FILE),
        ("HEAD", FILE),
    ],
)
def test_what_is_anothers_is_not_there(world: World, method: str, path: str) -> None:
    address = path.format(plan=world.plan_id, candidate=world.free_candidate, request=world.request_id)
    answer = world.stranger.http.request(method, address)
    assert answer.status_code == 404
    if method != "HEAD":
        assert_refused(answer, 404, "There is no")


@changes_nothing
def test_what_is_anothers_looks_like_what_is_nowhere(world: World) -> None:
    """So that nobody learns by asking which ids there are."""
    nowhere = f"{world.request_id[:-8]}AAAAAAA="
    told = [
        assert_refused(world.stranger.http.post(f"{REQUESTS}/{one}/cancel"), 404)["detail"].replace(one, "")
        for one in (world.request_id, nowhere)
    ]
    assert told[0] == told[1]


@changes_nothing
def test_what_is_anothers_is_in_no_list(world: World) -> None:
    stranger = world.stranger
    assert stranger.get(PLANS)["numberMatched"] == 0
    assert stranger.get(PLANS, id=world.plan_id)["numberMatched"] == 0
    assert stranger.get(REQUESTS, filter=f"task_plan_id = '{world.plan_id}'")["numberMatched"] == 0
    assert stranger.candidates(world.plan_id) == []
    assert stranger.get(SEARCH)["numberMatched"] == 0
    assert stranger.get(SEARCH, ids="IMAGE")["numberMatched"] == 0
    assert stranger.items("CAPTURE") == []
    assert stranger.http.post(SEARCH, json={"ids": ["IMAGE"]}).json()["features"] == []


@changes_nothing
def test_anothers_candidate_is_not_requested_nor_its_request_spoilt(world: World) -> None:
    assert_refused(world.stranger.ask(world.free_candidate), 404, "no candidate")
    fault = {"request_id": world.request_id, "kind": "cloud"}
    assert_refused(world.stranger.http.post(FAULTS, json=fault), 404, "no request")
    assert world.stranger.get(f"{API}/account")["held"] == 0


OPS = [
    ("GET", "/ops/v1/captures"),
    ("GET", "/ops/v1/captures/x"),
    ("GET", "/ops/v1/contacts?satellite=GRUS-1A"),
    ("GET", "/ops/v1/schedules/latest"),
    ("POST", "/ops/v1/captures/x/result"),
    ("POST", "/ops/v1/captures/x/downlink"),
    ("PUT", "/ops/v1/captures/x/scene/pan"),
    ("GET", "/ops/v1/uplinks"),
    ("POST", "/ops/v1/uplinks/x/acknowledge"),
]


@changes_nothing
@pytest.mark.parametrize(("method", "path"), OPS)
def test_mission_controls_door_is_not_a_customers(world: World, forge: Forge, method: str, path: str) -> None:
    """Neither with a customer's own token nor with one that claims a scope its client was never given."""
    claims = forge.tokens.issue(forge.claims["sub"], forge.claims["account"], ["tasking", "ops"])
    for token in (forge.sound, claims):
        headers = {"authorization": f"Bearer {token}"}
        answer = world.visitor.request(method, path, headers=headers)
        assert_refused(answer, 403, "scope ops")
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


@changes_nothing
@pytest.mark.parametrize(
    ("method", "path"), [("GET", PLANS), ("POST", REQUESTS), ("GET", SEARCH), ("POST", CLOCK)]
)
def test_a_customers_doors_are_not_mission_controls(world: World, method: str, path: str) -> None:
    assert_refused(world.operator.http.request(method, path), 403, "scope")


@changes_nothing
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/ops/v1/captures?status=GONE", None, 400, "there is no status"),
        ("GET", "/ops/v1/contacts?satellite=GRUS-9", None, 404, "the fleet has"),
        ("GET", "/ops/v1/contacts", None, 400, "satellite"),
        ("GET", "/ops/v1/contacts?satellite=GRUS-1A&start=2026-08-22", None, 400, "start"),
        ("GET", "/ops/v1/schedules/0", None, 404, "version"),
        ("GET", f"/ops/v1/schedules/{10**30}", None, 404, "version"),
        ("GET", "/ops/v1/schedules/latest?f=pdf", None, 400, "geojson"),
        ("GET", "/ops/v1/captures/%00", None, 404, "no capture"),
        ("POST", "/ops/v1/captures/x/downlink", b'{"outcome": "done"}', 404, "no capture"),
        ("POST", "/ops/v1/captures/x/downlink", b'{"outcome": "late"}', 422, "expected"),
        ("PUT", "/ops/v1/captures/x/scene/pan", b"x", 404, "no capture"),
        ("POST", "/ops/v1/captures/x/result", b'{"outcome": "lost"}', 422, "done"),
        ("POST", "/ops/v1/captures/x/result", b"\xff", 400, ""),
        ("GET", "/ops/v1/uplinks?status=GONE", None, 400, "there is no status"),
        ("GET", "/ops/v1/uplinks?satellite=GRUS-9", None, 404, "the fleet has"),
        ("GET", "/ops/v1/uplinks?end=1999-01-01T00:00:00Z", None, 400, "after the start"),
        ("GET", "/ops/v1/uplinks/%00", None, 404, "ids look like"),
        ("GET", "/ops/v1/uplinks/GRUS-1A.20261399T000000Z", None, 404, "does not exist"),
        ("POST", "/ops/v1/uplinks/x/acknowledge", b'{"outcome": "missed"}', 422, "at is missing"),
    ],
)
def test_mission_controls_door_refuses(
    world: World, method: str, path: str, body: bytes | None, status: int, words: str
) -> None:
    headers = {"content-type": "application/json"}
    answer = world.operator.http.request(method, path, content=body, headers=headers)
    assert_refused(answer, status)
    assert words.lower() in answer.json()["detail"].lower()


# Images


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2f..%2fswath.db",
        "%2e%2e/%2e%2e/swath.db",
        "thumbnail%00",
        "%00",
        "C:%5cswath.db",
        "band9",
        "%ff",
    ],
)
def test_no_file_is_given_but_the_items_own(world: World, name: str) -> None:
    assert_refused(world.owner.http.get(f"{ITEM}/assets/{name}"), 404)


def test_a_signed_link_opens_its_own_item_as_long_as_it_holds(world: World) -> None:
    href = world.owner.get(ITEM)["assets"]["thumbnail"]["href"]
    assert world.visitor.get(href).content == IMAGE
    address, _, token = href.partition("?token=")
    ends, _, digest = token.partition("-")
    longer = f"{int(ends, 16) + 3_600:x}-{digest}"
    for forged in (longer, f"zz-{digest}", f"-{digest}", ends, "-", "é-ü", "\0", token[:-1]):
        assert_refused(world.visitor.get(address, params={"token": forged}), 401, "read the item again")
    other = address.replace("/IMAGE/", "/ANOTHER/")
    assert_refused(world.visitor.get(other, params={"token": token}), 401, "read the item again")


NINES = "9" * 5_000


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=999999-", 416),
        ("bytes=-0", 416),
        (f"bytes={NINES}-", 416),
        (f"bytes=0-{NINES}", 206),
        (f"bytes=-{NINES}", 206),
        ("bytes=5-1", 200),
        ("bytes=a-b", 200),
        ("bytes=-", 200),
        ("lines=0-5", 200),
    ],
    ids=lambda value: str(value)[:16],
)
def test_a_range_is_served_refused_or_passed_over(world: World, asked: str, status: int) -> None:
    assert world.owner.http.get(FILE, headers={"range": asked}).status_code == status


# What is hardly HTTP


def send_raw(world: World, head: bytes, more: bytes = b"", times: int = 0) -> bytes:
    """All that the server answers to bytes of ours, until it hangs up."""
    base = world.owner.http.base_url
    with socket.create_connection((base.host, base.port or 80), timeout=10) as line:
        line.sendall(head)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(times):
                line.sendall(more)
        parts = []
        with contextlib.suppress(ConnectionResetError):
            while part := line.recv(65_536):
                parts.append(part)
    return b"".join(parts)


@changes_nothing
@pytest.mark.parametrize(
    "head", [b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_http_is_refused_with_a_problem(world: World, head: bytes) -> None:
    answer = send_raw(world, head)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "malformed"


@changes_nothing
def test_headers_without_end_are_cut_off(world: World) -> None:
    answer = send_raw(world, b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: ", b"a" * 10_000, times=50)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


# Methods and addresses


@changes_nothing
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", PLANS, {"GET", "HEAD", "POST", "OPTIONS"}),
        ("PATCH", PLANS + "/{plan}", {"GET", "HEAD", "DELETE", "OPTIONS"}),
        ("POST", SATELLITES, {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", REQUESTS + "/{request}", {"GET", "HEAD", "OPTIONS"}),
        ("GET", REQUESTS + "/{request}/cancel", {"POST", "OPTIONS"}),
        ("DELETE", ITEM, {"GET", "HEAD", "OPTIONS"}),
        ("POST", FILE, {"GET", "HEAD", "OPTIONS"}),
        ("GET", TOKEN, {"POST", "OPTIONS"}),
        ("TRACE", PLANS, {"GET", "HEAD", "POST", "OPTIONS"}),
    ],
)
def test_a_method_that_an_address_lacks(world: World, method: str, path: str, allowed: set[str]) -> None:
    address = path.format(plan=world.plan_id, request=world.request_id)
    for asked in (method, "OPTIONS"):
        answer = world.owner.http.request(asked, address)
        assert set(answer.headers["allow"].split(", ")) == allowed
        if asked == method:
            assert_refused(answer, 405, "Allow")
        else:
            assert answer.status_code == 200


@pytest.mark.parametrize("path", [f"{API}/", SATELLITES, PLANS, "/stac/v1/", SEARCH, CLOCK, FILE, "/livez"])
def test_head_answers_as_get_without_a_body(world: World, path: str) -> None:
    got, head = (world.owner.http.request(method, path) for method in ("GET", "HEAD"))
    assert (got.status_code, head.status_code) == (200, 200)
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""


@changes_nothing
def test_head_of_what_only_posts_does_nothing(world: World) -> None:
    assert world.owner.http.head(f"{REQUESTS}/{world.request_id}/cancel").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        f"{API}/collections/nowhere",
        f"{API}/collections/plans/items/",
        f"{PLANS}/nonsense",
        f"{PLANS}/%00",
        f"{PLANS}/%ff%fe",
        f"{PLANS}/' OR 1=1 --",
        f"{PLANS}/{'x' * 5_000}",
        f"{REQUESTS}/{'VGFzaw=='}",
        f"{API}/%0d%0aSet-Cookie:%20a=b",
        "/stac/v1/collections/nowhere",
        "/stac/v1/collections/grus-1/items/%00",
        "/stac/v1/catalogs/nowhere/search",
    ],
    ids=lambda path: path[:50],
)
def test_there_is_nothing_at(world: World, path: str) -> None:
    answer = world.owner.http.get(path)
    assert_refused(answer, 404)
    assert "set-cookie" not in answer.headers


def test_nothing_but_json_is_served_of_lists(world: World) -> None:
    for accept in ("application/xml", "text/csv", "application/json;q=0"):
        assert_refused(world.owner.http.get(PLANS, headers={"accept": accept}), 406, "application/geo+json")


# The sandbox's own door


BAD_MOVES: dict[str, tuple[str, int, str]] = {
    "nothing": ("{}", 422, "advance_by"),
    "backwards by": ('{"advance_by": "-PT6H"}', 422, "only goes forward"),
    "backwards to": ('{"advance_to": "2020-01-01T00:00:00Z"}', 409, "only goes forward"),
    "backwards, at another rate": ('{"advance_by": "-PT6H", "rate": 5}', 422, "only goes forward"),
    "too far": ('{"advance_by": "P400D"}', 422, "366 days"),
    "to the end of time": ('{"advance_to": "9999-12-31T23:59:59Z"}', 409, "366 days"),
    "by words": ('{"advance_by": "soon"}', 422, "PT6H"),
    "by true": ('{"advance_by": true}', 422, "PT6H"),
    "by more than there is": ('{"advance_by": 1e308}', 422, ""),
    "to a time without zone": ('{"advance_to": "2026-09-01T00:00:00"}', 422, "zone"),
    "to a time and by a duration": (
        '{"advance_by": "PT1H", "advance_to": "2026-09-30T00:00:00Z"}',
        422,
        "not both",
    ),
    "at a rate below 0": ('{"rate": -1}', 422, "0"),
    "at a rate beyond reason": ('{"rate": 1e9}', 422, "86400"),
    "at no number": ('{"rate": NaN}', 400, "JSON"),
    "unknown": ('{"speed": 1}', 422, "speed"),
    "broken": ("{", 400, "JSON"),
    "2 MiB": (" " * (2 * MIB), 413, "1048576 bytes"),
}


@changes_nothing
@pytest.mark.parametrize(("body", "status", "words"), BAD_MOVES.values(), ids=BAD_MOVES)
def test_the_clock_is_not_moved(world: World, body: str, status: int, words: str) -> None:
    assert_refused(send(world.owner, CLOCK, body), status, words)


@changes_nothing
@pytest.mark.parametrize(
    "changes", [{"kind": "meteor"}, {"kind": "late_delivery", "hours": -1}, {"request_id": 5}], ids=str
)
def test_nothing_is_made_to_go_wrong(world: World, changes: Json) -> None:
    fault = {"request_id": world.request_id, "kind": "cloud", **changes}
    assert_refused(world.owner.http.post(FAULTS, json=fault), 422)
    assert world.owner.get(FAULTS) == {"faults": []}


# Many at once: what follows changes state on purpose, in accounts of its own


@dataclass(frozen=True)
class Crowd:
    """One account whose calls come twenty at a time, and the candidates of its one plan."""

    one: Customer
    candidates: tuple[str, ...]

    def all_at_once(self, act: Callable[[int], httpx.Response]) -> list[httpx.Response]:
        with ThreadPoolExecutor(CROWD) as pool:
            return list(pool.map(act, range(CROWD)))

    def credit(self) -> tuple[int, int]:
        account = self.one.get(f"{API}/account")
        return account["free"], account["held"]


@pytest.fixture(scope="module")
def crowd(world: World) -> Iterator[Crowd]:
    with open_registry(Settings(world.server.data)) as registry:
        one = Customer(world.server.url, registry.create_account("crowd", 4).model_dump())
    one.http.timeout = 10
    plan = one.create_plan(satellites=["GRUS-1A", "GRUS-1B"])
    one.wait_for_plan(plan["id"])
    yield Crowd(one, tuple(candidate["id"] for candidate in one.candidates(plan["id"])))
    one.http.close()


def count(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def test_a_key_makes_one_request_however_often_it_is_sent(crowd: Crowd) -> None:
    answers = crowd.all_at_once(
        lambda _: crowd.one.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"})
    )
    assert count(answers) == {201: 20}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert crowd.credit() == (3, 1)


def test_a_key_does_not_serve_for_another_body(crowd: Crowd) -> None:
    answer = crowd.one.ask(crowd.candidates[1], **{"Idempotency-Key": "harbour-1"})
    problem = assert_refused(answer, 422, "harbour-1", "choose a new one")
    assert problem["code"] == "idempotency_key_reused"
    assert crowd.credit() == (3, 1)


def test_a_key_is_the_accounts_own(world: World, crowd: Crowd) -> None:
    answer = world.stranger.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"})
    assert_refused(answer, 404, "no candidate")


def test_of_many_requests_for_one_candidate_one_is_made(crowd: Crowd) -> None:
    answers = crowd.all_at_once(lambda _: crowd.one.ask(crowd.candidates[1]))
    assert count(answers) == {201: 1, 409: 19}
    assert crowd.credit() == (2, 2)


def test_of_many_requests_for_the_last_credit_one_is_made(crowd: Crowd) -> None:
    assert crowd.one.ask(crowd.candidates[2]).status_code == 201
    left = crowd.candidates[3:]
    answers = crowd.all_at_once(lambda i: crowd.one.ask(left[i % len(left)]))
    assert count(answers)[201] == 1
    assert set(count(answers)) <= {201, 402, 409}
    assert crowd.credit() == (0, 4)


def test_a_canceled_request_gives_its_credit_back_once(crowd: Crowd) -> None:
    request = crowd.one.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"}).json()
    answers = crowd.all_at_once(lambda _: crowd.one.http.post(f"{REQUESTS}/{request['id']}/cancel"))
    assert count(answers) == {200: 20}
    assert crowd.credit() == (1, 3)


def test_a_key_sent_again_after_the_cancel_makes_nothing_new(crowd: Crowd) -> None:
    again = crowd.one.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"})
    assert again.json()["properties"]["status"] == "CANCELED"
    assert crowd.credit() == (1, 3)


def test_plans_may_be_made_and_archived_by_many_at_once(world: World, crowd: Crowd) -> None:
    body = plan_body(world, polygon(ring(0, 0, 0.1, 0.1)))
    made = crowd.all_at_once(lambda _: crowd.one.http.post(PLANS, json=body))
    assert count(made) == {201: 20}
    gone = crowd.all_at_once(lambda i: crowd.one.http.delete(made[i].headers["location"]))
    assert count(gone) == {204: 20}


def test_of_many_moves_of_the_clock_none_is_lost(crowd: Crowd) -> None:
    """Each that was answered 200 moved time on; one that could not in time says 503 and when to come back."""
    before = datetime.fromisoformat(crowd.one.get(CLOCK)["now"])
    answers = crowd.all_at_once(lambda _: crowd.one.http.post(CLOCK, json={"advance_by": "PT1M"}))
    assert set(count(answers)) <= {200, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)
    moved = datetime.fromisoformat(crowd.one.get(CLOCK)["now"]) - before
    assert moved == timedelta(minutes=count(answers)[200])


def test_after_all_that_the_log_tells_of_no_fault_of_ours(world: World) -> None:
    assert "Traceback" not in Path(world.server.log).read_text()
