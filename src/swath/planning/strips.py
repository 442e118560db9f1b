"""Which way to point: the strips that cover most of an area from one approach, within the rolls allowed.

All kernels take angles in radians and times in seconds from an arc's middle.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swath.access.arc import Body, Curve, frame_at, rate_at
from swath.access.look import Floats
from swath.access.pointing import look_direction
from swath.compiled import kernel
from swath.geo.ellipsoid import B_M
from swath.geo.kernels import Vector, blend, dot, ground_along, vertical_at
from swath.planning.sweep import ROLLS, Swept, Trials, share_between, try_rolls

Ints = NDArray[np.intp]
Stretch = tuple[float, float]

# Shares of the area that differ by less are equal.
EQUAL_SHARE = 0.001
# Rolls are tried ever closer to the best of them, down to this distance; and so often towards another one, where what
# lies between two of them is even.
FINE_RAD = 2e-4
NARROWINGS = 2
# A strip's centre is kept this far inside the off-nadir range, so that rounding cannot bring it outside.
INSET_RAD = np.radians(0.002)
# No part of the field of view looks closer to the horizon than this.
HORIZON_SLACK_RAD = np.radians(0.5)
ROLL_STEPS = 8
CLOSE_RAD = 1e-4


class Camera(NamedTuple):
    """Half the field of view, and what is kept between area and swath edge and shared by neighbours, in radians."""

    half_fov: float
    margin: float
    overlap: float


@kernel
def allow_rolls(
    body: Body, pitch: float, half_fov: float, needed: float, least: float, most: float
) -> tuple[Stretch, Stretch]:
    """Rolls whose strip has the centre of its ground between two off-nadir angles, to the left and to the right.

    The whole field of view stays on the Earth. A stretch without rolls ends before it begins; when nadir itself is
    allowed both are one. It ends somewhere behind the rolls that are `needed` if all those are surely allowed.
    """
    # A centre is nowhere further off nadir than the swath's edge.
    on_earth = np.sqrt(dot(body[0], body[0])) * np.sin(most + HORIZON_SLACK_RAD) < B_M
    sure = np.arccos(min(np.cos(most) / np.cos(pitch), 1.0)) - half_fov
    if least <= 0.0 and on_earth and needed <= sure:
        return (-sure, sure), (1.0, 0.0)
    far = _roll_towards(body, pitch, half_fov, most - INSET_RAD)
    if least <= 0.0:
        return (-far, far), (1.0, 0.0)
    near = max(_roll_towards(body, pitch, half_fov, least + INSET_RAD), 0.0)
    return (-far, -near), (near, far)


@kernel
def choose_rolls(
    swept: Swept,
    camera: Camera,
    allowed: tuple[Stretch, Stretch],
    min_share: float,
    trials: Trials,
    rolls: Floats,
) -> int:
    """Writes rolls whose strips cover the area: the best first, then its neighbours that each add at least `min_share`.

    The best covers most of the area; among equals it keeps the margin, then is the least off nadir. How many there are:
    none when no strip covers `min_share`, at most as many as `rolls` has place for.
    """
    best, share = np.nan, -1.0
    for start, end in allowed:
        start, end = max(start, swept.low - camera.half_fov), min(end, swept.high + camera.half_fov)
        if start <= end:
            roll, seen = _best_between(swept, camera, start, end, trials)
            nearer = seen > share - EQUAL_SHARE and abs(roll) < abs(best)
            if seen > share + EQUAL_SHARE or nearer:
                best, share = roll, seen
    if share <= 0.0 or share < min_share:
        return 0
    rolls[0] = best
    count = _step_aside(swept, camera, allowed, best, 1.0, min_share, rolls, 1)
    return _step_aside(swept, camera, allowed, best, -1.0, min_share, rolls, count)


@kernel
def reachable_share(swept: Swept, half_fov: float, allowed: tuple[Stretch, Stretch]) -> float:
    """The share of the area, 0 to 1, that strips at allowed rolls can see."""
    total = 0.0
    for start, end in allowed:
        if start <= end:
            total += share_between(swept, start - half_fov, end + half_fov)
    return min(total, 1.0)


@kernel
def find_moments(taken: Stretch, margin_s: float, min_strip_s: float, max_strip_s: float) -> Stretch:
    """From when to when a strip takes what is swept between two moments, and a margin.

    A strip longer than allowed keeps to the middle of that.
    """
    half = min(max((taken[1] - taken[0]) / 2 + margin_s, min_strip_s / 2), max_strip_s / 2)
    middle = (taken[0] + taken[1]) / 2
    return middle - half, middle + half


@kernel
def centre_of(body: Body, roll: float, pitch: float, half_fov: float) -> tuple[Vector, Vector, float]:
    """The middle of the ground between the swath's edges, the vertical there, and how far from nadir it is seen."""
    left = ground_along(body[0], look_direction(body, roll - half_fov, pitch))
    right = ground_along(body[0], look_direction(body, roll + half_fov, pitch))
    middle = blend(0.5, left, 0.5, right)
    # A chord's middle lies below the ground: straight up from there.
    up, _ = vertical_at(middle)
    centre = ground_along(blend(1.0, middle, 1e5, up), (-up[0], -up[1], -up[2]))
    sight = blend(1.0, centre, -1.0, body[0])
    down = dot(sight, body[3])
    aside = blend(1.0, sight, -down, body[3])
    return centre, up, np.arctan2(np.sqrt(dot(aside, aside)), down)


@kernel
def find_margin_s(curve: Curve, margin: float) -> float:
    """How long the ground takes to go by as far as the margin at the swath's edges is wide at nadir."""
    (r, _, _, z), (moving, _, _, turning) = frame_at(curve, 0.0), rate_at(curve, 0.0)
    below = blend(1.0, ground_along(r, z), -1.0, r)
    height = np.sqrt(dot(below, below))
    # The point below moves along the ground, to which z is perpendicular.
    moved = blend(1.0, moving, height, turning)
    along = blend(1.0, moved, -dot(moved, z), z)
    return margin * height / np.sqrt(dot(along, along))


@kernel
def _roll_towards(body: Body, pitch: float, half_fov: float, off_nadir: float) -> float:
    """The roll to the right that sees its ground's centre at an off-nadir angle, or the largest below; -1 for none."""
    r, _, _, z = body
    ground = ground_along(r, z)
    horizon = np.arcsin(np.sqrt(dot(ground, ground) / dot(r, r)))
    widest = np.arccos(min(np.cos(horizon - HORIZON_SLACK_RAD) / np.cos(pitch), 1.0)) - half_fov
    straight = np.cos(off_nadir) / np.cos(pitch)
    if straight > 1.0:
        return -1.0
    roll = min(np.arccos(straight), widest)
    before, error_before = 0.0, abs(pitch) - off_nadir
    for _ in range(ROLL_STEPS):
        error = centre_of(body, roll, pitch, half_fov)[2] - off_nadir
        if (roll == widest and error < 0.0) or error == error_before:
            break
        step = error * (roll - before) / (error - error_before)
        before, error_before = roll, error
        roll = min(max(roll - step, 0.0), widest)
        # What such a step leaves is a thousandth of it at most.
        if abs(step) < CLOSE_RAD:
            break
    return roll


@kernel
def _best_between(
    swept: Swept, camera: Camera, start: float, end: float, trials: Trials
) -> tuple[float, float]:
    """The best roll of a stretch, and the share of the area that it sees."""
    inner = camera.half_fov - camera.margin
    first, last = max(start, swept.high - inner), min(end, swept.low + inner)
    if first <= last:
        return min(max(0.0, first), last), 1.0
    first, last = max(start, swept.high - camera.half_fov), min(end, swept.low + camera.half_fov)
    if first <= last:
        return _choose_between(swept, inner, first, last, trials), 1.0
    roll = _choose_between(swept, camera.half_fov, start, end, trials)
    return roll, share_between(swept, roll - camera.half_fov, roll + camera.half_fov)


@kernel
def _choose_between(swept: Swept, half: float, start: float, end: float, trials: Trials) -> float:
    """The roll of a stretch, nearest to nadir, whose strip of a half width sees most."""
    nearest, share = min(max(0.0, start), end), -1.0
    # Before and after these two rolls a strip sees nothing that it would not see from them.
    bends = swept.low + half, swept.high - half
    low, high = min(max(min(bends), start), end), min(max(max(bends), start), end)
    roll, step = low, np.inf
    while step > FINE_RAD:
        step = (high - low) / (ROLLS - 1)
        try_rolls(swept, half, low, step, trials)
        k = trials.shares.argmax()
        if trials.shares[k] > share:
            roll, share = low + k * step, trials.shares[k]
        low, high = max(roll - step, low), min(roll + step, high)
    return _towards(swept, half, roll, nearest, share - EQUAL_SHARE, trials)


@kernel
def _towards(swept: Swept, half: float, roll: float, nearest: float, enough: float, trials: Trials) -> float:
    """The roll nearest to another one, from one that sees enough on, whose strip still does."""
    shares, k = trials.shares, 0
    for _ in range(NARROWINGS):
        step = (roll - nearest) / (ROLLS - 1)
        try_rolls(swept, half, nearest, step, trials)
        k = 0
        while k < ROLLS - 1 and shares[k] < enough:
            k += 1
        if k == 0:
            return nearest
        nearest, roll = nearest + (k - 1) * step, nearest + k * step
    part = (enough - shares[k - 1]) / (shares[k] - shares[k - 1])
    return nearest + min(max(part, 0.0), 1.0) * (roll - nearest)


@kernel
def _step_aside(
    swept: Swept,
    camera: Camera,
    allowed: tuple[Stretch, Stretch],
    best: float,
    side: float,
    min_share: float,
    rolls: Floats,
    count: int,
) -> int:
    """Writes neighbours of the best strip to one side, each beside the one before, as long as they add to it."""
    half, step = camera.half_fov, 2 * camera.half_fov - camera.overlap
    # The last one need not reach further than the area's edge and the margin.
    edge = swept.high if side > 0 else -swept.low
    outermost = max(edge - half + camera.margin, side * best)
    previous = side * best
    while previous < outermost and count < len(rolls):
        wanted, roll = min(previous + step, outermost), np.nan
        for start, end in allowed:
            if start <= end:
                nearest = side * min(max(side * wanted, start), end)
                if nearest > previous and not abs(roll - wanted) <= abs(nearest - wanted):
                    roll = nearest
        if np.isnan(roll):
            break
        inner = max(previous + half, roll - half)
        low, high = (inner, roll + half) if side > 0 else (-roll - half, -inner)
        if share_between(swept, low, high) >= min_share:
            rolls[count] = side * roll
            count += 1
        previous = roll
    return count
