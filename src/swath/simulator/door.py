"""The ops door from outside: what the simulated mission control reads and says, over HTTP only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import httpx
from shapely.geometry import shape

from swath.errors import SwathError, Unavailable
from swath.geo.polygons import Area, join
from swath.wire import format_time

GEOTIFF = "image/tiff; application=geotiff"
PENDING = ("COMMANDED", "CAPTURED")

FaultKind = Literal[
    "cloud", "capture_failure", "missed_contact", "uplink_rejected", "late_delivery", "scene_lost"
]


class OpsRefused(SwathError):
    """The ops door answered with an error."""

    default_code = "ops_refused"


class OpsAway(OpsRefused, Unavailable):
    """The ops door cannot be reached, or cannot do at the moment what was asked."""


@dataclass(frozen=True)
class Contact:
    """When the satellite can talk to a station."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Uplink:
    """A contact whose commands stand; `requests` are those whose captures go up with it, by capture."""

    id: str
    done: datetime
    requests: Mapping[str, str]


@dataclass(frozen=True)
class Command:
    """A capture as the ops door lists it; its images are `expected` in the catalogue by then."""

    id: str
    request_id: str
    satellite: str
    status: str
    start: datetime
    end: datetime
    footprint: Area
    cloud_percent: float | None
    uplinked: bool
    expected: datetime | None
    downlink: Contact | None


@dataclass(frozen=True)
class PlannedFault:
    """Something that shall go wrong with a request; `delay` is for late deliveries."""

    request_id: str
    kind: FaultKind
    delay: timedelta


@dataclass(frozen=True)
class OpsDoor:
    """Calls to /ops/v1 and /sandbox/faults; `http` brings the address and the token. Raises OpsRefused."""

    http: httpx.Client

    def find_pending(self) -> Sequence[Command]:
        """Everything that is commanded or waits on board, in the order of capture."""
        found = self._get("/ops/v1/captures", {"status": ",".join(PENDING)})
        return [parse_command(entry) for entry in found["captures"]]

    def find_uplinks(self) -> Sequence[Uplink]:
        """Contacts whose commands stand and that nobody has acknowledged yet, by start."""
        found = self._get("/ops/v1/uplinks", {"status": "FROZEN"})
        return [parse_uplink(entry) for entry in found["uplinks"]]

    def had(self, request_id: str, code: str) -> bool:
        """Whether a capture of this request was already given up for that reason."""
        found = self._get("/ops/v1/captures", {"status": "FAILED", "request_id": request_id})
        return any((entry["reason"] or {}).get("code") == code for entry in found["captures"])

    def find_faults(self) -> Sequence[PlannedFault]:
        """What shall go wrong; a delivery is late by six hours if nothing else was said."""
        return [
            PlannedFault(entry["request_id"], entry["kind"], timedelta(hours=entry.get("hours") or 6))
            for entry in self._get("/sandbox/faults", {})["faults"]
        ]

    def report_result(
        self, capture_id: str, outcome: str, cloud_percent: float | None, at: datetime, message: str = ""
    ) -> None:
        """Say what became of a capture: `done`, `failed` or `cloudy`."""
        body = {"outcome": outcome, "cloud_percent": cloud_percent, "at": format_time(at), "message": message}
        self._send("POST", f"/ops/v1/captures/{quote(capture_id, safe='')}/result", json=body)

    def hand_over(self, capture_id: str, parts: Mapping[str, bytes]) -> None:
        """Bring the parts of a scene, then say that it is whole."""
        capture = f"/ops/v1/captures/{quote(capture_id, safe='')}"
        for name, body in parts.items():
            self._send("PUT", f"{capture}/scene/{name}", content=body, headers={"content-type": GEOTIFF})
        self.report_downlink(capture_id, "done")

    def report_downlink(self, capture_id: str, outcome: str, expected: datetime | None = None) -> None:
        """Say that a scene is `done`, `lost`, or `late` and then expected on the ground at another time."""
        body = {"outcome": outcome, **({"expected": format_time(expected)} if expected else {})}
        self._send("POST", f"/ops/v1/captures/{quote(capture_id, safe='')}/downlink", json=body)

    def acknowledge(
        self, uplink_id: str, outcome: str, at: datetime, captures: Sequence[str] | None = None
    ) -> None:
        """Say that all commands went up, or those of `captures`, or that the contact was `missed`."""
        body = {"outcome": outcome, "at": format_time(at), "captures": captures}
        self._send("POST", f"/ops/v1/uplinks/{quote(uplink_id, safe='')}/acknowledge", json=body)

    def _get(self, path: str, params: Mapping[str, str]) -> Any:
        return self._send("GET", path, params=params)

    def _send(self, method: str, path: str, **content: Any) -> Any:
        try:
            answer = self.http.request(method, path, **content)
        except httpx.TransportError as error:
            raise OpsAway(f"{method} {path} was not answered: {error}") from error
        if answer.is_error:
            told = f"{method} {path} was answered with {answer.status_code}: {answer.text[:500]}"
            raise OpsAway(told, retry_after_s=60) if answer.status_code == 503 else OpsRefused(told)
        return answer.json() if answer.content else None


def parse_command(entry: Mapping[str, Any]) -> Command:
    """A capture out of the ops door's list."""
    return Command(
        id=entry["id"],
        request_id=entry["request_id"],
        satellite=entry["satellite"],
        status=entry["status"],
        start=datetime.fromisoformat(entry["start"]),
        end=datetime.fromisoformat(entry["end"]),
        footprint=join([shape(entry["footprint"])]),
        cloud_percent=entry["cloud_percent"],
        uplinked=entry["uplinked"] is not None,
        expected=datetime.fromisoformat(entry["expected_delivery"]) if entry["expected_delivery"] else None,
        downlink=_parse_contact(entry["downlink"]) if entry["downlink"] else None,
    )


def parse_uplink(entry: Mapping[str, Any]) -> Uplink:
    """An uplink out of the ops door's list. It is done when the contact ends, and before anything is captured."""
    activities = entry["activities"]
    ends = [entry["end"] or entry["start"], *(activity["start"] for activity in activities)]
    return Uplink(
        id=entry["id"],
        done=min(map(datetime.fromisoformat, ends)),
        requests={activity["capture_id"]: activity["request_id"] for activity in activities},
    )


def _parse_contact(entry: Mapping[str, Any]) -> Contact:
    return Contact(datetime.fromisoformat(entry["start"]), datetime.fromisoformat(entry["end"]))
