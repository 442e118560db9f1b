"""Ground tracks: one a revolution, from the running one of each satellite on."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, Index, Integer, MetaData, String, Table

from swath.clock import from_seconds, to_seconds
from swath.errors import SwathError
from swath.fleet import Satellite
from swath.ids import REVOLUTION, encode_id
from swath.orbit.tracks import GroundTrack, find_ground_tracks
from swath.query import NotAtOnce
from swath.store.computed import Computed, Orbit
from swath.store.source import Source
from swath.store.types import Utc, Wkb

log = logging.getLogger(__name__)

# How long a satellite without tracks is left alone.
RETRY = timedelta(minutes=1)
# Revolution numbers have five digits in element sets; ids keep room for as many.
REVOLUTIONS = 100_000

_table = Table(
    "tracks",
    MetaData(),
    Column("id", String, primary_key=True),
    Column("satellite_id", String, index=True),
    Column("revolution", Integer),
    Column("start_time", Utc),
    Column("end_time", Utc),
    Column("geometry", Wkb),
    # In the order of lists, with what they are narrowed by: a line has hundreds of corners, and only ten are shown.
    Index("ix_tracks_start_time", "start_time", "id", "end_time", "satellite_id"),
)
TRACKS = Source(
    _table,
    {**{column.name: column for column in _table.c}, "platform": _table.c.satellite_id},
    order=(_table.c.start_time, _table.c.id),
    geometry=_table.c.geometry,
    start=_table.c.start_time,
    end=_table.c.end_time,
)


# Equal to itself alone: what was made of it once stands for it until it is computed again.
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
class _Running:
    """The tracks of one satellite, and how long they are the ones to show."""

    orbit: Orbit
    start: datetime
    end: datetime
    tracks: tuple[TrackRow, ...]

    def holds(self, orbit: Orbit, now: datetime) -> bool:
        return self.orbit is orbit and self.start <= now < self.end


class Tracks:
    """Ground tracks from the running revolutions on; a satellite's are computed when its revolution is over."""

    def __init__(self, horizon: timedelta) -> None:
        self._listed = Computed(TRACKS, _track_columns)
        self._horizon = horizon
        self._running: Mapping[str, _Running] = {}

    def as_of(self, orbits: Mapping[str, Orbit], now: datetime, at_once: bool = False) -> Computed[TrackRow]:
        running = {name: self._of(name, orbit, now, at_once) for name, orbit in orbits.items()}
        if running != self._running:
            self._running = running
            self._listed.replace({row.id: row for each in running.values() for row in each.tracks})
        return self._listed

    def _of(self, name: str, orbit: Orbit, now: datetime, at_once: bool) -> _Running:
        current = self._running.get(name)
        if current is not None and current.holds(orbit, now):
            return current
        if at_once:
            raise NotAtOnce
        return _find_running(orbit, now, self._horizon)


def _find_running(orbit: Orbit, now: datetime, horizon: timedelta) -> _Running:
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


def _track_columns(row: TrackRow) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "satellite_id": row.satellite_id,
        "revolution": row.revolution,
        "start_time": row.start,
        "end_time": row.end,
        "geometry": row.geometry,
    }
