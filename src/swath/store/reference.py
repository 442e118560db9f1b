"""Satellites and ground tracks: computed as of a time, and listed like everything else.

The rows live in a small SQLite in memory, so that filters, boxes, orders and pages work on them as on stored tables.
Satellites are computed anew when a second has gone by, the tracks of a satellite when its running revolution is over,
both when fresh elements arrive. That takes more than a moment, so queries that cannot wait are NotAtOnce then.
"""

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    insert,
)
from sqlalchemy.pool import StaticPool

from swath.access import build_reach
from swath.clock import from_seconds, to_seconds
from swath.errors import SwathError
from swath.fleet import Fleet, Satellite
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.ids import REVOLUTION, encode_id
from swath.orbit.elements import Elements, from_omm
from swath.orbit.fit import period_s
from swath.orbit.propagate import compute_states
from swath.orbit.sun import sun_angles
from swath.orbit.tracks import GroundTrack, find_ground_tracks, orbit_state
from swath.query import NotAtOnce, Page, Query
from swath.store import spatial
from swath.store.memory import Memory, State
from swath.store.pages import find_page
from swath.store.source import Source
from swath.store.types import Utc, Wkb
from swath.tasking.model import StoredElements

log = logging.getLogger(__name__)

# Anybody may read these lists, and one reader at a time does: none may keep the others waiting for long.
TIME_LIMIT_S = 2.0
# How long a satellite without tracks is left alone.
RETRY = timedelta(minutes=1)
# Samples of a revolution when asking on which side of it there is daylight.
DAYLIGHT_SAMPLES = 48
# Revolution numbers have five digits in element sets; ids keep room for as many.
REVOLUTIONS = 100_000

T = TypeVar("T")

_metadata = MetaData()
_satellites = Table(
    "satellites",
    _metadata,
    Column("id", String, primary_key=True),
    Column("constellation", String),
    Column("international_designator", String),
    Column("norad_id", Integer),
    Column("gsd", Float),
    Column("swath_width_km", Float),
    Column("max_off_nadir_deg", Float),
    Column("elements_epoch", Utc),
    Column("orbit_state", String),
    Column("geometry", Wkb),
)
_tracks = Table(
    "tracks",
    _metadata,
    Column("id", String, primary_key=True),
    Column("satellite_id", String, index=True),
    Column("revolution", Integer),
    Column("start_time", Utc),
    Column("end_time", Utc),
    Column("geometry", Wkb),
    # In the order of lists, with what they are narrowed by: a line has hundreds of corners, and only ten are shown.
    Index("ix_tracks_start_time", "start_time", "id", "end_time", "satellite_id"),
)
SATELLITES = Source(
    _satellites,
    {
        **{column.name: column for column in _satellites.c},
        "platform": _satellites.c.id,
        "sat:orbit_state": _satellites.c.orbit_state,
    },
    order=(_satellites.c.id,),
    geometry=_satellites.c.geometry,
)
TRACKS = Source(
    _tracks,
    {**{column.name: column for column in _tracks.c}, "platform": _tracks.c.satellite_id},
    order=(_tracks.c.start_time, _tracks.c.id),
    geometry=_tracks.c.geometry,
    start=_tracks.c.start_time,
    end=_tracks.c.end_time,
)


# Each is equal to itself alone: what was made of it once stands for it until it is computed again.
@dataclass(frozen=True, eq=False)
class SatelliteNow:
    """A satellite as of a time: the ground it can reach, and the direction in which it flies over daylight."""

    satellite: Satellite
    elements_epoch: datetime
    geometry: BaseGeometry
    orbit_state: str


@dataclass(frozen=True, eq=False)
class TrackRow:
    """One revolution of a satellite, from ascending node to ascending node."""

    id: str
    satellite_id: str
    revolution: int
    start: datetime
    end: datetime
    geometry: BaseGeometry


@dataclass(frozen=True)
class _Orbit:
    """An element set in use, what of it makes it another one, and its daylight side."""

    satellite: Satellite
    version: tuple[datetime, datetime]
    elements: Elements
    orbit_state: str


class Reference:
    """Lists satellites and ground tracks of a fleet from the newest element sets; safe to use from many threads.

    Tracks reach from the running revolution to `horizon` after its end. A satellite without elements, or whose
    elements give no position at the time asked for, is left out.
    """

    def __init__(self, fleet: Fleet, horizon: timedelta) -> None:
        self._fleet = fleet
        self._lock = Lock()
        self._orbits: Mapping[str, _Orbit] = {}
        engine = _open_memory()
        self._satellites = _Satellites(engine)
        self._tracks = _Tracks(engine, horizon)

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

    def _use(self, elements: Sequence[StoredElements], at_once: bool = False) -> Mapping[str, _Orbit]:
        """The orbits by satellite; those whose element set is still the same are kept as they are."""
        known = {
            stored.satellite: stored for stored in elements if stored.satellite in self._fleet.satellites
        }
        self._orbits = {name: self._orbit(name, known[name], at_once) for name in sorted(known)}
        return self._orbits

    def _orbit(self, name: str, stored: StoredElements, at_once: bool) -> _Orbit:
        version = (stored.epoch, stored.imported)
        current = self._orbits.get(name)
        if current is not None and current.version == version:
            return current
        if at_once:
            raise NotAtOnce
        parsed = from_omm(stored.omm)
        return _Orbit(self._fleet.satellites[name], version, parsed, find_daylight_state(parsed))


def find_daylight_state(elements: Elements) -> str:
    """`ascending` or `descending`: the way the satellite flies over the better lit half of its revolution at epoch."""
    t_s = elements.epoch_s + period_s(elements) * np.arange(DAYLIGHT_SAMPLES) / DAYLIGHT_SAMPLES
    states = compute_states(elements, t_s)
    lon_deg, lat_deg, _ = ecef_to_geodetic(states.r_m)
    elevation_deg, _ = sun_angles(t_s, lon_deg, lat_deg)
    light = np.sin(np.radians(elevation_deg))
    return orbit_state(float(np.sum(light * np.sign(states.v_ms[:, 2]))))


class _Listed(Generic[T]):
    """A computed table: its rows as values by id, and in the database to be found."""

    def __init__(self, engine: Engine, source: Source, to_columns: Callable[[T], Mapping[str, Any]]) -> None:
        self._engine = engine
        self._source = source
        self._to_columns = to_columns
        self.rows: Mapping[str, T] = {}
        self._state = State(Memory(), None)

    def replace(self, rows: Mapping[str, T]) -> None:
        """Make these the rows."""
        self.rows = rows
        self._state = State(Memory(), None)
        with self._engine.begin() as connection:
            connection.execute(delete(self._source.table))
            if rows:
                connection.execute(
                    insert(self._source.table), [self._to_columns(row) for row in rows.values()]
                )

    def find(self, query: Query) -> Page[T]:
        with self._engine.connect() as connection:
            page = find_page(connection, self._source, query, limit_s=TIME_LIMIT_S, state=self._state)
        return Page(tuple(self.rows[key] for key in page.rows), page.matched)


class _Satellites:
    """Satellites as of one second."""

    def __init__(self, engine: Engine) -> None:
        self._listed = _Listed(engine, SATELLITES, _satellite_columns)
        self._as_of: object = None

    def as_of(
        self, orbits: Mapping[str, _Orbit], now: datetime, at_once: bool = False
    ) -> _Listed[SatelliteNow]:
        second = int(to_seconds(now))
        wanted = (second, *(orbit.version for orbit in orbits.values()))
        if wanted != self._as_of:
            if at_once:
                raise NotAtOnce
            found = (_satellite_now(orbit, second) for orbit in orbits.values())
            self._listed.replace({row.satellite.id: row for row in found if row is not None})
            self._as_of = wanted
        return self._listed


@dataclass(frozen=True)
class _Running:
    """The tracks of one satellite, and how long they are the ones to show."""

    orbit: _Orbit
    start: datetime
    end: datetime
    tracks: tuple[TrackRow, ...]

    def holds(self, orbit: _Orbit, now: datetime) -> bool:
        return self.orbit is orbit and self.start <= now < self.end


class _Tracks:
    """Ground tracks from the running revolutions on; a satellite's are computed when its revolution is over."""

    def __init__(self, engine: Engine, horizon: timedelta) -> None:
        self._listed = _Listed(engine, TRACKS, _track_columns)
        self._horizon = horizon
        self._running: Mapping[str, _Running] = {}

    def as_of(self, orbits: Mapping[str, _Orbit], now: datetime, at_once: bool = False) -> _Listed[TrackRow]:
        running = {name: self._of(name, orbit, now, at_once) for name, orbit in orbits.items()}
        if running != self._running:
            self._running = running
            self._listed.replace({row.id: row for each in running.values() for row in each.tracks})
        return self._listed

    def _of(self, name: str, orbit: _Orbit, now: datetime, at_once: bool) -> _Running:
        current = self._running.get(name)
        if current is not None and current.holds(orbit, now):
            return current
        if at_once:
            raise NotAtOnce
        return _find_running(orbit, now, self._horizon)


def _find_running(orbit: _Orbit, now: datetime, horizon: timedelta) -> _Running:
    t_s = to_seconds(now)
    try:
        end_s = find_ground_tracks(orbit.elements, t_s, t_s + 1)[0].end_s + horizon.total_seconds()
        tracks = tuple(
            _track_row(orbit.satellite, each) for each in find_ground_tracks(orbit.elements, t_s, end_s)
        )
    except SwathError as error:
        log.warning("No ground tracks of %s: %s", orbit.satellite.id, error)
        return _Running(orbit, now, now + RETRY, ())
    # A node within a microsecond of now may be rounded past it.
    return _Running(orbit, min(now, tracks[0].start), tracks[0].end, tracks)


def _satellite_now(orbit: _Orbit, t_s: float) -> SatelliteNow | None:
    reach_deg = orbit.satellite.agility.max_off_nadir_deg
    try:
        reach = build_reach(orbit.elements, t_s, reach_deg)
    except SwathError as error:
        log.warning("No position of %s: %s", orbit.satellite.id, error)
        return None
    return SatelliteNow(orbit.satellite, orbit.elements.epoch, reach, orbit.orbit_state)


def _track_row(satellite: Satellite, track: GroundTrack) -> TrackRow:
    number = satellite.norad_id * REVOLUTIONS + track.revolution % REVOLUTIONS
    return TrackRow(
        id=encode_id(REVOLUTION, number),
        satellite_id=satellite.id,
        revolution=track.revolution,
        start=from_seconds(track.start_s),
        end=from_seconds(track.end_s),
        geometry=track.geometry,
    )


def _satellite_columns(row: SatelliteNow) -> Mapping[str, Any]:
    satellite = row.satellite
    return {
        "id": satellite.id,
        "constellation": satellite.constellation,
        "international_designator": satellite.designator,
        "norad_id": satellite.norad_id,
        "gsd": satellite.sensor.gsd_m,
        "swath_width_km": satellite.sensor.swath_km,
        "max_off_nadir_deg": satellite.agility.max_off_nadir_deg,
        "elements_epoch": row.elements_epoch,
        "orbit_state": row.orbit_state,
        "geometry": row.geometry,
    }


def _track_columns(row: TrackRow) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "satellite_id": row.satellite_id,
        "revolution": row.revolution,
        "start_time": row.start,
        "end_time": row.end,
        "geometry": row.geometry,
    }


def _open_memory() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    spatial.install(engine)
    _metadata.create_all(engine)
    return engine
