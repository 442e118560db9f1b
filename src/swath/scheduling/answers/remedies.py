"""What would give refused work a place. Nothing is said that was not tried."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from swath.scheduling.answers.obstacles import is_fixed, is_free, is_open
from swath.scheduling.answers.placing import find_fit
from swath.scheduling.answers.timetable import Timetable
from swath.scheduling.model import EMERGENCY, Blocker, Excluded, Finding, Rules, Work

HOUR_S = 3_600.0
_AT = {"start": "at its start", "end": "at its end", "both": "at both ends"}


@dataclass(frozen=True)
class Remedy:
    """One thing to do, a few words that say it, and its figures (JSON-able)."""

    do: str
    words: str
    figures: Mapping[str, Any]


def find_remedies(
    table: Timetable, work: Work, findings: Sequence[Finding], rules: Rules, now_s: float
) -> tuple[Remedy, ...]:
    """What the owner of refused work could do to get a place as the timetable stands, the mildest first.

    WIDEN_WINDOW by so many hours, ALLOW_OFF_NADIR up to so many degrees, CANCEL a request of one's own,
    ASK_AS_EMERGENCY. The first two look at the excluded captures of the work, so only tell what those know.
    """
    ruled_out = [one for one in work.excluded if _would_be_free(table, one, rules, now_s)]
    return (
        *_widen_window([one for one in ruled_out if one.code == "OUTSIDE_WINDOW"]),
        *_allow_off_nadir([one for one in ruled_out if one.figures.get("limit") == "off_nadir"]),
        *_cancel(table, work, findings, rules, now_s),
        *_ask_as_emergency(table, work, findings, now_s),
    )


def _would_be_free(table: Timetable, one: Excluded, rules: Rules, now_s: float) -> bool:
    chance = one.chance
    return chance is not None and is_open(chance, rules, now_s) and is_free(table, chance, rules)


def _widen_window(ruled_out: list[Excluded]) -> Iterator[Remedy]:
    """To whole hours, and all the chances that come with them."""
    needed = [(ceil(one.figures["outside_s"] / HOUR_S), one.figures["at"]) for one in ruled_out]
    if needed:
        hours = min(hours for hours, _ in needed)
        ends = [end for found, end in needed if found == hours]
        at = ends[0] if len(set(ends)) == 1 else "both"
        words = f"{hours} h more of window gives {_count(len(ends))} ({_AT[at]})"
        yield Remedy("WIDEN_WINDOW", words, {"hours": hours, "at": at, "chances": len(ends)})


def _allow_off_nadir(ruled_out: list[Excluded]) -> Iterator[Remedy]:
    """To whole degrees."""
    needed = [ceil(one.figures["found_deg"]) for one in ruled_out]
    if needed:
        degrees = min(needed)
        chances = needed.count(degrees)
        words = f"{degrees} degrees off nadir give {_count(chances)}"
        yield Remedy("ALLOW_OFF_NADIR", words, {"off_nadir_deg": degrees, "chances": chances})


def _cancel(
    table: Timetable, work: Work, findings: Iterable[Finding], rules: Rules, now_s: float
) -> Iterator[Remedy]:
    own = {b.work for finding in findings for b in finding.blockers if b.owner == work.owner}
    for work_id in sorted(own):
        placement = table.places[work_id]
        if not is_fixed(placement, now_s) and find_fit(table.remove([placement]), work, rules, now_s):
            yield Remedy(
                "CANCEL", f"canceling your own request {work_id} frees a place", {"request": work_id}
            )


def _ask_as_emergency(
    table: Timetable, work: Work, findings: Iterable[Finding], now_s: float
) -> Iterator[Remedy]:
    """If all that one chance would have to be cleared of is such as an emergency clears."""

    def gives_way(blocker: Blocker) -> bool:
        placement = table.places[blocker.work]
        return placement.work.rank < EMERGENCY and not is_fixed(placement, now_s)

    cleared = (all(map(gives_way, finding.blockers)) for finding in findings if finding.blockers)
    if work.rank < EMERGENCY and any(cleared):
        yield Remedy("ASK_AS_EMERGENCY", "as EMERGENCY it would fit", {})


def _count(chances: int) -> str:
    return f"{chances} more chance{'s' if chances > 1 else ''}"
