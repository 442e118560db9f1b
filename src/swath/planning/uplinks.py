"""The contacts a capture depends on: the last one that can carry its command up, the first that brings it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import cos, radians
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from swath.access import Contact
from swath.access.contacts import StationWatch
from swath.access.look import Floats
from swath.fleet import GroundStation
from swath.geo.ellipsoid import B_M, geodetic_to_ecef
from swath.orbit.elements import Elements

DAY_S = 86_400.0
# No satellite goes around in less than 87 minutes, 0.07 degrees a second, and the Earth turns at 0.004. Stations are
# high up, or bend their view a little below the horizon.
FASTEST_DEG_S, BELOW_HORIZON_DEG = 0.08, 3.0
# A command goes up at most this long before its capture. Contacts are looked for in ever longer ranges, up to this.
LOOK_BACK_S = 2 * DAY_S
UPLINK_RANGES_S = (DAY_S / 8, LOOK_BACK_S)
# The same for the first downlink.
LOOK_AHEAD_S = 4 * DAY_S
DOWNLINK_RANGES_S = (DAY_S / 8, DAY_S, LOOK_AHEAD_S)


@dataclass(frozen=True)
class _Contacts:
    """One satellite's contacts in a time range with some of the stations, found when they are first asked for."""

    elements: Elements
    stations: Sequence[GroundStation]
    start_s: float
    end_s: float

    # The stations' property that tells whether they are any use.
    direction: ClassVar[str]

    def _find_within(self, windows_s: Floats) -> Sequence[Contact]:
        return self._watch.find_within(windows_s) if self._watch and len(windows_s) else ()

    @cached_property
    def _watch(self) -> StationWatch | None:
        wanted = [station for station in self.stations if getattr(station, self.direction)]
        if not wanted or self.start_s >= self.end_s:
            return None
        return StationWatch(self.elements, wanted, self.start_s, self.end_s)


class Uplinks(_Contacts):
    """Contacts with stations that can command the satellite."""

    direction = "uplink"

    def last_before(self, t_s: float) -> Contact | None:
        """The contact with the latest start of those that end by a time, if there is one in the range."""
        return self.last_before_each([t_s])[0]

    def are_out_of_reach(self, r_m: Floats, seconds: float) -> bool:
        """Whether no station can see the satellite for so long before and after it was at a place (3,), metres ITRF.

        Faster than a low orbit and the Earth together turns nothing.
        """
        far = np.linalg.norm(r_m)
        reach_rad = np.arccos(B_M / far) + radians(FASTEST_DEG_S * seconds + BELOW_HORIZON_DEG)
        nearest = (_find_directions(tuple(self.stations)) @ (r_m / far)).max(initial=-1.0)
        return bool(nearest < cos(reach_rad))

    def last_before_each(self, t_s: ArrayLike) -> list[Contact | None]:
        """The same for each of many times (N,), at little more cost than for one."""
        times = np.atleast_1d(np.asarray(t_s, float))
        found: list[Contact | None] = [None] * len(times)
        for range_s in UPLINK_RANGES_S:
            missing = [i for i, contact in enumerate(found) if contact is None]
            contacts = self._find_within(times[missing, None] + [-range_s, 0.0])
            for i in missing:
                ended = (contact for contact in contacts if times[i] - range_s <= contact.end_s <= times[i])
                found[i] = max(ended, key=lambda contact: contact.start_s, default=None)
        return found


@lru_cache(maxsize=16)
def _find_directions(stations: tuple[GroundStation, ...]) -> Floats:
    """Where those that can command are, as seen from the Earth's centre (P, 3)."""
    wanted = [station for station in stations if station.uplink]
    places = geodetic_to_ecef([one.lon_deg for one in wanted], [one.lat_deg for one in wanted])
    return places / np.linalg.norm(places, axis=1)[:, None]


class Downlinks(_Contacts):
    """Contacts with stations that can take what the satellite has captured."""

    direction = "downlink"

    def first_after_each(self, t_s: ArrayLike) -> list[Contact | None]:
        """For each of times (N,) the first contact that starts at or after it, if there is one in the range."""
        times = np.atleast_1d(np.asarray(t_s, float))
        found: list[Contact | None] = [None] * len(times)
        for range_s in DOWNLINK_RANGES_S:
            missing = [i for i, contact in enumerate(found) if contact is None]
            contacts = self._find_within(times[missing, None] + [0.0, range_s])
            for i in missing:
                starting = (c for c in contacts if times[i] <= c.start_s <= times[i] + range_s)
                found[i] = min(starting, key=lambda contact: contact.start_s, default=None)
        return found


def first_downlink(elements: Elements, stations: Sequence[GroundStation], after_s: float) -> Contact | None:
    """The first contact with a downlink station that starts at or after a time; None when there is none in four days.

    Raises PropagationFailed.
    """
    return Downlinks(elements, stations, after_s, after_s + LOOK_AHEAD_S).first_after_each(after_s)[0]
