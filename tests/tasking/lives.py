"""Random lives of requests over a real store: everything that customers, mission control, orbits and time do to them.

A world draws one step after another. What a call must answer is known beforehand from a model of its own, and after
every step, and after every row of due work within it, `tests.tasking.promises` looks whether all that is promised
still holds. What is drawn hangs on the seed alone.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

import pytest
from tests.conftest import NOW
from tests.tasking.promises import Look, Step, check_end, check_following, check_step
from tests.tasking_world import add_plan, make_candidate, make_chance

from swath import planning
from swath.errors import Conflict, InsufficientCredit
from swath.scheduling import solve_verified
from swath.settings import Notices
from swath.tasking import captures, requests, timeline
from swath.tasking.accounts import create_account
from swath.tasking.bounds import NARROW, BoundsDraft
from swath.tasking.captures import CaptureResult
from swath.tasking.chances import find_again
from swath.tasking.downlinks import DownlinkReport, report_downlink
from swath.tasking.model import (
    Candidate,
    Capture,
    CaptureStatus,
    CatalogItem,
    Chance,
    DueKind,
    DueWork,
    Plan,
    Priority,
    RequestStatus,
)
from swath.tasking.ports import Store, UnitOfWork
from swath.tasking.requests import RequestDraft
from swath.tasking.rules import Rules
from swath.tasking.uplinks import UplinkReport, acknowledge, uplink_id_of

SATELLITES = ("GRUS-1A", "GRUS-1B")
PRICES = {Priority.EMERGENCY: 3, Priority.NORMAL: 1, Priority.WISHLIST: 1}
# Many captures are wanted in few moments, and several go up with one contact.
SLOTS = 3
SLOT = timedelta(hours=8)
CONTACTS = timedelta(hours=3)
# Houses that promise NORMAL work at once, and some that promise it late.
NOTICES = (Notices(), Notices(normal=timedelta(hours=2)), Notices(normal=timedelta(hours=8)))
FLEXIBLE = BoundsDraft(off_nadir_range=(0.0, 30.0))
Outcome = Literal["done", "failed", "cloudy"]
# How often something else happens while a schedule is made.
MEANWHILE = 0.2
MADE = (CaptureStatus.CAPTURED, CaptureStatus.DOWNLINKED, CaptureStatus.DELIVERED)
OUTCOMES: Sequence[Outcome] = ("done", "done", "failed", "cloudy")


def find_pitches(first: planning.Chance, *given: Any) -> Sequence[planning.Chance]:
    """In place of the geometry: the access at two other pitches, twenty seconds before and after."""
    terms: planning.Terms = given[-1]
    found = (
        replace(first, start_s=first.start_s + s, end_s=first.end_s + s, pitch_deg=first.pitch_deg + s / 4)
        for s in (0.0, 20.0, -20.0)
    )
    return [one for one in found if terms.start_s <= one.start_s and one.end_s <= terms.end_s]


@dataclass(frozen=True)
class Customer:
    """An account with a plan."""

    account_id: str
    plan: Plan


class World:
    """One history: draws steps, does them, and has everything looked at after each."""

    def __init__(self, store: Store, rules: Rules, seed: int) -> None:
        self.store, self.seed = store, seed
        self.dice = random.Random(seed)
        self.rules = replace(rules, notices=self.dice.choice(NOTICES))
        self.now = NOW
        self.log: list[str] = []
        self.acknowledged: set[tuple[str, datetime]] = set()
        with store.begin() as uow:
            self.epochs = {stored.satellite: stored.epoch for stored in uow.elements()}
            accounts = [create_account(uow, f"{seed}-{n}", self.dice.randint(2, 20), NOW) for n in range(2)]
        self.customers = [
            Customer(account.id, add_plan(store, account.id, NOW, satellites=SATELLITES))
            for account in accounts
        ]
        heavy = {DueKind.FIND_CHANCES: partial(find_again, store, self.rules), DueKind.DELIVER: self._deliver}
        self._handlers = timeline.build_handlers(store, self.rules, heavy, self._solve)
        self.look = self._look()
        self._failure: AssertionError | None = None

    def live(self, steps: int) -> None:
        """Draw and do that many steps, then let time run until everything is over."""
        for _ in range(steps):
            step = self.dice.choices(list(STEPS), list(STEPS.values()))[0]
            step(self)
        self._end()

    def story(self) -> Sequence[tuple[str, str | None, str]]:
        """Why which status became which, request by request: the same for a seed whatever the ids are."""
        with self.store.read() as reader:
            events = [e for request_id in self.look.requests for e in reader.events_of(request_id)]
        return [(e.reason.code, e.before and e.before.status, e.after.status) for e in events]

    # What customers do

    def submit(self) -> None:
        """Ask for a new candidate, or once more for one that was asked for."""
        customer = self.dice.choice(self.customers)
        asked = [r for r in self.look.requests.values() if r.plan_id == customer.plan.id and not r.final]
        if asked and self.dice.random() < 0.1:
            self._ask(customer, self.dice.choice(asked).candidate_id, Conflict)
            return
        candidate = self._new_candidate(customer)
        if candidate is not None:
            self._ask(customer, candidate.id, None)

    def cancel(self) -> None:
        """Take any request back, twice."""
        if not self.look.requests:
            return
        request = self.dice.choice(list(self.look.requests.values()))
        waits = (RequestStatus.PLANNED, RequestStatus.ACCEPTED, RequestStatus.REJECTED)
        in_time = request.cancel_until is not None and self.now < request.cancel_until
        possible = request.status in waits and not request.final and in_time
        expected = None if possible or request.status == RequestStatus.CANCELED else Conflict
        for kind in ("cancel", "again"):
            self._do(
                Step(kind, self.now, (request.id,)),
                lambda uow: requests.cancel(uow, request.account_id, request.id, self.now),
                expected,
            )

    # What mission control does

    def acknowledge(self) -> None:
        """Say twice what went up with a contact: all, some, or nothing because it was missed.

        Contacts at which something was lost that was captured since cannot have been like that.
        """
        every = self._captures(tuple(CaptureStatus))
        waiting = [
            c
            for c in every
            if c.status == CaptureStatus.COMMANDED
            and c.chance.uplink_by <= self.now
            and _contact(c) not in self.acknowledged
        ]
        if not waiting:
            return
        one = self.dice.choice(waiting)
        mates = [c for c in every if _contact(c) == _contact(one)]
        share = self.dice.choice((0.0, 0.0, 0.5, 1.0))
        carried = [c for c in mates if self.dice.random() < share]
        lost = [c for c in mates if c not in carried]
        impossible = any(c.status in MADE for c in lost)
        report = UplinkReport(
            "uplinked" if carried else "missed", self.now, frozenset(c.id for c in carried) or None
        )
        uplink_id = uplink_id_of(self.rules, one.chance)
        for kind in ("acknowledge", "again"):
            self._do(
                Step(kind, self.now, tuple(c.request_id for c in lost)),
                lambda uow: acknowledge(uow, self.rules, uplink_id, report, self.now),
                Conflict if impossible else None,
            )
        if not impossible:
            self.acknowledged.add(_contact(one))

    def report(self) -> None:
        """Say twice what became of a capture that is over, and once something that does not fit."""
        over = [c for c in self._captures((CaptureStatus.COMMANDED,)) if c.chance.end <= self.now]
        if not over:
            return
        capture = self.dice.choice(over)
        outcome = self.dice.choice(OUTCOMES)
        for kind, told in (("result", outcome), ("again", outcome), ("refused", OPPOSITE[outcome])):
            result = CaptureResult(told, 10.0, capture.chance.end)
            self._do(
                Step(kind, self.now, (capture.request_id,)),
                lambda uow, result=result: captures.report_result(
                    uow, self.rules, capture.id, result, self.now
                ),
                Conflict if kind == "refused" else None,
            )

    def hand_over(self) -> None:
        """Say twice what becomes of a scene: it is on the ground and its delivery due, is late, or lost."""
        on_board = self._captures((CaptureStatus.CAPTURED,))
        if not on_board:
            return
        capture = self.dice.choice(on_board)
        late = capture.chance.end + timedelta(minutes=self.dice.randint(60, 600))
        report = self.dice.choice(
            (
                DownlinkReport("done"),
                DownlinkReport("done"),
                DownlinkReport("late", late),
                DownlinkReport("lost"),
            )
        )
        for kind in ("downlink", "again"):
            self._do(
                Step(kind, self.now, (capture.request_id,)),
                lambda uow: report_downlink(uow, self.rules, capture.id, report, self.now),
            )

    # What orbits and time do

    def shift(self) -> None:
        """Fresh elements: every satellite's captures shift together, some accesses go, some that went come back.

        Whether what is due because of that is done before the next step is left to chance.
        """
        shifts = {name: timedelta(milliseconds=self.dice.randint(-60_000, 60_000)) for name in SATELLITES}
        with self.store.begin() as uow:
            for customer in self.customers:
                self._find_again(uow, customer, shifts)
        self.log.append(f"shift {shifts}")
        if self.dice.random() < 0.6:
            self.run_until(self.now)

    def wait(self) -> None:
        """Let time pass: uplinks freeze, chances go by, deliveries are made."""
        self.run_until(self.now + timedelta(minutes=self.dice.randint(0, 300)))

    def replan(self) -> None:
        """Ask for the schedule to be made again, for nothing."""
        with self.store.begin() as uow:
            uow.add_due(DueKind.RESCHEDULE, "schedule", self.now)
        self.run_until(self.now)

    def search(self) -> None:
        """End one of the searches that are due."""
        with self.store.read() as reader:
            due = next(iter(reader.all_due(self.now, [DueKind.FIND_CHANCES])), None)
        if due is not None:
            self._handlers[due.kind](due, self.now)
            self._check(Step(due.kind, self.now, (due.subject,)))

    def _solve(self, *asked: Any) -> Any:
        """The solver takes its time, and neither customers nor mission control wait for it.

        While planning takes up fresh elements lines may stand for no chance, so that nothing can be checked.
        """
        solution = solve_verified(*asked)
        if self.dice.random() < MEANWHILE and self._look() == self.look:
            try:
                self.dice.choice(MEANWHILE_STEPS)(self)
            except AssertionError as error:
                # Planning would take it for a failure of the solver.
                self._failure = error
        return solution

    def run_until(self, until: datetime) -> None:
        """Do what is due until then in time order, and look after each."""
        while (due := self._next_due(until)) is not None:
            self.now = max(self.now, due.due_at)
            self._handlers[due.kind](due, self.now)
            if self._failure is not None:
                raise self._failure
            self._check(Step(due.kind, self.now, (self._request_id_of(due),)))
        self.now = max(self.now, until)

    # How all that is done

    def _end(self) -> None:
        for _ in range(40):
            self.run_until(self.now + timedelta(hours=1))
            self.report()
            self.hand_over()
            if all(request.final for request in self.look.requests.values()):
                break
        check_end(self.store, self.look)

    def _ask(self, customer: Customer, candidate_id: str, expected: type[Exception] | None) -> None:
        priority = self.dice.choice(list(Priority))
        bounds = self.dice.choice((NARROW, FLEXIBLE))
        draft = RequestDraft("life", candidate_id, priority, bounds=bounds)
        if expected is None and self.look.balances[customer.account_id].free < PRICES[priority]:
            expected = InsufficientCredit
        self._do(
            Step("submit", self.now),
            lambda uow: requests.submit(uow, self.rules, customer.account_id, draft, self.now),
            expected,
        )

    def _do(
        self, step: Step, change: Callable[[UnitOfWork], Any], expected: type[Exception] | None = None
    ) -> None:
        if expected is None:
            with self.store.begin() as uow:
                change(uow)
        else:
            with pytest.raises(expected), self.store.begin() as uow:
                change(uow)
            step = replace(step, kind="refused")
        self._check(step)

    def _check(self, step: Step) -> None:
        self.log.append(str(step))
        before, self.look = self.look, self._look()
        check_step(self.store, step, before, self.look, self.rules)
        check_following(self.store, self.look, self.now)

    def _look(self) -> Look:
        return Look.take(self.store, [(c.account_id, c.plan.id) for c in self.customers])

    def _captures(self, statuses: Sequence[CaptureStatus]) -> list[Capture]:
        mine = {c.account_id for c in self.customers}
        with self.store.read() as reader:
            return [c for c in reader.captures_in(statuses) if c.account_id in mine]

    def _request_id_of(self, due: DueWork) -> str:
        if due.kind != DueKind.DELIVER:
            return due.subject
        with self.store.read() as reader:
            return captures.find_capture(reader, due.subject).request_id

    def _next_due(self, until: datetime) -> DueWork | None:
        with self.store.read() as reader:
            return reader.next_due(until)

    def _deliver(self, due: DueWork, now: datetime) -> None:
        with self.store.begin() as uow:
            uow.finish_due(due.id, now)
            capture = captures.find_capture(uow, due.subject)
            fails = self.dice.random() < 0.3
            for _ in range(2):
                if fails:
                    captures.delivery_failed(uow, capture.id, "disk full", now)
                else:
                    captures.publish(uow, capture.id, _item(capture), now)

    def _new_candidate(self, customer: Customer) -> Candidate | None:
        slot = NOW + timedelta(hours=4) + self.dice.randrange(SLOTS) * SLOT
        start = slot + timedelta(milliseconds=self.dice.randint(0, 40_000))
        chance = make_chance(
            start, satellite=self.dice.choice(SATELLITES), roll_deg=self.dice.choice((-20.0, 0.0, 20.0))
        )
        chance = replace(chance, uplink_by=self._uplink_by(start))
        if chance.uplink_by <= self.now:
            return None
        key = f"{self.seed:06d}{self.dice.getrandbits(40):010x}"
        candidate = make_candidate(customer.plan, chance, self.now, key=key)
        candidate = replace(candidate, elements_epoch=self.epochs[chance.satellite])
        with self.store.begin() as uow:
            others = [c for c in uow.candidates_of_plan(customer.plan.id) if c.valid_until > self.now]
            uow.replace_candidates(customer.plan.id, [*others, candidate], self.now)
        return candidate

    def _find_again(self, uow: UnitOfWork, customer: Customer, shifts: dict[str, timedelta]) -> None:
        known = uow.candidates_of_plan(customer.plan.id)
        found = [self._shifted(c, shifts[c.chance.satellite]) for c in known if self.dice.random() > 0.1]
        ahead = [c for c in found if c.chance.uplink_by > self.now]
        uow.replace_candidates(customer.plan.id, ahead, self.now)
        for request in uow.requests_of_plan(customer.plan.id):
            if not request.final:
                uow.move_due(DueKind.FIND_CHANCES, request.id, self.now)

    def _shifted(self, candidate: Candidate, shift: timedelta) -> Candidate:
        chance = candidate.chance
        start = chance.start + shift
        moved = replace(chance, start=start, end=chance.end + shift, uplink_by=self._uplink_by(start))
        return replace(
            candidate,
            chance=moved,
            access_start=candidate.access_start + shift,
            access_end=candidate.access_end + shift,
            valid_until=min(self.now + timedelta(hours=24), moved.uplink_by),
        )

    def _uplink_by(self, start: datetime) -> datetime:
        """The last contact that is over half an hour before, less the lead."""
        contact = NOW + (start - timedelta(minutes=30) - NOW) // CONTACTS * CONTACTS
        return contact - timedelta(seconds=self.rules.fleet.limits.command_lead_s)


MEANWHILE_STEPS = (World.submit, World.cancel, World.report, World.acknowledge, World.hand_over, World.search)
OPPOSITE: Mapping[Outcome, Outcome] = {"done": "failed", "failed": "done", "cloudy": "done"}
STEPS: dict[Callable[[World], None], float] = {
    World.submit: 10,
    World.wait: 5,
    World.cancel: 2,
    World.acknowledge: 3,
    World.report: 4,
    World.hand_over: 2,
    World.shift: 1.5,
    World.replan: 0.5,
}


def _contact(capture: Capture) -> tuple[str, datetime]:
    return capture.chance.satellite, capture.chance.uplink_by


def _item(capture: Capture) -> CatalogItem:
    chance: Chance = capture.chance
    return CatalogItem(
        id=f"item-{capture.id}",
        collection="grus-1",
        account_id=capture.account_id,
        capture_id=capture.id,
        geometry=capture.footprint,
        start=chance.start,
        end=chance.end,
        document={"properties": {}},
    )
