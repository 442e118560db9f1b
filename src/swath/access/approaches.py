"""Approaches: the moments at which a satellite flies by a place closely enough, in closed form.

The place turns under the orbit's plane once a day. With alpha the place's longitude counted from the plane's normal,
the place lies within reach of the plane when cos(alpha) lies between two bounds: at most two stretches of alpha a turn,
which merge around 0 or 180 degrees for places beside the orbit's turning latitudes and are everything at a pole under
a polar orbit. Only within these stretches is it asked when the satellite itself comes by, some steps of a fixed point:

    alpha      0 ----[=======]-------180-------[=======]---- 360
    satellite   .    .  | .    .    .    .    .    .  | .    .     once a revolution; two fly-bys here

No step in time is made anywhere, so none can be too long. What the fit of the orbit leaves widens the reach and the
stretches; approaches may therefore turn out to be just too far, and their times are good to some seconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swath.compiled import kernel
from swath.geo.kernels import Vector
from swath.orbit.fit import OrbitFit, mean_anomaly

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
# For kernels: which place (N,) and when (N,).
PackedApproaches = tuple[Ints, Floats]
# A place as the plane sees it: alpha at time zero, and what its two directions in the plane are made of.
Seen = tuple[float, float, float, float]
# From when to when to look, by how much longer a stretch is on either side, and how uncertain a mean longitude.
Span = tuple[float, float, float, float]

TURN = 2 * np.pi
# The first jump to the satellite is off by what the place moves meanwhile; secants make that up in two steps or three.
STEPS = 6
CLOSE_S = 1.0
# Polar motion, and seconds for what the fixed point leaves.
LEAST_SLACK_RAD = 5e-6
LEAST_SLACK_S = 2.0
LEAST_BLUR_RAD = 0.01


@dataclass(frozen=True)
class Approaches:
    """Which place (N,) and when, (N,) seconds from the fit's middle, by place and time."""

    place: Ints
    tau_s: Floats

    @property
    def packed(self) -> PackedApproaches:
        """Both for kernels."""
        return self.place, self.tau_s

    def within(self, windows_s: Floats, around_s: float) -> "Approaches":
        """Those inside any window (K, 2) in the same seconds, or at most so far from it."""
        from_start = self.tau_s[:, None] >= windows_s[:, 0] - around_s
        inside = (from_start & (self.tau_s[:, None] <= windows_s[:, 1] + around_s)).any(axis=1)
        return Approaches(self.place[inside], self.tau_s[inside])


def find_approaches(
    fit: OrbitFit, directions: Floats, reach_rad: Floats, start_s: float, end_s: float
) -> Approaches:
    """All approaches in [start, end), POSIX seconds, to places given as unit vectors (P, 3) from the Earth's centre.

    `reach_rad` (P,) is how far from the point below the satellite, as an angle at the Earth's centre, a place may be.
    None is missed whose true moment is in the range; one just outside may come along.
    """
    slack_s = fit.phase_margin / fit.longitude_rate + LEAST_SLACK_S
    first, last = start_s - fit.middle_s - slack_s, end_s - fit.middle_s + slack_s
    most = len(directions) * (int((last - first) / fit.period_s * 1.2) + 3)
    place, tau_s = np.empty(most, np.intp), np.empty(most)
    count = fill_approaches(fit.packed, directions, reach_rad, first, last, slack_s, place, tau_s)
    return Approaches(place[:count], tau_s[:count])


@kernel
def fill_approaches(
    fit: Floats,
    directions: Floats,
    reach_rad: Floats,
    first: float,
    last: float,
    slack_s: float,
    place: Ints,
    tau_s: Floats,
) -> int:
    """Writes approaches between two times from the fit's middle into `place` and `tau_s`; how many there are."""
    # What is known of a place's mean longitude without its sine and cosine: but for this, and what the perigee moves.
    blur = slack_s * fit[4] + 2 * fit[8] * abs(fit[7]) * max(abs(first), abs(last)) + LEAST_BLUR_RAD
    count = 0
    for p in range(len(directions)):
        # The place moves on while the satellite flies by: they are nearest a little before or after they are abeam.
        widest = reach_rad[p] * (1.0 + (fit[1] / fit[4]) ** 2) + fit[9] + LEAST_SLACK_RAD
        from_plane = np.sin(min(widest, np.pi / 2))
        direction = directions[p, 0], directions[p, 1], directions[p, 2]
        before, count = (
            count,
            _list_place(fit, direction, from_plane, (first, last, slack_s, blur), tau_s, count),
        )
        place[before:count] = p
    return count


@kernel
def _list_place(
    fit: Floats, direction: Vector, from_plane: float, span: Span, tau_s: Floats, count: int
) -> int:
    """Writes the approaches to one place behind the `count` that are there; how many there are then."""
    first, last, slack_s, _ = span
    across, turn_rate = np.sqrt(direction[0] ** 2 + direction[1] ** 2), -fit[1]
    # Alpha is `start + turn_rate * tau`.
    start = np.arctan2(direction[1], direction[0]) - fit[0]
    sin_tilt, cos_tilt = np.sin(fit[2]), np.cos(fit[2])
    seen = (start, across, sin_tilt * across, cos_tilt * direction[2])
    beside = (sin_tilt * direction[2], cos_tilt * across, from_plane)
    nearest, farthest = _stretch(*beside)
    if farthest < nearest:
        return count
    ahead = _mean_longitude_of(fit, nearest, 0.0, seen), _mean_longitude_of(fit, -farthest, 0.0, seen)
    turn = TURN * np.floor((start + turn_rate * (first - slack_s)) / TURN)
    free = first
    while (turn + nearest - start) / turn_rate - slack_s <= last:
        for opens, closes, longitude in (
            (turn + nearest, turn + farthest, ahead[0]),
            (turn + TURN - farthest, turn + TURN - nearest, ahead[1]),
        ):
            stretch = (opens - start) / turn_rate, (closes - start) / turn_rate
            if _may_come_by(fit, *stretch, longitude, span[3]):
                free, count = _list_stretch(fit, stretch, span, seen, beside, free, tau_s, count)
        turn += TURN
    return count


@kernel
def _list_stretch(
    fit: Floats,
    stretch: tuple[float, float],
    span: Span,
    seen: Seen,
    beside: Vector,
    free: float,
    tau_s: Floats,
    count: int,
) -> tuple[float, int]:
    """The same for one stretch of time, from `free` on; from when on the next may be looked for, and how many."""
    _, last, slack_s, _ = span
    opens, closes = max(stretch[0] - slack_s, free), min(stretch[1] + slack_s, last)
    while opens <= closes:
        tau = _next_fly_by(fit, opens, closes, seen)
        if tau > closes:
            break
        opens = tau + np.pi / fit[4]
        level, swing, from_plane = beside
        if abs(level + swing * np.cos(seen[0] - fit[1] * tau)) <= from_plane:
            tau_s[count] = tau
            count += 1
            free = opens
    return free, count


@kernel
def _stretch(level: float, swing: float, bound: float) -> tuple[float, float]:
    """Alphas from 0 to pi with |level + swing cos(alpha)| <= bound; the second is smaller if there are none."""
    swing = max(swing, 1e-12)
    low, high = (-bound - level) / swing, (bound - level) / swing
    if low > 1.0 or high < -1.0:
        return 1.0, 0.0
    return np.arccos(min(high, 1.0)), np.arccos(max(low, -1.0))


@kernel
def _may_come_by(fit: Floats, opens: float, closes: float, longitude: float, blur: float) -> bool:
    """Whether the satellite may be abeam of a place between two times, by its mean longitude at the first of them.

    Without any sine: most stretches have no fly-by, and are told so here.
    """
    ahead = longitude - (fit[3] + fit[4] * opens + fit[5] * opens * opens) + blur
    ahead -= TURN * np.floor(ahead / TURN)
    return ahead <= (closes - opens) * (fit[4] - 1.5 * fit[1]) + 2 * blur


@kernel
def _next_fly_by(fit: Floats, tau: float, closes: float, seen: Seen) -> float:
    """The first time from `tau` on at which the satellite is abeam of the place; past `closes` only roughly."""
    ahead = _phase_ahead(fit, tau, seen)
    ahead -= TURN * np.floor(ahead / TURN)
    step = ahead / fit[4]
    # While the satellite comes around, the place moves on by a part of that.
    far = closes - 2 * fit[1] / fit[4] * step
    for _ in range(STEPS):
        tau += step
        if tau > far or abs(step) < CLOSE_S:
            break
        before, ahead = ahead, _phase_ahead(fit, tau, seen)
        ahead -= TURN * np.round(ahead / TURN)
        step *= ahead / (before - ahead)
    return tau


@kernel
def _phase_ahead(fit: Floats, tau: float, seen: Seen) -> float:
    """By how much in mean longitude the place lies ahead of the satellite, but for whole turns."""
    longitude = _mean_longitude_of(fit, seen[0] - fit[1] * tau, tau, seen)
    return longitude - (fit[3] + fit[4] * tau + fit[5] * tau * tau)


@kernel
def _mean_longitude_of(fit: Floats, alpha: float, tau: float, seen: Seen) -> float:
    """The mean longitude at which a satellite is abeam of the place, but for whole turns."""
    _, across, lean, rise = seen
    u = np.arctan2(rise - lean * np.cos(alpha), across * np.sin(alpha))
    perigee = fit[6] + fit[7] * tau
    return perigee + mean_anomaly(u - perigee, fit[8])
