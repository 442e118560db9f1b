"""The service as a Python object: from a plan to the files of its images in a few calls."""

import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from swath.client.errors import BadAnswer
from swath.client.files import download_asset
from swath.client.http import Http, Json
from swath.client.token import Credentials, TokenAuth
from swath.client.waiting import wait_until
from swath.wire import (
    Account,
    Candidate,
    GroundTrack,
    History,
    HistoryEntry,
    Plan,
    Priority,
    Satellite,
    TaskingRequest,
    empty_polygon,
    format_time,
)

TASKING = "/wfs/tasking/v2"
STAC = "/stac/v1"
CLOCK = "/sandbox/clock"
# What the service documents as its largest pages; it gives fewer when it wants to.
PAGE = 20
CANDIDATE_PAGE = 100
ENDED = frozenset({"DATA_AVAILABLE", "FAILED", "CANCELED"})

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class ClockReading:
    """Simulated time in the sandbox, and how many simulated seconds go by in a real one."""

    now: datetime
    rate: float


class Swath:
    """One account's way into a service at `url`. Close it, or use it in a `with` block.

    Without credentials only what is open to everybody can be read. Every method raises ApiError when the service
    refuses, Unreachable when it does not answer, BadAnswer when the answer is not understood.
    """

    def __init__(
        self,
        url: str,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        audience: str | None = None,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        auth = None
        if client_id is not None and client_secret is not None:
            credentials = Credentials(client_id, client_secret, audience)
            auth = TokenAuth(f"{url.rstrip('/')}/oauth/token", credentials, now_s)
        self._http = Http(url, auth, transport, pause)
        self._pause, self._now_s = pause, now_s

    def account(self) -> Account:
        """Who we are to the service, and our credits."""
        return _read(Account, self._http.get(f"{TASKING}/account"))

    # Reference data

    def satellites(self) -> Iterator[Satellite]:
        """The satellites that can be tasked, by id."""
        return self._features("satellites", Satellite, {"limit": PAGE})

    def ground_tracks(self, satellite_id: str | None = None) -> Iterator[GroundTrack]:
        """The lines below the satellites in the days to come, one a revolution, by start."""
        only = _filter(satellite_id=satellite_id)
        return self._features("satellite_ground_tracks", GroundTrack, {"limit": PAGE} | only)

    # Plans and their candidates

    def create_plan(
        self,
        name: str,
        geometry: Mapping[str, Any],
        start: datetime,
        end: datetime,
        *,
        off_nadir_range: tuple[float, float] | None = None,
        satellites: Iterable[str] | None = None,
        key: str | None = None,
    ) -> Plan:
        """Register an area (GeoJSON Polygon or MultiPolygon) and a time range; its candidates follow in a moment.

        The same idempotency `key` never makes a second plan; without one each call makes its own.
        """
        properties = {
            "name": name,
            "valid_start": format_time(start),
            "valid_end": format_time(end),
            "off_nadir_range": list(off_nadir_range) if off_nadir_range is not None else None,
            "satellites": list(satellites) if satellites is not None else None,
        }
        return self._create("plans", Plan, geometry, properties, key)

    def plan(self, plan_id: str) -> Plan:
        """The plan as it is now."""
        return self._feature("plans", plan_id, Plan)

    def plans(self, status: str | None = None) -> Iterator[Plan]:
        """The account's plans, newest first."""
        return self._features("plans", Plan, {"limit": PAGE} | _filter(status=status))

    def delete_plan(self, plan_id: str) -> None:
        """Archive a plan; ApiError 409 while it has live requests."""
        self._http.delete(_item("plans", plan_id))

    def wait_for_plan(self, plan_id: str, timeout_s: float = 60.0) -> Plan:
        """The plan once its candidates are found (or cannot be); raises WaitedTooLong."""
        return self._wait(
            lambda: self.plan(plan_id),
            lambda plan: plan.properties.status != "PROCESSING",
            "candidates",
            timeout_s,
        )

    def candidates(self, plan_id: str) -> Iterator[Candidate]:
        """Every possible capture of a plan, by start; pages are fetched as they are needed."""
        return self._features(
            "candidates", Candidate, {"limit": CANDIDATE_PAGE} | _filter(task_plan_id=plan_id)
        )

    def candidate(self, candidate_id: str) -> Candidate:
        """One possible capture."""
        return self._feature("candidates", candidate_id, Candidate)

    # Requests

    def create_request(
        self,
        candidate_id: str,
        *,
        name: str,
        priority: Priority = "NORMAL",
        start: datetime | None = None,
        end: datetime | None = None,
        off_nadir_range: tuple[float, float] | None = None,
        satellites: Iterable[str] | None = None,
        key: str | None = None,
    ) -> TaskingRequest:
        """Ask for a candidate to be captured; holds its credits. ApiError 402 without credit, 409 when it lapsed.

        With any of `start`, `end`, `off_nadir_range` (degrees) and `satellites`, all within the plan's, other
        candidates of the plan that show the same ground may serve as well; what is left out is as wide as the plan's.
        """
        limits = {
            "valid_start": start and format_time(start),
            "valid_end": end and format_time(end),
            "off_nadir_range": off_nadir_range and list(off_nadir_range),
            "satellites": None if satellites is None else list(satellites),
        }
        given = {limit: value for limit, value in limits.items() if value is not None}
        properties = {"name": name, "candidate_id": candidate_id, "priority": priority, **given}
        return self._create("requests", TaskingRequest, empty_polygon(), properties, key)

    def request(self, request_id: str) -> TaskingRequest:
        """The request as it is now."""
        return self._feature("requests", request_id, TaskingRequest)

    def requests(
        self, plan_id: str | None = None, status: str | None = None, priority: str | None = None
    ) -> Iterator[TaskingRequest]:
        """The account's requests, newest first."""
        only = _filter(task_plan_id=plan_id, status=status, priority=priority)
        return self._features("requests", TaskingRequest, {"limit": PAGE} | only)

    def cancel_request(self, request_id: str) -> TaskingRequest:
        """Take a request back; ApiError 409 after its `cancel_until`."""
        return _read(TaskingRequest, self._http.post(_item("requests", request_id) + "/cancel", {}))

    def history(self, request_id: str) -> Sequence[HistoryEntry]:
        """Every change of a request: when, why, and how it stood before and after; the oldest first."""
        return _read(History, self._http.get(_item("requests", request_id) + "/history")).entries

    def wait_for_request(
        self, request_id: str, until: Iterable[str] = ENDED, timeout_s: float = 3600.0
    ) -> TaskingRequest:
        """The request once it has one of the statuses `until`, or has ended otherwise; raises WaitedTooLong."""
        wanted = ENDED | frozenset(until)
        return self._wait(
            lambda: self.request(request_id),
            lambda request: request.properties.status in wanted or request.properties.final,
            f"the request to be {' or '.join(sorted(wanted))}",
            timeout_s,
        )

    # Images

    def items(self, capture_id: str) -> list[Json]:
        """The STAC items of a capture, as GeoJSON documents; `pystac.Item.from_dict` understands them."""
        search = f"{STAC}/catalogs/axelglobe/search"
        return list(self._pages(search, _filter(**{"ag:capture_id": capture_id})))

    def download(
        self, item: Mapping[str, Any], folder: Path, assets: Iterable[str] | None = None
    ) -> list[Path]:
        """Save assets of an item (all of them unless named) to a folder, and tell where."""
        return [download_asset(self._http, item, key, folder) for key in assets or item["assets"]]

    # Sandbox

    def clock(self) -> ClockReading:
        """Simulated time; ApiError 404 where the service runs in real time."""
        return _read_clock(self._http.get(CLOCK))

    def advance_to(self, at: datetime) -> ClockReading:
        """Move simulated time; returns when everything due on the way has happened."""
        # To a time, never by a step: asked twice because the service was busy, it still moves once.
        return _read_clock(self._http.post(CLOCK, {"advance_to": format_time(at)}, again=True))

    def advance_by(self, step: timedelta) -> ClockReading:
        """Move simulated time on; returns when everything due on the way has happened."""
        return self.advance_to(self.clock().now + step)

    def close(self) -> None:
        """Give up the connections."""
        self._http.close()

    def __enter__(self) -> "Swath":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _feature(self, collection: str, feature_id: str, model: type[M]) -> M:
        return _read(model, self._http.get(_item(collection, feature_id)))

    def _features(self, collection: str, model: type[M], params: Mapping[str, Any]) -> Iterator[M]:
        documents = self._pages(f"{TASKING}/collections/{collection}/items", params)
        return (_read(model, document) for document in documents)

    def _pages(self, link: str | None, params: Mapping[str, Any] | None) -> Iterator[Json]:
        while link:
            page = self._http.get(link, params)
            yield from page.get("features", ())
            # The next link carries every parameter itself.
            link, params = _next_link(page), None

    def _create(
        self, collection: str, model: type[M], geometry: Mapping[str, Any], properties: Json, key: str | None
    ) -> M:
        given = {name: value for name, value in properties.items() if value is not None}
        body = {"type": "Feature", "geometry": dict(geometry), "properties": given}
        document = self._http.post(
            f"{TASKING}/collections/{collection}/items", body, key=key or uuid.uuid4().hex
        )
        return _read(model, document)

    def _wait(self, read: Callable[[], M], is_done: Callable[[M], bool], what: str, timeout_s: float) -> M:
        return wait_until(read, is_done, what, timeout_s, self._pause, self._now_s)


def _item(collection: str, feature_id: str) -> str:
    return f"{TASKING}/collections/{collection}/items/{_quoted(feature_id)}"


def _quoted(part: str) -> str:
    """An id as one part of a path: base64 may hold a slash."""
    return urllib.parse.quote(part, safe="=")


def _filter(**wanted: str | None) -> dict[str, str]:
    """The `filter` parameter that pins properties to values; nothing when none is given."""
    clauses = [f"{name} = '{_escaped(value)}'" for name, value in wanted.items() if value is not None]
    return {"filter": " AND ".join(clauses)} if clauses else {}


def _escaped(value: str) -> str:
    return value.replace("'", "''")


def _next_link(page: Json) -> str | None:
    links = page.get("links", ())
    return next((link["href"] for link in links if link.get("rel") == "next"), None)


def _read(model: type[M], document: Json) -> M:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise BadAnswer(
            f"The service answered with a {model.__name__} that cannot be read: {error}"
        ) from error


def _read_clock(document: Json) -> ClockReading:
    try:
        return TypeAdapter(ClockReading).validate_python(document)
    except ValidationError as error:
        raise BadAnswer(f"The service answered with a clock that cannot be read: {error}") from error
