"""Placements arranged for quick questions: one lane a satellite in time order, and a place for each work."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType

from swath.scheduling.answers.memory import Tally, build_tally
from swath.scheduling.model import Placement, Rules


class Lane:
    """The placements of one satellite by start time, with what questions about them begin from.

    `starts_s` are their starts, POSIX seconds UTC; `seconds` tells of each revolution how long each of its captures is.
    Adding or removing gives another lane, and what is known of this one is not worked out again.
    """

    def __init__(
        self,
        placements: Sequence[Placement] = (),
        starts_s: Sequence[float] = (),
        seconds: Mapping[int, Sequence[float]] = MappingProxyType({}),
        tally: tuple[Rules, Tally] | None = None,
    ) -> None:
        self.placements, self.starts_s, self.seconds, self._tally = placements, starts_s, seconds, tally

    def add(self, placement: Placement) -> "Lane":
        """With one more placement."""
        chance, here = placement.chance, bisect_right(self.starts_s, placement.chance.start_s)
        return Lane(
            (*self.placements[:here], placement, *self.placements[here:]),
            (*self.starts_s[:here], chance.start_s, *self.starts_s[here:]),
            {**self.seconds, chance.revolution: (*self.seconds.get(chance.revolution, ()), chance.seconds)},
            self._tally and (self._tally[0], self._tally[1].add(chance)),
        )

    def remove(self, gone: Iterable[Placement]) -> "Lane":
        """Without these placements, which it has."""
        return reduce(Lane._remove_one, gone, self)

    def tally(self, satellite: str, rules: Rules) -> Tally | None:
        """What is in the memory of the satellite; None if it has a limitless one."""
        if satellite not in rules.memory:
            return None
        if self._tally is None or self._tally[0] is not rules:
            self._tally = (rules, self._count(satellite, rules))
        return self._tally[1]

    def _remove_one(self, gone: Placement) -> "Lane":
        chance, here = gone.chance, bisect_left(self.starts_s, gone.chance.start_s)
        while self.placements[here].work.id != gone.work.id:
            here += 1
        seconds = list(self.seconds[chance.revolution])
        seconds.remove(chance.seconds)
        return Lane(
            (*self.placements[:here], *self.placements[here + 1 :]),
            (*self.starts_s[:here], *self.starts_s[here + 1 :]),
            {**self.seconds, chance.revolution: seconds},
            self._tally and (self._tally[0], self._tally[1].remove(chance)),
        )

    def _count(self, satellite: str, rules: Rules) -> Tally:
        passes, on_board_gb = rules.passes.get(satellite, ()), rules.on_board_gb.get(satellite, 0.0)
        captures = [placement.chance for placement in self.placements]
        return build_tally(captures, rules.memory[satellite], passes, on_board_gb)


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
    return Timetable({satellite: _build_lane(lane) for satellite, lane in lanes.items()}, places)


def _build_lane(placements: Sequence[Placement]) -> Lane:
    """The lane of placements by start time."""
    seconds = dict[int, list[float]]()
    for placement in placements:
        seconds.setdefault(placement.chance.revolution, []).append(placement.chance.seconds)
    return Lane(tuple(placements), tuple(placement.chance.start_s for placement in placements), seconds)


def _reading_order(placement: Placement) -> tuple[float, str, str]:
    return placement.chance.start_s, placement.chance.satellite, placement.work.id
