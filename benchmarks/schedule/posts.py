"""What the call behind a POST costs with the database and a full schedule: `python -m benchmarks.schedule.posts 1000`.

Requests with four chances each, anywhere in thirteen days of the bundled fleet, are placed one by one until so many are
planned; then more come, each in a transaction of its own. `place` is the answer with its new version of the schedule,
`whole` that with keeping the request and its credit and with the commit. `submit` is all that a POST does below HTTP:
real candidates of plans around the world are read, their other pitches found, and the answer is remembered by its key.
In `rivals` these plans are so wide that each pass has several candidates, of which one can be captured: most requests
are refused, and told why. In `crowded` all are within six hours, so that others have to make room for an emergency:
`moved` counts those whose place changed. The last line printed is the result as JSON.
"""

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from shapely import Polygon, box

from swath.fleet import load_bundled_elements, load_fleet
from swath.ids import CANDIDATE, PLAN, REQUEST, new_id
from swath.settings import Limits, Notices, Prices
from swath.store.database import SqlStore, open_store
from swath.tasking.accounts import create_account
from swath.tasking.candidates import refresh
from swath.tasking.elements import import_elements
from swath.tasking.model import (
    Candidate,
    Chance,
    DueKind,
    Plan,
    PlanStatus,
    Priority,
    Reason,
    RequestStatus,
    TaskingRequest,
)
from swath.tasking.requests import CREATED, RequestDraft, submit
from swath.tasking.rules import Rules
from swath.tasking.schedule import place
from swath.tasking.steps import add_plan, add_request

ASKED, WARM = 200, 20
DAYS, SOON = 13, timedelta(hours=8)
CROWDED_DAYS = 0.25
PITCHES_DEG, STEP = (0.0, 5.0, 10.0, 15.0), timedelta(seconds=8)
GROUND = Polygon([(136.0, 36.0), (136.2, 36.0), (136.2, 36.1), (136.0, 36.1)])
PLACES = (
    (136, 36), (2, 48), (-74, 40), (151, -33), (18, -34), (-58, -34), (77, 28), (100, 13), (-122, 37), (30, 31),
    (13, 52), (-99, 19), (116, 40), (37, 55), (-43, -22), (4, 6), (28, -26), (-3, 40), (73, 19), (127, 37),
)  # fmt: skip
# Degrees: as wide as one strip, or as several.
WIDTHS = {"submit": 0.2, "rivals": 1.0}
FILLED = Reason("FILLED", "The benchmark begins with it.")


@dataclass(frozen=True)
class Asked:
    """What one request took, in milliseconds: its place alone (0 where that is not told apart), and all of it.

    `moved` are others whose place in the schedule has changed.
    """

    place_ms: float
    whole_ms: float
    status: str
    moved: int


@dataclass
class Desk:
    """Makes up requests within so many days, and asks for them; or for candidates that it finds."""

    store: SqlStore
    rules: Rules
    plan: Plan
    now: datetime
    days: float = DAYS
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def make_up(self, priority: Priority = Priority.NORMAL) -> TaskingRequest:
        """One access at four pitches."""
        start = self.now + SOON + timedelta(seconds=self.dice.uniform(0, self.days * 86_400))
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

    def ask(self, priority: Priority) -> Asked:
        """Place one more."""
        request, lines, began = self.make_up(priority), self._read_lines(), time.perf_counter()
        with self.store.begin() as uow:
            add_request(uow, request, CREATED, self.now)
            asked = time.perf_counter()
            answered = place(uow, self.rules, request, self.now)
            placed = time.perf_counter()
        whole_ms = (time.perf_counter() - began) * 1e3
        return Asked((placed - asked) * 1e3, whole_ms, answered.status, len(lines - self._read_lines()))

    def find_candidates(self, count: int, width: float) -> Sequence[Candidate]:
        """So many of plans around the world, so many degrees wide, in any order."""
        found = list[Candidate]()
        for lon, lat in PLACES:
            if len(found) < count:
                found += self._search(
                    replace(self.plan, id=new_id(PLAN), geometry=box(lon, lat, lon + width, lat + width))
                )
        self.dice.shuffle(found)
        return found[:count]

    def submit(self, candidate: Candidate, priority: Priority) -> Asked:
        """Ask for a candidate as `swath.api.creation` does."""
        draft, key = RequestDraft("real", candidate.id, priority), f"{priority} of {candidate.id}"
        account, lines, began = candidate.account_id, self._read_lines(), time.perf_counter()
        with self.store.begin() as uow:
            assert uow.answer_for_key(account, key, self.now - timedelta(days=1)) is None
            answered = submit(uow, self.rules, account, draft, self.now)
            uow.remember_answer(account, key, "digest", answered.id, self.now)
        whole_ms = (time.perf_counter() - began) * 1e3
        return Asked(0.0, whole_ms, answered.status, len(lines - self._read_lines()))

    def _search(self, plan: Plan) -> Sequence[Candidate]:
        with self.store.begin() as uow:
            add_plan(uow, plan, FILLED, self.now)
            due = uow.add_due(DueKind.FIND_CANDIDATES, plan.id, self.now)
        refresh(self.store, self.rules, due, self.now)
        with self.store.read() as reader:
            return [one for one in reader.candidates_of_plan(plan.id) if one.valid_until > self.now]

    def _read_lines(self) -> set[tuple[str, datetime]]:
        with self.store.read() as reader:
            return {(line.request_id, line.chance.start) for line in reader.schedule().activities}


def open_desk(folder: Path, days: float = DAYS) -> Desk:
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
    return Desk(store, rules, plan, now, days)


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


def measure(calls: Iterable[Callable[[], Asked]]) -> dict[str, Any]:
    """Answers one after another, the first ones not timed."""
    asked = [call() for call in calls]
    took = asked[WARM:]
    return {
        "place": summarise([one.place_ms for one in took]),
        "whole": summarise([one.whole_ms for one in took]),
        "answers": dict(Counter(one.status for one in took)),
        "moved": sum(one.moved for one in took),
    }


def summarise(times_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times_ms)
    return {"p50_ms": statistics.median(ordered), "p99_ms": ordered[int(0.99 * len(ordered))]}


def measure_all(count: int, asked: int = ASKED) -> dict[str, Any]:
    """The figures of each way to ask, each into a schedule of so many."""
    found: dict[str, Any] = {}
    for way, days in (("place", DAYS), ("submit", DAYS), ("rivals", DAYS), ("crowded", CROWDED_DAYS)):
        with tempfile.TemporaryDirectory() as folder:
            desk = open_desk(Path(folder), days)
            desk.fill(count)
            found |= measure_way(desk, way, WARM + asked)
            desk.store.close()
    return {"planned": count, "satellites": len(desk.plan.satellites), "asked": asked, "answers": found}


def measure_way(desk: Desk, way: str, count: int) -> dict[str, Any]:
    priorities = (Priority.NORMAL, Priority.EMERGENCY)
    wanted = len(priorities) * count
    candidates = iter(desk.find_candidates(wanted, WIDTHS[way]) if way in WIDTHS else ())
    # As the server does once it has started.
    gc.collect()
    gc.freeze()
    found = dict[str, Any]()
    for priority in priorities:
        submits = [partial(desk.submit, one, priority) for one in islice(candidates, count)]
        found[f"{priority}, {way}"] = measure(submits or [partial(desk.ask, priority)] * count)
    gc.unfreeze()
    return found


if __name__ == "__main__":
    print(json.dumps(measure_all(int(sys.argv[1]))))
