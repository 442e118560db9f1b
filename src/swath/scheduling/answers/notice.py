"""When work may be promised a place: at once, or so long before its commands freeze as is the notice of its rank."""

from dataclasses import replace
from math import inf

from swath.scheduling.answers.obstacles import is_open
from swath.scheduling.model import Chance, Rules, Work

# Moments that come by way of calendars are off by a microsecond.
SLACK_S = 1e-3


def may_be_promised(work: Work, chance: Chance, rules: Rules, now_s: float) -> bool:
    """Whether a work without a place may get this chance now: it can be commanded, and its notice has come."""
    return is_open(chance, rules, now_s) and _wait_s(work, chance, rules, now_s) <= 0.0


def take_promisable(work: Work, rules: Rules, now_s: float) -> Work:
    """The work with those chances only that it may be promised now."""
    return replace(work, chances=tuple(c for c in work.chances if may_be_promised(work, c, rules, now_s)))


def waits(work: Work, rules: Rules, now_s: float) -> bool:
    """Whether the work may be promised more of its chances later."""
    return find_notice_s(work, rules, now_s) is not None


def find_notice_s(work: Work, rules: Rules, now_s: float) -> float | None:
    """The next moment at which the work may be promised one more of its chances; None if there is none to wait for."""
    waits_s = (
        _wait_s(work, chance, rules, now_s) for chance in work.chances if is_open(chance, rules, now_s)
    )
    return min((now_s + wait_s for wait_s in waits_s if wait_s > 0.0), default=None)


def _wait_s(work: Work, chance: Chance, rules: Rules, now_s: float) -> float:
    wait_s = chance.uplink_by_s - rules.notice_s.get(work.rank, inf) - now_s
    return wait_s if wait_s > SLACK_S else 0.0
