"""Choosing anew, exactly, among all chances that start within some hours while the rest stays as it is.

Large neighbourhood search (Shaw 1998) with HiGHS as the repair: what lies hours apart hardly meets, so that a window
is a small problem of its own, mostly solved to the proof in a tenth of a second.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import numpy as np

from swath.scheduling.solver.instance import Floats, Instance, Ints
from swath.scheduling.solver.programs import Relaxed, choose
from swath.scheduling.solver.rows import Rows, build_rows, measure_use, take_columns
from swath.scheduling.solver.run import Run
from swath.scheduling.solver.state import SLACK

# What it may cost, in values of a middling chance, to choose one that is looked at.
FAR = 0.6
# Windows that are looked at side by side. Not the number of processors: the plan must not depend on it.
AT_ONCE = 2
# Chances in a window at first and at most, how windows grow when none has gained, and how long to look at one.
SMALL, LARGE, GROWTH, WINDOW_S = 600, 2_400, 1.6, 2.0
# A plan is better when it is worth more than rounding makes of equal sums.
GAIN = 1e-6


def choose_in_windows(instance: Instance, chosen: Ints, relaxed: Relaxed, run: Run) -> Ints:
    """The plan after windows of growing size have gone round the clock, until the budget is used up or nothing gains.

    Only chances are looked at that cost the linear program little.
    """
    far = _find_promising(instance, chosen, relaxed)
    if not len(far):
        return chosen
    some, plan = instance.take(far), np.searchsorted(far, chosen)
    rows, value, rounds = build_rows(some, tails=True), some.chances.value, run.rounds()
    # Where the clock begins is left to chance: what no window holds together differs from seed to seed.
    by_time = np.roll(np.argsort(some.chances.start_s, kind="stable"), int(run.random.integers(len(far))))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        change = partial(_choose_side_by_side, pool, some, rows, run)
        for size in _list_sizes(len(far)):
            plan = _go_round(change, value, by_time, plan, size, rounds)
    return far[plan]


def _list_sizes(count: int) -> Iterator[int]:
    most = min(LARGE, -(-count // AT_ONCE))
    size = min(SMALL, most)
    while size < most:
        yield size
        size = min(most, int(size * GROWTH))
    yield most


def _go_round(
    change: Callable[[Ints, Sequence[Ints]], Ints],
    value: Floats,
    by_time: Ints,
    plan: Ints,
    size: int,
    rounds: Iterator[int],
) -> Ints:
    """Turn after turn with windows of one size that overlap by half, until a turn gains nothing."""
    gained, step, count = True, max(1, size // 2), len(by_time)
    while gained:
        before = value[plan].sum()
        for at in range(0, -(-count // AT_ONCE), step):
            if next(rounds, None) is None:
                return plan
            plan = change(plan, [_cut(by_time, at + i * count // AT_ONCE, size) for i in range(AT_ONCE)])
        gained = bool(value[plan].sum() > before + GAIN)
    return plan


def _cut(by_time: Ints, at: int, size: int) -> Ints:
    """So many chances one after another in time, round the clock."""
    return np.sort(np.take(by_time, np.arange(at, at + size), mode="wrap"))


def _choose_side_by_side(
    pool: Executor, some: Instance, rows: Rows, run: Run, plan: Ints, windows: Sequence[Ints]
) -> Ints:
    found = pool.map(partial(_choose_in_window, some, rows, plan, run), windows)
    return _put_together(some.chances.value, rows, plan, zip(windows, found, strict=True))


def _choose_in_window(some: Instance, rows: Rows, chosen: Ints, run: Run, window: Ints) -> Ints:
    """What to choose in a window when all outside stays."""
    staying, start = np.setdiff1d(chosen, window), np.intersect1d(chosen, window)
    elsewhere = np.zeros(len(some.works), bool)
    elsewhere[some.chances.work[staying]] = True
    free = window[~elsewhere[some.chances.work[window]]]
    value, left = some.chances.value[free], take_columns(rows, free, measure_use(rows, staying))
    effort = run.effort(most_s=WINDOW_S)
    choice = run.attempt("windows", lambda: choose(value, left, effort, np.searchsorted(free, start)))
    return start if choice is None or choice.chosen is None else free[choice.chosen]


def _put_together(value: Floats, rows: Rows, chosen: Ints, found: Iterable[tuple[Ints, Ints]]) -> Ints:
    """The plan with what each window holds exchanged, where that gains and windows do not hurt each other."""
    for window, inside in found:
        plan = np.union1d(np.setdiff1d(chosen, window), inside)
        if np.all(measure_use(rows, plan) <= rows.most + SLACK):
            chosen = better(value, chosen, plan)
    return chosen


def _find_promising(instance: Instance, chosen: Ints, relaxed: Relaxed) -> Ints:
    """Chances that cost little to choose, and those that are chosen."""
    value = instance.chances.value
    middling = float(np.median(value[value > 0.0])) if (value > 0.0).any() else 0.0
    return np.union1d(np.flatnonzero(relaxed.cost <= FAR * middling), chosen)


def better(value: Floats, plan: Ints, other: Ints) -> Ints:
    """The other plan if it is worth more."""
    return other if value[other].sum() > value[plan].sum() + GAIN else plan
