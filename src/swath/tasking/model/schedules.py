"""Versions of the schedule, and their lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain

from swath.tasking.model.changes import Reason
from swath.tasking.model.plans import Chance
from swath.tasking.model.requests import Priority


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of a schedule: this satellite makes this request's capture in this way. Frozen = commanded."""

    request_id: str
    priority: Priority
    chance: Chance
    frozen: bool


Lines = Mapping[str, tuple[Activity, ...]]


@dataclass(frozen=True)
class Schedule:
    """One immutable version of who does what when, and what caused it; `lines` are each satellite's, as they came."""

    version: int
    created: datetime
    cause: Reason
    lines: Lines = field(default_factory=dict[str, tuple[Activity, ...]])

    @cached_property
    def activities(self) -> Sequence[Activity]:
        """The lines of all satellites."""
        return tuple(chain.from_iterable(self.lines.values()))

    def of(self, satellites: Collection[str]) -> Sequence[Activity]:
        """The lines of some satellites."""
        return [line for name in self.lines if name in satellites for line in self.lines[name]]

    def line_of(self, request_id: str) -> Activity | None:
        """The request's line, if it has one."""
        return next((line for line in self.activities if line.request_id == request_id), None)


def group_lines(lines: Iterable[Activity]) -> Lines:
    """Lines by satellite, each satellite's in their order."""
    groups = dict[str, list[Activity]]()
    for line in lines:
        groups.setdefault(line.chance.satellite, []).append(line)
    return {name: tuple(group) for name, group in groups.items()}


def change_lines(before: Lines, gone: Iterable[Activity], added: Iterable[Activity]) -> Lines:
    """Lines without some, and with others behind the rest. What concerns neither stays the same object."""
    leaving, coming = group_lines(gone), group_lines(added)
    changed = {
        name: (
            *(line for line in before.get(name, ()) if line not in leaving.get(name, ())),
            *coming.get(name, ()),
        )
        for name in leaving.keys() | coming.keys()
    }
    return {name: lines for name, lines in {**before, **changed}.items() if lines}
