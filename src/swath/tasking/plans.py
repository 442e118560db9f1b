"""Plans: create one, archive one, let it expire."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from swath.errors import Conflict, Fault, Invalid, NotFound
from swath.figures import write_beside
from swath.geo.antimeridian import Area
from swath.geo.polygons import parse_area
from swath.ids import PLAN, new_id
from swath.tasking.model import DueKind, Plan, PlanStatus, Reason
from swath.tasking.ports import Reader, UnitOfWork
from swath.tasking.rules import Rules
from swath.tasking.steps import add_plan, note_plan, step_plan

CREATED = Reason("CREATED", "The plan was created; its candidates are being looked for.")
ARCHIVED = Reason("ARCHIVED", "The plan was archived by its owner.")
EXPIRED = Reason("TOI_OVER", "The time range of the plan is over.")
# Far more than any fleet here has, and few enough to be looked at one by one.
MAX_SATELLITES = 100


@dataclass(frozen=True)
class PlanDraft:
    """What a customer sends to make a plan; None stands for the default."""

    name: str
    geometry: Mapping[str, Any]
    valid_start: datetime
    valid_end: datetime
    off_nadir_range: tuple[float, float] | None = None
    satellites: tuple[str, ...] | None = None


def create(uow: UnitOfWork, rules: Rules, account_id: str, draft: PlanDraft, now: datetime) -> Plan:
    """Check a draft and keep it as a plan whose candidates are due to be found; raises Invalid with every fault."""
    satellites, faults = _satellites(rules, draft)
    geometry, geometry_faults = _area(rules, draft)
    faults += [*_name_faults(rules, draft), *_time_faults(rules, draft, now)]
    off_nadir, off_nadir_faults = _off_nadir(rules, draft, satellites)
    faults += geometry_faults + off_nadir_faults
    if faults or geometry is None:
        raise Invalid(*faults)
    plan = Plan(
        id=new_id(PLAN),
        account_id=account_id,
        name=draft.name.strip(),
        geometry=geometry,
        valid_start=draft.valid_start,
        valid_end=draft.valid_end,
        off_nadir_range=off_nadir,
        satellites=satellites,
        status=PlanStatus.PROCESSING,
        created=now,
    )
    add_plan(uow, plan, CREATED, now)
    uow.add_due(DueKind.FIND_CANDIDATES, plan.id, now)
    uow.add_due(DueKind.EXPIRE_PLAN, plan.id, plan.valid_end)
    return plan


def archive(uow: UnitOfWork, account_id: str, plan_id: str, now: datetime) -> None:
    """Take a plan out of sight; raises NotFound, and Conflict while a request of it is still alive."""
    plan = find_plan(uow, plan_id, account_id)
    live = [r for r in uow.requests_of_plan(plan.id) if not r.final]
    if live:
        raise Conflict(
            f"The plan has {len(live)} live request{'s' * (len(live) != 1)}; cancel them or wait until they are over.",
            code="plan_has_requests",
            see=live[0].id,
        )
    note_plan(uow, replace(plan, archived=now), ARCHIVED, now)
    uow.replace_candidates(plan.id, (), now)
    for kind in (DueKind.FIND_CANDIDATES, DueKind.REFRESH_CANDIDATES, DueKind.EXPIRE_PLAN):
        uow.drop_due(kind, plan.id)


def expire(uow: UnitOfWork, plan_id: str, now: datetime) -> None:
    """End a plan whose time range is over; its candidates lapse with it."""
    plan = uow.plan(plan_id)
    if plan is None or plan.archived or plan.status == PlanStatus.EXPIRED:
        return
    uow.replace_candidates(plan.id, (), now)
    uow.drop_due(DueKind.REFRESH_CANDIDATES, plan.id)
    step_plan(uow, plan, PlanStatus.EXPIRED, EXPIRED, now)


def fail(uow: UnitOfWork, plan_id: str, why: str, now: datetime) -> None:
    """The candidates of a new plan could not be found; the plan says so and why."""
    plan = uow.plan(plan_id)
    if plan is not None and plan.status == PlanStatus.PROCESSING:
        reason = Reason("SEARCH_FAILED", f"The candidates could not be computed: {why}")
        step_plan(uow, plan, PlanStatus.FAILED, reason, now)


def find_plan(reader: Reader, plan_id: str, account_id: str | None) -> Plan:
    """The account's plan that is not archived; raises NotFound."""
    plan = reader.plan(plan_id, account_id)
    if plan is None or plan.archived:
        raise NotFound(f"There is no plan {plan_id[:80]!r}.")
    return plan


def _name_faults(rules: Rules, draft: PlanDraft) -> Iterator[Fault]:
    length, most = len(draft.name.strip()), rules.limits.max_name
    if not 1 <= length <= most:
        yield Fault("/properties/name", "name_length", f"name has {length} characters; it takes 1 to {most}.")


def _time_faults(rules: Rules, draft: PlanDraft, now: datetime) -> Iterator[Fault]:
    start, end, limits = draft.valid_start, draft.valid_end, rules.limits
    at = "/properties/valid_end"
    if end <= start:
        yield Fault(at, "toi_reversed", f"valid_end {_iso(end)} must be after valid_start {_iso(start)}.")
    elif end - start > limits.max_toi:
        days, most = (span / timedelta(days=1) for span in (end - start, limits.max_toi))
        yield Fault(
            at,
            "toi_too_long",
            f"The time range is {write_beside(days, most)} days long; the limit is {most:g} days.",
        )
    if end <= now:
        yield Fault(at, "toi_past", f"valid_end {_iso(end)} is in the past; it is now {_iso(now)}.")
    if end > now + limits.horizon:
        latest = _iso(now + limits.horizon)
        yield Fault(
            at, "toi_too_far", f"valid_end {_iso(end)} is too far ahead; the latest allowed is {latest}."
        )


def _satellites(rules: Rules, draft: PlanDraft) -> tuple[tuple[str, ...], list[Fault]]:
    fleet = rules.fleet
    if draft.satellites is None:
        return tuple(fleet.satellites), []
    at, count = "/properties/satellites", len(draft.satellites)
    if not count:
        message = "satellites is empty; name at least one, or leave it out for all of them."
        return (), [Fault(at, "satellites_empty", message)]
    if count > MAX_SATELLITES:
        message = f"satellites has {count} members; name at most {MAX_SATELLITES}."
        return (), [Fault(at, "too_many_satellites", message)]
    found = [(name, fleet.find(name)) for name in draft.satellites]
    known = ", ".join(fleet.satellites)
    faults = [
        Fault(f"{at}/{i}", "satellite_unknown", f"There is no satellite {name[:80]!r}; there are {known}.")
        for i, (name, satellite) in enumerate(found)
        if satellite is None
    ]
    return tuple(dict.fromkeys(s.id for _, s in found if s is not None)), faults


def _off_nadir(
    rules: Rules, draft: PlanDraft, satellites: tuple[str, ...]
) -> tuple[tuple[float, float], list[Fault]]:
    chosen = satellites or tuple(rules.fleet.satellites)
    limit = max(rules.fleet.satellites[name].agility.max_off_nadir_deg for name in chosen)
    low, high = draft.off_nadir_range or (0.0, limit)
    if 0 <= low < high <= limit:
        return (low, high), []
    found = ", ".join(write_beside(angle, 0, low, high, limit) for angle in (low, high))
    message = f"off_nadir_range is [{found}]; it takes 0 <= min < max <= {limit:g} degrees."
    return (low, high), [Fault("/properties/off_nadir_range", "off_nadir_range", message)]


def _area(rules: Rules, draft: PlanDraft) -> tuple[Area | None, list[Fault]]:
    limits = rules.limits
    try:
        area = parse_area(
            draft.geometry, max_extent_km=limits.max_extent_km, max_vertices=limits.max_vertices
        )
    except Invalid as error:
        return None, list(error.faults)
    return area, []


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
