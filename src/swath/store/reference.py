"""Satellites and ground tracks: computed as of a time, and listed like everything else.

Satellites are computed anew when a second has gone by, the tracks of a satellite when its running revolution is over,
both when fresh elements arrive. That takes more than a moment, so queries that cannot wait are NotAtOnce then.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from swath.fleet import Fleet
from swath.orbit.elements import from_omm
from swath.query import NotAtOnce, Page, Query
from swath.store.computed import Orbit, find_daylight_state
from swath.store.satellites import SatelliteNow, Satellites
from swath.store.tracks import TrackRow, Tracks
from swath.tasking.model import StoredElements


class Reference:
    """Lists satellites and ground tracks of a fleet from the newest element sets; safe to use from many threads.

    Tracks reach from the running revolution to `horizon` after its end. A satellite without elements, or whose
    elements give no position at the time asked for, is left out.
    """

    def __init__(self, fleet: Fleet, horizon: timedelta) -> None:
        self._fleet = fleet
        self._lock = Lock()
        self._orbits: Mapping[str, Orbit] = {}
        self._satellites = Satellites()
        self._tracks = Tracks(horizon)

    def find_satellites(
        self, query: Query, elements: Sequence[StoredElements], now: datetime
    ) -> Page[SatelliteNow]:
        """The satellites as of `now`, by id."""
        with self._hold(query.at_once):
            return self._satellites.as_of(self._use(elements, query.at_once), now, query.at_once).find(query)

    def satellite(self, name: str, elements: Sequence[StoredElements], now: datetime) -> SatelliteNow | None:
        """The satellite of that name in any letter case, as of `now`."""
        known = self._fleet.find(name)
        with self._lock:
            rows = self._satellites.as_of(self._use(elements), now).rows
        return rows.get(known.id) if known else None

    def find_tracks(self, query: Query, elements: Sequence[StoredElements], now: datetime) -> Page[TrackRow]:
        """The ground tracks from the revolutions running at `now` on, by start."""
        with self._hold(query.at_once):
            return self._tracks.as_of(self._use(elements, query.at_once), now, query.at_once).find(query)

    def track(self, track_id: str, elements: Sequence[StoredElements], now: datetime) -> TrackRow | None:
        """One of those tracks by its id."""
        with self._lock:
            return self._tracks.as_of(self._use(elements), now).rows.get(track_id)

    @contextmanager
    def _hold(self, at_once: bool) -> Generator[None]:
        if not self._lock.acquire(blocking=not at_once):
            raise NotAtOnce
        try:
            yield
        finally:
            self._lock.release()

    def _use(self, elements: Sequence[StoredElements], at_once: bool = False) -> Mapping[str, Orbit]:
        """The orbits by satellite; those whose element set is still the same are kept as they are."""
        known = {
            stored.satellite: stored for stored in elements if stored.satellite in self._fleet.satellites
        }
        self._orbits = {name: self._orbit(name, known[name], at_once) for name in sorted(known)}
        return self._orbits

    def _orbit(self, name: str, stored: StoredElements, at_once: bool) -> Orbit:
        version = (stored.epoch, stored.imported)
        current = self._orbits.get(name)
        if current is not None and current.version == version:
            return current
        if at_once:
            raise NotAtOnce
        parsed = from_omm(stored.omm)
        return Orbit(self._fleet.satellites[name], version, parsed, find_daylight_state(parsed))
