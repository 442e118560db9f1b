"""Realistic data for the suites, made through the public doors: plans, candidates, requests, delivered items."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from conformance.areas import build_areas
from swath.client import Swath
from swath.wire import Candidate, Plan, Priority, TaskingRequest

PLANS, REQUESTS, ITEMS = 200, 60, 30
# How long the plans run, in turn; the shortest are over before the last item is there.
DURATIONS = [timedelta(hours=hours) for hours in (4, 24, 48, 72, 120, 168, 336)]
NAMES = ("Hafen {}", "港湾 {}", "Порт {}", "Port d'été {}", 'Dock "{}"', "100 % of pier_{}", "Þorlákshöfn {}")
PRIORITIES: Sequence[Priority] = ("NORMAL", "NORMAL", "WISHLIST", "NORMAL", "EMERGENCY")
# What befalls which request: all of them are early ones, so that it has happened by the end.
FAULTS = {3: "capture_failure", 7: "cloud", 11: "missed_contact", 13: "late_delivery"}
# Of the requests for late captures, which are still to be cancelled.
CANCELED = (45, 50, 55)
EARLY, CONSTELLATIONS = 40, ("GRUS1", "GRUS3")
STEP, LONGEST = timedelta(hours=1), timedelta(days=5)
FOUND_TIMEOUT_S = 300.0

Fault = Callable[[str, str], object]


def fill(service: Swath, fault: Fault, say: Callable[[str], object]) -> None:
    """Fill an empty sandbox, and say by status what there is then.

    `fault` takes the id of a request and what shall befall it.
    """
    plans = _make_plans(service)
    say(f"  {len(plans)} plans have their candidates; requests are made and captured")
    requests = _make_requests(service, _choose(service, plans))
    for number, kind in FAULTS.items():
        fault(requests[number].id, kind)
    for number in CANCELED:
        service.cancel_request(requests[number].id)
    _deliver(service)
    for what, by_status in _count(service).items():
        say(f"  {what}: {', '.join(f'{number} {status}' for status, number in by_status.items())}")


def _make_plans(service: Swath) -> list[Plan]:
    """All of them are sent before the first is waited for, as customers do."""
    now = service.clock().now
    made = [
        service.create_plan(
            NAMES[i % len(NAMES)].format(kind), area, now, now + DURATIONS[i % len(DURATIONS)]
        )
        for i, (kind, area) in enumerate(build_areas(PLANS))
    ]
    return [service.wait_for_plan(plan.id, FOUND_TIMEOUT_S) for plan in made]


def _choose(service: Swath, plans: Sequence[Plan]) -> list[Candidate]:
    """The earliest candidates of plans and then the latest: the first are captured soon, the others wait."""
    found = [list(service.candidates(plan.id)) for plan in plans if plan.properties.candidate_count]
    early = [candidate for each in CONSTELLATIONS for candidate in _earliest(found, each)]
    late = sorted((candidates[-1] for candidates in found if len(candidates) > 1), key=_start)
    return [*sorted(early, key=_start), *late[EARLY - REQUESTS :]]


def _earliest(found: Sequence[Sequence[Candidate]], constellation: str) -> list[Candidate]:
    """For an even share of the early requests, each from another plan: so that each has items in the catalogue."""
    mine = ([c for c in candidates if c.properties.constellation == constellation] for candidates in found)
    return sorted((candidates[0] for candidates in mine if candidates), key=_start)[
        : EARLY // len(CONSTELLATIONS)
    ]


def _start(candidate: Candidate) -> datetime:
    return candidate.properties.start_datetime


def _make_requests(service: Swath, candidates: Sequence[Candidate]) -> list[TaskingRequest]:
    return [
        service.create_request(candidate.id, name=f"Request {i}", priority=PRIORITIES[i % len(PRIORITIES)])
        for i, candidate in enumerate(candidates)
    ]


def _deliver(service: Swath) -> None:
    """Let time go by until there are enough items, and no further; raises RuntimeError when they do not come."""
    ends = service.clock().now + LONGEST
    while (delivered := _count_requests(service)["DATA_AVAILABLE"]) < ITEMS:
        if service.clock().now > ends:
            raise RuntimeError(
                f"Of {ITEMS} items {delivered} have come in {LONGEST.days} days; look at the server's log."
            )
        service.advance_by(STEP)


def _count(service: Swath) -> Mapping[str, Counter[str]]:
    plans = list(service.plans())
    return {
        "plans": Counter(plan.properties.status for plan in plans),
        "requests": _count_requests(service),
        "candidates": Counter(live=sum(plan.properties.candidate_count or 0 for plan in plans)),
    }


def _count_requests(service: Swath) -> Counter[str]:
    return Counter(request.properties.status for request in service.requests())
