"""Query parameters that several routes of mission control's door take."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from fastapi import Query, Request

from swath.api.parameters import collect_params
from swath.errors import BadParameter

S = TypeVar("S", bound=StrEnum)


def Statuses(kind: type[StrEnum]) -> Any:
    """A parameter that takes statuses of a kind, separated by commas."""
    names = "|".join(kind)
    return Query(
        description="Statuses, separated by commas",
        json_schema_extra={"pattern": rf"^(?:{names})(?:,(?:{names}))*$"},
    )


def parse_statuses(kind: type[S], text: str) -> Sequence[S]:
    """Statuses separated by commas, written as they are declared. Raises BadParameter naming those there are."""
    known = {status.value: status for status in kind}
    names = text.split(",")
    unknown = [name for name in names if name not in known]
    if unknown:
        told = ", ".join(unknown)[:80]
        raise BadParameter(
            "status", f"There is no status {told!r}; use {', '.join(known)}, with commas between."
        )
    return [known[name] for name in names]


def refuse_unknown(request: Request) -> None:
    """Raises BadParameter for a query parameter that the called route does not declare, or that has two values."""
    known = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    for name in collect_params(request.query_params.multi_items()):
        if name not in known:
            there_are = f"there are {', '.join(known)}" if known else "there are none here"
            raise BadParameter(name[:80], f"There is no parameter {name[:80]!r}; {there_are}.")
