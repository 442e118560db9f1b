"""Every way to fulfil a request: its candidate first, then whatever else of the plan shows the same ground.

Looking for other pitches of an access takes milliseconds each, so only those of the picked candidate are looked for
while its customer waits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from swath import planning
from swath.clock import from_seconds, to_seconds
from swath.geo.antimeridian import Area
from swath.geo.plane import common_percent
from swath.orbit.elements import from_omm
from swath.tasking.bounds import Bounds, bounds_now
from swath.tasking.candidates import usable_sets
from swath.tasking.model import Candidate, Chance, DueKind, DueWork, Plan, StoredElements, TaskingRequest
from swath.tasking.ports import Reader, Store, UnitOfWork
from swath.tasking.rules import Rules

# What another candidate may cover less than the picked one, in percent of the plan's area.
COVERAGE_SLACK_PERCENT = 1.0
# As a candidate keeps it, coverage is this near to what its footprint covers.
ROUNDED_PERCENT = 0.05
# More freedom than this does not help the schedule, but every answer would have to read it.
MOST_CHANCES = 64

Pitches = Callable[[Candidate], Sequence[Chance]]


def find_first_chances(
    reader: Reader, rules: Rules, plan: Plan, picked: Candidate, bounds: Bounds, now: datetime
) -> tuple[Chance, ...]:
    """The chances of a new request: its candidate's access at every pitch, other accesses at their best."""
    others = find_serving(reader, plan, picked.id, picked.footprint, bounds, now)
    pitches = _find_pitches(rules, plan, bounds, usable_sets(reader, rules, now, {picked.chance.satellite}))
    return _line_up([picked, *others], bounds, lambda one: pitches(one) if one is picked else ())


def find_chances(reader: Reader, rules: Rules, request: TaskingRequest, now: datetime) -> tuple[Chance, ...]:
    """All chances of a request that are still ahead at `now`, every candidate's at every pitch.

    Those of a satellite whose elements have grown too old to search with stay as they were.
    """
    plan, picked = reader.plan(request.plan_id), reader.candidate(request.candidate_id)
    if plan is None or picked is None:
        return request.chances
    bounds, sets = bounds_now(request, picked), usable_sets(reader, rules, now)
    others = find_serving(reader, plan, picked.id, request.footprint, bounds, now)
    still_there = picked.valid_until > now and bounds.hold(picked.chance)
    serving = [picked, *others] if still_there else others
    found = _line_up(serving, bounds, _find_pitches(rules, plan, bounds, sets))
    kept = [chance for chance in request.chances if chance.satellite not in sets]
    return tuple(chance for chance in dict.fromkeys((*found, *kept)) if chance.uplink_by > now)


def find_again(store: Store, rules: Rules, due: DueWork, now: datetime) -> None:
    """Find a request's chances among the candidates as they are now, together with the end of this row of due work.

    They are laid beside those that it has: the schedule takes them up when it is made again.
    """
    with store.read() as reader:
        request = reader.request(due.subject)
        chances = None if request is None else find_chances(reader, rules, request, now)
    with store.begin() as uow:
        if uow.finish_due(due.id, now) and chances is not None:
            _offer(uow, due.subject, chances, now)


def _offer(uow: UnitOfWork, request_id: str, chances: tuple[Chance, ...], now: datetime) -> None:
    request = uow.request(request_id)
    if request is not None and not request.final:
        uow.save_request(replace(request, fresh=chances))
        uow.add_due(DueKind.RESCHEDULE, "schedule", now)


def find_serving(
    reader: Reader, plan: Plan, picked_id: str, footprint: Area, bounds: Bounds, now: datetime
) -> list[Candidate]:
    """The plan's other living candidates inside the bounds that show what `footprint` shows of the area, by start.

    A percent of the area may be missing, as with another pitch of the same access.
    """
    window = bounds.valid_start, bounds.valid_end
    found = reader.living_candidates(plan.id, bounds.satellites, *window, now)
    inside = [one for one in found if one.id != picked_id and bounds.hold(one.chance)]
    enough = common_percent([footprint], plan.geometry) - COVERAGE_SLACK_PERCENT if inside else 0.0
    return [
        one
        for one in inside
        # Who shows less of all of the area shows less of a part of it, too, and need not be looked at.
        if one.coverage_percent >= enough - ROUNDED_PERCENT
        and common_percent([footprint, one.footprint], plan.geometry) >= enough
    ]


def _line_up(candidates: Sequence[Candidate], bounds: Bounds, pitches: Pitches) -> tuple[Chance, ...]:
    """Every pitch of the first, then the others as they are, then these at other pitches; within the bounds."""
    chances = [one.chance for one in candidates]
    more = [pitch for one in candidates for pitch in pitches(one) if bounds.hold(pitch)]
    first = [pitch for pitch in more if pitch.candidate_id == chances[0].candidate_id] if chances else []
    return tuple(dict.fromkeys((*chances[:1], *first, *chances[1:], *more)))[:MOST_CHANCES]


def _find_pitches(rules: Rules, plan: Plan, bounds: Bounds, sets: Mapping[str, StoredElements]) -> Pitches:
    """Looks for other pitches of a candidate's access, as far off nadir as the bounds allow.

    They are looked for with the elements that the candidate was found with; when those are no longer the newest, the
    candidate is about to be found again, and stays the only chance of its access until then.
    """

    def find(candidate: Candidate) -> Sequence[Chance]:
        newest = sets.get(candidate.chance.satellite)
        if newest is None or newest.epoch != candidate.elements_epoch:
            return ()
        satellite, first = rules.fleet.satellites[candidate.chance.satellite], _to_planning(candidate.chance)
        member, terms = (satellite, from_omm(newest.omm)), _build_terms(candidate, bounds, rules)
        found = planning.find_chances(
            first, candidate.footprint, plan.geometry, member, rules.fleet.stations, terms
        )
        return [_from_planning(candidate.id, chance) for chance in found if chance != first]

    return find


def _build_terms(candidate: Candidate, bounds: Bounds, rules: Rules) -> planning.Terms:
    """Anywhere in the candidate's access: its end tells how long the satellite is followed, so bounds do not cut it."""
    return planning.Terms(
        to_seconds(candidate.access_start),
        to_seconds(candidate.access_end),
        bounds.off_nadir_range,
        rules.fleet.limits,
        to_seconds(candidate.created),
    )


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


def _from_planning(candidate_id: str, chance: planning.Chance) -> Chance:
    return Chance(
        candidate_id=candidate_id,
        satellite=chance.satellite,
        start=from_seconds(chance.start_s),
        end=from_seconds(chance.end_s),
        roll_deg=chance.roll_deg,
        pitch_deg=chance.pitch_deg,
        off_nadir_deg=chance.off_nadir_deg,
        uplink_by=from_seconds(chance.uplink_by_s),
        revolution=chance.revolution,
    )
