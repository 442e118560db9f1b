"""Captures at mission control's door: what is to be made, what became of it, and its scene."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from swath.clock import Clock
from swath.delivery.assets import AssetStore
from swath.delivery.scene import PARTS
from swath.ops.contacts import find_downlink, find_satellite, newest_elements
from swath.ops.documents import CaptureDocument, CaptureList, PartDocument, build_capture
from swath.ops.parameters import Statuses, parse_statuses
from swath.ops.upload import GEOTIFF, check_welcome, check_whole, find_parts, receive_part
from swath.orbit.elements import Elements
from swath.tasking import captures, downlinks
from swath.tasking.captures import CaptureResult
from swath.tasking.downlinks import DownlinkReport
from swath.tasking.model import Capture, CaptureStatus
from swath.tasking.ports import Reader, Store
from swath.tasking.rules import Rules
from swath.tasking.uplinks import uplink_id_of
from swath.wire import Time

PENDING = f"{CaptureStatus.COMMANDED},{CaptureStatus.CAPTURED}"
CaptureId = Annotated[str, Path(description="Id of the capture")]
Part = Annotated[str, Path(description=f"One of {', '.join(PARTS)}", json_schema_extra={"enum": list(PARTS)})]
IMAGE = {"schema": {"type": "string", "format": "binary"}}
SCENE = {"required": True, "content": {GEOTIFF: IMAGE, "application/octet-stream": IMAGE}}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {}}
NOT_NOW: dict[int | str, dict[str, Any]] = {404: {}, 409: {}}
Build = Callable[[Reader, Capture, Mapping[str, Elements]], CaptureDocument]


class Result(BaseModel):
    """What became of a capture."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"outcome": "done", "at": "2026-08-22T01:30:00Z"}}
    )

    outcome: Literal["done", "failed", "cloudy"]
    cloud_percent: float | None = Field(
        None, strict=True, ge=0, le=100, description="Share of the footprint under cloud"
    )
    at: Time = Field(description="When the result was known on board")
    message: str = Field("", max_length=500)


LATE: dict[str, Any] = {
    "required": ["expected"],
    "properties": {"outcome": {"enum": ["late"]}, "expected": {"type": "string"}},
}
NOT_LATE: dict[str, Any] = {
    "properties": {
        "outcome": {"enum": ["done", "lost"]},
        "expected": {"type": "string", "nullable": True, "enum": [None]},
    }
}


class Downlink(BaseModel):
    """What became of a scene; one that is late is `expected` to be on the ground at another time."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"outcome": "done"}, "anyOf": [LATE, NOT_LATE]}
    )

    outcome: Literal["done", "late", "lost"]
    expected: Time | None = Field(None, description="When a scene that is late will be on the ground")
    message: str = Field("", max_length=500)

    @model_validator(mode="after")
    def _check_expected(self) -> "Downlink":
        if (self.outcome == "late") != (self.expected is not None):
            raise ValueError("expected is said of a scene that is late, and of no other")
        return self


def add_captures(router: APIRouter, store: Store, clock: Clock, rules: Rules, assets: AssetStore) -> None:
    """The routes under /captures."""
    build = _capture_builder(rules, assets)
    _add_reading(router, store, rules, build)
    _add_reporting(router, store, clock, rules, build)
    _add_scenes(router, store, clock, rules, assets, build)


def _add_reading(router: APIRouter, store: Store, rules: Rules, build: Build) -> None:
    @router.get("/captures", summary="Captures in the given statuses, by start", responses=NOT_FOUND)
    def list_captures(
        status: Annotated[str, Statuses(CaptureStatus)] = PENDING,
        satellite: str | None = None,
        request_id: str | None = None,
    ) -> CaptureList:
        wanted = parse_statuses(CaptureStatus, status)
        name = find_satellite(rules, satellite) if satellite is not None else None
        with store.read() as reader:
            found = [
                capture
                for capture in reader.captures_in(wanted)
                if name in (None, capture.chance.satellite) and request_id in (None, capture.request_id)
            ]
            elements = newest_elements(reader) if found else {}
            listed = [build(reader, capture, elements) for capture in sorted(found, key=_start)]
        return {"captures": listed, "numberReturned": len(listed)}

    @router.get("/captures/{capture_id}", summary="One capture", responses=NOT_FOUND)
    def read_capture(capture_id: CaptureId) -> CaptureDocument:
        with store.read() as reader:
            return build(reader, captures.find_capture(reader, capture_id), newest_elements(reader))


def _add_reporting(router: APIRouter, store: Store, clock: Clock, rules: Rules, build: Build) -> None:
    @router.post("/captures/{capture_id}/result", summary="Say what became of a capture", responses=NOT_NOW)
    def report_result(capture_id: CaptureId, result: Result) -> CaptureDocument:
        told = CaptureResult(result.outcome, result.cloud_percent, result.at, result.message)
        with store.begin() as uow:
            now = clock.now()
            capture = captures.report_result(uow, rules, capture_id, told, now)
            return build(uow, capture, newest_elements(uow))


def _add_scenes(
    router: APIRouter, store: Store, clock: Clock, rules: Rules, assets: AssetStore, build: Build
) -> None:
    def find_welcome(capture_id: CaptureId, part: Part) -> Capture:
        with store.read() as reader:
            capture = captures.find_capture(reader, capture_id)
        check_welcome(capture, part)
        return capture

    @router.put(
        "/captures/{capture_id}/scene/{part}",
        summary="Hand over the pan, msi or udm part of a scene",
        responses={**NOT_NOW, 413: {}, 422: {}},
        openapi_extra={"requestBody": SCENE},
    )
    async def put_part(
        request: Request, part: Part, capture: Annotated[Capture, Depends(find_welcome)]
    ) -> PartDocument:
        most = rules.limits.max_scene_bytes
        size = await receive_part(assets, capture, part, request.stream(), most)
        return {"capture": capture.id, "part": part, "bytes": size}

    @router.post(
        "/captures/{capture_id}/downlink",
        summary="Say that the whole scene was handed over, comes later, or is lost",
        responses=NOT_NOW,
    )
    def report_downlink(capture_id: CaptureId, downlink: Downlink) -> CaptureDocument:
        told = DownlinkReport(downlink.outcome, downlink.expected, downlink.message)
        with store.begin() as uow:
            now = clock.now()
            capture = captures.find_capture(uow, capture_id)
            if told.outcome == "done" and capture.status == CaptureStatus.CAPTURED:
                check_whole(assets, capture)
            capture = downlinks.report_downlink(uow, rules, capture_id, told, now)
            return build(uow, capture, newest_elements(uow))


def _capture_builder(rules: Rules, assets: AssetStore) -> Build:
    def build(reader: Reader, capture: Capture, elements: Mapping[str, Elements]) -> CaptureDocument:
        request, chance = reader.request(capture.request_id), capture.chance
        orbit = elements.get(chance.satellite)
        downlink = None if orbit is None else find_downlink(orbit, rules.fleet.stations, chance.end)
        uplink_id = uplink_id_of(rules, chance)
        return build_capture(
            capture, request and request.priority, uplink_id, downlink, find_parts(assets, capture)
        )

    return build


def _start(capture: Capture) -> datetime:
    return capture.chance.start
