"""Where a request stands in the schedule: at one of its chances, or nowhere; and until when it can be canceled."""

from dataclasses import replace
from datetime import datetime

from swath.tasking.model import Chance, TaskingRequest


def with_place(request: TaskingRequest, chance: Chance) -> TaskingRequest:
    """The request with its capture planned at this chance: it can be canceled until that is commanded."""
    return replace(
        request,
        planned_start=chance.start,
        planned_end=chance.end,
        planned_satellite=chance.satellite,
        cancel_until=chance.uplink_by,
    )


def without_place(request: TaskingRequest) -> TaskingRequest:
    """The request with no capture planned: it can be canceled until its last chance has gone."""
    return replace(
        request,
        planned_start=None,
        planned_end=None,
        planned_satellite=None,
        cancel_until=last_chance(request),
    )


def last_chance(request: TaskingRequest) -> datetime:
    """The last moment at which any of the request's chances can be commanded; without any, that is over."""
    return max((chance.uplink_by for chance in request.chances), default=request.created)
