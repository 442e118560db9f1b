"""Tables that are computed as of a time: in a small SQLite in memory, so that they are listed like stored ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import numpy as np
from sqlalchemy import Engine, create_engine, delete, insert
from sqlalchemy.pool import StaticPool

from swath.fleet import Satellite
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.orbit.elements import Elements
from swath.orbit.fit import period_s
from swath.orbit.propagate import compute_states
from swath.orbit.sun import sun_angles
from swath.orbit.tracks import orbit_state
from swath.query import Page, Query
from swath.store import spatial
from swath.store.memory import Memory, State
from swath.store.pages import find_page
from swath.store.source import Source

# Anybody may read these lists, and one reader at a time does: none may keep the others waiting for long.
TIME_LIMIT_S = 2.0
# Samples of a revolution when asking on which side of it there is daylight.
DAYLIGHT_SAMPLES = 48

T = TypeVar("T")


class Computed(Generic[T]):
    """A computed table: its rows as values by key, and in a database to be found."""

    def __init__(self, source: Source, to_columns: Callable[[T], Mapping[str, Any]]) -> None:
        self._source, self._to_columns = source, to_columns
        self._engine = _open_memory(source)
        self.replace({})

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
        """The rows that the query asks for."""
        with self._engine.connect() as connection:
            page = find_page(connection, self._source, query, limit_s=TIME_LIMIT_S, state=self._state)
        return Page(tuple(self.rows[key] for key in page.rows), page.matched)


@dataclass(frozen=True)
class Orbit:
    """An element set in use, what of it makes it another one, and its daylight side."""

    satellite: Satellite
    version: tuple[datetime, datetime]
    elements: Elements
    orbit_state: str


def find_daylight_state(elements: Elements) -> str:
    """`ascending` or `descending`: the way the satellite flies over the better lit half of its revolution at epoch."""
    t_s = elements.epoch_s + period_s(elements) * np.arange(DAYLIGHT_SAMPLES) / DAYLIGHT_SAMPLES
    states = compute_states(elements, t_s)
    lon_deg, lat_deg, _ = ecef_to_geodetic(states.r_m)
    elevation_deg, _ = sun_angles(t_s, lon_deg, lat_deg)
    light = np.sin(np.radians(elevation_deg))
    return orbit_state(float(np.sum(light * np.sign(states.v_ms[:, 2]))))


def _open_memory(source: Source) -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    spatial.install(engine)
    source.table.create(engine)
    return engine
