"""Refusals at mission control's door: why a request had no place, with all that was in its way by name.

The customer is told the same with other people's work counted, not named (decision 26).
"""

from collections.abc import Sequence
from typing import Annotated, Any, NotRequired

from fastapi import APIRouter, Path
from typing_extensions import TypedDict

from swath.ops.documents import ReasonDocument, TimeText, build_reason
from swath.tasking.model import Event
from swath.tasking.ports import Store
from swath.tasking.requests import find_request
from swath.wire import format_time

RequestId = Annotated[str, Path(description="Id of the request", examples=["VGFzazow"])]
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {}}


class BlockerDocument(TypedDict):
    """A capture in the way: of which request, of which account, and whether it is commanded already."""

    request_id: str
    account_id: str
    commanded: bool


class FindingDocument(TypedDict):
    """What one chance met. Without its `blockers` it would be free; there are none where nothing could help."""

    code: str
    satellite: str
    start: TimeText
    end: NotRequired[TimeText]
    roll_deg: NotRequired[float]
    pitch_deg: NotRequired[float]
    figures: dict[str, Any]
    blockers: Sequence[BlockerDocument]


class RefusalDocument(TypedDict):
    """When and why the request had no place, as its customer was told, and what each chance met."""

    at: TimeText
    status: str
    reason: ReasonDocument
    findings: Sequence[FindingDocument]


class RefusalList(TypedDict):
    """Refusals of one request, the oldest first."""

    request_id: str
    account_id: str
    refusals: Sequence[RefusalDocument]


def add_refusals(router: APIRouter, store: Store) -> None:
    """The routes under /requests."""

    @router.get(
        "/requests/{request_id}/refusals",
        summary="Why a request had no place, with everything that was in its way",
        responses=NOT_FOUND,
    )
    def list_refusals(request_id: RequestId) -> RefusalList:
        with store.read() as reader:
            request = find_request(reader, request_id, None)
            refusals = [_build_refusal(event) for event in reader.refusals_of(request.id)]
        return {"request_id": request.id, "account_id": request.account_id, "refusals": refusals}


def _build_refusal(event: Event) -> RefusalDocument:
    findings: Any = list(event.reason.findings)
    return {
        "at": format_time(event.at),
        "status": event.after.status,
        "reason": build_reason(event.reason),
        "findings": findings,
    }
