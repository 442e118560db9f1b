"""A plan held in arrays: kernels put chances in and take them out one by one, and count what is used of each limit."""

from typing import NamedTuple

import numpy as np

from swath.compiled import kernel
from swath.scheduling.solver.columns import Columns, fits
from swath.scheduling.solver.instance import NOWHERE, Floats, Ints

# Sums of seconds and gigabytes meet their limits but for rounding.
SLACK = 1e-9


class State(NamedTuple):
    """A plan: each satellite's chances in order, the place of each work, and what is used of each limit.

    `lane` (crafts, works) holds `length` (crafts,) chances each; `held_gb` (crafts, segments) what is captured in each
    segment of memory.
    """

    lane: Ints
    length: Ints
    place: Ints
    captures: Ints
    seconds: Floats
    held_gb: Floats


def build_state(columns: Columns, chosen: Ints) -> State:
    """The state of a plan, whose chances must keep all limits."""
    crafts, works = len(columns.settle_s), len(columns.first) - 1
    orbits = int(columns.orbit.max(initial=-1)) + 1
    state = State(
        lane=np.zeros((crafts, works + 1), np.int64),
        length=np.zeros(crafts, np.int64),
        place=np.full(works, NOWHERE, np.int64),
        captures=np.zeros(orbits, np.int64),
        seconds=np.zeros(orbits),
        held_gb=np.zeros(columns.ends_s.shape),
    )
    for chance in chosen:
        put(columns, state, int(chance))
    return state


def list_chosen(state: State) -> Ints:
    """The chances of a plan, in order."""
    return np.sort(state.place[state.place != NOWHERE])


@kernel
def put(columns: Columns, state: State, chance: int) -> None:
    """Give a chance to its work, whether or not there is room."""
    _count(columns, state, chance, 1)
    craft = columns.craft[chance]
    lane, n = state.lane[craft], state.length[craft]
    at = np.searchsorted(lane[:n], chance)
    for i in range(n, at, -1):
        lane[i] = lane[i - 1]
    lane[at] = chance
    state.length[craft] = n + 1
    state.place[columns.work[chance]] = chance


@kernel
def take(columns: Columns, state: State, chance: int) -> None:
    """Take its chance from a work."""
    _count(columns, state, chance, -1)
    craft = columns.craft[chance]
    lane, n = state.lane[craft], state.length[craft]
    for i in range(np.searchsorted(lane[:n], chance), n - 1):
        lane[i] = lane[i + 1]
    state.length[craft] = n - 1
    state.place[columns.work[chance]] = NOWHERE


@kernel
def has_room(columns: Columns, state: State, chance: int) -> bool:
    """Whether a chance keeps all limits beside those chosen, its work's own place not looked at."""
    if _is_over_duty(columns, state, chance):
        return False
    craft = columns.craft[chance]
    lane, n = state.lane[craft], state.length[craft]
    at = np.searchsorted(lane[:n], chance)
    if at > 0 and not fits(columns, lane[at - 1], chance):
        return False
    if at < n and not fits(columns, chance, lane[at]):
        return False
    put(columns, state, chance)
    fine = keeps_memory(columns, state, craft)
    take(columns, state, chance)
    return fine


@kernel
def keeps_memory(columns: Columns, state: State, craft: int) -> bool:
    """Whether what a satellite captures fits on board between all its passes."""
    limit, board_gb = columns.capacity_gb[craft] + SLACK, columns.on_board_gb[craft]
    if limit == np.inf:
        return True
    for k in range(columns.ends_s.shape[1]):
        board_gb += state.held_gb[craft, k]
        # What was on board before may be too much; it is no capture's fault.
        if board_gb > limit and state.held_gb[craft, k] > 0.0:
            return False
        if columns.drains_gb[craft, k] > 0.0:
            board_gb = max(board_gb - columns.drains_gb[craft, k], _find_tail_gb(columns, state, craft, k))
    return True


@kernel
def _find_tail_gb(columns: Columns, state: State, craft: int, k: int) -> float:
    """What a pass cannot send down, however empty memory was, because it is captured too near its end."""
    lane, n = state.lane[craft], state.length[craft]
    captured_gb, tail_gb = 0.0, 0.0
    i = _find_last_of(columns, lane, n, k)
    while i >= 0 and columns.segment[lane[i]] == k and columns.inside[lane[i]]:
        chance = lane[i]
        captured_gb += columns.fill_gb_s[craft] * columns.seconds[chance]
        rest_gb = columns.drain_gb_s[craft] * (columns.ends_s[craft, k] - columns.start_s[chance])
        tail_gb = max(tail_gb, captured_gb - rest_gb)
        i -= 1
    return tail_gb


@kernel
def _find_last_of(columns: Columns, lane: Ints, n: int, k: int) -> int:
    """The last place in a lane that is in segment k or an earlier one, or -1."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if columns.segment[lane[middle]] <= k:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def _count(columns: Columns, state: State, chance: int, sign: int) -> None:
    craft, orbit, seconds = columns.craft[chance], columns.orbit[chance], columns.seconds[chance]
    state.captures[orbit] += sign
    state.seconds[orbit] += sign * seconds
    state.held_gb[craft, columns.segment[chance]] += sign * columns.fill_gb_s[craft] * seconds


@kernel
def _is_over_duty(columns: Columns, state: State, chance: int) -> bool:
    craft, orbit = columns.craft[chance], columns.orbit[chance]
    captures, seconds = state.captures[orbit] + 1, state.seconds[orbit] + columns.seconds[chance]
    return bool(captures > columns.captures[craft] or seconds > columns.seconds_per_orbit[craft] + SLACK)
