"""Search over time that knows nothing of satellites: where functions peak, and where they cross zero.

A function of time here takes an array (M,) of times and answers an array (M,): element i belongs to search i, so that
thousands of searches run side by side. Everything starts from brackets; none is lost because it is short:

    samples    .  o  .  .      a local maximum o of the samples brackets the true peak between its neighbours,
    true peak    ^             however briefly the function is positive there.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
OfTime = Callable[[Floats], Floats]

# POSIX seconds in float64 are 2.4e-7 s apart: nothing is found more finely than this.
TOLERANCE_S = 1e-6
# Half the distance over which a slope is measured: short against the curvature of a peak, long against rounding.
SLOPE_S = 0.1
MAX_STEPS = 64


def find_maxima(samples: Floats) -> tuple[Ints, Ints]:
    """Rows and columns of the local maxima along the first axis of samples (N, T); both ends may be maxima."""
    rising = np.ones((len(samples) + 1, samples.shape[1]), bool)
    np.greater_equal(samples[1:], samples[:-1], out=rising[1:-1])
    rising[-1] = False
    rows, columns = np.nonzero(rising[:-1] & ~rising[1:])
    return rows, columns


def find_outside(samples: Floats, rows: Ints, columns: Ints, step: int) -> Ints:
    """From each (row, column), the first row in direction `step` (1 or -1) with a negative sample, or the last row."""
    last = len(samples) - 1
    rows = np.clip(rows + step, 0, last)
    while True:
        inside = (samples[rows, columns] >= 0) & (rows > 0) & (rows < last)
        if not inside.any():
            return rows
        rows = rows + step * inside


def find_peaks(f: OfTime, low: Floats, high: Floats) -> Floats:
    """Times (M,) of the one maximum of f in each bracket [low, high]; an end of it where f has no peak inside."""

    def slope(t: Floats) -> Floats:
        return f(t + SLOPE_S) - f(t - SLOPE_S)

    inner = find_crossings(slope, low, high)
    return np.where(np.isnan(inner), np.where(f(low) > f(high), low, high), inner)


def find_crossings(f: OfTime, low: Floats, high: Floats) -> Floats:
    """Times (M,) at which f changes sign in each bracket [low, high]; NaN where its ends have the same sign.

    Chandrupatla's method (Advances in Engineering Software 28, 1997): inverse quadratic steps where they are safe,
    halving where not, so that jumps and kinks are found as well.
    """
    a, b = np.array(high, float), np.array(low, float)
    fa, fb = f(a), f(b)
    c, fc = a.copy(), fa.copy()
    bracketed = (fa >= 0) != (fb >= 0)
    fraction = np.full(a.shape, 0.5)
    for _ in range(MAX_STEPS):
        x = a + fraction * (b - a)
        fx = f(x)
        same = (fx >= 0) == (fa >= 0)
        c, fc, b, fb = (
            np.where(same, a, b),
            np.where(same, fa, fb),
            np.where(same, b, a),
            np.where(same, fb, fa),
        )
        a, fa = x, fx
        width = np.abs(b - a)
        if not (bracketed & (width > TOLERANCE_S) & (fa != 0)).any():
            break
        fraction = _next_fraction((a, b, c), (fa, fb, fc), TOLERANCE_S / np.maximum(2 * width, TOLERANCE_S))
    return np.where(bracketed, np.where(np.abs(fa) <= np.abs(fb), a, b), np.nan)


def _next_fraction(
    x: tuple[Floats, Floats, Floats], y: tuple[Floats, Floats, Floats], least: Floats
) -> Floats:
    """How far from a towards b to look next: by inverse quadratic interpolation through three points, or halfway."""
    (a, b, c), (fa, fb, fc) = x, y
    with np.errstate(divide="ignore", invalid="ignore"):
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        quadratic = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(quadratic)
    return np.where(safe, np.clip(quadratic, least, 1 - least), 0.5)
