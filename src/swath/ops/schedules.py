"""The schedule at mission control's door: its versions, in every format, and what each was made from."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from swath.clock import Clock
from swath.errors import NotFound
from swath.ops.documents import ScheduleDocument, ScheduleList, build_schedule, build_schedule_head
from swath.ops.sheets import FORMATS, build_sheet
from swath.ops.versions import find_epochs, find_inputs, find_schedule
from swath.tasking.ports import Reader, Store
from swath.tasking.rules import Rules

LATEST = "latest"
MOST_LISTED = 100
# As many digits as surely fit into a database's whole numbers.
VERSION = re.compile(rf"(?:{LATEST}|[1-9][0-9]{{0,17}})")
VersionName = Annotated[
    str,
    Path(
        description=f"Number of a version, or {LATEST}",
        json_schema_extra={"pattern": rf"^{VERSION.pattern}$"},
    ),
]
FormatName = Annotated[Literal["json", "geojson", "csv", "ics", "czml", "svg"], Query(description="Format")]
OTHERS = {
    form.media_type: {"schema": {"type": form.kind}}
    for form in FORMATS.values()
    if form.media_type != "application/json"
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {}}


def add_schedules(router: APIRouter, store: Store, clock: Clock, rules: Rules) -> None:
    """The routes under /schedules."""

    @router.get("/schedules", summary="Versions of the schedule, the newest first")
    def list_schedules(limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 20) -> ScheduleList:
        with store.read() as reader:
            return {"schedules": [build_schedule_head(schedule) for schedule in reader.schedules(limit)]}

    @router.get(
        "/schedules/{version}",
        summary="One version of the schedule",
        responses={**NOT_FOUND, 200: {"content": OTHERS}},
        # CZML is JSON, too: a list of packets.
        response_model=ScheduleDocument | list[dict[str, Any]],
    )
    def read_schedule(version: VersionName, f: FormatName = "json") -> ScheduleDocument | Response:
        number = _parse_version(version)
        if f == "json":
            with store.read() as reader:
                return read_schedule_document(reader, number)
        now = clock.now()
        with store.read() as reader:
            sheet = build_sheet(reader, rules, now, number)
        return _answer(FORMATS[f].write(sheet), FORMATS[f].media_type, f"schedule-{version}.{f}")

    @router.get(
        "/schedules/{version}/inputs",
        summary="What a version of the schedule was made from",
        responses=NOT_FOUND,
    )
    def read_schedule_inputs(version: VersionName) -> dict[str, Any]:
        with store.read() as reader:
            schedule = find_schedule(reader, _parse_version(version))
            return dict(find_inputs(reader, schedule))


def read_schedule_document(reader: Reader, version: int | None) -> ScheduleDocument:
    """A version of the schedule as JSON, the latest without one. Raises NotFound."""
    schedule = find_schedule(reader, version)
    inputs = reader.schedule_inputs(schedule.version)
    return build_schedule(schedule, find_epochs(reader, schedule), inputs)


def _parse_version(text: str) -> int | None:
    if VERSION.fullmatch(text) is None:
        raise NotFound(f"A version of the schedule is a number from 1 on, or {LATEST}; found {text[:40]!r}.")
    return None if text == LATEST else int(text)


def _answer(text: str, media_type: str, name: str) -> Response:
    return Response(
        text, media_type=media_type, headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
