"""Within what a request may be captured: its candidate's own access, or limits of the customer's inside the plan's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from swath.errors import Fault, Invalid
from swath.figures import write_beside
from swath.tasking.model import Candidate, Chance, Plan, TaskingRequest
from swath.tasking.plans import MAX_SATELLITES
from swath.tasking.rules import Rules
from swath.wire import format_time

# Half the width of the band around the candidate's off-nadir angle in which its request may be captured: enough for
# another pitch of the same access, too little for another view of the place. The source's sample shows such a band.
OFF_NADIR_BAND_DEG = 1.0
AT = "/properties"


@dataclass(frozen=True)
class Bounds:
    """A window, a band of off-nadir angles in degrees, and satellites."""

    valid_start: datetime
    valid_end: datetime
    off_nadir_range: tuple[float, float]
    satellites: tuple[str, ...]

    def hold(self, chance: Chance) -> bool:
        """Whether a capture lies inside."""
        low, high = self.off_nadir_range
        inside = self.valid_start <= chance.start and chance.end <= self.valid_end
        return inside and chance.satellite in self.satellites and low <= chance.off_nadir_deg <= high


@dataclass(frozen=True)
class BoundsDraft:
    """What a customer sends of them; what is None is the plan's, unless all are."""

    valid_start: datetime | None = None
    valid_end: datetime | None = None
    off_nadir_range: tuple[float, float] | None = None
    satellites: tuple[str, ...] | None = None


# Nothing was sent: the request is for its candidate's access alone.
NARROW = BoundsDraft()


def bounds_of(candidate: Candidate) -> Bounds:
    """The candidate's access on its own satellite, within a degree of its off-nadir angle."""
    angle = candidate.chance.off_nadir_deg
    band = max(0.0, angle - OFF_NADIR_BAND_DEG), angle + OFF_NADIR_BAND_DEG
    return Bounds(candidate.access_start, candidate.access_end, band, (candidate.chance.satellite,))


def bounds_now(request: TaskingRequest, candidate: Candidate) -> Bounds:
    """What the customer gave; without that, what follows from the request's candidate as it now is."""
    if not request.flexible:
        return bounds_of(candidate)
    return Bounds(request.valid_start, request.valid_end, request.off_nadir_range, request.satellites)


def widen_bounds(rules: Rules, plan: Plan, candidate: Candidate, draft: BoundsDraft, now: datetime) -> Bounds:
    """What the customer sent, filled up with the plan's own.

    Raises Invalid with every fault: bounds must lie inside the plan's, be ahead, and hold the candidate.
    """
    satellites, faults = _satellites(rules, plan, draft)
    bounds = Bounds(
        plan.valid_start if draft.valid_start is None else draft.valid_start,
        plan.valid_end if draft.valid_end is None else draft.valid_end,
        plan.off_nadir_range if draft.off_nadir_range is None else draft.off_nadir_range,
        satellites,
    )
    faults = [*_window_faults(plan, bounds, now), *_band_faults(plan, bounds), *faults]
    # Whether the candidate lies inside is a question to sound bounds only.
    faults = faults or [*_left_out(candidate.chance, bounds)]
    if faults:
        raise Invalid(*faults)
    return bounds


def _window_faults(plan: Plan, bounds: Bounds, now: datetime) -> Iterator[Fault]:
    start, end = bounds.valid_start, bounds.valid_end
    own = f"its plan is valid from {format_time(plan.valid_start)} to {format_time(plan.valid_end)}"
    if start < plan.valid_start:
        yield Fault(f"{AT}/valid_start", "outside_plan", f"valid_start is {format_time(start)}; {own}.")
    if end > plan.valid_end:
        yield Fault(f"{AT}/valid_end", "outside_plan", f"valid_end is {format_time(end)}; {own}.")
    if end <= start:
        message = f"valid_end {format_time(end)} must be after valid_start {format_time(start)}."
        yield Fault(f"{AT}/valid_end", "window_reversed", message)
    elif end <= now:
        message = f"valid_end {format_time(end)} is in the past; it is now {format_time(now)}."
        yield Fault(f"{AT}/valid_end", "window_past", message)


def _band_faults(plan: Plan, bounds: Bounds) -> Iterator[Fault]:
    (low, high), (least, most) = bounds.off_nadir_range, plan.off_nadir_range
    if not least <= low < high <= most:
        found = ", ".join(write_beside(angle, low, high, least, most) for angle in (low, high))
        least, most = (write_beside(angle, low, high) for angle in (least, most))
        message = (
            f"off_nadir_range is [{found}]; within its plan it takes {least} <= min < max <= {most} degrees."
        )
        yield Fault(f"{AT}/off_nadir_range", "off_nadir_range", message)


def _satellites(rules: Rules, plan: Plan, draft: BoundsDraft) -> tuple[tuple[str, ...], list[Fault]]:
    if draft.satellites is None:
        return plan.satellites, []
    at, own = f"{AT}/satellites", ", ".join(plan.satellites)
    if not draft.satellites:
        message = f"satellites is empty; name some of the plan's ({own}), or leave it out for all of them."
        return (), [Fault(at, "satellites_empty", message)]
    if len(draft.satellites) > MAX_SATELLITES:
        message = f"satellites has {len(draft.satellites)} members; name some of the plan's, {own}."
        return (), [Fault(at, "too_many_satellites", message)]
    named = [(name, rules.fleet.find(name)) for name in draft.satellites]
    faults = [
        Fault(f"{at}/{i}", "satellite_not_in_plan", f"{name[:80]!r} is not in the plan; it has {own}.")
        for i, (name, satellite) in enumerate(named)
        if satellite is None or satellite.id not in plan.satellites
    ]
    return tuple(dict.fromkeys(s.id for _, s in named if s is not None)), faults


def _left_out(chance: Chance, bounds: Bounds) -> Iterator[Fault]:
    """Bounds that leave out the very candidate that is asked for contradict themselves."""
    (low, high), angle = bounds.off_nadir_range, chance.off_nadir_deg
    if chance.start < bounds.valid_start:
        yield _contradiction("valid_start", f"starts at {format_time(chance.start)}")
    if chance.end > bounds.valid_end:
        yield _contradiction("valid_end", f"ends at {format_time(chance.end)}")
    if not low <= angle <= high:
        yield _contradiction(
            "off_nadir_range", f"is {write_beside(angle, low, high, decimals=2)} degrees off nadir"
        )
    if chance.satellite not in bounds.satellites:
        yield _contradiction("satellites", f"is of {chance.satellite}")


def _contradiction(member: str, found: str) -> Fault:
    message = f"The candidate {found}, which {member} leaves out; widen it, or choose another candidate."
    return Fault(f"{AT}/{member}", "candidate_left_out", message)
