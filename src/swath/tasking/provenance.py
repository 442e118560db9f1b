"""How a version of the schedule came about, as JSON beside it; and the answers among them, given once more.

A version is made by a `plan` of the solver, which keeps all that it was given; by an instant `answer`, which keeps what
was asked and takes the lines from the version before; or by a `change` of lines that nobody had to compute.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from swath import scheduling
from swath.clock import from_seconds, to_seconds
from swath.tasking.model import Activity, Schedule, TaskingRequest
from swath.tasking.situation import Situation, place_lines, split_lines
from swath.tasking.terms import to_work
from swath.wire import format_time

Document = Mapping[str, Any]


def describe_answer(there: Situation, request: TaskingRequest, now: datetime) -> Document:
    """What `scheduling.insert` was asked about a request, beside the version that it was asked of."""
    question = scheduling.describe_question(
        to_work(request), there.placements, there.spent, there.rules, to_seconds(now)
    )
    return {"made_by": "answer", "elements": describe_elements(there), **question}


def describe_elements(there: Situation) -> Mapping[str, str]:
    """The epoch of each satellite's elements."""
    return {name: format_time(epoch) for name, epoch in sorted(there.elements.items())}


def answer_again(inputs: Document, before: Schedule) -> Sequence[scheduling.Placement]:
    """The schedule of the satellites concerned as the same question of the version before is answered now.

    Raises Malformed.
    """
    question = scheduling.read_question(inputs)
    placements = (*place_lines(list_answered(inputs, before), question.works), *question.spent)
    outcome = scheduling.insert(question.work, placements, question.rules, question.now_s)
    return [placement for placement in outcome.placements if placement not in question.spent]


def list_answered(inputs: Document, schedule: Schedule) -> Sequence[Activity]:
    """The lines of a version that an answer is about: of the satellites concerned, unless they were over."""
    known = inputs["rules"]["agility"]
    return split_lines(schedule.of(inputs["satellites"]), known, from_seconds(inputs["now_s"]))[0]
