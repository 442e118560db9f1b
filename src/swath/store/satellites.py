"""Satellites as of a second: where each is, as the ground that it can reach, on which elements."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, Float, Integer, MetaData, String, Table

from swath.access import build_reach
from swath.clock import to_seconds
from swath.errors import SwathError
from swath.fleet import Satellite
from swath.query import NotAtOnce
from swath.store.computed import Computed, Orbit
from swath.store.source import Source
from swath.store.types import Utc, Wkb

log = logging.getLogger(__name__)

_table = Table(
    "satellites",
    MetaData(),
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
SATELLITES = Source(
    _table,
    {
        **{column.name: column for column in _table.c},
        "platform": _table.c.id,
        "sat:orbit_state": _table.c.orbit_state,
    },
    order=(_table.c.id,),
    geometry=_table.c.geometry,
)


# Equal to itself alone: what was made of it once stands for it until it is computed again.
@dataclass(frozen=True, eq=False)
class SatelliteNow:
    """A satellite as of a time: the ground it can reach, and the direction in which it flies over daylight."""

    satellite: Satellite
    elements_epoch: datetime
    geometry: BaseGeometry
    orbit_state: str


class Satellites:
    """Satellites as of one second."""

    def __init__(self) -> None:
        self._listed = Computed(SATELLITES, _satellite_columns)
        self._as_of: object = None

    def as_of(
        self, orbits: Mapping[str, Orbit], now: datetime, at_once: bool = False
    ) -> Computed[SatelliteNow]:
        second = int(to_seconds(now))
        wanted = (second, *(orbit.version for orbit in orbits.values()))
        if wanted != self._as_of:
            if at_once:
                raise NotAtOnce
            found = (_satellite_now(orbit, second) for orbit in orbits.values())
            self._listed.replace({row.satellite.id: row for row in found if row is not None})
            self._as_of = wanted
        return self._listed


def _satellite_now(orbit: Orbit, t_s: float) -> SatelliteNow | None:
    reach_deg = orbit.satellite.agility.max_off_nadir_deg
    try:
        reach = build_reach(orbit.elements, t_s, reach_deg)
    except SwathError as error:
        log.warning("No position of %s: %s", orbit.satellite.id, error)
        return None
    return SatelliteNow(orbit.satellite, orbit.elements.epoch, reach, orbit.orbit_state)


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
