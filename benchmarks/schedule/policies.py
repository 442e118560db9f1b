"""The simplest way to answer requests as they come, to compare with; it keeps within the rules by `greedy.Room`."""

from dataclasses import dataclass, field
from typing import ClassVar

from benchmarks.schedule.greedy import Room
from benchmarks.schedule.online import World


@dataclass
class FirstFit:
    """The first candidate with room, for good; otherwise none."""

    ahead_s: ClassVar[tuple[float, ...]] = (1.0,)
    unsettled: ClassVar[bool] = False
    world: World
    plan: dict[int, int] = field(default_factory=dict)
    promised: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.room = Room(self.world.day)

    def answer(self, request: int, now: float) -> None:
        for row in self.world.list_open(request, now).tolist():
            if self.room.has_room(row):
                self.room.add(row)
                self.plan[request] = row
                self.promised.add(request)
                return

    def replan(self, now: float) -> None:
        """What has a place keeps it."""
