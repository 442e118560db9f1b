"""Choosing anew, exactly, among all chances that start in one stretch of time while the rest stays as it is.

Large neighbourhood search (Shaw 1998) with HiGHS as the repair: what lies hours apart hardly meets, so that a stretch
is a small problem of its own, mostly solved to the proof in a tenth of a second.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from swath.scheduling.instance import Floats, Instance, Ints
from swath.scheduling.programs import Relaxed, choose
from swath.scheduling.rows import Rows, build_rows, measure_use, take_columns
from swath.scheduling.run import Run
from swath.scheduling.search import SLACK

# What it may cost, in values of a middling chance, to choose one that is looked at.
FAR = 0.6
# Windows that are looked at side by side. Not the number of processors: the plan must not depend on it.
LANES = 2
# Chances in a window at first and at most, how windows grow when none has gained, and how long to look at one.
SMALL, LARGE, GROWTH, WINDOW_S = 600, 2_400, 1.6, 2.0
# A plan is better when it is worth more than rounding makes of equal sums.
GAIN = 1e-6


def choose_in_windows(instance: Instance, chosen: Ints, relaxed: Relaxed, run: Run) -> Ints:
    """The plan after windows have gone round the clock, overlapping by half, until the limit or until nothing gains.

    Only chances are looked at that cost the linear program little. Windows grow when none of a turn has gained.
    """
    far = _find_promising(instance, chosen, relaxed)
    some, chosen = instance.take(far), np.searchsorted(far, chosen)
    rows, value = build_rows(some, tails=True), some.chances.value
    by_time = np.argsort(some.chances.start_s, kind="stable")
    at, size, went, gained = int(run.random.integers(len(far))), SMALL, 0, False
    with ThreadPoolExecutor(LANES) as pool:
        for _ in run.rounds():
            windows = [_stretch(by_time, at + lane * len(far) // LANES, size) for lane in range(LANES)]
            found = pool.map(partial(_choose_in_window, some, rows, chosen, run), windows)
            found_plan = _put_together(value, rows, chosen, zip(windows, found, strict=True))
            gained = gained or value[found_plan].sum() > value[chosen].sum() + GAIN
            chosen, at, went = found_plan, at + size // 2, went + LANES * size // 2
            if went >= len(far):
                if not gained and size >= min(LARGE, len(far) // LANES):
                    break
                size, went, gained = (size if gained else min(LARGE, int(size * GROWTH))), 0, False
    return far[chosen]


def _stretch(by_time: Ints, at: int, size: int) -> Ints:
    """So many chances one after another in time, round the clock, but no more than one of the lanes may have."""
    count = min(size, -(-len(by_time) // LANES))
    return np.sort(np.take(by_time, np.arange(at, at + count), mode="wrap"))


def _choose_in_window(some: Instance, rows: Rows, chosen: Ints, run: Run, window: Ints) -> Ints:
    """What to choose in a window when all outside stays."""
    staying, start = np.setdiff1d(chosen, window), np.intersect1d(chosen, window)
    elsewhere = np.zeros(len(some.works), bool)
    elsewhere[some.chances.work[staying]] = True
    free = window[~elsewhere[some.chances.work[window]]]
    value, left = some.chances.value[free], take_columns(rows, free, measure_use(rows, staying))
    effort = run.effort(most_s=WINDOW_S)
    choice = run.attempt("windows", lambda: choose(value, left, effort, np.searchsorted(free, start)))
    return start if choice is None else free[choice.chosen]


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
