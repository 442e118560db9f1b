"""Placements arranged for quick questions: one lane a satellite in time order, and a place for each work."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from swath.scheduling.model import Placement

Lane = tuple[Placement, ...]


@dataclass(frozen=True)
class Timetable:
    """An immutable set of placements; adding or removing gives another and shares the lanes that did not change."""

    lanes: Mapping[str, Lane]
    places: Mapping[str, Placement]

    def lane(self, satellite: str) -> Lane:
        """The satellite's placements by start time."""
        return self.lanes.get(satellite, ())

    def add(self, placement: Placement) -> "Timetable":
        """With one more placement; one of the same work that is there already must be removed first."""
        satellite = placement.chance.satellite
        lane = list(self.lane(satellite))
        insort(lane, placement, key=start_of)
        return Timetable(
            {**self.lanes, satellite: tuple(lane)}, {**self.places, placement.work.id: placement}
        )

    def remove(self, placements: Iterable[Placement]) -> "Timetable":
        """Without these placements."""
        gone = {placement.work.id for placement in placements}
        satellites = {self.places[work_id].chance.satellite for work_id in gone}
        thinned = {s: tuple(p for p in self.lanes[s] if p.work.id not in gone) for s in satellites}
        places = {work_id: p for work_id, p in self.places.items() if work_id not in gone}
        return Timetable({**self.lanes, **thinned}, places)

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
    return Timetable({satellite: tuple(lane) for satellite, lane in lanes.items()}, places)


def start_of(placement: Placement) -> float:
    """When a placed capture starts, POSIX seconds UTC."""
    return placement.chance.start_s


def position_of(lane: Sequence[Placement], start_s: float) -> int:
    """How many placements of a lane start before `start_s`."""
    return bisect_left(lane, start_s, key=start_of)


def _reading_order(placement: Placement) -> tuple[float, str, str]:
    return placement.chance.start_s, placement.chance.satellite, placement.work.id
