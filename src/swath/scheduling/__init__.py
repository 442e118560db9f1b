"""Who captures what and when: the instant answer, planning again after a change, and an independent check of both."""

from swath.fleet.model import Memory
from swath.scheduling.answers.insertion import insert
from swath.scheduling.answers.limits import Limits, rule_out
from swath.scheduling.answers.notice import waits
from swath.scheduling.answers.questions import describe_question, read_question
from swath.scheduling.answers.reasons import without_remedies
from swath.scheduling.model import (
    EMERGENCY,
    NORMAL,
    WISHLIST,
    Blocker,
    Chance,
    Displaced,
    Excluded,
    Finding,
    Outcome,
    Pass,
    Placement,
    Refusal,
    Rules,
    Work,
    merge_passes,
)
from swath.scheduling.replanning import Made, Replanned, explain_all, replan
from swath.scheduling.solver.apart import Solve, SolverApart
from swath.scheduling.solver.publish import solve_verified
from swath.scheduling.solver.warm_up import warm_up
from swath.scheduling.verify import Violation, verify, verify_change

__all__ = [
    "EMERGENCY",
    "NORMAL",
    "WISHLIST",
    "Blocker",
    "Chance",
    "Displaced",
    "Excluded",
    "Finding",
    "Limits",
    "Made",
    "Memory",
    "Outcome",
    "Pass",
    "Placement",
    "Refusal",
    "Replanned",
    "Rules",
    "Solve",
    "SolverApart",
    "Violation",
    "Work",
    "describe_question",
    "explain_all",
    "insert",
    "merge_passes",
    "read_question",
    "replan",
    "rule_out",
    "solve_verified",
    "verify",
    "verify_change",
    "waits",
    "warm_up",
    "without_remedies",
]
