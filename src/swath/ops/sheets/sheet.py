"""A sheet: one version of the schedule together with all that it takes to draw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from swath.access import Contact, build_footprint, find_contacts_with_all, half_fov_deg
from swath.clock import to_seconds
from swath.errors import Invalid, NotFound
from swath.fleet import Satellite
from swath.geo.antimeridian import Area
from swath.ops.versions import find_schedule
from swath.orbit.elements import Elements, from_omm
from swath.orbit.propagate import PropagationFailed, lasts_until
from swath.tasking.model import Activity, Chance, Schedule
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules

# What is shown before the first capture and after the last one.
MARGIN = timedelta(minutes=45)
# An empty schedule shows a day.
EMPTY = timedelta(days=1)


@dataclass(frozen=True)
class Sheet:
    """A schedule, the ground of each activity by its request, and each satellite's orbit and contacts in [start, end).

    `orbits` are the newest elements that were known when the schedule was made; satellites without any, or that have
    come down by then, are in the schedule only.
    """

    schedule: Schedule
    footprints: Mapping[str, Area]
    orbits: Mapping[str, Elements]
    contacts: Mapping[str, Sequence[Contact]]
    start: datetime
    end: datetime

    @property
    def activities(self) -> Sequence[Activity]:
        """By start, then by satellite."""
        return sorted(self.schedule.activities, key=lambda a: (a.chance.start, a.chance.satellite))

    @property
    def satellites(self) -> Sequence[str]:
        """Those with an orbit or with work, by name."""
        return sorted({*self.orbits, *(a.chance.satellite for a in self.schedule.activities)})


def build_sheet(reader: Reader, rules: Rules, now: datetime, version: int | None = None) -> Sheet:
    """The sheet of a version, the latest without one; an empty one begins at `now`. Raises NotFound."""
    schedule = find_schedule(reader, version)
    start, end = _find_span(schedule, now)
    as_of = schedule.created if schedule.version else now
    orbits = _find_orbits(reader, rules, as_of, end)
    return Sheet(
        schedule,
        {a.request_id: _find_footprint(reader, rules, orbits, a) for a in schedule.activities},
        orbits,
        {name: _find_contacts(rules, elements, start, end) for name, elements in orbits.items()},
        start,
        end,
    )


def _find_span(schedule: Schedule, now: datetime) -> tuple[datetime, datetime]:
    chances = [activity.chance for activity in schedule.activities]
    if not chances:
        return now, now + EMPTY
    return min(c.start for c in chances) - MARGIN, max(c.end for c in chances) + MARGIN


def _find_orbits(reader: Reader, rules: Rules, as_of: datetime, end: datetime) -> Mapping[str, Elements]:
    known = {stored.satellite: from_omm(stored.omm) for stored in reader.elements(as_of)}
    return {
        name: known[name]
        for name in rules.fleet.satellites
        if name in known and lasts_until(known[name], to_seconds(end))
    }


def _find_contacts(rules: Rules, elements: Elements, start: datetime, end: datetime) -> Sequence[Contact]:
    return find_contacts_with_all(elements, rules.fleet.stations, to_seconds(start), to_seconds(end))


def _find_footprint(reader: Reader, rules: Rules, orbits: Mapping[str, Elements], activity: Activity) -> Area:
    """The ground that the activity itself covers; that of its request's candidate where the orbit is not known."""
    name = activity.chance.satellite
    satellite = rules.fleet.satellites.get(name)
    if satellite is not None and name in orbits:
        try:
            return _trace(orbits[name], satellite, activity.chance)
        except (Invalid, PropagationFailed):
            # Newer elements can put the satellite where this pointing looks past the Earth.
            pass
    request = reader.request(activity.request_id)
    if request is None:
        raise NotFound(f"The request {activity.request_id!r} of the schedule is not there.")
    return request.footprint


def _trace(elements: Elements, satellite: Satellite, chance: Chance) -> Area:
    half_deg = half_fov_deg(satellite.sensor.swath_km, satellite.nominal_altitude_km)
    start_s, end_s = to_seconds(chance.start), to_seconds(chance.end)
    return build_footprint(elements, start_s, end_s, chance.roll_deg, chance.pitch_deg, half_deg)
