"""Every way to fulfil a request, its candidate first, then other pitches of the same access; and the planned one."""

from dataclasses import replace
from datetime import datetime

from swath import planning
from swath.clock import from_seconds, to_seconds
from swath.orbit.elements import from_omm
from swath.tasking.model import Candidate, Chance, Plan, TaskingRequest
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules


def find_chances(
    reader: Reader, rules: Rules, plan: Plan, candidate: Candidate, band: tuple[float, float]
) -> tuple[Chance, ...]:
    """The candidate's own chance and those that keep its coverage within `band` degrees off nadir.

    Others are looked for on the element set that the candidate was found with; when that is no longer the newest, the
    candidate is about to be found again and stays the only chance.
    """
    name = candidate.chance.satellite
    stored = next((s for s in reader.elements() if s.satellite == name), None)
    if stored is None or stored.epoch != candidate.elements_epoch:
        return (candidate.chance,)
    first = _to_planning(candidate.chance)
    found = planning.find_chances(
        first,
        candidate.footprint,
        plan.geometry,
        satellite=rules.fleet.satellites[name],
        elements=from_omm(stored.omm),
        stations=rules.fleet.stations,
        limits=rules.fleet.limits,
        off_nadir_range=band,
        start_s=to_seconds(candidate.access_start),
        end_s=to_seconds(candidate.access_end),
        now_s=to_seconds(candidate.created),
    )
    return (candidate.chance, *(_from_planning(chance) for chance in found if chance != first))


def with_place(request: TaskingRequest, chance: Chance) -> TaskingRequest:
    """The request with its capture planned at this chance: it can be canceled until that is commanded."""
    return replace(
        request,
        planned_start=chance.start,
        planned_end=chance.end,
        planned_satellite=chance.satellite,
        cancel_until=chance.uplink_by,
    )


def without_place(request: TaskingRequest) -> TaskingRequest:
    """The request with no capture planned: it can be canceled until its last chance has gone."""
    return replace(
        request,
        planned_start=None,
        planned_end=None,
        planned_satellite=None,
        cancel_until=last_chance(request),
    )


def last_chance(request: TaskingRequest) -> datetime:
    """The last moment at which any of the request's chances can be commanded."""
    return max(chance.uplink_by for chance in request.chances)


def _to_planning(chance: Chance) -> planning.Chance:
    return planning.Chance(
        satellite=chance.satellite,
        start_s=to_seconds(chance.start),
        end_s=to_seconds(chance.end),
        roll_deg=chance.roll_deg,
        pitch_deg=chance.pitch_deg,
        off_nadir_deg=chance.off_nadir_deg,
        uplink_by_s=to_seconds(chance.uplink_by),
        revolution=chance.revolution,
    )


def _from_planning(chance: planning.Chance) -> Chance:
    return Chance(
        satellite=chance.satellite,
        start=from_seconds(chance.start_s),
        end=from_seconds(chance.end_s),
        roll_deg=chance.roll_deg,
        pitch_deg=chance.pitch_deg,
        off_nadir_deg=chance.off_nadir_deg,
        uplink_by=from_seconds(chance.uplink_by_s),
        revolution=chance.revolution,
    )
