"""What a request's own limits leave out: chances that it would have with wider ones, for refusals that help."""

from collections.abc import Sequence
from datetime import datetime

from swath import scheduling
from swath.clock import to_seconds
from swath.tasking.bounds import Bounds
from swath.tasking.chances import find_serving
from swath.tasking.model import TaskingRequest
from swath.tasking.ports import Reader
from swath.tasking.terms import to_chance


def find_excluded(reader: Reader, request: TaskingRequest, now: datetime) -> tuple[scheduling.Excluded, ...]:
    """The plan's living candidates of the request's satellites that show the same ground, but outside its bounds."""
    plan = reader.plan(request.plan_id)
    if plan is None:
        return ()
    wide = Bounds(plan.valid_start, plan.valid_end, plan.off_nadir_range, request.satellites)
    limits = scheduling.Limits(
        to_seconds(request.valid_start), to_seconds(request.valid_end), request.off_nadir_range
    )
    serving = find_serving(reader, plan, request.candidate_id, request.footprint, wide, now)
    chances = [one.chance for one in serving]
    found: Sequence[scheduling.Excluded | None] = [
        scheduling.rule_out(to_chance(chance), chance.off_nadir_deg, limits) for chance in chances
    ]
    return tuple(one for one in found if one is not None)
