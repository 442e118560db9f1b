"""Candidates of a plan: found when it is made, found again before they lapse and when fresh elements arrive.

Computing happens outside any transaction; a short one then keeps the result if the plan still wants it.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from swath import planning
from swath.clock import from_seconds, to_seconds
from swath.ids import CANDIDATE, encode_id
from swath.orbit.elements import Elements, from_omm
from swath.orbit.propagate import lasts_until
from swath.tasking.machine import OPEN_PLANS
from swath.tasking.model import (
    Candidate,
    Chance,
    DueKind,
    DueWork,
    Plan,
    PlanStatus,
    Reason,
    StoredElements,
)
from swath.tasking.ports import Reader, Store, UnitOfWork
from swath.tasking.rules import Rules
from swath.tasking.steps import step_plan

# Found again this long before the oldest of them would lapse, so that a list never runs dry.
REFRESH_LEAD = timedelta(hours=1)
log = logging.getLogger(__name__)


def refresh(store: Store, rules: Rules, due: DueWork, now: datetime) -> None:
    """Find the plan's candidates as of `now` and keep them, together with the end of this row of due work."""
    with store.read() as reader:
        plan = reader.plan(due.subject)
        elements = usable_elements(reader, rules, now)
    finding = None if plan is None or not _wanted(plan, now) else _find(plan, rules, elements, now)
    with store.begin() as uow:
        if uow.finish_due(due.id, now):
            current = uow.plan(due.subject)
            if current is None or not _wanted(current, now):
                return
            if finding is None:
                _lack_elements(uow, rules, current, now)
            else:
                _keep(uow, rules, current, finding, now)


def refresh_all(uow: UnitOfWork, now: datetime) -> None:
    """Fresh elements are here: every open plan is due to be searched again."""
    for plan in uow.open_plans():
        uow.move_due(DueKind.REFRESH_CANDIDATES, plan.id, now)


def usable_elements(reader: Reader, rules: Rules, now: datetime) -> Mapping[str, Elements]:
    """The newest element set of each satellite of the fleet that is not too old to plan with."""
    return {name: from_omm(stored.omm) for name, stored in usable_sets(reader, rules, now).items()}


def usable_sets(
    reader: Reader, rules: Rules, now: datetime, satellites: Collection[str] | None = None
) -> Mapping[str, StoredElements]:
    """The same as they are stored, of all satellites or some."""
    oldest = now - rules.limits.max_elements_age
    return {
        stored.satellite: stored
        for stored in reader.elements(satellites=satellites)
        if stored.satellite in rules.fleet.satellites and stored.epoch >= oldest
    }


def _wanted(plan: Plan, now: datetime) -> bool:
    return plan.status in OPEN_PLANS and plan.archived is None and plan.valid_end > now


def _find(
    plan: Plan, rules: Rules, elements: Mapping[str, Elements], now: datetime
) -> planning.FoundCandidates | None:
    """None when there are no elements to find anything with."""
    chosen = _with_elements(plan.satellites, plan, rules, elements)
    if not chosen:
        return None
    others = _with_elements(set(rules.fleet.satellites) - set(plan.satellites), plan, rules, elements)
    terms = planning.Terms(
        to_seconds(plan.valid_start),
        to_seconds(plan.valid_end),
        plan.off_nadir_range,
        rules.fleet.limits,
        to_seconds(now),
        plan.id,
        rules.limits.max_toi.total_seconds(),
        to_seconds(now + rules.limits.horizon),
    )
    return planning.find_candidates(plan.geometry, terms, chosen, rules.fleet.stations, others)


def _with_elements(
    names: Iterable[str], plan: Plan, rules: Rules, elements: Mapping[str, Elements]
) -> Sequence[planning.Member]:
    known = [(rules.fleet.satellites[name], elements[name]) for name in sorted(names) if name in elements]
    return [one for one in known if _stays_up(one[1], plan.valid_end)]


def _stays_up(elements: Elements, at: datetime) -> bool:
    """Whether the satellite is still in orbit a day later: one that comes down must not fail the plan of all others."""
    stays = lasts_until(elements, to_seconds(at + timedelta(days=1)))
    if not stays:
        log.warning("%s is left out of planning: by its elements it has decayed by then", elements.label)
    return stays


def _keep(uow: UnitOfWork, rules: Rules, plan: Plan, found: planning.FoundCandidates, now: datetime) -> None:
    candidates = [_candidate(plan, rules, draft, now) for draft in found.candidates]
    uow.replace_candidates(plan.id, candidates, now)
    told = replace(plan, candidate_count=len(candidates), no_candidates=planning.explain(found))
    if plan.status == PlanStatus.ACTIVE:
        uow.save_plan(told)
    else:
        step_plan(uow, told, PlanStatus.ACTIVE, _found(len(candidates)), now)
    for request in uow.requests_of_plan(plan.id):
        if not request.final:
            # A search that is running looks among the candidates as they were.
            uow.move_due(DueKind.FIND_CHANCES, request.id, now)
    again = now + rules.limits.candidate_life - REFRESH_LEAD
    uow.drop_due(DueKind.REFRESH_CANDIDATES, plan.id)
    if again < plan.valid_end:
        uow.add_due(DueKind.REFRESH_CANDIDATES, plan.id, again)


def _lack_elements(uow: UnitOfWork, rules: Rules, plan: Plan, now: datetime) -> None:
    """Without elements there is no orbit: the plan waits as FAILED, and is searched again when fresh ones arrive."""
    uow.replace_candidates(plan.id, (), now)
    if plan.status == PlanStatus.PROCESSING:
        days = rules.limits.max_elements_age.days
        message = (
            f"No element set of {', '.join(plan.satellites)} is younger than {days} days. "
            "The plan is searched again when the operator has brought fresh ones (swath elements refresh)."
        )
        step_plan(uow, plan, PlanStatus.FAILED, Reason("ELEMENTS_TOO_OLD", message), now)


def _found(count: int) -> Reason:
    if count == 0:
        return Reason("NO_CANDIDATES", "No candidate was found; `no_candidates` says what each limit cost.")
    return Reason("CANDIDATES_FOUND", f"{count} candidate{'s' * (count != 1)} found.", {"count": count})


def _candidate(plan: Plan, rules: Rules, draft: planning.CandidateDraft, now: datetime) -> Candidate:
    uplink_by = from_seconds(draft.uplink_by_s)
    satellite = rules.fleet.satellites[draft.satellite]
    return Candidate(
        id=encode_id(CANDIDATE, draft.key),
        plan_id=plan.id,
        account_id=plan.account_id,
        chance=Chance(
            candidate_id=encode_id(CANDIDATE, draft.key),
            satellite=draft.satellite,
            start=from_seconds(draft.start_s),
            end=from_seconds(draft.end_s),
            roll_deg=draft.roll_deg,
            pitch_deg=draft.pitch_deg,
            off_nadir_deg=draft.off_nadir_deg,
            uplink_by=uplink_by,
            revolution=draft.revolution,
        ),
        footprint=draft.footprint,
        # What is left of a whole after adding up pieces is not worth fifteen digits.
        coverage_percent=round(draft.coverage_percent, 6),
        # What is estimated with a tenth to spare even less so.
        expected_coverage_percent=round(draft.expected_coverage_percent, 2),
        coverage_probability=round(draft.coverage_probability, 3),
        time_uncertainty_s=round(draft.time_uncertainty_s, 3),
        view_azimuth_deg=draft.view_azimuth_deg,
        incidence_deg=draft.incidence_deg,
        sun_elevation_deg=draft.sun_elevation_deg,
        sun_azimuth_deg=draft.sun_azimuth_deg,
        gsd_m=draft.gsd_m,
        orbit_state=draft.orbit_state,
        constellation=satellite.constellation,
        elements_epoch=draft.elements_epoch,
        access_start=from_seconds(draft.access_start_s),
        access_end=from_seconds(draft.access_end_s),
        expected_delivery=draft.downlink
        and from_seconds(draft.downlink.end_s + rules.fleet.limits.processing_s),
        created=now,
        valid_until=min(now + rules.limits.candidate_life, uplink_by),
    )
