"""Placements arranged for quick questions: one lane a satellite in time order, and a place for each work."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from swath.scheduling.answers.memory import Tally, build_tally
from swath.scheduling.model import Placement, Rules


class Lane(tuple[Placement, ...]):
    """The placements of one satellite by start time; what was worked out about them is kept beside them."""

    _tally: tuple[Rules, Tally | None] | None = None

    @cached_property
    def starts_s(self) -> list[float]:
        """When they start, POSIX seconds UTC."""
        return [placement.chance.start_s for placement in self]

    @cached_property
    def seconds_by_revolution(self) -> Mapping[int, Sequence[float]]:
        """How long each capture of a revolution is."""
        found = dict[int, list[float]]()
        for placement in self:
            found.setdefault(placement.chance.revolution, []).append(placement.chance.seconds)
        return found

    def add(self, placement: Placement) -> "Lane":
        """With one more placement."""
        here = bisect_right(self.starts_s, placement.chance.start_s)
        lane = Lane((*self[:here], placement, *self[here:]))
        if self._tally is not None and self._tally[1] is not None:
            lane._tally = (self._tally[0], self._tally[1].add(placement.chance))
        return lane

    def remove(self, gone: Collection[Placement]) -> "Lane":
        """Without these placements, which it has."""
        return reduce(Lane._remove_one, gone, self)

    def _remove_one(self, gone: Placement) -> "Lane":
        here = bisect_left(self.starts_s, gone.chance.start_s)
        while self[here].work.id != gone.work.id:
            here += 1
        lane = Lane((*self[:here], *self[here + 1 :]))
        if self._tally is not None and self._tally[1] is not None:
            lane._tally = (self._tally[0], self._tally[1].remove(gone.chance))
        return lane

    def tally(self, satellite: str, rules: Rules) -> Tally | None:
        """What is in the memory of the satellite; None if it has a limitless one."""
        if self._tally is None or self._tally[0] is not rules:
            self._tally = (rules, self._count(satellite, rules))
        return self._tally[1]

    def _count(self, satellite: str, rules: Rules) -> Tally | None:
        memory = rules.memory.get(satellite)
        if memory is None:
            return None
        passes, on_board_gb = rules.passes.get(satellite, ()), rules.on_board_gb.get(satellite, 0.0)
        return build_tally([placement.chance for placement in self], memory, passes, on_board_gb)


@dataclass(frozen=True)
class Timetable:
    """An immutable set of placements; adding or removing gives another and shares the lanes that did not change."""

    lanes: Mapping[str, Lane]
    places: Mapping[str, Placement]

    def lane(self, satellite: str) -> Lane:
        """The satellite's placements by start time."""
        # One lane for all that have none would keep the tally of whichever satellite was asked for first.
        return self.lanes[satellite] if satellite in self.lanes else Lane()

    def add(self, placement: Placement) -> "Timetable":
        """With one more placement; one of the same work that is there already must be removed first."""
        satellite = placement.chance.satellite
        lane = self.lane(satellite).add(placement)
        return Timetable({**self.lanes, satellite: lane}, {**self.places, placement.work.id: placement})

    def remove(self, placements: Iterable[Placement]) -> "Timetable":
        """Without these placements."""
        places, lanes = dict(self.places), dict(self.lanes)
        leaving: dict[str, list[Placement]] = {}
        for work_id in {placement.work.id for placement in placements}:
            placement = places.pop(work_id)
            leaving.setdefault(placement.chance.satellite, []).append(placement)
        lanes.update((satellite, lanes[satellite].remove(gone)) for satellite, gone in leaving.items())
        return Timetable(lanes, places)

    def placements(self) -> tuple[Placement, ...]:
        """All placements by start time; equal starts by satellite and work, so that the order is always the same."""
        return tuple(sorted(self.places.values(), key=_reading_order))


def build_timetable(placements: Iterable[Placement]) -> Timetable:
    """Sort placements into lanes."""
    lanes: dict[str, list[Placement]] = {}
    places: dict[str, Placement] = {}
    for placement in sorted(placements, key=_reading_order):
        lanes.setdefault(placement.chance.satellite, []).append(placement)
        places[placement.work.id] = placement
    return Timetable({satellite: Lane(lane) for satellite, lane in lanes.items()}, places)


def _reading_order(placement: Placement) -> tuple[float, str, str]:
    return placement.chance.start_s, placement.chance.satellite, placement.work.id
