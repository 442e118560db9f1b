"""Which way to point: the strips that cover most of an area from one access, within the off-nadir angles allowed."""

from dataclasses import dataclass

import numpy as np

from swath.access.look import Floats
from swath.planning.sweep import Sweep, compute_across

# Shares of the area that differ by less are equal.
EQUAL_SHARE = 0.001
# Rolls tried in each stretch of allowed ones.
TRIALS = 61
# A strip's centre is kept this far inside the off-nadir range, so that rounding cannot bring it outside.
INSET_DEG = 0.002
# Rolls at which the off-nadir angle of a strip's centre is tabulated.
TABLE_STEP_DEG = 0.02

# The ellipsoid's horizon is this much nearer, at most, than that of a sphere.
HORIZON_SLACK_DEG = 0.5

Stretch = tuple[float, float]


@dataclass(frozen=True)
class Camera:
    """Half the field of view, and what is kept between area and swath edge and shared by neighbours, in degrees."""

    half_fov_deg: float
    margin_deg: float
    overlap_deg: float


def allow_rolls(sweep: Sweep, camera: Camera, off_nadir_range: Stretch) -> tuple[Stretch, ...]:
    """Stretches of rolls whose strip has the centre of its ground inside an off-nadir range, to either side.

    The centre of the ground is seen a little further from nadir than the centre of the field of view. The whole field
    of view stays on the Earth.
    """
    least, most = off_nadir_range
    horizon = float(np.degrees(np.arcsin(1 / sweep.radius_ratio)))
    most = min(most, horizon - camera.half_fov_deg - HORIZON_SLACK_DEG)
    rolls = np.arange(0.0, most + TABLE_STEP_DEG, TABLE_STEP_DEG)
    angles = _centre_off_nadir(rolls, camera.half_fov_deg, sweep)
    far = float(np.interp(most - INSET_DEG, angles, rolls))
    if least <= 0:
        return ((-far, far),)
    near = float(np.interp(least + INSET_DEG, angles, rolls))
    return ((-far, -near), (near, far)) if near <= far else ()


def choose_rolls(
    sweep: Sweep, camera: Camera, allowed: tuple[Stretch, ...], min_share: float
) -> tuple[float, ...]:
    """Rolls whose strips cover the area: the best first, then its neighbours that each add at least `min_share`.

    The best covers most of the area; among equals it keeps the margin, then is the least off nadir. None is returned
    when no strip covers `min_share`.
    """
    best = _choose_best(sweep, camera, allowed, min_share)
    if best is None:
        return ()
    aside = [_step_aside(sweep, camera, allowed, best, min_share, side) for side in (1, -1)]
    return (best, *aside[0], *aside[1])


def reachable_share(sweep: Sweep, camera: Camera, allowed: tuple[Stretch, ...]) -> float:
    """The share of the area, 0 to 1, that strips at allowed rolls can see."""
    half = camera.half_fov_deg
    return sum(float(sweep.share_between(low - half, high + half)[0]) for low, high in allowed)


def _choose_best(
    sweep: Sweep, camera: Camera, allowed: tuple[Stretch, ...], min_share: float
) -> float | None:
    rolls = _trials(sweep, camera, allowed)
    for half in (camera.half_fov_deg, camera.half_fov_deg - camera.margin_deg):
        shares = _shares(sweep, rolls, half)
        most = shares.max(initial=0.0)
        if half == camera.half_fov_deg and (most <= 0 or most < min_share):
            return None
        rolls = rolls[shares >= most - EQUAL_SHARE]
    return float(rolls[np.argmin(np.abs(rolls))])


def _trials(sweep: Sweep, camera: Camera, allowed: tuple[Stretch, ...]) -> Floats:
    """Rolls to try: even steps wherever a strip touches the area, nadir, and those that just hold the area."""
    low, high = sweep.roll_range
    half, inner = camera.half_fov_deg, camera.half_fov_deg - camera.margin_deg
    special = np.array([0.0, high - inner, low + inner, high - half, low + half, (low + high) / 2])
    found = [np.zeros(0)]
    for first, last in allowed:
        start, end = max(first, low - half), min(last, high + half)
        if start <= end:
            found += [np.linspace(start, end, TRIALS), special[(special >= start) & (special <= end)]]
    return np.unique(np.concatenate(found))


def _step_aside(
    sweep: Sweep, camera: Camera, allowed: tuple[Stretch, ...], best: float, min_share: float, side: int
) -> list[float]:
    """Neighbours of the best strip to one side, each beside the one before, as long as they add to what is covered."""
    low, high = sweep.roll_range
    half, step = camera.half_fov_deg, 2 * camera.half_fov_deg - camera.overlap_deg
    # The last one need not reach further than the area's edge and the margin.
    outermost = (
        max(high - half + camera.margin_deg, best) if side > 0 else min(low + half - camera.margin_deg, best)
    )
    rolls: list[float] = []
    previous = best
    while side * (outermost - previous) > 0:
        wanted = side * min(side * previous + step, side * outermost)
        roll = _nearest_allowed(allowed, wanted, previous, side)
        if roll is None:
            break
        if _added_share(sweep, half, previous, roll, side) >= min_share:
            rolls.append(roll)
        previous = roll
    return rolls


def _nearest_allowed(allowed: tuple[Stretch, ...], wanted: float, previous: float, side: int) -> float | None:
    """The allowed roll nearest to the wanted one that lies further to the side than the previous one, if any."""
    reachable = (float(np.clip(wanted, first, last)) for first, last in allowed)
    return min(
        (roll for roll in reachable if side * (roll - previous) > 0),
        key=lambda roll: abs(roll - wanted),
        default=None,
    )


def _added_share(sweep: Sweep, half: float, previous: float, roll: float, side: int) -> float:
    """What a strip covers beyond the outer edge of the one before."""
    inner, outer = previous + side * half, roll + side * half
    start = max(inner, roll - half) if side > 0 else outer
    end = outer if side > 0 else min(inner, roll + half)
    return float(sweep.share_between(start, end)[0])


def _shares(sweep: Sweep, rolls: Floats, half: float) -> Floats:
    return sweep.share_between(rolls - half, rolls + half)


def _centre_off_nadir(roll_deg: Floats, half: float, sweep: Sweep) -> Floats:
    """Off-nadir angle, at pitch 0, of the middle of the ground between two edges, on a sphere."""
    ratio = sweep.radius_ratio
    edges = compute_across(roll_deg - half, 0.0, ratio), compute_across(roll_deg + half, 0.0, ratio)
    across = (edges[0] + edges[1]) / 2
    return np.degrees(np.arctan2(across, ratio - np.sqrt(1 - across**2)))
