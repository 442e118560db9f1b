"""Which way to point: the strips that cover most of an area from one approach, within the rolls allowed.

All kernels take angles in radians and times in seconds from an arc's middle.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swath.access.arc import Curve, frame_at
from swath.access.look import Floats
from swath.access.pointing import look_direction
from swath.compiled import kernel
from swath.geo.ellipsoid import B_M
from swath.geo.kernels import Vector, blend, dot, ground_along, vertical_at
from swath.planning.sweep import Swept, moments_between, share_between

Ints = NDArray[np.intp]
Stretch = tuple[float, float]

# Shares of the area that differ by less are equal.
EQUAL_SHARE = 0.001
# Rolls looked at first, and how often the best of them is then narrowed down: to a part in a thousand of their range.
TRIALS = 9
NARROWINGS = 10
GOLDEN = 0.6180339887498949
# A strip's centre is kept this far inside the off-nadir range, so that rounding cannot bring it outside.
INSET_RAD = np.radians(0.002)
# No part of the field of view looks closer to the horizon than this.
HORIZON_SLACK_RAD = np.radians(0.5)
ROLL_STEPS = 8
CLOSE_RAD = 1e-6


class Camera(NamedTuple):
    """Half the field of view, and what is kept between area and swath edge and shared by neighbours, in radians."""

    half_fov: float
    margin: float
    overlap: float


@kernel
def allow_rolls(
    curve: Curve, tau: float, pitch: float, half_fov: float, needed: float, least: float, most: float
) -> tuple[Stretch, Stretch]:
    """Rolls whose strip has the centre of its ground between two off-nadir angles, to the left and to the right.

    The whole field of view stays on the Earth. A stretch without rolls ends before it begins; when nadir itself is
    allowed both are one. It ends somewhere behind the rolls that are `needed` if all those are surely allowed.
    """
    r, _, _, _ = frame_at(curve, tau)
    # A centre is nowhere further off nadir than the swath's edge.
    on_earth = np.sqrt(dot(r, r)) * np.sin(most + HORIZON_SLACK_RAD) < B_M
    sure = np.arccos(min(np.cos(most) / np.cos(pitch), 1.0)) - half_fov
    if least <= 0.0 and on_earth and needed <= sure:
        return (-sure, sure), (1.0, 0.0)
    far = _roll_towards(curve, tau, pitch, half_fov, most - INSET_RAD)
    if least <= 0.0:
        return (-far, far), (1.0, 0.0)
    near = max(_roll_towards(curve, tau, pitch, half_fov, least + INSET_RAD), 0.0)
    return (-far, -near), (near, far)


@kernel
def choose_rolls(
    swept: Swept, camera: Camera, allowed: tuple[Stretch, Stretch], min_share: float, rolls: Floats
) -> int:
    """Writes rolls whose strips cover the area: the best first, then its neighbours that each add at least `min_share`.

    The best covers most of the area; among equals it keeps the margin, then is the least off nadir. How many there are:
    none when no strip covers `min_share`, at most as many as `rolls` has place for.
    """
    best, share = np.nan, -1.0
    for start, end in allowed:
        start, end = max(start, swept[2] - camera.half_fov), min(end, swept[3] + camera.half_fov)
        if start <= end:
            roll, seen = _best_between(swept, camera, start, end)
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
def find_moments(
    curve: Curve,
    swept: Swept,
    roll: float,
    camera: Camera,
    min_margin_s: float,
    min_strip_s: float,
    max_strip_s: float,
) -> tuple[float, float]:
    """From when to when the strip at a roll takes the area, and a margin; the end first when it does not touch it.

    The margin is at least the camera's. A strip longer than allowed keeps to the middle of the area.
    """
    first, last = moments_between(swept, roll - camera.half_fov, roll + camera.half_fov)
    if last < first:
        return 1.0, 0.0
    half = (last - first) / 2 + max(_margin_s(curve, camera.margin), min_margin_s)
    half = min(max(half, min_strip_s / 2), max_strip_s / 2)
    middle = (first + last) / 2
    return middle - half, middle + half


@kernel
def centre_of(
    curve: Curve, tau: float, roll: float, pitch: float, half_fov: float
) -> tuple[Vector, float, Vector]:
    """The middle of the ground between the swath's edges, how far from nadir it is seen, and the satellite's place."""
    body = frame_at(curve, tau)
    left = ground_along(body[0], look_direction(body, roll - half_fov, pitch))
    right = ground_along(body[0], look_direction(body, roll + half_fov, pitch))
    middle = blend(0.5, left, 0.5, right)
    # A chord's middle lies below the ground: straight up from there.
    up, _ = vertical_at(middle)
    centre = ground_along(blend(1.0, middle, 1e5, up), (-up[0], -up[1], -up[2]))
    sight = blend(1.0, centre, -1.0, body[0])
    down = dot(sight, body[3])
    aside = blend(1.0, sight, -down, body[3])
    return centre, np.arctan2(np.sqrt(dot(aside, aside)), down), body[0]


@kernel
def _margin_s(curve: Curve, margin: float) -> float:
    """How long the ground takes to go by as far as the margin at the swath's edges is wide at nadir."""
    before, here, after = frame_at(curve, -0.5), frame_at(curve, 0.0), frame_at(curve, 0.5)
    below = blend(1.0, ground_along(here[0], here[3]), -1.0, here[0])
    moved = blend(1.0, ground_along(after[0], after[3]), -1.0, ground_along(before[0], before[3]))
    return margin * np.sqrt(dot(below, below) / dot(moved, moved))


@kernel
def _roll_towards(curve: Curve, tau: float, pitch: float, half_fov: float, off_nadir: float) -> float:
    """The roll to the right that sees its ground's centre at an off-nadir angle, or the largest below; -1 for none."""
    r, _, _, z = frame_at(curve, tau)
    ground = ground_along(r, z)
    horizon = np.arcsin(np.sqrt(dot(ground, ground) / dot(r, r)))
    widest = np.arccos(min(np.cos(horizon - HORIZON_SLACK_RAD) / np.cos(pitch), 1.0)) - half_fov
    straight = np.cos(off_nadir) / np.cos(pitch)
    if straight > 1.0:
        return -1.0
    roll = min(np.arccos(straight), widest)
    before, error_before = 0.0, abs(pitch) - off_nadir
    for _ in range(ROLL_STEPS):
        error = centre_of(curve, tau, roll, pitch, half_fov)[1] - off_nadir
        if abs(error) < CLOSE_RAD or (roll == widest and error < 0.0) or error == error_before:
            break
        step = error * (roll - before) / (error - error_before)
        before, error_before = roll, error
        roll = min(max(roll - step, 0.0), widest)
    return roll


@kernel
def _best_between(swept: Swept, camera: Camera, start: float, end: float) -> tuple[float, float]:
    """The best roll of a stretch, and the share of the area that it sees."""
    low, high = swept[2], swept[3]
    inner = camera.half_fov - camera.margin
    first, last = max(start, high - inner), min(end, low + inner)
    if first <= last:
        return min(max(0.0, first), last), 1.0
    first, last = max(start, high - camera.half_fov), min(end, low + camera.half_fov)
    if first <= last:
        roll, share = _top(swept, inner, first, last)
        return _towards_nadir(swept, inner, roll, first, last, share - EQUAL_SHARE), 1.0
    roll, share = _top(swept, camera.half_fov, start, end)
    roll = _towards_nadir(swept, camera.half_fov, roll, start, end, share - EQUAL_SHARE)
    return roll, share_between(swept, roll - camera.half_fov, roll + camera.half_fov)


@kernel
def _top(swept: Swept, half: float, start: float, end: float) -> tuple[float, float]:
    """The roll of a stretch whose band of a half width sees most, and the share that it sees."""
    best, most, step = start, -1.0, (end - start) / (TRIALS - 1)
    for k in range(TRIALS):
        roll = start + k * step
        share = share_between(swept, roll - half, roll + half)
        if share > most:
            best, most = roll, share
    low, high = max(best - step, start), min(best + step, end)
    a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_a, at_b = share_between(swept, a - half, a + half), share_between(swept, b - half, b + half)
    for _ in range(NARROWINGS):
        if at_a >= at_b:
            high, b, at_b = b, a, at_a
            a = high - GOLDEN * (high - low)
            at_a = share_between(swept, a - half, a + half)
        else:
            low, a, at_a = a, b, at_b
            b = low + GOLDEN * (high - low)
            at_b = share_between(swept, b - half, b + half)
    if max(at_a, at_b) > most:
        return (a, at_a) if at_a >= at_b else (b, at_b)
    return best, most


@kernel
def _towards_nadir(swept: Swept, half: float, roll: float, start: float, end: float, enough: float) -> float:
    """The roll nearest to nadir, between the given one and there, whose band still sees enough."""
    nearest = min(max(0.0, start), end)
    if share_between(swept, nearest - half, nearest + half) >= enough:
        return nearest
    for _ in range(NARROWINGS):
        middle = (roll + nearest) / 2
        if share_between(swept, middle - half, middle + half) >= enough:
            roll = middle
        else:
            nearest = middle
    return roll


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
    edge = swept[3] if side > 0 else -swept[2]
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
