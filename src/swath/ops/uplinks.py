"""Uplinks at mission control's door: what goes up with which contact, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from swath.clock import Clock
from swath.errors import BadParameter
from swath.ops.contacts import find_satellite, newest_elements
from swath.ops.parameters import Statuses, parse_statuses
from swath.ops.uplink_documents import Turns, UplinkDocument, UplinkList, build_uplink
from swath.tasking import uplinks
from swath.tasking.ports import Reader, Store
from swath.tasking.rules import Rules
from swath.tasking.uplinks import Uplink, UplinkReport, UplinkStatus
from swath.wire import Time, format_time

COMING = f"{UplinkStatus.PROVISIONAL},{UplinkStatus.FROZEN}"
UplinkId = Annotated[str, Path(description="Id of the uplink", examples=["GRUS-1A.20260823T013000Z"])]
Moment = Annotated[Time | None, Query()]
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {}}
NOT_NOW: dict[int | str, dict[str, Any]] = {404: {}, 409: {}}


MISSED_WITH_CAPTURES: dict[str, Any] = {
    "required": ["outcome", "captures"],
    "properties": {
        "outcome": {"enum": ["missed"]},
        "captures": {"type": "array", "items": {}, "minItems": 1},
    },
}


class Acknowledged(BaseModel):
    """What became of an uplink contact. `captures` names those whose commands went up, where it was not all."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"outcome": "uplinked", "at": "2026-08-22T01:40:00Z"},
            "not": MISSED_WITH_CAPTURES,
        },
    )

    outcome: Literal["uplinked", "missed"]
    at: Time = Field(description="When it was known what became of the contact")
    captures: list[str] | None = Field(None, max_length=1_000)
    message: str = Field("", max_length=500)

    @model_validator(mode="after")
    def _check_captures(self) -> "Acknowledged":
        if self.outcome == "missed" and self.captures:
            raise ValueError(
                "captures are named only when the outcome is uplinked: nothing goes up when it is missed"
            )
        return self


def add_uplinks(router: APIRouter, store: Store, clock: Clock, rules: Rules) -> None:
    """The routes under /uplinks."""

    def build(reader: Reader, found: Sequence[Uplink]) -> Sequence[UplinkDocument]:
        elements = newest_elements(reader) if found else {}
        turns = Turns.of(reader.schedule(), rules)
        return [
            build_uplink(reader, rules, uplink, elements.get(uplink.satellite), turns) for uplink in found
        ]

    @router.get("/uplinks", summary="Contacts that carry commands, by start", responses=NOT_FOUND)
    def list_uplinks(
        status: Annotated[str, Statuses(UplinkStatus)] = COMING,
        satellite: str | None = None,
        start: Moment = None,
        end: Moment = None,
    ) -> UplinkList:
        wanted = parse_statuses(UplinkStatus, status)
        name = find_satellite(rules, satellite) if satellite is not None else None
        begin = start or clock.now()
        _check_span(begin, end)
        with store.read() as reader:
            found = [
                uplink
                for uplink in uplinks.find_uplinks(reader, rules, begin, end)
                if uplink.status in wanted and name in (None, uplink.satellite)
            ]
            listed = build(reader, found)
        return {"uplinks": listed, "numberReturned": len(listed)}

    @router.get("/uplinks/{uplink_id}", summary="One contact that carries commands", responses=NOT_FOUND)
    def read_uplink(uplink_id: UplinkId) -> UplinkDocument:
        with store.read() as reader:
            return build(reader, [uplinks.find_uplink(reader, rules, uplink_id)])[0]

    @router.post(
        "/uplinks/{uplink_id}/acknowledge",
        summary="Say that the commands went up, or which did, or that the contact was missed",
        responses=NOT_NOW,
    )
    def acknowledge_uplink(uplink_id: UplinkId, told: Acknowledged) -> UplinkDocument:
        captures = None if told.captures is None else frozenset(told.captures)
        report = UplinkReport(told.outcome, told.at, captures, told.message)
        with store.begin() as uow:
            now = clock.now()
            uplink = uplinks.acknowledge(uow, rules, uplink_id, report, now)
            return build(uow, [uplink])[0]


def _check_span(start: datetime, end: datetime | None) -> None:
    if end is not None and end <= start:
        raise BadParameter("end", f"The end must be after the start, which is {format_time(start)}.")
