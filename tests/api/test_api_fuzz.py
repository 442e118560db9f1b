"""Bad input by the thousand: whatever is sent, the answer is one that the documents promise, and never a fault."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any
from urllib.parse import quote, unquote

import pytest
from fastapi import FastAPI
from starlette.types import Message
from tests.api.api_world import Caller, Service, list_routes
from tests.api.hostile_areas import make_body
from tests.conftest import NOW
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.api.bodies import parse_body
from swath.api.collections import Creation
from swath.api.declarations import build_plans
from swath.errors import Invalid, Malformed
from swath.geo.polygons import extent_km, parse_area, to_geojson
from swath.tasking.model import Plan
from swath.tasking.ports import UnitOfWork
from swath.tasking.rules import Rules

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROPERTIES = {
    "name": "any",
    "valid_start": NOW.isoformat(),
    "valid_end": (NOW + timedelta(days=7)).isoformat(),
}


# Areas of interest


@pytest.mark.parametrize("block", range(10))
def test_ten_thousand_areas_each_become_a_plan_or_a_problem(
    service: Service, acme: Caller, block: int
) -> None:
    class Undo(Exception):
        pass

    seen = Counter[str]()
    creation = build_plans(service.store, service.rules, 20).creation
    assert creation is not None
    with pytest.raises(Undo), service.store.begin() as uow:
        for seed in range(1000 * block, 1000 * (block + 1)):
            seen[read(creation, uow, service.rules, acme.account_id, make_body(seed, PROPERTIES))] += 1
        raise Undo
    assert seen["plan"] > 100, seen
    assert seen["malformed"] > 10, seen
    # Each rule is broken by some, so that the generator does not quietly become tame.
    assert {"ring_crosses_itself", "ring_open", "position", "too_wide", "area_zero"} <= set(seen), seen


def read(creation: Creation, uow: UnitOfWork, rules: Rules, account_id: str, body: bytes) -> str:
    """What becomes of a body: `plan`, `malformed`, or the code of the first broken rule."""
    try:
        plan = creation.make(uow, account_id, parse_body(creation.model, body), NOW)
    except Malformed:
        return "malformed"
    except Invalid as refusal:
        return refusal.code
    check_area(plan, rules, body)
    return "plan"


def check_area(plan: Plan, rules: Rules, body: bytes) -> None:
    """A plan's area is sound, within the limits, written as RFC 7946 wants, and read again as itself."""
    limits = rules.limits
    assert plan.geometry.is_valid, body
    assert max(extent_km(plan.geometry)) <= limits.max_extent_km, body
    written = to_geojson(plan.geometry)
    polygons = [written["coordinates"]] if written["type"] == "Polygon" else written["coordinates"]
    for rings in polygons:
        for i, ring in enumerate(rings):
            assert all(abs(a[0] - b[0]) <= 180 for a, b in pairwise(ring)), body
            assert (turn(ring) > 0) == (i == 0), body
    again = parse_area(written, max_extent_km=limits.max_extent_km + 1, max_vertices=2 * limits.max_vertices)
    assert again.symmetric_difference(plan.geometry).area <= 1e-9 * plan.geometry.area, body


def turn(ring: list[list[float]]) -> float:
    # Beside the first corner: far from the origin the digits of a small ring would not be enough.
    x, y = ring[0]
    return sum((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y) for a, b in pairwise(ring))


# Query strings, paths and headers

NAMES = ("limit", "offset", "bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "crs", "f",
         "status", "id", "task_plan_id", "norad_id", "final", "created", "geometry", "sortby", "fields", "ids",
         "collections", "intersects", "token", "", "__proto__", "LIMIT", "limit[]")  # fmt: skip
VALUES = ("", "0", "1", "-1", "10", "1e3", "9" * 400, "NaN", "inf", "null", "true", "1,2,3", "1,2,3,4",
          "-180,-90,180,90", "170,-10,-170,10", "0,0,0,1,1,1", "1,2,3,4,5,6,7", "nan,nan,nan,nan", "../..", "/",
          "2026-08-22T00:00:00Z/..", "2026-08-22", "9999-99-99T99:99:99Z/", "0000-01-01T00:00:00Z", "cql2-text",
          "cql2-json", "json", "html", "id = 'x'", "status = 1", "((", "'" * 99, '{"op":"and","args":[]}', "{",
          "x\0y", "é", "\ud83d", "%", "a" * 5000, "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "EPSG:4326",
          "-id", "+created", "[[[", "{}")  # fmt: skip
IDS = ("x", "GRUS-1A", "grus-1a", "..", ".", "%00", "%2F", "%ff%fe", "a" * 3000, "VGFza1BsYW46eA==", "é",
       "' OR 1=1 --", "{}", "$where", "*", "\u202e", "-1", "1e9")  # fmt: skip
HEADERS: Mapping[str, tuple[str, ...]] = {
    "accept": ("", "*/*", "text/html", ";;;,,,", "application/json;q=x", "a" * 4000, "*/*;q=1e999", "\xff"),
    "accept-encoding": ("gzip", "br", "*;q=0", "gzip;q=nan", ",,,", "\xff"),
    "if-none-match": ("*", '"x"', "W/", 'W/"', '"' * 999, ",", "\xff"),
    "if-match": ("*", '"x"', "", '"' * 999, "\xff"),
    "authorization": ("Bearer", "Bearer x", "Basic !!", "Bearer " + "a." * 3000, "\xff", ""),
    "host": ("swath.test", "a b", "[::1", "x" * 300, "\xff", ""),
    "content-type": ("application/json", "application/geo+json", "text/csv", "", "\xff", "a/b;c=d;;"),
    "content-length": ("0", "5", "-1", "x", "9" * 30),
    "idempotency-key": ("k", "", " ", "é", "x" * 999),
    "origin": ("https://browser.test", "null", "\xff"),
    "access-control-request-method": ("POST", "BREW", ""),
    "x-request-id": ("ok", "<script>", "\xff"),
    "x-forwarded-for": ("1.2.3.4", "\xff"),
    "range": ("bytes=0-", "bytes=-1", "bytes=9-1", "x"),
}
METHODS = ("GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW", "get", "")
BODIES = (b"", b"{", b"null", b"[]", b'{"type":"Feature"}', b"\xff\xfe", b'{"a":' * 200, b"0" * 2000)


@pytest.fixture
def paths(service: Service, acme: Caller) -> list[str]:
    """Every address of the application, with ids that lead somewhere and ids that are none."""
    plan = add_plan(service.store, acme.account_id, NOW)
    candidate = add_candidate(service.store, plan, make_chance(NOW + timedelta(hours=6)), NOW)
    ids = [*IDS, plan.id, candidate.id]
    random = Random(1)
    templates = [route.path for route in list_routes(service.app)]
    return [fill(random, path, ids) for path in templates for _ in range(3)]


def fill(random: Random, template: str, ids: list[str]) -> str:
    return "/".join(quote(random.choice(ids), "%") if "{" in p else p for p in template.split("/"))


@pytest.mark.parametrize("block", range(4))
def test_whatever_is_asked_the_answer_is_none_of_our_faults(
    service: Service, acme: Caller, paths: list[str], block: int
) -> None:
    random = Random(block)
    answers = asyncio.run(ask_all(service.app, acme.token, random, paths, 1000))
    seen = Counter(status for _, status, _, _ in answers)
    assert seen[200] > 50, seen
    assert {400, 401, 404, 405} <= set(seen), seen
    for call, status, headers, body in answers:
        assert 200 <= status < 500, (call, body)
        if status >= 400 and call["method"] != "HEAD" and "/oauth/" not in call["path"]:
            check_refusal(call, status, headers, body)


def check_refusal(call: Mapping[str, Any], status: int, headers: Mapping[str, str], body: bytes) -> None:
    if call["method"] == "OPTIONS" and headers["content-type"].startswith("text/plain"):
        return  # A refused preflight: browsers look at its status only.
    assert headers["content-type"] == "application/problem+json", (call, status, body)
    if "content-encoding" in headers:
        return
    assert json.loads(body)["status"] == status, call


async def ask_all(
    app: FastAPI, token: str, random: Random, paths: list[str], count: int
) -> list[tuple[dict[str, Any], int, dict[str, str], bytes]]:
    return [await ask(app, make_call(random, paths, token)) for _ in range(count)]


def make_call(random: Random, paths: list[str], token: str) -> dict[str, Any]:
    """A scope as servers make it of the bytes that came; two of three carry a token that holds."""
    path = random.choice(paths)
    pairs = [
        (random.choice(NAMES), random.choice(VALUES)) for _ in range(random.choice((0, 0, 1, 1, 1, 2, 4)))
    ]
    query = "&".join(f"{quote_any(name)}={quote_any(value)}" for name, value in pairs)
    headers = {"host": "swath.test"} | (
        {"authorization": f"Bearer {token}"} if random.random() < 0.66 else {}
    )
    for name in random.sample(sorted(HEADERS), random.choice((0, 0, 1, 2, 3))):
        headers[name] = random.choice(HEADERS[name])
    return {
        "type": "http",
        "method": random.choice(METHODS),
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": (query if random.random() < 0.9 else query.replace("%", "")).encode(
            "latin-1", "replace"
        ),
        "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
        "scheme": "http",
        "server": ("swath.test", 80),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
        "body": random.choice(BODIES),
    }


def quote_any(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


async def ask(app: FastAPI, call: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str], bytes]:
    told: list[Message] = []
    coming: Iterator[Message] = iter([{"type": "http.request", "body": call["body"], "more_body": False}])

    async def receive() -> Message:
        return next(coming, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        told.append(message)

    await app({key: value for key, value in call.items() if key != "body"}, receive, send)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in told[0]["headers"]}
    return call, told[0]["status"], headers, b"".join(message.get("body", b"") for message in told[1:])
