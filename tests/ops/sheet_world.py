"""A schedule over real orbits: commanded and provisional captures of several classes, one across the antimeridian."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from tests.tasking_world import AREA, add_plan, make_chance

from swath.clock import from_seconds, to_seconds
from swath.fleet import load_bundled_elements
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.ids import REQUEST, new_id
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states
from swath.store.database import SqlStore
from swath.tasking.elements import import_elements
from swath.tasking.model import Activity, Chance, Priority, Reason, RequestStatus, TaskingRequest
from swath.tasking.rules import Rules

CAUSE = Reason("TEST", "A schedule for people & <programs>, “quoted”; made for tests.")


def elements_of(rules: Rules, satellite: str) -> Elements:
    """The bundled elements of a satellite."""
    number = rules.fleet.satellites[satellite].norad_id
    return next(e for e in load_bundled_elements() if e.norad_id == number)


def publish(store: SqlStore, rules: Rules, account_id: str, now: datetime) -> list[Activity]:
    """Publish a schedule of four captures as version 1, and tell its lines."""
    across = find_crossing(elements_of(rules, "GRUS-1B"), now + timedelta(hours=6))
    lines = [
        _line(Priority.NORMAL, make_chance(now + timedelta(hours=4)), frozen=True),
        _line(Priority.EMERGENCY, make_chance(now + timedelta(hours=5), roll_deg=-14), frozen=False),
        _line(Priority.WISHLIST, make_chance(across, satellite="GRUS-1B", roll_deg=0), frozen=False),
        _line(Priority.NORMAL, make_chance(now + timedelta(hours=9), seconds=20), frozen=False),
    ]
    plan = add_plan(store, account_id, now)
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", now)
        for line in lines:
            uow.add_request(_request(line, plan.id, account_id, now))
        uow.add_schedule(CAUSE, now, added=lines)
    return lines


def find_crossing(elements: Elements, after: datetime) -> datetime:
    """When a satellite flies over the antimeridian next, outside of the polar regions."""
    t = to_seconds(after) + np.arange(0.0, 86_400.0)
    lon, lat, _ = ecef_to_geodetic(compute_states(elements, t).r_m)
    jumps = np.flatnonzero((np.abs(np.diff(lon)) > 300) & (np.abs(lat[1:]) < 50))
    return from_seconds(t[jumps[0]]) - timedelta(seconds=4)


def _line(priority: Priority, chance: Chance, *, frozen: bool) -> Activity:
    return Activity(new_id(REQUEST), priority, replace(chance, pitch_deg=0.0), frozen)


def _request(line: Activity, plan_id: str, account_id: str, now: datetime) -> TaskingRequest:
    return TaskingRequest(
        id=line.request_id,
        account_id=account_id,
        plan_id=plan_id,
        candidate_id=line.request_id,
        name="harbour",
        priority=line.priority,
        status=RequestStatus.ACCEPTED,
        created=now,
        footprint=AREA,
        valid_start=line.chance.start,
        valid_end=line.chance.end,
        off_nadir_range=(0.0, 30.0),
        satellites=(line.chance.satellite,),
        chances=(line.chance,),
        cost=1,
    )
