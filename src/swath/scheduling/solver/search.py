"""Local search: chances put into a plan and taken out of it one by one, compiled.

One step puts a chance in, throws out whatever is in its way, gives those thrown out another place where one is free,
and keeps the result if it is worth enough (simulated annealing, Kirkpatrick et al. 1983). Some hundred thousand steps
a second; the same seed and number of steps give the same plan.
"""

import time

import numpy as np

from swath.compiled import kernel
from swath.scheduling.solver.columns import Columns, build_columns, fits
from swath.scheduling.solver.instance import NOWHERE, Instance, Ints, Works
from swath.scheduling.solver.state import (
    SLACK,
    State,
    build_state,
    has_room,
    keeps_memory,
    list_chosen,
    put,
    take,
)

FREE, KEPT, FIXED = 0, 1, 2
# A chance in whose way more than this many stand is left alone.
MOST_OUT = 12
STEPS_AT_ONCE = 20_000
# Temperatures as parts of the mean value of a chance, at the beginning and at the end.
HOT, COLD = 0.1, 0.003


def insert_in_order(instance: Instance, chosen: Ints, order: Ints) -> Ints:
    """The chosen chances and then, in this order, every chance that has room and whose work has no place yet."""
    columns = build_columns(instance)
    state = build_state(columns, chosen)
    _insert(columns, state, np.asarray(order, np.int64))
    return list_chosen(state)


def improve(instance: Instance, chosen: Ints, *, seconds: float, steps: int, seed: int) -> Ints:
    """The best plan that a search of so many steps, or seconds if they are over first, meets on its way."""
    columns = build_columns(instance)
    state = build_state(columns, chosen)
    held, best = hold(instance.works), state.place.copy()
    movable = np.flatnonzero(held[columns.work] != FIXED)
    stop, done = time.monotonic() + seconds, 0
    scale = float(np.mean(columns.value[movable])) if len(movable) else 0.0
    _sow(seed)
    while len(movable) and done < steps and time.monotonic() < stop:
        count = min(STEPS_AT_ONCE, steps - done)
        heat = scale * HOT * (COLD / HOT) ** (done / steps)
        _search(columns, state, best, held, movable, heat, count)
        done += count
    return np.sort(best[best != NOWHERE])


def hold(works: Works) -> Ints:
    """What each work's place allows, (works,): FREE to be lost, KEPT somewhere, FIXED where it is."""
    return np.where(works.fixed, FIXED, np.where(works.kept, KEPT, FREE))


@kernel
def _insert(columns: Columns, state: State, order: Ints) -> None:
    for chance in order:
        if state.place[columns.work[chance]] == NOWHERE and has_room(columns, state, chance):
            put(columns, state, chance)


@kernel
def _sow(seed: int) -> None:
    np.random.seed(seed)


@kernel
def _search(
    columns: Columns, state: State, best: Ints, held: Ints, movable: Ints, heat: float, steps: int
) -> None:
    """So many steps at one temperature. `best` is the places of the best plan met, and goes on from the one given."""
    out, back = np.empty(MOST_OUT, np.int64), np.empty(MOST_OUT, np.int64)
    worth, most = _add_up(columns, state.place), _add_up(columns, best)
    for _ in range(steps):
        chance = movable[np.random.randint(len(movable))]
        least = heat * np.log(np.random.random() + 1e-300)
        worth += _try_chance(columns, state, held, chance, least, out, back)
        if worth > most + SLACK:
            most = worth
            best[:] = state.place


@kernel
def _add_up(columns: Columns, place: Ints) -> float:
    worth = 0.0
    for chance in place:
        if chance != NOWHERE:
            worth += columns.value[chance]
    return float(worth)


@kernel
def _try_chance(
    columns: Columns, state: State, held: Ints, chance: int, least: float, out: Ints, back: Ints
) -> float:
    """Put a chance in, whatever has to leave for it, if that gains at least so much; what was gained, else 0.

    `out` and `back` are room for those that leave, and for the chances that they get instead.
    """
    old = int(state.place[columns.work[chance]])
    gain = float(columns.value[chance] - (columns.value[old] if old != NOWHERE else 0.0))
    if old == chance or gain < least:
        return 0.0
    if old != NOWHERE:
        take(columns, state, old)
    leaving = _find_leaving(columns, state, held, chance, out)
    if leaving >= 0:
        gain, returned = _exchange(columns, state, held, chance, gain, out, leaving, back)
        if gain >= least:
            return gain
        for i in range(returned):
            take(columns, state, int(back[i]))
        take(columns, state, chance)
        for i in range(leaving):
            put(columns, state, int(out[i]))
    if old != NOWHERE:
        put(columns, state, old)
    return 0.0


@kernel
def _exchange(
    columns: Columns, state: State, held: Ints, chance: int, gain: float, out: Ints, leaving: int, back: Ints
) -> tuple[float, int]:
    """Put a chance in where others leave, and these `back` elsewhere where one is free; the gain, and how many are.

    The gain is that of the chance itself, less what is lost; -inf if memory is over, or one that is kept has no place.
    """
    for i in range(leaving):
        gain -= float(columns.value[out[i]])
        take(columns, state, int(out[i]))
    put(columns, state, chance)
    if not keeps_memory(columns, state, columns.craft[chance]):
        return -np.inf, 0
    returned = 0
    for i in range(leaving):
        other = _find_place(columns, state, out[i])
        if other != NOWHERE:
            put(columns, state, other)
            back[returned] = other
            returned += 1
            gain += columns.value[other]
        elif held[columns.work[out[i]]] == KEPT:
            gain = -np.inf
    return gain, returned


@kernel
def _find_place(columns: Columns, state: State, left: int) -> int:
    """The dearest chance that has room of the work that left one, another than that one; or NOWHERE."""
    work, best, most = columns.work[left], NOWHERE, 0.0
    for i in range(columns.first[work], columns.first[work + 1]):
        chance = columns.by_work[i]
        if chance != left and columns.value[chance] > most and has_room(columns, state, chance):
            best, most = chance, columns.value[chance]
    return best


@kernel
def _find_leaving(columns: Columns, state: State, held: Ints, chance: int, out: Ints) -> int:
    """How many have to leave for a chance, listed in `out`: those too near, and the least dense of a full orbit.

    -1 when one of them may not, or when they are more than `out` holds.
    """
    lane, n = state.lane[columns.craft[chance]], state.length[columns.craft[chance]]
    at = np.searchsorted(lane[:n], chance)
    low, high = at - 1, at
    while low >= 0 and not fits(columns, lane[low], chance):
        low -= 1
    while high < n and not fits(columns, chance, lane[high]):
        high += 1
    count = high - low - 1
    if count > len(out):
        return -1
    for i in range(count):
        out[i] = lane[low + 1 + i]
        if held[columns.work[out[i]]] == FIXED:
            return -1
    return _relieve_orbit(columns, state, held, chance, out, int(count))


@kernel
def _relieve_orbit(columns: Columns, state: State, held: Ints, chance: int, out: Ints, count: int) -> int:
    """Add to those that leave the worst of the orbit's others until the chance is within the duty; -1 if it cannot."""
    orbit, craft = columns.orbit[chance], columns.craft[chance]
    captures, seconds = state.captures[orbit] + 1, state.seconds[orbit] + columns.seconds[chance]
    for i in range(count):
        if columns.orbit[out[i]] == orbit:
            captures -= 1
            seconds -= columns.seconds[out[i]]
    while captures > columns.captures[craft] or seconds > columns.seconds_per_orbit[craft] + SLACK:
        worst = _find_least_dense(columns, state, held, chance, out[:count])
        if worst == NOWHERE or count == len(out):
            return -1
        out[count] = worst
        count += 1
        captures -= 1
        seconds -= columns.seconds[worst]
    return count


@kernel
def _find_least_dense(columns: Columns, state: State, held: Ints, chance: int, leaving: Ints) -> int:
    """The placed chance of the same orbit that is worth least a second, of those that stay and may leave."""
    lane, n = state.lane[columns.craft[chance]], state.length[columns.craft[chance]]
    at, orbit = np.searchsorted(lane[:n], chance), columns.orbit[chance]
    first, last = at, at
    while first > 0 and columns.orbit[lane[first - 1]] == orbit:
        first -= 1
    while last < n and columns.orbit[lane[last]] == orbit:
        last += 1
    worst, least = NOWHERE, np.inf
    for i in range(first, last):
        density = columns.value[lane[i]] / columns.seconds[lane[i]]
        if density < least and held[columns.work[lane[i]]] != FIXED and not np.any(leaving == lane[i]):
            worst, least = lane[i], density
    return worst
