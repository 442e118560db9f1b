"""Local search: a plan held in arrays, chances put in and taken out one by one, compiled.

One step puts a chance in, throws out whatever is in its way, gives those thrown out another place where one is free,
and keeps the result if it is worth enough (simulated annealing, Kirkpatrick et al. 1983). Some hundred thousand steps
a second; the same seed and number of steps give the same plan.
"""

import time
from typing import NamedTuple

import numpy as np

from swath.compiled import kernel
from swath.scheduling.solver.columns import Columns, build_columns, fits
from swath.scheduling.solver.instance import NOWHERE, Floats, Instance, Ints, Works

# Sums of seconds and gigabytes meet their limits but for rounding.
SLACK = 1e-9
FREE, KEPT, FIXED = 0, 1, 2
# A chance in whose way more than this many stand is left alone.
MOST_OUT = 12
STEPS_AT_ONCE = 20_000
# Temperatures as parts of the mean value of a chance, at the beginning and at the end.
HOT, COLD = 0.1, 0.003


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
    orbits = int(columns.duty.max(initial=-1)) + 1
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
    craft, orbit, seconds = columns.craft[chance], columns.duty[chance], columns.seconds[chance]
    state.captures[orbit] += sign
    state.seconds[orbit] += sign * seconds
    state.held_gb[craft, columns.segment[chance]] += sign * columns.fill_gb_s[craft] * seconds


@kernel
def _is_over_duty(columns: Columns, state: State, chance: int) -> bool:
    craft, orbit = columns.craft[chance], columns.duty[chance]
    captures, seconds = state.captures[orbit] + 1, state.seconds[orbit] + columns.seconds[chance]
    return bool(captures > columns.captures[craft] or seconds > columns.seconds_per_orbit[craft] + SLACK)


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
    """Put a chance in, whatever has to leave for it, if that gains at least so much; what was gained, else 0."""
    work = columns.work[chance]
    old = int(state.place[work])
    gain = columns.value[chance] - (columns.value[old] if old != NOWHERE else 0.0)
    if old == chance or gain < least:
        return 0.0
    if old != NOWHERE:
        take(columns, state, old)
    leaving = _find_leaving(columns, state, held, chance, out)
    if leaving < 0:
        if old != NOWHERE:
            put(columns, state, old)
        return 0.0
    for i in range(leaving):
        gain -= columns.value[out[i]]
        take(columns, state, int(out[i]))
    put(columns, state, chance)
    returned, homeless = 0, False
    fine = keeps_memory(columns, state, columns.craft[chance])
    for i in range(leaving if fine else 0):
        other = _find_place(columns, state, out[i])
        if other != NOWHERE:
            put(columns, state, other)
            back[returned] = other
            returned += 1
            gain += columns.value[other]
        homeless = homeless or (other == NOWHERE and held[columns.work[out[i]]] == KEPT)
    if fine and not homeless and gain >= least:
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
def _find_place(columns: Columns, state: State, left: int) -> int:
    """The dearest chance that has room of the work that left one, another than that one; or NOWHERE."""
    work, best, most = columns.work[left], NOWHERE, 0.0
    for i in range(columns.first[work], columns.first[work + 1]):
        chance = columns.mine[i]
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
    orbit, craft = columns.duty[chance], columns.craft[chance]
    captures, seconds = state.captures[orbit] + 1, state.seconds[orbit] + columns.seconds[chance]
    for i in range(count):
        if columns.duty[out[i]] == orbit:
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
    at, orbit = np.searchsorted(lane[:n], chance), columns.duty[chance]
    first, last = at, at
    while first > 0 and columns.duty[lane[first - 1]] == orbit:
        first -= 1
    while last < n and columns.duty[lane[last]] == orbit:
        last += 1
    worst, least = NOWHERE, np.inf
    for i in range(first, last):
        density = columns.value[lane[i]] / columns.seconds[lane[i]]
        if density < least and held[columns.work[lane[i]]] != FIXED and not np.any(leaving == lane[i]):
            worst, least = lane[i], density
    return worst
