"""The contacts a capture depends on: the last one that can carry its command up, the first that brings it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from swath.access import Contact, find_contacts_with_all
from swath.fleet import GroundStation
from swath.orbit.elements import Elements

DAY_S = 86_400.0
# A command goes up at most this long before its capture.
LOOK_BACK_S = 2 * DAY_S
# The first downlink is looked for in ever longer ranges, up to this.
DOWNLINK_RANGES_S = (DAY_S / 4, DAY_S, 4 * DAY_S)


@dataclass(frozen=True)
class Uplinks:
    """One satellite's uplink contacts in a time range, found when they are first asked for."""

    elements: Elements
    stations: Sequence[GroundStation]
    start_s: float
    end_s: float

    def last_before(self, t_s: float) -> Contact | None:
        """The contact with the latest start of those that end by a time, if there is one in the range."""
        ended = (contact for contact in self._contacts if contact.end_s <= t_s)
        return max(ended, key=lambda contact: contact.start_s, default=None)

    @cached_property
    def _contacts(self) -> tuple[Contact, ...]:
        stations = [station for station in self.stations if station.uplink]
        if not stations or self.start_s >= self.end_s:
            return ()
        return find_contacts_with_all(self.elements, stations, self.start_s, self.end_s)


def first_downlink(elements: Elements, stations: Sequence[GroundStation], after_s: float) -> Contact | None:
    """The first contact with a downlink station that starts at or after a time; None when there is none in four days.

    Raises PropagationFailed.
    """
    listening = [station for station in stations if station.downlink]
    for range_s in DOWNLINK_RANGES_S if listening else ():
        found = find_contacts_with_all(elements, listening, after_s, after_s + range_s)
        following = [contact for contact in found if contact.start_s >= after_s]
        if following:
            return following[0]
    return None
