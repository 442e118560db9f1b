"""Asks again and again until something is so, a little less often each time."""

from collections.abc import Callable
from typing import TypeVar

from swath.client.errors import WaitedTooLong

T = TypeVar("T")

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 15.0
GROWTH = 1.5


def wait_until(
    read: Callable[[], T],
    is_done: Callable[[T], bool],
    what: str,
    timeout_s: float,
    pause: Callable[[float], None],
    now_s: Callable[[], float],
) -> T:
    """What `read` gives once `is_done` says yes to it; raises WaitedTooLong after `timeout_s` seconds."""
    ends_s, pause_s = now_s() + timeout_s, FIRST_PAUSE_S
    while not is_done(seen := read()):
        left_s = ends_s - now_s()
        if left_s <= 0:
            raise WaitedTooLong(f"Waited {timeout_s:g} s for {what}; it has not happened yet.")
        pause(min(pause_s, left_s))
        pause_s = min(pause_s * GROWTH, LONGEST_PAUSE_S)
    return seen
