"""The state of a request from what was written down of it: its events, and the entries of its credit.

Both are only ever added to. What comes out here is what the store says, or something was changed behind their back.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from swath.tasking.model import Entry, EntryKind, Event, Standing


class CreditState(StrEnum):
    """Where the credit of one request is."""

    NONE = "NONE"
    HELD = "HELD"
    CHARGED = "CHARGED"
    RELEASED = "RELEASED"


CREDIT_STEPS: Mapping[tuple[CreditState, EntryKind], CreditState] = {
    (CreditState.NONE, EntryKind.HOLD): CreditState.HELD,
    (CreditState.HELD, EntryKind.CHARGE): CreditState.CHARGED,
    (CreditState.HELD, EntryKind.RELEASE): CreditState.RELEASED,
}


def replay(events: Iterable[Event]) -> Standing | None:
    """How a thing stands after its events, oldest first; None before the first.

    Raises ValueError for an event that does not begin where the one before it ended.
    """
    standing: Standing | None = None
    for event in events:
        if event.before != standing:
            raise ValueError(f"The event of {event.at} begins at {event.before}; before it stood {standing}.")
        standing = event.after
    return standing


def replay_credit(entries: Iterable[Entry]) -> CreditState:
    """Where a request's credit is after its entries, oldest first; raises ValueError for a movement there is not."""
    state = CreditState.NONE
    for entry in entries:
        after = CREDIT_STEPS.get((state, entry.kind))
        if after is None:
            raise ValueError(f"Credit that is {state} cannot move by {entry.kind}.")
        state = after
    return state
