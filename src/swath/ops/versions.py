"""Versions of the schedule: looked up, and with what each was made from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from swath.errors import NotFound
from swath.ops.documents import build_activity, build_reason
from swath.tasking.model import Activity, Schedule
from swath.tasking.ports import Reader


def find_schedule(reader: Reader, version: int | None = None) -> Schedule:
    """A version of the schedule, the latest without one. Raises NotFound, saying which there are."""
    schedule = reader.schedule(version)
    if version not in (None, schedule.version):
        latest = reader.schedule().version
        there_are = f"the latest is {latest}" if latest else "nothing has been scheduled yet"
        raise NotFound(f"The schedule has no version {version}; {there_are}.")
    return schedule


def find_before(reader: Reader, schedule: Schedule) -> Schedule:
    """The version before this one; before the first there was an empty one."""
    first = schedule.version <= 1
    return Schedule(0, schedule.created, schedule.cause) if first else reader.schedule(schedule.version - 1)


def find_inputs(reader: Reader, schedule: Schedule) -> Mapping[str, Any]:
    """What a version was made from, by `made_by`: a `plan`, an `answer`, or a `change` that needed no computing."""
    inputs = reader.schedule_inputs(schedule.version)
    return inputs if inputs is not None else _describe_change(find_before(reader, schedule), schedule)


def find_epochs(reader: Reader, schedule: Schedule) -> Mapping[str, datetime]:
    """The epochs of the elements that a version was made with; where none were needed, of those known at the time."""
    inputs = reader.schedule_inputs(schedule.version)
    if inputs is not None and "elements" in inputs:
        return {name: datetime.fromisoformat(epoch) for name, epoch in inputs["elements"].items()}
    return {stored.satellite: stored.epoch for stored in reader.elements(schedule.created)}


def _describe_change(before: Schedule, schedule: Schedule) -> Mapping[str, Any]:
    old, new = ({line.request_id: line for line in one.activities} for one in (before, schedule))
    changed = [one for one in {**old, **new} if old.get(one) != new.get(one)]
    changes: Sequence[Mapping[str, Any]] = [
        {
            "request_id": one,
            "change": _name_change(old.get(one), new.get(one)),
            "before": build_activity(old[one]) if one in old else None,
            "after": build_activity(new[one]) if one in new else None,
        }
        for one in changed
    ]
    return {"made_by": "change", "cause": build_reason(schedule.cause), "changes": changes}


def _name_change(before: Activity | None, after: Activity | None) -> str:
    if before is None:
        return "placed"
    if after is None:
        return "dropped"
    return "frozen" if after.frozen and not before.frozen else "moved"
