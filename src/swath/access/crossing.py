"""Newton's method between two moments: where a rising or falling measure meets a limit.

The measure is evaluated by the caller, because kernels take no functions.
"""

from swath.compiled import kernel

# Steps shrink by their square: after one this small, what is left is far below a microsecond.
CLOSE_S = 1e-4
MAX_STEPS = 40


@kernel
def begin_between(inside: float, far: float, guess: float) -> float:
    """The guess, if it lies between the two moments; else the middle."""
    return guess if min(inside, far) < guess < max(inside, far) else (inside + far) / 2


@kernel
def step_towards(
    t: float, short: float, slope: float, inside: float, outside: float
) -> tuple[float, float, float, bool]:
    """The next moment to try, with the bounds as they are now, and whether it is close enough.

    At `t` the measure lies `short` below the limit, and changes by `slope` a second. A step that leaves the bounds
    halves them instead.
    """
    step = short / slope
    if abs(step) < CLOSE_S:
        return t + step, inside, outside, True
    if short <= 0.0:
        inside = t
    else:
        outside = t
    t += step
    if not min(inside, outside) < t < max(inside, outside):
        t = (inside + outside) / 2
    return t, inside, outside, abs(outside - inside) < CLOSE_S


@kernel
def end_at(t: float, far: float) -> float:
    """The moment, or `far` where it is hardly another."""
    return far if abs(t - far) < CLOSE_S else t
