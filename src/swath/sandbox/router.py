"""The sandbox door: look at simulated time, move it, and make things go wrong on purpose."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator
from typing_extensions import TypedDict

from swath.clock import SandboxClock
from swath.errors import Conflict, Fault, Invalid
from swath.oauth.tokens import Principal
from swath.sandbox.world import World
from swath.tasking.ports import Store
from swath.tasking.requests import find_request
from swath.wire import format_time
from swath.wire.durations import UNDER_366, describe_duration

SCOPE, OPERATOR = "sandbox", "ops"
# A year at once is more than any element set is good for, and enough work for one answer.
MAX_STEP = timedelta(days=366)

NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {}}
NOT_NOW: dict[int | str, dict[str, Any]] = {409: {}}


class ClockDocument(TypedDict):
    """The simulated time in UTC, and how many of its seconds pass in a real one."""

    now: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    rate: float


class FaultDocument(TypedDict):
    """Something that shall go wrong with one request."""

    request_id: str
    kind: str
    hours: float | None


class FaultList(TypedDict):
    """What shall go wrong."""

    faults: Sequence[FaultDocument]


def _given(name: str, kind: str) -> dict[str, Any]:
    """The schema of objects in which a member is there and not null."""
    return {"required": [name], "properties": {name: {"type": kind}}}


def _describe_step(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [describe_duration(UNDER_366, MAX_STEP.days), {"type": "null"}]


class Move(BaseModel):
    """Where to put the clock: to a time, by a duration, or on at another rate."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"advance_by": "PT1M"},
            "anyOf": [
                _given("advance_to", "string"),
                _given("advance_by", "string"),
                _given("rate", "number"),
            ],
            "not": {
                "required": ["advance_to", "advance_by"],
                "properties": {"advance_to": {}, "advance_by": {}},
            },
        },
    )

    advance_to: AwareDatetime | None = None
    advance_by: timedelta | None = Field(
        None,
        description=f"ISO 8601 duration, such as PT6H; at most {MAX_STEP.days} days",
        json_schema_extra=_describe_step,
    )
    rate: float | None = Field(
        None,
        ge=0,
        le=86_400,
        strict=True,
        allow_inf_nan=False,
        description="Simulated seconds in a real second",
    )

    @field_validator("advance_by", mode="before")
    @classmethod
    def _take_text_only(cls, value: object) -> object:
        if value is not None and not isinstance(value, str):
            raise ValueError('advance_by is an ISO 8601 duration, such as "PT6H"')
        return value

    @model_validator(mode="after")
    def _check_something_is_asked(self) -> "Move":
        if self.advance_to is None and self.advance_by is None and self.rate is None:
            raise ValueError('say one of advance_to, advance_by (such as "PT6H") or rate')
        if {"advance_to", "advance_by"} <= self.model_fields_set:
            raise ValueError("say advance_to or advance_by, not both")
        return self


class PlannedFault(BaseModel):
    """Something that shall go wrong with one request; `hours` is how late a late delivery is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"request_id": "VGFzazoxMjM0", "kind": "late_delivery", "hours": 6}},
    )

    request_id: str = Field(max_length=200)
    kind: Literal[
        "cloud", "capture_failure", "missed_contact", "uplink_rejected", "late_delivery", "scene_lost"
    ]
    hours: float | None = Field(None, gt=0, le=24 * 30)


class FaultStore(Protocol):
    """Keeps the faults that were asked for."""

    def add_fault(self, request_id: str, kind: str, hours: float | None, now: datetime) -> None: ...
    def faults(self) -> Sequence[Mapping[str, Any]]: ...


def build_router(
    store: Store,
    faults: FaultStore,
    clock: SandboxClock,
    world: World,
    require: Callable[[str], Callable[..., Any]],
) -> APIRouter:
    """The routes under /sandbox. The time may be read by anyone; the rest needs the scope `sandbox`."""
    router = APIRouter(prefix="/sandbox", tags=["sandbox"])
    guard = require(SCOPE)
    _add_clock(router, clock, world, guard)
    _add_faults(router, store, faults, clock, guard)
    return router


def _add_clock(router: APIRouter, clock: SandboxClock, world: World, guard: Callable[..., Any]) -> None:
    @router.get("/clock", summary="The simulated time", openapi_extra={"security": []})
    def read_clock() -> ClockDocument:
        return _face(clock)

    @router.post(
        "/clock",
        summary="Move simulated time; everything due on the way happens before the answer",
        dependencies=[Depends(guard)],
        responses=NOT_NOW,
    )
    def move_clock(move: Move) -> ClockDocument:
        _check_step(move, clock.now())
        if move.rate is not None:
            clock.set_rate(move.rate)
        if move.advance_to is not None:
            world.advance_to(move.advance_to)
        if move.advance_by is not None:
            world.advance_by(move.advance_by)
        return _face(clock)


def _add_faults(
    router: APIRouter, store: Store, faults: FaultStore, clock: SandboxClock, guard: Callable[..., Any]
) -> None:
    @router.get("/faults", summary="What shall go wrong with the caller's requests")
    def read_faults(principal: Annotated[Principal, Depends(guard)]) -> FaultList:
        account, all_faults = _account_of(principal), faults.faults()
        with store.read() as reader:
            told = [fault for fault in all_faults if reader.request(fault["request_id"], account)]
        return {"faults": [FaultDocument(**fault) for fault in told]}

    @router.post(
        "/faults",
        status_code=201,
        summary="Make something go wrong with one request",
        responses=NOT_FOUND,
    )
    def add_fault(fault: PlannedFault, principal: Annotated[Principal, Depends(guard)]) -> FaultDocument:
        with store.read() as reader:
            find_request(reader, fault.request_id, _account_of(principal))
        faults.add_fault(fault.request_id, fault.kind, fault.hours, clock.now())
        return {"request_id": fault.request_id, "kind": fault.kind, "hours": fault.hours}


def _account_of(principal: Principal) -> str | None:
    """Mission control sees every account's requests, a customer only its own."""
    return None if OPERATOR in principal.scopes else principal.account_id


def _face(clock: SandboxClock) -> ClockDocument:
    return {"now": format_time(clock.now()), "rate": clock.rate}


def _check_step(move: Move, now: datetime) -> None:
    """Raises Invalid for a wrong step, and Conflict for a time that is wrong as the clock now stands."""
    if move.advance_by is not None:
        for code, told in _find_wrong(move.advance_by, now):
            raise Invalid(Fault("/advance_by", code, told))
    if move.advance_to is not None:
        for code, told in _find_wrong(move.advance_to - now, now):
            raise Conflict(told, code=code)


def _find_wrong(step: timedelta, now: datetime) -> Iterator[tuple[str, str]]:
    if step < timedelta(0):
        yield "clock_backwards", f"It is {format_time(now)}; time only goes forward."
    if step > MAX_STEP:
        yield (
            "step_too_long",
            f"It is {format_time(now)}; time moves at most {MAX_STEP.days} days at once.",
        )
