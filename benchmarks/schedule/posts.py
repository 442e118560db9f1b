"""What the call behind a POST costs with the database and a full schedule: `python -m benchmarks.schedule.posts 1000`.

Requests with four chances each, anywhere in thirteen days of the bundled fleet, are placed one by one until so many are
planned; then more come, each in a transaction of its own. `place` is the answer with its new version of the schedule,
`whole` that with keeping the request and its credit and with the commit. The last line printed is the result as JSON.
"""

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shapely import Polygon
from sqlalchemy import event

from swath.fleet import load_bundled_elements, load_fleet
from swath.ids import CANDIDATE, PLAN, REQUEST, new_id
from swath.settings import Limits, Notices, Prices
from swath.store.database import SqlStore, open_store
from swath.tasking.accounts import create_account
from swath.tasking.elements import import_elements
from swath.tasking.model import Chance, Plan, PlanStatus, Priority, Reason, RequestStatus, TaskingRequest
from swath.tasking.requests import CREATED
from swath.tasking.rules import Rules
from swath.tasking.schedule import place
from swath.tasking.steps import add_plan, add_request

ASKED, WARM = 200, 20
DAYS, SOON = 13, timedelta(hours=8)
PITCHES_DEG, STEP = (0.0, 5.0, 10.0, 15.0), timedelta(seconds=8)
GROUND = Polygon([(136.0, 36.0), (136.2, 36.0), (136.2, 36.1), (136.0, 36.1)])
FILLED = Reason("FILLED", "The benchmark begins with it.")


@dataclass
class Desk:
    """Makes up requests, and asks for them."""

    store: SqlStore
    rules: Rules
    plan: Plan
    now: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def make_up(self, priority: Priority = Priority.NORMAL) -> TaskingRequest:
        """One access at four pitches."""
        start = self.now + SOON + timedelta(seconds=self.dice.uniform(0, DAYS * 86_400))
        candidate, satellite = new_id(CANDIDATE), self.dice.choice(self.plan.satellites)
        roll_deg = self.dice.uniform(-25, 25)
        chances = tuple(
            Chance(
                candidate_id=candidate,
                satellite=satellite,
                start=start + i * STEP,
                end=start + (i + 1) * STEP,
                roll_deg=roll_deg,
                pitch_deg=pitch_deg,
                off_nadir_deg=abs(roll_deg),
                uplink_by=start - timedelta(hours=3),
                revolution=int(start.timestamp() // 5_760),
            )
            for i, pitch_deg in enumerate(PITCHES_DEG)
        )
        return TaskingRequest(
            id=new_id(REQUEST),
            account_id=self.plan.account_id,
            plan_id=self.plan.id,
            candidate_id=candidate,
            name="made up",
            priority=priority,
            status=RequestStatus.PLANNED,
            created=self.now,
            footprint=GROUND,
            valid_start=start,
            valid_end=chances[-1].end,
            off_nadir_range=(0.0, 30.0),
            satellites=(satellite,),
            chances=chances,
            cost=self.rules.price(priority),
            reason=CREATED,
            cancel_until=chances[0].uplink_by,
        )

    def fill(self, count: int) -> None:
        """Place so many, in one transaction."""
        with self.store.begin() as uow:
            while len(uow.schedule().activities) < count:
                request = self.make_up()
                add_request(uow, request, CREATED, self.now)
                place(uow, self.rules, request, self.now)

    def ask(self, priority: Priority) -> tuple[float, float, str]:
        """What an answer took in milliseconds, alone and with all around it; and how the request stands then."""
        request, began = self.make_up(priority), time.perf_counter()
        with self.store.begin() as uow:
            add_request(uow, request, CREATED, self.now)
            asked = time.perf_counter()
            answered = place(uow, self.rules, request, self.now)
            placed = time.perf_counter()
        return (placed - asked) * 1e3, (time.perf_counter() - began) * 1e3, answered.status


def open_desk(folder: Path) -> Desk:
    """The bundled fleet, its elements, an account with credit, and a plan."""
    sets = load_bundled_elements()
    now = max(one.epoch for one in sets)
    rules = Rules(load_fleet(None), Limits(), Prices(), Notices())
    store = open_store(f"sqlite:///{folder}/posts.db")
    with store.begin() as uow:
        import_elements(uow, rules, sets, "bundled", now)
        account = create_account(uow, "benchmark", 10**6, now)
        plan = make_plan(account.id, tuple(rules.fleet.satellites), now)
        add_plan(uow, plan, FILLED, now)
    return Desk(store, rules, plan, now)


def make_plan(account_id: str, satellites: tuple[str, ...], now: datetime) -> Plan:
    return Plan(
        id=new_id(PLAN),
        account_id=account_id,
        name="benchmark",
        geometry=GROUND,
        valid_start=now,
        valid_end=now + timedelta(days=DAYS + 1),
        off_nadir_range=(0.0, 30.0),
        satellites=satellites,
        status=PlanStatus.ACTIVE,
        created=now,
    )


def measure(desk: Desk, priority: Priority, asked: int) -> dict[str, Any]:
    """Answers one after another, the first ones not timed."""
    statements = Counter[str]()
    event.listen(desk.store.engine, "before_cursor_execute", lambda *_: statements.update(["all"]))
    took = [desk.ask(priority) for _ in range(WARM + asked)][WARM:]
    return {
        "place": summarise([one[0] for one in took]),
        "whole": summarise([one[1] for one in took]),
        "statements": statements["all"] / (WARM + asked),
        "answers": dict(Counter(one[2] for one in took)),
    }


def summarise(times_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times_ms)
    return {"p50_ms": statistics.median(ordered), "p99_ms": ordered[int(0.99 * len(ordered))]}


def measure_all(count: int, asked: int = ASKED) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(Path(folder))
        desk.fill(count)
        # As the server does once it has started.
        gc.collect()
        gc.freeze()
        found = {one.name: measure(desk, one, asked) for one in (Priority.NORMAL, Priority.EMERGENCY)}
        desk.store.close()
    return {"planned": count, "satellites": len(desk.plan.satellites), "asked": asked, "answers": found}


if __name__ == "__main__":
    print(json.dumps(measure_all(int(sys.argv[1]))))
