"""Mission control's door: what is to be captured goes out, results and scenes come in.

Everything may be sent twice: the second time answers as the first and changes nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from swath.clock import Clock
from swath.delivery.assets import AssetStore
from swath.errors import BadParameter, Invalid
from swath.ops.captures import add_captures
from swath.ops.contacts import elements_of, find_contacts_between, find_satellite, newest_elements
from swath.ops.documents import ContactList, build_contact
from swath.ops.parameters import refuse_unknown
from swath.ops.refusals import add_refusals
from swath.ops.schedules import add_schedules
from swath.ops.uplinks import add_uplinks
from swath.orbit.propagate import PropagationFailed
from swath.tasking.ports import Store
from swath.tasking.rules import Rules
from swath.wire import Time, format_time

MAX_CONTACT_SPAN = timedelta(days=14)
SatelliteName = Annotated[str, Query(description="Id of the satellite", examples=["GRUS-1A"])]
Moment = Annotated[Time | None, Query()]
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {}}


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
    add_schedules(router, store, clock, rules)
    add_uplinks(router, store, clock, rules)
    add_captures(router, store, clock, rules, assets)
    add_refusals(router, store)
    _add_contacts(router, store, clock, rules)
    return router


def _add_contacts(router: APIRouter, store: Store, clock: Clock, rules: Rules) -> None:
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
        except (Invalid, PropagationFailed) as error:
            raise BadParameter("start", error.message) from error
        return {
            "satellite": name,
            "elements_epoch": format_time(elements.epoch),
            "contacts": [build_contact(contact) for contact in found],
        }


def _check_span(start: datetime, end: datetime) -> None:
    if not start < end <= start + MAX_CONTACT_SPAN:
        found = f"{format_time(start)} to {format_time(end)}"
        raise BadParameter(
            "end", f"The end comes after the start, by at most {MAX_CONTACT_SPAN.days} days; found {found}."
        )
