"""The contacts a capture depends on: the last one that can carry its command up, the first that brings it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from swath.access import Contact, find_contacts_with_all
from swath.access.contacts import StationWatch
from swath.fleet import GroundStation
from swath.orbit.elements import Elements

DAY_S = 86_400.0
# A command goes up at most this long before its capture. Contacts are looked for in ever longer ranges, up to this.
LOOK_BACK_S = 2 * DAY_S
UPLINK_RANGES_S = (DAY_S / 8, LOOK_BACK_S)
# The same for the first downlink.
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
        return self.last_before_each([t_s])[0]

    def last_before_each(self, t_s: ArrayLike) -> list[Contact | None]:
        """The same for each of many times (N,), at little more cost than for one."""
        times = np.atleast_1d(np.asarray(t_s, float))
        found: list[Contact | None] = [None] * len(times)
        for range_s in UPLINK_RANGES_S if self._watch else ():
            missing = [i for i, contact in enumerate(found) if contact is None]
            contacts = self._find_within(times[missing], range_s)
            for i in missing:
                ended = (contact for contact in contacts if times[i] - range_s <= contact.end_s <= times[i])
                found[i] = max(ended, key=lambda contact: contact.start_s, default=None)
        return found

    def _find_within(self, times_s: np.ndarray, range_s: float) -> Sequence[Contact]:
        if not len(times_s) or self._watch is None:
            return ()
        return self._watch.find_within(np.column_stack([times_s - range_s, times_s]))

    @cached_property
    def _watch(self) -> StationWatch | None:
        stations = [station for station in self.stations if station.uplink]
        if not stations or self.start_s >= self.end_s:
            return None
        return StationWatch(self.elements, stations, self.start_s, self.end_s)


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
