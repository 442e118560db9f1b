"""Makes plans and candidates straight in the store, so that tasking is tested without any orbit."""

from datetime import datetime, timedelta

from shapely.geometry import box

from swath.ids import CANDIDATE, PLAN, encode_id, new_id
from swath.store.database import SqlStore
from swath.tasking.model import Candidate, Chance, Plan, PlanStatus

AREA = box(135.9, 35.9, 136.3, 36.2)


def add_plan(store: SqlStore, account_id: str, now: datetime) -> Plan:
    """An ACTIVE plan of two weeks."""
    plan = Plan(
        id=new_id(PLAN),
        account_id=account_id,
        name="Fukui",
        geometry=AREA,
        valid_start=now,
        valid_end=now + timedelta(days=14),
        off_nadir_range=(0.0, 30.0),
        satellites=("GRUS-1A",),
        status=PlanStatus.ACTIVE,
        created=now,
    )
    with store.begin() as uow:
        uow.add_plan(plan)
    return plan


def make_chance(
    start: datetime, *, satellite: str = "GRUS-1A", roll_deg: float = 10.0, seconds: float = 8.0
) -> Chance:
    """A capture whose uplink freezes three hours before it starts."""
    return Chance(
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
    candidate = Candidate(
        id=encode_id(CANDIDATE, key or f"{int(chance.start.timestamp()):016d}"),
        plan_id=plan.id,
        account_id=plan.account_id,
        chance=chance,
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
    with store.begin() as uow:
        others = [c for c in uow.candidates_of_plan(plan.id) if c.valid_until > now]
        uow.replace_candidates(plan.id, [*others, candidate], now)
    return candidate
