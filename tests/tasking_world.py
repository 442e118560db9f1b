"""Makes plans and candidates straight in the store, so that tasking is tested without any orbit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shapely.geometry import box

from swath.ids import CANDIDATE, PLAN, encode_id, new_id
from swath.query import Query
from swath.store.database import SqlStore
from swath.tasking import requests
from swath.tasking.bounds import NARROW, BoundsDraft
from swath.tasking.model import (
    Account,
    Candidate,
    Chance,
    DueKind,
    Event,
    Plan,
    PlanStatus,
    Priority,
    TaskingRequest,
)
from swath.tasking.ports import Reader, Store
from swath.tasking.requests import RequestDraft, cancel
from swath.tasking.rescheduling import reschedule
from swath.tasking.rules import Rules


def plan_again(store: Store, rules: Rules, now: datetime) -> None:
    """What the row of due work for planning does."""
    with store.begin() as uow:
        due = uow.add_due(DueKind.RESCHEDULE, "schedule", now)
    reschedule(store, rules, due, now)


def read_requests(reader: Reader) -> Sequence[TaskingRequest]:
    """All that there are."""
    return [record.value for record in reader.find_requests(Query(limit=10_000)).rows]


class Desk:
    """Asks for captures on behalf of one account."""

    def __init__(self, store: SqlStore, rules: Rules, account: Account, now: datetime) -> None:
        self.store, self.rules, self.account, self.now = store, rules, account, now
        self.plan = add_plan(store, account.id, now)

    def ask(
        self,
        chance: Chance,
        priority: Priority = Priority.NORMAL,
        *,
        key: str | None = None,
        bounds: BoundsDraft = NARROW,
    ) -> TaskingRequest:
        """Make a candidate of the chance and ask for it."""
        return self.pick(add_candidate(self.store, self.plan, chance, self.now, key=key), priority, bounds)

    def pick(
        self, candidate: Candidate, priority: Priority = Priority.NORMAL, bounds: BoundsDraft = NARROW
    ) -> TaskingRequest:
        """Ask for a candidate that there is."""
        draft = RequestDraft("harbour", candidate.id, priority, bounds=bounds)
        with self.store.begin() as uow:
            return requests.submit(uow, self.rules, self.account.id, draft, self.now)

    def cancel(self, request: TaskingRequest) -> None:
        """Take a request back."""
        with self.store.begin() as uow:
            cancel(uow, self.account.id, request.id, self.now)

    def read(self, request: TaskingRequest) -> TaskingRequest:
        with self.store.read() as reader:
            return requests.find_request(reader, request.id, self.account.id)

    def events(self, request: TaskingRequest) -> Sequence[Event]:
        with self.store.read() as reader:
            return reader.events_of(request.id)

    def free(self) -> int:
        with self.store.read() as reader:
            return reader.balance(self.account.id).free


AREA = box(135.9, 35.9, 136.3, 36.2)


def add_plan(
    store: Store, account_id: str, now: datetime, satellites: tuple[str, ...] = ("GRUS-1A",)
) -> Plan:
    """An ACTIVE plan of two weeks."""
    plan = Plan(
        id=new_id(PLAN),
        account_id=account_id,
        name="Fukui",
        geometry=AREA,
        valid_start=now,
        valid_end=now + timedelta(days=14),
        off_nadir_range=(0.0, 30.0),
        satellites=satellites,
        status=PlanStatus.ACTIVE,
        created=now,
    )
    with store.begin() as uow:
        uow.add_plan(plan)
    return plan


def candidate_id_of(start: datetime) -> str:
    """The candidate of the chance that starts then."""
    return encode_id(CANDIDATE, f"{int(start.timestamp()):016d}")


def make_chance(
    start: datetime, *, satellite: str = "GRUS-1A", roll_deg: float = 10.0, seconds: float = 8.0
) -> Chance:
    """A capture whose uplink freezes three hours before it starts."""
    return Chance(
        candidate_id=candidate_id_of(start),
        satellite=satellite,
        start=start,
        end=start + timedelta(seconds=seconds),
        roll_deg=roll_deg,
        pitch_deg=0.0,
        off_nadir_deg=abs(roll_deg),
        uplink_by=start - timedelta(hours=3),
        revolution=int(start.timestamp() // 5760),
    )


def add_candidate(
    store: SqlStore, plan: Plan, chance: Chance, now: datetime, *, key: str | None = None
) -> Candidate:
    """A live candidate of the plan that is this chance."""
    candidate = make_candidate(plan, chance, now, key=key)
    with store.begin() as uow:
        others = [c for c in uow.candidates_of_plan(plan.id) if c.valid_until > now]
        uow.replace_candidates(plan.id, [*others, candidate], now)
    return candidate


def make_candidate(plan: Plan, chance: Chance, now: datetime, *, key: str | None = None) -> Candidate:
    """A candidate of the plan that is this chance, found now."""
    return Candidate(
        id=encode_id(CANDIDATE, key) if key else chance.candidate_id,
        plan_id=plan.id,
        account_id=plan.account_id,
        chance=replace(chance, candidate_id=encode_id(CANDIDATE, key)) if key else chance,
        footprint=AREA,
        coverage_percent=100.0,
        expected_coverage_percent=99.0,
        coverage_probability=0.9,
        time_uncertainty_s=1.5,
        view_azimuth_deg=98.0,
        incidence_deg=11.0,
        sun_elevation_deg=50.0,
        sun_azimuth_deg=140.0,
        gsd_m=2.6,
        orbit_state="ascending",
        constellation="GRUS1",
        elements_epoch=now,
        access_start=chance.start - timedelta(seconds=60),
        access_end=chance.end + timedelta(seconds=60),
        expected_delivery=chance.end + timedelta(hours=2),
        created=now,
        valid_until=min(now + timedelta(hours=24), chance.uplink_by),
    )
