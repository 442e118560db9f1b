"""A service that exists only as an httpx transport: what the SDK and the command line are tried against.

It speaks the documents of the API for one account, keeps what it was asked, and can be told to refuse.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

URL = "http://service.test"
ITEMS = "/wfs/tasking/v2/collections/{}/items"
PLAN_ID, REQUEST_ID, CAPTURE_ID = "UGxhbg==", "VGFzaw==", "Y2FwdHVyZQ"
START = datetime(2026, 8, 22, 12, tzinfo=UTC)
CANDIDATES = 7
PAGE = 3

Answer = Callable[[httpx.Request], httpx.Response]


class ServiceDouble:
    """Answers calls; `calls` lists them as "METHOD path", `refusals` are given out first, one a call."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.requests: list[httpx.Request] = []
        self.refusals: list[httpx.Response] = []
        self.tokens = 0
        self.polls = 0
        self.now = START
        self.status = "ACCEPTED"

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        self.requests.append(request)
        if request.url.path == "/oauth/token":
            return self._token(request)
        if self.refusals:
            return self.refusals.pop(0)
        if request.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return problem(401, "invalid_token", "The token is not valid.")
        return self._answer(request)

    def body(self, index: int = -1) -> Any:
        """What was sent with a call."""
        return json.loads(self.requests[index].content)

    def _token(self, request: httpx.Request) -> httpx.Response:
        if json.loads(request.content)["client_secret"] != "secret":
            error = {
                "error": "invalid_client",
                "error_description": "The client is unknown or its secret is wrong.",
            }
            return httpx.Response(401, json=error)
        self.tokens += 1
        return httpx.Response(
            200, json={"access_token": f"token-{self.tokens}", "expires_in": 86400, "token_type": "Bearer"}
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answers: dict[str, Answer] = {
            f"POST {ITEMS.format('plans')}": lambda _: httpx.Response(201, json=plan("PROCESSING")),
            f"GET {ITEMS.format('plans')}": lambda _: page([plan("ACTIVE")]),
            f"GET {ITEMS.format('plans')}/{PLAN_ID}": self._poll_plan,
            f"DELETE {ITEMS.format('plans')}/{PLAN_ID}": lambda _: httpx.Response(204),
            f"GET {ITEMS.format('candidates')}": self._candidates,
            f"POST {ITEMS.format('requests')}": lambda _: httpx.Response(
                201, json=tasking_request(self.status)
            ),
            f"GET {ITEMS.format('requests')}": lambda _: page([tasking_request(self.status)]),
            f"GET {ITEMS.format('requests')}/{REQUEST_ID}": self._poll_request,
            f"GET {ITEMS.format('requests')}/{REQUEST_ID}/history": lambda _: httpx.Response(
                200, json=HISTORY
            ),
            f"POST {ITEMS.format('requests')}/{REQUEST_ID}/cancel": lambda _: httpx.Response(
                200, json=tasking_request("CANCELED")
            ),
            "GET /stac/v1/catalogs/axelglobe/search": lambda _: page([ITEM]),
            "GET /sandbox/clock": lambda _: self._clock(),
            "POST /sandbox/clock": self._advance,
            "GET /assets/thumbnail.png": lambda _: httpx.Response(200, content=b"\x89PNG"),
        }
        answer = answers.get(f"{request.method} {request.url.path}")
        return answer(request) if answer else problem(404, "not_found", "There is no such thing.")

    def _poll_plan(self, _: httpx.Request) -> httpx.Response:
        self.polls += 1
        return httpx.Response(200, json=plan("PROCESSING" if self.polls < 3 else "ACTIVE"))

    def _poll_request(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=tasking_request(self.status))

    def _candidates(self, request: httpx.Request) -> httpx.Response:
        query = parse_qs(request.url.query.decode())
        if query.get("filter") != [f"task_plan_id = '{PLAN_ID}'"]:
            return problem(400, "bad_parameter", "The filter must pin task_plan_id.")
        first = int(query.get("offset", ["0"])[0])
        features = [candidate(i) for i in range(first, min(first + PAGE, CANDIDATES))]
        links = []
        if first + PAGE < CANDIDATES:
            # As behind a proxy: links carry the public address, not the one that was called.
            link = httpx.URL(
                "https://public.test" + request.url.path, params={**query, "offset": first + PAGE}
            )
            links = [{"rel": "next", "href": str(link)}]
        return page(features, links)

    def _clock(self) -> httpx.Response:
        return httpx.Response(200, json={"now": self.now.isoformat().replace("+00:00", "Z"), "rate": 0})

    def _advance(self, request: httpx.Request) -> httpx.Response:
        self.now = datetime.fromisoformat(json.loads(request.content)["advance_to"])
        return self._clock()


def problem(status: int, code: str, detail: str, **more: Any) -> httpx.Response:
    """A refusal as RFC 9457 has it; `retry_after` becomes the header."""
    retry_after = more.pop("retry_after", None)
    headers = {"retry-after": str(retry_after)} if retry_after is not None else {}
    document = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return httpx.Response(status, json=document, headers=headers)


def page(features: list[Any], links: list[Any] | None = None) -> httpx.Response:
    return httpx.Response(200, json={"type": "FeatureCollection", "features": features, "links": links or []})


def plan(status: str) -> dict[str, Any]:
    properties = {
        "name": "Fukui",
        "created": "2026-08-22T12:00:00Z",
        "valid_start": "2026-08-22T12:00:00Z",
        "valid_end": "2026-08-29T12:00:00Z",
        "off_nadir_range": [0, 25],
        "satellites": ["GRUS-1A"],
        "status": status,
        "candidate_count": CANDIDATES if status == "ACTIVE" else None,
    }
    return {"type": "Feature", "id": PLAN_ID, "geometry": None, "properties": properties, "links": []}


def candidate(number: int) -> dict[str, Any]:
    start = START + timedelta(hours=number)
    properties = {
        "task_plan_id": PLAN_ID,
        "platform": "GRUS-1A",
        "constellation": "GRUS1",
        "start_datetime": start.isoformat(),
        "end_datetime": (start + timedelta(seconds=9)).isoformat(),
        "valid_until": start.isoformat(),
        "plan_coverage": 100.0,
        "coverage_probability": 0.9,
        "view:off_nadir": 1.25 + number,
        "view:sun_elevation": 45.0,
        "view:sun_azimuth": 150.0,
        "gsd": 2.5,
    }
    return {
        "type": "Feature",
        "id": f"candidate-{number}",
        "geometry": None,
        "properties": properties,
        "links": [],
    }


def tasking_request(status: str) -> dict[str, Any]:
    properties = {
        "name": "harbour [bold]first[/bold]",
        "created": "2026-08-22T12:00:00Z",
        "valid_start": "2026-08-23T01:00:00Z",
        "valid_end": "2026-08-23T01:05:00Z",
        "off_nadir_range": [1, 2],
        "satellites": ["GRUS-1A"],
        "priority": "NORMAL",
        "status": status,
        "final": status in ("DATA_AVAILABLE", "FAILED", "CANCELED"),
        "status_reason": {"code": status, "message": f"It is {status}."},
        "task_plan_id": PLAN_ID,
        "candidate_id": "candidate-0",
        "ag:capture_id": CAPTURE_ID if status == "DATA_AVAILABLE" else None,
    }
    return {"type": "Feature", "id": REQUEST_ID, "geometry": None, "properties": properties, "links": []}


HISTORY = {
    "entries": [
        {
            "at": "2026-08-22T12:00:00Z",
            "code": "NEW",
            "message": "New.",
            "evidence": {},
            "changed": ["status"],
            "before": None,
            "after": {"status": "PLANNED"},
        },
        {
            "at": "2026-08-22T12:00:00Z",
            "code": "PLACED",
            "message": "It fits.",
            "evidence": {},
            "changed": ["status", "planned_start", "planned_satellite"],
            "before": {"status": "PLANNED"},
            "after": {
                "status": "ACCEPTED",
                "planned_start": "2026-08-23T01:30:00Z",
                "planned_satellite": "GRUS-1A",
            },
        },
    ]
}
ITEM = {
    "type": "Feature",
    "id": "scene/../1",
    "geometry": None,
    "properties": {"ag:capture_id": CAPTURE_ID},
    "assets": {
        "thumbnail": {"href": f"{URL}/assets/thumbnail.png", "type": "image/png", "title": "Thumbnail"},
        "tci": {"href": "http://bucket.test/tci", "type": "image/tiff; application=geotiff"},
    },
}
