"""Mission control's door: what is to be captured goes out, results and scenes come in.

Everything may be sent twice: the second time answers as the first and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from swath.clock import Clock
from swath.delivery.assets import AssetStore
from swath.delivery.scene import PARTS
from swath.errors import BadParameter
from swath.ops.contacts import (
    build_needs,
    elements_of,
    find_contacts_between,
    find_satellite,
    newest_elements,
)
from swath.ops.documents import (
    CaptureDocument,
    CaptureList,
    ContactList,
    GivenUp,
    PartDocument,
    build_capture,
    build_contact,
    format_time,
)
from swath.ops.schedules import add_schedules
from swath.ops.upload import GEOTIFF, check_welcome, check_whole, find_parts, receive_part
from swath.orbit.elements import Elements
from swath.orbit.propagate import PropagationFailed
from swath.tasking import captures
from swath.tasking.captures import CaptureResult
from swath.tasking.model import Capture, CaptureStatus
from swath.tasking.ports import Reader, Store
from swath.tasking.rules import Rules
from swath.wire import Time

PENDING = f"{CaptureStatus.COMMANDED},{CaptureStatus.CAPTURED}"
MAX_CONTACT_SPAN = timedelta(days=14)
CONTACT_MISSED = "CONTACT_MISSED"

CaptureId = Annotated[str, Path(description="Id of the capture")]
Part = Annotated[str, Path(description=f"One of {', '.join(PARTS)}", json_schema_extra={"enum": list(PARTS)})]
SatelliteName = Annotated[str, Query(description="Id of the satellite", examples=["GRUS-1A"])]
Moment = Annotated[Time | None, Query()]
_STATUSES = "|".join(CaptureStatus)
Statuses = Annotated[
    str,
    Query(
        description="Statuses, separated by commas",
        json_schema_extra={"pattern": rf"^(?:{_STATUSES})(?:,(?:{_STATUSES}))*$"},
    ),
]
IMAGE = {"schema": {"type": "string", "format": "binary"}}
SCENE = {"required": True, "content": {GEOTIFF: IMAGE, "application/octet-stream": IMAGE}}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {}}
NOT_NOW: dict[int | str, dict[str, Any]] = {404: {}, 409: {}}


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


class MissedContact(BaseModel):
    """An uplink contact that did not happen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"satellite": "GRUS-1A", "contact_start": "2026-08-22T01:30:00Z"}},
    )

    satellite: str = Field(min_length=1, max_length=100)
    contact_start: Time


def build_router(
    store: Store,
    clock: Clock,
    rules: Rules,
    assets: AssetStore,
    require: Callable[[str], Callable[..., Any]],
) -> APIRouter:
    """The routes under /ops/v1, for tokens with the scope `ops`."""
    guards = [Depends(require("ops")), Depends(refuse_unknown)]
    router = APIRouter(prefix="/ops/v1", tags=["ops"], dependencies=guards)
    _add_reading(router, store, clock, rules, assets)
    add_schedules(router, store, clock, rules)
    _add_reporting(router, store, clock, rules, assets)
    _add_scenes(router, store, clock, rules, assets)
    return router


def _add_reading(router: APIRouter, store: Store, clock: Clock, rules: Rules, assets: AssetStore) -> None:
    build = _capture_builder(rules, assets)

    @router.get("/captures", summary="Captures in the given statuses, by start")
    def list_captures(
        status: Statuses = PENDING,
        satellite: str | None = None,
        request_id: str | None = None,
    ) -> CaptureList:
        wanted = parse_statuses(status)
        with store.read() as reader:
            found = [
                capture
                for capture in reader.captures_in(wanted)
                if satellite in (None, capture.chance.satellite) and request_id in (None, capture.request_id)
            ]
            elements = newest_elements(reader) if found else {}
            listed = [build(reader, capture, elements) for capture in sorted(found, key=_start)]
        return {"captures": listed, "numberReturned": len(listed)}

    @router.get("/captures/{capture_id}", summary="One capture", responses=NOT_FOUND)
    def read_capture(capture_id: CaptureId) -> CaptureDocument:
        with store.read() as reader:
            return build(reader, captures.find_capture(reader, capture_id), newest_elements(reader))

    @router.get("/contacts", summary="Contacts of a satellite with the ground stations", responses=NOT_FOUND)
    def list_contacts(satellite: SatelliteName, start: Moment = None, end: Moment = None) -> ContactList:
        begin = start or clock.now()
        until = end or begin + timedelta(days=1)
        _check_span(begin, until)
        name = find_satellite(rules, satellite)
        with store.read() as reader:
            elements = elements_of(newest_elements(reader), name)
        try:
            found = find_contacts_between(rules, elements, begin, until)
        except PropagationFailed as error:
            raise BadParameter("start", error.message) from error
        return {
            "satellite": name,
            "elements_epoch": format_time(elements.epoch),
            "contacts": [build_contact(contact) for contact in found],
        }


def _add_reporting(router: APIRouter, store: Store, clock: Clock, rules: Rules, assets: AssetStore) -> None:
    build = _capture_builder(rules, assets)

    @router.post("/captures/{capture_id}/result", summary="Say what became of a capture", responses=NOT_NOW)
    def report_result(capture_id: CaptureId, result: Result) -> CaptureDocument:
        told = CaptureResult(result.outcome, result.cloud_percent, result.at, result.message)
        now = clock.now()
        with store.begin() as uow:
            capture = captures.report_result(uow, rules, capture_id, told, now)
            return build(uow, capture, newest_elements(uow))

    @router.post("/contacts/missed", summary="Say that an uplink contact did not happen", responses=NOT_FOUND)
    def report_missed(missed: MissedContact) -> GivenUp:
        name = find_satellite(rules, missed.satellite)
        now = clock.now()
        with store.begin() as uow:
            captures.contact_missed(uow, rules, name, missed.contact_start, now)
            return {"given_up": _given_up(uow, name, missed.contact_start)}


def _add_scenes(router: APIRouter, store: Store, clock: Clock, rules: Rules, assets: AssetStore) -> None:
    build = _capture_builder(rules, assets)

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
        "/captures/{capture_id}/downlinked",
        summary="Say that the whole scene was handed over",
        responses=NOT_NOW,
    )
    def report_downlinked(capture_id: CaptureId) -> CaptureDocument:
        now = clock.now()
        with store.begin() as uow:
            capture = captures.find_capture(uow, capture_id)
            if capture.status == CaptureStatus.CAPTURED:
                check_whole(assets, capture)
            capture = captures.scene_received(uow, capture_id, now)
            return build(uow, capture, newest_elements(uow))


def refuse_unknown(request: Request) -> None:
    """Raises BadParameter for a query parameter that the called route does not declare."""
    known = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    for name in request.query_params:
        if name not in known:
            there_are = f"there are {', '.join(known)}" if known else "there are none here"
            raise BadParameter(name[:80], f"There is no parameter {name[:80]!r}; {there_are}.")


def parse_statuses(text: str) -> Sequence[CaptureStatus]:
    """Statuses separated by commas. Raises BadParameter naming those there are."""
    known = {status.value: status for status in CaptureStatus}
    names = [name.strip().upper() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise BadParameter(
            "status", f"There is no status {(', '.join(unknown) or text)[:80]!r}; use {', '.join(known)}."
        )
    return [known[name] for name in names]


def _capture_builder(
    rules: Rules, assets: AssetStore
) -> Callable[[Reader, Capture, Mapping[str, Elements]], CaptureDocument]:
    find_needs = build_needs(rules)

    def build(reader: Reader, capture: Capture, elements: Mapping[str, Elements]) -> CaptureDocument:
        request = reader.request(capture.request_id)
        needs = find_needs(capture, elements.get(capture.chance.satellite))
        return build_capture(capture, request and request.priority, needs, find_parts(assets, capture))

    return build


def _start(capture: Capture) -> datetime:
    return capture.chance.start


def _check_span(start: datetime, end: datetime) -> None:
    if end <= start:
        raise BadParameter("end", "The end must be after the start.")
    if end - start > MAX_CONTACT_SPAN:
        raise BadParameter("end", f"Contacts are listed for at most {MAX_CONTACT_SPAN.days} days at once.")


def _given_up(reader: Reader, satellite: str, contact_start: datetime) -> list[str]:
    """All captures that were ever given up for this contact, so that saying it again answers the same."""
    return [
        capture.id
        for capture in reader.captures_in((CaptureStatus.FAILED,))
        if capture.chance.satellite == satellite
        and capture.reason is not None
        and capture.reason.code == CONTACT_MISSED
        and datetime.fromisoformat(capture.reason.evidence["contact_start"]) == contact_start
    ]
