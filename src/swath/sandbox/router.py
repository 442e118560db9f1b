"""The sandbox door: look at simulated time, move it, and make things go wrong on purpose."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from swath.clock import SandboxClock
from swath.errors import Fault, Invalid
from swath.sandbox.world import World
from swath.tasking.ports import Store
from swath.tasking.requests import find_request

# A year at once is more than any element set is good for, and enough work for one answer.
MAX_STEP = timedelta(days=366)


class Move(BaseModel):
    """Where to put the clock: to a time, by a duration, or on at another rate."""

    model_config = ConfigDict(extra="forbid")

    advance_to: AwareDatetime | None = None
    advance_by: timedelta | None = None
    rate: float | None = Field(None, ge=0, le=86_400)

    @model_validator(mode="after")
    def _something(self) -> "Move":
        if self.advance_to is None and self.advance_by is None and self.rate is None:
            raise ValueError('say one of advance_to, advance_by ("PT6H") or rate')
        if self.advance_to is not None and self.advance_by is not None:
            raise ValueError("say advance_to or advance_by, not both")
        return self


class Fault_(BaseModel):
    """Something that shall go wrong with one request."""

    model_config = ConfigDict(extra="forbid", title="Fault")

    request_id: str
    kind: Literal["cloud", "capture_failure", "missed_contact", "late_delivery"]
    hours: float | None = Field(None, gt=0, le=24 * 30)


class FaultStore(Protocol):
    """Keeps the faults that were asked for."""

    def add_fault(self, request_id: str, kind: str, hours: float | None, now: datetime) -> None: ...
    def faults(self) -> Sequence[dict[str, Any]]: ...


def build_router(
    store: Store,
    faults: FaultStore,
    clock: SandboxClock,
    world: World,
    require: Callable[[str], Callable[..., Any]],
) -> APIRouter:
    """The routes under /sandbox, for tokens with the scope `sandbox`."""
    router = APIRouter(prefix="/sandbox", tags=["sandbox"], dependencies=[Depends(require("sandbox"))])

    @router.get("/clock", summary="The simulated time")
    def read_clock() -> dict[str, Any]:
        return _face(clock)

    @router.post("/clock", summary="Move simulated time; everything due on the way happens before the answer")
    def move_clock(move: Move) -> dict[str, Any]:
        if move.rate is not None:
            clock.set_rate(move.rate)
        target = _target(move, clock.now())
        if target is not None:
            world.advance_to(target)
        return _face(clock)

    @router.get("/faults", summary="What shall go wrong")
    def read_faults() -> dict[str, Any]:
        return {"faults": list(faults.faults())}

    @router.post("/faults", status_code=201, summary="Make something go wrong with one request")
    def add_fault(fault: Fault_) -> dict[str, Any]:
        with store.read() as reader:
            find_request(reader, fault.request_id, None)
        faults.add_fault(fault.request_id, fault.kind, fault.hours, clock.now())
        return fault.model_dump()

    return router


def _face(clock: SandboxClock) -> dict[str, Any]:
    return {"now": clock.now().isoformat().replace("+00:00", "Z"), "rate": clock.rate}


def _target(move: Move, now: datetime) -> datetime | None:
    if move.advance_to is None and move.advance_by is None:
        return None
    target = move.advance_to or now + (move.advance_by or timedelta(0))
    if target < now:
        raise Invalid(
            Fault("/advance_to", "clock_backwards", f"It is {now.isoformat()}; time only goes forward.")
        )
    if target - now > MAX_STEP:
        raise Invalid(Fault("/advance_by", "step_too_long", f"At most {MAX_STEP.days} days at once."))
    return target
