"""Versions of the schedule: looked up, and with what each was made from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from swath.errors import NotFound
from swath.tasking.model import Schedule
from swath.tasking.ports import Reader


def find_schedule(reader: Reader, version: int | None = None) -> Schedule:
    """A version of the schedule, the latest without one. Raises NotFound, saying which there are."""
    schedule = reader.schedule(version)
    if version not in (None, schedule.version):
        latest = reader.schedule().version
        there_are = f"the latest is {latest}" if latest else "nothing has been scheduled yet"
        raise NotFound(f"The schedule has no version {version}; {there_are}.")
    return schedule


def find_inputs(reader: Reader, version: int) -> Mapping[str, Any]:
    """What a version was computed from. Raises NotFound where it was not computed, but follows from the one before."""
    inputs = reader.schedule_inputs(version)
    if inputs is None:
        raise NotFound(
            f"Nothing was computed for version {version}; its cause says how it follows from the one before.",
            code="no_inputs",
        )
    return inputs


def find_epochs(reader: Reader, schedule: Schedule) -> Mapping[str, datetime]:
    """The epoch of each satellite's elements as they were known when a version was made."""
    return {stored.satellite: stored.epoch for stored in reader.elements(schedule.created)}
