"""What a shot's coverage is worth: how wrong its elements may be by then, and what of the area is lost for it."""

from math import hypot, radians, tan

import numpy as np

from swath.access.look import Floats
from swath.compiled import kernel
from swath.orbit.quality import position_sigma_m
from swath.planning.confidence import Confidence, CoverageAt, Doubt, compute_confidence
from swath.planning.shots import Shots
from swath.planning.sweep import Swept, covered_share, sweep_outline


def judge_shot(shots: Shots, i: int) -> Confidence:
    """How sure the coverage of one of the shots is on its craft's elements."""
    return compute_confidence(cover_shot(shots, i), build_doubt(shots, i))


def build_doubt(shots: Shots, i: int) -> Doubt:
    """How late and how far aside the satellite may be at one of the shots."""
    sighting = int(shots.sighting[i])
    sigma = position_sigma_m(shots.sightings.age_days[sighting])
    # Seen sideways, an error of the height is an error aside.
    aside = hypot(float(sigma.cross_m), float(sigma.radial_m) * tan(radians(float(shots.roll_deg[i]))))
    return Doubt(float(shots.sightings.late_s[sighting]), aside, float(shots.drift_ms[i]))


def cover_shot(shots: Shots, i: int) -> CoverageAt:
    """The share of the area that a shot covers, by how late and how far aside its satellite is.

    A satellite that is late takes, from start to end, what it would have taken so much earlier.
    """
    arc, strip, half = shots.arc(i), shots.strip(i), shots.sightings.craft.camera.half_fov
    outline = shots.sightings.outlines.outline(int(shots.sightings.area[shots.sighting[i]]))
    swept = sweep_outline(arc, outline, strip.pitch_deg).swept
    moments, roll = (strip.start_s - arc.middle_s, strip.end_s - arc.middle_s), radians(strip.roll_deg)
    # A metre on the ground, seen from here.
    turn = float(np.cos(np.radians(shots.look.incidence_deg[i])) / shots.look.range_m[i])

    def cover(late_s: Floats, aside_m: Floats) -> Floats:
        return cover_errors(swept, *moments, roll - half, roll + half, late_s, aside_m * turn)

    return cover


@kernel
def cover_errors(
    swept: Swept, first: float, last: float, low: float, high: float, late_s: Floats, aside: Floats
) -> Floats:
    """Shares (N,) of the area in a strip that is late and, by an angle at the satellite, aside (N,)."""
    out = np.empty(len(late_s))
    for i in range(len(late_s)):
        out[i] = covered_share(swept, low + aside[i], high + aside[i], first - late_s[i], last - late_s[i])
    return out
